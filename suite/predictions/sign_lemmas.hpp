#pragma once

#include <numbers>

#include "reference/theory/lemma_3_5.hpp"
#include "reference/theory/lemma_3_7.hpp"
#include "reference/theory/lemma_3_9.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/predictions/needs.hpp"

namespace sdelens {

/// What the closed forms about SignSGD take, of a problem.

/// One coordinate of a quadratic with diagonal H and Sigma.
inline theory::QuadraticCoordinate quadratic_coordinate(const Problem& problem, Index i) {
  return {.learning_rate = problem.learning_rate,
          .curvature = problem.curvatures()(i),
          .sigma = problem.sigmas()(i),
          .start = problem.start(i)};
}

inline std::vector<theory::QuadraticCoordinate> quadratic_coordinates(const Problem& problem) {
  std::vector<theory::QuadraticCoordinate> result;
  for (const Index i : problem.coordinates()) result.push_back(quadratic_coordinate(problem, i));
  return result;
}

/// The settings of Lemma 3.5 from its start, or from a phase that begins with the loss given.
inline theory::SignSgdLoss sign_loss(const Problem& problem, double start_loss) {
  return {.learning_rate = problem.learning_rate,
          .strong_convexity = problem.spectrum().minCoeff(),
          .hessian_trace = problem.hessian().trace(),
          .largest_sigma = problem.sigmas().maxCoeff(),
          .dimension = static_cast<double>(problem.dimension()),
          .start_loss = start_loss};
}
inline theory::SignSgdLoss sign_loss(const Problem& problem) {
  return sign_loss(problem, problem.start_loss());
}

/// The settings of Lemma 3.9.
inline theory::ScheduledLoss scheduled_loss(const Problem& problem) {
  return {.learning_rate = problem.learning_rate,
          .strong_convexity = problem.spectrum().minCoeff(),
          .hessian_trace = problem.hessian().trace(),
          .sigma = problem.sigmas().maxCoeff(),
          .dimension = static_cast<double>(problem.dimension())};
}

/// Y = lambda_i x / (sigma_i sqrt 2) at a place of coordinate i: the argument of Erf in the drift.
inline double signal(const Problem& problem, Index i, double x) {
  return problem.curvatures()(i) * x / (problem.sigmas()(i) * std::numbers::sqrt2);
}

/// b_i = s lambda_i / sigma_i, s the slope of E sign at 0: how fast SignSGD relaxes in phase 3, per unit of time.
inline double phase_3_rate(const Problem& problem, Index i) {
  return problem.sign_slope() * problem.curvatures()(i) / problem.sigmas()(i);
}

/// The variance of coordinate i in the stationary law of phase 3 at leading order, (eta / 2) sqrt(pi / 2) sigma / lambda.
inline double leading_variance(const Problem& problem, Index i) {
  return theory::signsgd_leading_variance(quadratic_coordinate(problem, i));
}

inline double slowest_phase_3_rate(const Problem& problem) {
  return problem.sign_slope() * problem.curvatures().cwiseQuotient(problem.sigmas()).minCoeff();
}
inline double fastest_phase_3_rate(const Problem& problem) {
  return problem.sign_slope() * problem.curvatures().cwiseQuotient(problem.sigmas()).maxCoeff();
}

/// The margin of a variance where it was measured; nothing is known beyond.
inline std::optional<double> measured_phase_3_margin(const Problem& problem, Index i, double variance) {
  if (!phase_3_margin_is_measured(problem, i)) return std::nullopt;
  return phase_3_margin(problem, i).bound.at(variance);
}

}  // namespace sdelens
