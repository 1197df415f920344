#pragma once

#include <string>

#include "suite/study/ingredients.hpp"

namespace sdelens {

/// An optimizer of which the SDE in print lacks the noise of the fresh gradient, on the same Brownian path as that SDE
/// and, in another ensemble, as the SDE with that noise. The slow noise of optimizer and SDE cancels in the ratio of
/// their averages.
struct BesideSdes {
  std::string window;
  std::string of_sde, of_optimizer;  ///< the observables that are compared
  Simulated printed{}, repaired{};

  /// The average of the SDE over that of the optimizer.
  Measurement printed_ratio() const { return printed.ratio_of_averages(window, of_sde, of_optimizer); }
  Measurement repaired_ratio() const { return repaired.ratio_of_averages(window, of_sde, of_optimizer); }
  /// The average of the SDE in print, led back through what is known of the optimizer.
  Measurement printed_through(double optimizer) const;
};

/// Orders both ensembles. The repaired SDE is registered under the name of that in print and "-corrected".
/// @param name  of the optimizer, in the names of the ensembles
void order_beside_sdes(BesideSdes& beside, const std::string& name, const Problem& problem, SdeChoice printed,
                       Ordered what, Simulations& simulations);

}  // namespace sdelens
