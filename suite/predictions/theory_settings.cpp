#include "suite/predictions/theory_settings.hpp"

#include <cmath>

#include "sdelens/core/linear_algebra.hpp"

namespace sdelens {
namespace {

double largest_sigma(const Problem& problem) {
  return std::sqrt(symmetric_eigenvalues(*problem.noise_covariance()).maxCoeff());
}

}  // namespace

theory::SgdLoss sgd_loss(const Problem& problem) {
  return {.learning_rate = problem.learning_rate,
          .strong_convexity = problem.spectrum().minCoeff(),
          .hessian_trace = problem.hessian().trace(),
          .largest_sigma = largest_sigma(problem),
          .start_loss = problem.start_loss()};
}

theory::SgdWLoss sgdw_loss(const Problem& problem) {
  const Eigen::VectorXd spectrum = problem.spectrum();
  return {.learning_rate = problem.learning_rate,
          .strong_convexity = spectrum.minCoeff(),
          .smoothness = spectrum.maxCoeff(),
          .hessian_trace = problem.hessian().trace(),
          .largest_sigma = largest_sigma(problem),
          .weight_decay = problem.weight_decay(),
          .start_loss = problem.start_loss()};
}

theory::AdamWLoss adamw_loss(const Problem& problem) {
  const Eigen::VectorXd spectrum = problem.spectrum();
  return {.learning_rate = problem.learning_rate,
          .strong_convexity = spectrum.minCoeff(),
          .smoothness = spectrum.maxCoeff(),
          .hessian_trace = problem.hessian().trace(),
          .sigma = problem.sigmas()(0),
          .weight_decay = problem.weight_decay(),
          .start_loss = problem.start_loss()};
}

theory::AdamLoss adam_loss(const Problem& problem) {
  return {.learning_rate = problem.learning_rate,
          .sigma = problem.sigmas()(0),
          .dimension = static_cast<double>(problem.dimension())};
}

theory::AdaptiveCoordinate adaptive_coordinate(const Problem& problem, Index i) {
  return {.learning_rate = problem.learning_rate,
          .curvature = problem.curvatures()(i),
          .sigma = problem.sigmas()(i),
          .weight_decay = problem.weight_decay()};
}

MeanFieldSettings mean_field_settings(const Problem& problem, Index i) {
  return {.learning_rate = problem.learning_rate,
          .curvature = problem.curvatures()(i),
          .sigma = problem.sigmas()(i),
          .beta_1 = problem.beta_1(),
          .weight_decay = problem.weight_decay()};
}

}  // namespace sdelens
