#include "suite/predictions/relaxation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "sdelens/core/linear_algebra.hpp"
#include "sdelens/exact/linear_recursion.hpp"
#include "sdelens/exact/mean_field.hpp"
#include "suite/predictions/minibatch_regression.hpp"
#include "suite/predictions/needs.hpp"

namespace sdelens {
namespace {

constexpr double relaxation_times = 10.0;

bool is_linear(const std::string& optimizer) { return optimizer == "sgd" || optimizer == "sgdw"; }
bool is_adaptive(const std::string& optimizer) {
  return optimizer == "adam" || optimizer == "adamw" || optimizer == "rmsprop" || optimizer == "rmspropw";
}

Relaxation linear_relaxation(const Problem& problem) {
  double time = 0.0;
  for (const double eigenvalue : problem.spectrum()) {
    const double kept = std::abs(1.0 - problem.learning_rate * (eigenvalue + problem.weight_decay()));
    if (kept > 0.0) time = std::max(time, -1.0 / std::log(kept));
  }
  double distance = 0.0;
  if (const auto covariance = problem.noise_covariance()) {
    const Eigen::MatrixXd stationary = stationary_covariance({.hessian = problem.hessian(),
                                                              .noise_covariance = *covariance,
                                                              .learning_rate = problem.learning_rate,
                                                              .weight_decay = problem.weight_decay()});
    distance = problem.start.norm() / std::sqrt(stationary.diagonal().minCoeff());
  }
  return {.way = 0.0, .time = time, .factor = relaxation_times + std::log1p(distance)};
}

/// Near the minimum x moves by eta times curvature x per iteration; beyond `reach` it moves by about eta.
Relaxation normalised_relaxation(const Problem& problem, const Eigen::VectorXd& speeds, double reach) {
  const double slowest = problem.learning_rate * speeds.minCoeff();
  const double farthest = problem.start.cwiseAbs().maxCoeff();
  // Twice the way at full speed: E sign is at least 1/2 beyond the reach of normal and Cauchy noise.
  const double way = 2.0 * std::max(0.0, farthest - reach) / problem.learning_rate;
  const double deviation = std::sqrt(0.5 * problem.learning_rate / speeds.maxCoeff());
  return {.way = way,
          .time = std::max(1.0, 1.0 / slowest),
          .factor = relaxation_times + std::log1p(std::min(farthest, reach) / deviation)};
}

/// Of SGD's second moments along the eigenvectors of H: m_i <- (1 - 2 eta h_i + eta^2 h_i^2 (1 + 1/B)) m_i + (eta^2/B) h_i
/// sum_j h_j m_j, plus a constant.
Relaxation regression_relaxation(const Problem& problem) {
  const double eta = problem.learning_rate;
  const double batch = regression_batch(problem);
  const Eigen::VectorXd steps = eta * problem.spectrum();
  Eigen::MatrixXd map = steps * steps.transpose() / batch;
  for (Index i = 0; i < steps.size(); ++i)
    map(i, i) += 1.0 - steps(i) * (2.0 - steps(i) * (1.0 + 1.0 / batch));
  double time = -2.0 / std::log(symmetric_eigenvalues(map).cwiseAbs().maxCoeff());
  for (const double step : steps) {
    const double kept = std::abs(1.0 - step);
    if (kept > 0.0) time = std::max(time, -1.0 / std::log(kept));
  }
  const std::vector<double> moments =
      theory::regression_stationary_moments(minibatch_sgd(problem), theory::RegressionDynamics::minibatch);
  const double distance = problem.start.norm() / std::sqrt(*std::ranges::min_element(moments));
  return {.way = 0.0, .time = time, .factor = relaxation_times + std::log1p(distance)};
}

/// Far away the drift of a coordinate is eta E sign g_i, a function of the cosine (Hw)_i / (sqrt(H_ii) T), of which the
/// largest is at least d^{-1/2} over the root of the condition number of the correlations.
Relaxation regression_sign_relaxation(const Problem& problem) {
  const Eigen::MatrixXd hessian = problem.hessian();
  const Eigen::VectorXd half = hessian.diagonal().cwiseSqrt().cwiseSqrt().cwiseInverse();
  const double rate =
      problem.sign_slope() * std::sqrt(regression_batch(problem)) / regression_residual(problem);
  const Eigen::VectorXd speeds =
      rate * symmetric_eigenvalues(half.asDiagonal() * hessian * half.asDiagonal());
  Relaxation result = normalised_relaxation(problem, speeds, 1.0 / speeds.minCoeff());
  const Eigen::VectorXd own = hessian.diagonal().cwiseSqrt().cwiseInverse();
  const Eigen::VectorXd correlations = symmetric_eigenvalues(own.asDiagonal() * hessian * own.asDiagonal());
  result.way *=
      std::sqrt(static_cast<double>(problem.dimension()) * correlations.maxCoeff() / correlations.minCoeff());
  return result;
}

Relaxation sign_relaxation(const Problem& problem) {
  // Sigma^{-1/2} H has the eigenvalues of Sigma^{-1/4} H Sigma^{-1/4}.
  const Eigen::VectorXd root = problem.sigmas().cwiseSqrt().cwiseInverse();
  const Eigen::MatrixXd scaled = root.asDiagonal() * problem.hessian() * root.asDiagonal();
  const Eigen::VectorXd speeds = problem.sign_slope() * symmetric_eigenvalues(scaled);
  return normalised_relaxation(problem, speeds, 1.0 / speeds.minCoeff());
}

Relaxation adaptive_relaxation(const Problem& problem) {
  const bool diagonal = problem.diagonal_hessian() && problem.diagonal_noise();
  const Eigen::VectorXd curvatures = diagonal ? problem.curvatures() : problem.spectrum();
  const double largest_sigma = problem.sigmas().maxCoeff();
  Eigen::VectorXd speeds(problem.dimension());
  for (Index i = 0; i < problem.dimension(); ++i) {
    const double sigma = diagonal ? problem.sigmas()(i) : largest_sigma;
    double root = sigma;
    // Where the noise is small against the step V is well above sigma^2, and everything slower.
    const double decayed = problem.learning_rate * problem.weight_decay();
    if (problem.learning_rate * curvatures(i) / sigma <= 1000.0 && decayed < 1.0) {
      root = std::sqrt(mean_field({.learning_rate = problem.learning_rate,
                                   .curvature = curvatures(i),
                                   .sigma = sigma,
                                   .beta_1 = problem.beta_1(),
                                   .weight_decay = problem.weight_decay()})
                           .squared_gradient);
    }
    speeds(i) = curvatures(i) / root + problem.weight_decay();
  }
  Relaxation result = normalised_relaxation(problem, speeds, 1.0 / speeds.minCoeff());
  result.time = std::max(result.time, 2.0 / (1.0 - problem.beta_1()));
  const double start_gradient = (problem.hessian() * problem.start).cwiseAbs().maxCoeff();
  const double signal = start_gradient / problem.sigmas().minCoeff();
  const double smallest = problem.scale_matrix().diagonal().minCoeff();
  const double start = std::max(signal * signal, problem.largest_initial_v() / smallest);
  result.way += (relaxation_times + std::log1p(start)) / (1.0 - problem.beta_2());
  return result;
}

}  // namespace

Relaxation relaxation(const Problem& problem) {
  const std::string& name = problem.optimizer.name;
  if (!(problem.quadratic() || problem.linear_regression()) || !problem.constant_rate()) {
    throw std::logic_error("relaxation: needs a quadratic or linear regression, and a constant rate");
  }
  if (is_linear(name)) {
    if (instability(problem)) throw std::logic_error("relaxation: SGD does not contract");
    return problem.linear_regression() ? regression_relaxation(problem) : linear_relaxation(problem);
  }
  if (problem.linear_regression()) {
    if (name == "signsgd") return regression_sign_relaxation(problem);
    throw std::logic_error("relaxation: is not known of '" + name + "' on mini-batches");
  }
  if (needs::strong_convexity(problem)) throw std::logic_error("relaxation: needs mu > 0");
  if (name == "signsgd") return sign_relaxation(problem);
  if (is_adaptive(name)) return adaptive_relaxation(problem);
  throw std::logic_error("relaxation: is not known of '" + name + "'");
}

Objection unsettled(const Problem& problem, std::uint64_t iteration) {
  const Relaxation found = relaxation(problem);
  if (static_cast<double>(iteration) >= found.needed()) return std::nullopt;
  const double eta = problem.learning_rate;
  std::string way;
  if (found.way >= 1.0) way = fmt::format("{:.4g} on the way and ", found.way);
  return fmt::format(
      "not stationary at t = {:.4g} (k = {}): that takes {:.4g} iterations, {}{:.3g} relaxation times of "
      "{:.4g} "
      "iterations (t = {:.4g})",
      problem.time(static_cast<double>(iteration)), iteration, found.needed(), way, found.factor, found.time,
      eta * found.time);
}

Objection instability(const Problem& problem) {
  if (!is_linear(problem.optimizer.name) || !problem.constant_rate()) return std::nullopt;
  if (needs::few_coordinates(problem)) return std::nullopt;
  if (problem.linear_regression()) return regression_instability(problem);
  return problem.quadratic() ? linear_instability(problem) : std::nullopt;
}

Objection linear_instability(const Problem& problem) {
  const Eigen::VectorXd spectrum = problem.spectrum();
  const double gamma = problem.weight_decay();
  const double low = problem.learning_rate * (spectrum.minCoeff() + gamma);
  const double high = problem.learning_rate * (spectrum.maxCoeff() + gamma);
  if (!(low > 0.0)) {
    return fmt::format("has no stationary law: the smallest eigenvalue of H{} is {:.4g}, not positive",
                       gamma > 0.0 ? " plus gamma" : "", spectrum.minCoeff() + gamma);
  }
  if (!(high < 2.0)) {
    return fmt::format(
        "has no stationary law: eta (lambda + gamma) = {:.4g} is not below 2, so eta must be below "
        "2 / (lambda + gamma) = {:.4g}",
        high, 2.0 / (spectrum.maxCoeff() + gamma));
  }
  return std::nullopt;
}

}  // namespace sdelens
