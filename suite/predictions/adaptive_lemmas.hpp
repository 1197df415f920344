#pragma once

#include <algorithm>

#include "suite/predictions/needs.hpp"

namespace sdelens {

/// What the lemmas about Adam(W) and RMSprop(W) with V held at sigma^2 allow between them and the optimizer, relative
/// to the variance or the loss: 0.35 eta lambda / sigma, and with weight decay eta gamma without momentum or
/// 1.2 eta gamma / (1 - beta_1) with it. Measured where eta lambda / sigma <= 0.3 and beta_2 >= 0.999; nothing is
/// known beyond.
inline std::optional<double> adaptive_margin(const Problem& problem, double ratio) {
  const double decay = problem.learning_rate * problem.weight_decay();
  const double momentum = problem.beta_1();
  if (ratio > 0.3 || decay / (1.0 - momentum) > 0.3 || problem.beta_2() < 0.999) return std::nullopt;
  return 0.35 * ratio + (momentum > 0.0 ? 1.2 * decay / (1.0 - momentum) : decay);
}

/// Registers a statement once for each of the four optimizers, under the number that it has there.
struct NumberOfLemma {
  const char* optimizer;
  const char* number;
};

/// What every one of these lemmas needs, the numbers of a quadratic coming last.
inline std::vector<Need> adaptive_needs(const char* optimizer, bool diagonal) {
  return {needs::optimizer({optimizer}),
          needs::constant_rate,
          diagonal ? needs::diagonal_quadratic : needs::quadratic,
          needs::strong_convexity,
          needs::gaussian_noise,
          needs::uncorrelated_noise,
          needs::small_ratio,
          needs::slow_decay,
          needs::slow_second_moment,
          needs::negligible_epsilon};
}

}  // namespace sdelens
