#pragma once

#include <string>
#include <utility>
#include <vector>

#include "suite/study/ingredients.hpp"

namespace sdelens {

/// What the experiments on the lemmas of RMSprop(W) and Adam(W) share.

/// r = eta lambda / sigma, in which their lemmas are the leading order.
inline double adaptive_ratio(double learning_rate, double curvature, double sigma) {
  return learning_rate * curvature / sigma;
}

/// Relative departures from the lemmas to first order, which are what the optimizers may have: 0.35 r from the second
/// moment, and 1.2 eta gamma / (1 - beta_1) from weight decay seen through the momentum.
inline double first_order(double ratio, double learning_rate, double gamma, double beta_1) {
  return 0.35 * ratio + 1.2 * learning_rate * gamma / (1.0 - beta_1);
}
inline constexpr const char* first_order_reason =
    "leading order in η: 0.35 ηλ/σ, and 1.2 ηγ/(1−β₁) of weight decay through the momentum";

/// mean_field is a closure; this covers its deviation in every long simulation.
inline constexpr Bound mean_field_margin{.relative = 3e-3};
inline constexpr const char* mean_field_margin_reason =
    "a closure: 0.3 % covers its deviation in every long simulation";

/// The mean of an observable's window averages over that of another, of the same ensemble.
inline Measurement ratio_of_averages(const Ensemble& ensemble, const std::string& window,
                                     const std::string& above, const std::string& below) {
  return of_averages(ensemble, window, {above, below},
                     [](const std::vector<double>& means) { return means[0] / means[1]; });
}

/// Draws level lines over the same places.
inline Series points(std::string label, Role role, int colour) {
  return {.label = std::move(label), .role = role, .colour = colour};
}

}  // namespace sdelens
