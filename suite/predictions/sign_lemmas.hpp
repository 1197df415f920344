#pragma once

#include "reference/theory/lemma_3_7.hpp"
#include "suite/predictions/needs.hpp"

namespace sdelens {

/// One coordinate of a quadratic with diagonal H and Sigma, as the closed forms take it.
inline theory::QuadraticCoordinate quadratic_coordinate(const Problem& problem, Index i) {
  return {.learning_rate = problem.learning_rate,
          .curvature = problem.curvatures()(i),
          .sigma = problem.sigmas()(i),
          .start = problem.start(i)};
}

/// What the lemmas about the linear SDE of phase 3 allow between it and the optimizer: 0.8 eta lambda / sigma of the
/// variance, measured up to 0.3; nothing is known beyond.
inline std::optional<double> phase_3_margin(const theory::QuadraticCoordinate& coordinate, double variance) {
  const double ratio = coordinate.learning_rate * coordinate.curvature / coordinate.sigma;
  if (ratio > 0.3) return std::nullopt;
  return 0.8 * ratio * variance;
}

}  // namespace sdelens
