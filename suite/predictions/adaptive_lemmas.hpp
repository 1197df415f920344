#pragma once

#include <string>
#include <vector>

#include "suite/predictions/margins.hpp"
#include "suite/predictions/needs.hpp"

namespace sdelens {

/// The margin of a variance where it was measured; nothing is known beyond.
inline std::optional<double> measured_adaptive_margin(const Problem& problem, Index i, double variance) {
  if (!adaptive_margin_is_measured(problem, problem.ratio(i))) return std::nullopt;
  return adaptive_margin(problem, i).bound.at(variance);
}

/// Registers a statement once for each of the four optimizers, under the number that it has there.
struct NumberOfLemma {
  const char* optimizer;
  const char* number;
};

/// What every one of these lemmas needs, the numbers of a quadratic coming last.
inline std::vector<Need> adaptive_needs(const std::string& optimizer, bool diagonal) {
  return {needs::optimizer({optimizer}),
          needs::constant_rate,
          diagonal ? needs::diagonal_quadratic : needs::quadratic,
          needs::strong_convexity,
          needs::gaussian_noise,
          needs::uncorrelated_noise};
}

/// Where they hold to the accuracy of their margins.
inline std::vector<Need> adaptive_range() {
  return {needs::small_ratio, needs::slow_decay, needs::slow_second_moment, needs::negligible_epsilon};
}

/// The lemmas about the stationary law of Adam(W) are right about the optimizer at leading order in eta. They are derived
/// from its SDE in print, of which they are wrong: read of that, they are a part by itself.
inline PredictionEntry read_of_sde(PredictionEntry entry, const std::string& sde) {
  entry.name += "-of-sde";
  entry.of->part = "read of the SDE";
  entry.subject = Subject::sde;
  entry.needs.insert(entry.needs.begin() + 1, needs::sde({sde}));
  return entry;
}

inline PredictionEntry of_optimizer(PredictionEntry entry) {
  entry.subject = Subject::optimizer;
  return entry;
}

}  // namespace sdelens
