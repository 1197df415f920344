#include "suite/study/beside_sdes.hpp"

#include <fmt/format.h>

namespace sdelens {

Measurement BesideSdes::printed_through(double optimizer) const {
  return printed.of_averages(window, {of_sde, of_optimizer}, [optimizer](const std::vector<double>& means) {
    return means[0] / means[1] * optimizer;
  });
}

void order_beside_sdes(BesideSdes& beside, const std::string& name, const Problem& problem, SdeChoice printed,
                       Ordered what, Simulations& simulations) {
  what.stream = name + " beside its SDEs";
  const auto order = [&](const SdeChoice& sde) {
    return simulations.coupled(fmt::format("{} and SDE {}", name, sde.sde.name), problem, sde, what);
  };
  beside.printed = order(printed);
  printed.sde.name += "-corrected";
  beside.repaired = order(printed);
}

}  // namespace sdelens
