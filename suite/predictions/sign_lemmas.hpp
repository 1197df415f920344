#pragma once

#include "reference/theory/lemma_3_7.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/predictions/needs.hpp"

namespace sdelens {

/// One coordinate of a quadratic with diagonal H and Sigma, as the closed forms take it.
inline theory::QuadraticCoordinate quadratic_coordinate(const Problem& problem, Index i) {
  return {.learning_rate = problem.learning_rate,
          .curvature = problem.curvatures()(i),
          .sigma = problem.sigmas()(i),
          .start = problem.start(i)};
}

/// The margin of a variance where it was measured; nothing is known beyond.
inline std::optional<double> measured_phase_3_margin(const Problem& problem, Index i, double variance) {
  if (!phase_3_margin_is_measured(problem, i)) return std::nullopt;
  return phase_3_margin(problem, i).bound.at(variance);
}

}  // namespace sdelens
