#include "suite/study/one_step.hpp"

#include <fmt/format.h>

namespace sdelens {

std::string sign_name(Index coordinate) { return fmt::format("sign{}", coordinate + 1); }

std::vector<Observable> step_signs(const Point& start, double eta) {
  std::vector<Observable> result;
  for (Index i = 0; i < start.size(); ++i) {
    result.push_back({.name = sign_name(i), .evaluate = [=, x0 = start(i)](In x, OutColumn value) {
                        value = (x0 - x.col(i)) / eta;
                      }});
  }
  if (start.size() > 1) {
    result.push_back(
        {.name = sign_product, .evaluate = [=, a = start(0), b = start(1)](In x, OutColumn value) {
           value = (a - x.col(0)) * (b - x.col(1)) / (eta * eta);
         }});
  }
  return result;
}

}  // namespace sdelens
