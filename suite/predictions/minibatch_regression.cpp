#include "suite/predictions/minibatch_regression.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "sdelens/core/linear_algebra.hpp"
#include "sdelens/exact/linear_recursion.hpp"
#include "suite/predictions/needs.hpp"

namespace sdelens {
namespace {

constexpr const char* own_item = "Section 3.1.1, beyond it: real mini-batches";

std::vector<double> numbers(const Eigen::VectorXd& vector) { return {vector.begin(), vector.end()}; }

Problem with_additive_noise(const Problem& problem, Choice noise) {
  const Eigen::MatrixXd hessian = problem.hessian();
  Choice quadratic{.name = "quadratic", .given = {{"hessian", numbers(hessian.reshaped())}}};
  if (hessian.isDiagonal(0.0)) quadratic.given = {{"curvatures", numbers(hessian.diagonal())}};
  return make_problem({.optimizer = problem.optimizer,
                       .landscape = std::move(quadratic),
                       .noise = std::move(noise),
                       .schedule = problem.schedule,
                       .learning_rate = problem.learning_rate,
                       .start = problem.start});
}

Question about(Problem twin, const Question& question) {
  Question result{std::move(twin)};
  result.iterations = question.iterations;
  return result;
}

const PredictionEntry& chain_of_one_coordinate(const char* name) {
  return Registry<PredictionEntry>::all().at(name);
}

Objection feasible_chain(const Question& question) {
  return first_objection(about(student_t_twin(question), question),
                         chain_of_one_coordinate("exact-chain").needs);
}

/// Cov g = (Hww'H + w'Hw H)/B beyond s^2 H / B.
LinearRecursion recursion_of(const Problem& problem) {
  const Eigen::MatrixXd hessian = problem.hessian();
  const double batch = regression_batch(problem);
  const double residual = regression_residual(problem);
  LinearRecursionSettings settings{
      .hessian = hessian,
      .noise_covariance = residual * residual / batch * hessian,
      .learning_rate = problem.learning_rate,
      .state_noise = [hessian, batch](const Eigen::MatrixXd& moments) -> Eigen::MatrixXd {
        return (hessian * moments * hessian + hessian.cwiseProduct(moments).sum() * hessian) / batch;
      }};
  if (!problem.constant_rate())
    settings.rate_factor = [problem](std::uint64_t k) { return problem.rate_factor(k); };
  return {std::move(settings), problem.start};
}

PredictedMoments of(const Eigen::VectorXd& mean, const Eigen::VectorXd& variance, double loss) {
  PredictedMoments moments{.loss = Predicted{.value = loss, .margin = 0.0}};
  for (Index i = 0; i < mean.size(); ++i) {
    moments.mean.push_back({mean(i), 0.0});
    moments.variance.push_back({variance(i), 0.0});
  }
  return moments;
}

Curve sgd_recursion(const Problem& problem) {
  return [recursion = recursion_of(problem)](std::uint64_t iteration) mutable {
    recursion.advance(iteration - recursion.iteration());
    return of(recursion.mean(), recursion.covariance().diagonal(), recursion.expected_loss());
  };
}

PredictedMoments sgd_stationary(const Problem& problem, const Place&) {
  const SymmetricEigen eigen = symmetric_eigen(problem.hessian());
  const std::vector<double> along =
      theory::regression_stationary_moments(minibatch_sgd(problem), theory::RegressionDynamics::minibatch);
  const Eigen::VectorXd moments = Eigen::Map<const Eigen::VectorXd>(along.data(), std::ssize(along));
  return of(problem.origin(), eigen.vectors.cwiseAbs2() * moments, 0.5 * eigen.values.dot(moments));
}

/// A V + V A' = eta Q, A = (s_B sqrt(B)/s) diag(H_ii)^{-1/2} H, Q = (2/pi) asin R, in the basis where A is symmetric.
PredictedMoments sign_stationary(const Problem& problem, const Place&) {
  const Eigen::MatrixXd hessian = problem.hessian();
  const Eigen::VectorXd roots = hessian.diagonal().cwiseSqrt();
  const double rate =
      problem.sign_slope() * std::sqrt(regression_batch(problem)) / regression_residual(problem);
  const Eigen::VectorXd half = roots.cwiseSqrt();
  const SymmetricEigen eigen =
      symmetric_eigen(rate * half.cwiseInverse().asDiagonal() * hessian * half.cwiseInverse().asDiagonal());
  Eigen::MatrixXd noise = hessian;
  for (Index i = 0; i < noise.rows(); ++i) {
    for (Index j = 0; j < noise.cols(); ++j) {
      const double correlation = i == j ? 1.0 : hessian(i, j) / (roots(i) * roots(j));
      noise(i, j) = 2.0 / std::numbers::pi * std::asin(correlation) * half(i) * half(j);
    }
  }
  Eigen::MatrixXd scaled = problem.learning_rate * eigen.vectors.transpose() * noise * eigen.vectors;
  for (Index i = 0; i < scaled.rows(); ++i) {
    for (Index j = 0; j < scaled.cols(); ++j) scaled(i, j) /= eigen.values(i) + eigen.values(j);
  }
  const Eigen::MatrixXd covariance = half.cwiseInverse().asDiagonal() * eigen.vectors * scaled *
                                     eigen.vectors.transpose() * half.cwiseInverse().asDiagonal();
  const double loss = theory::minibatch_sign_loss(problem.learning_rate, regression_residual(problem),
                                                  regression_batch(problem), numbers(hessian.diagonal()));
  PredictedMoments moments = of(problem.origin(), covariance.diagonal(), loss);
  // What is left out is known in one coordinate.
  const bool one = problem.dimension() == 1;
  const double left_out = 2.0 * theory::minibatch_first_order(minibatch_sign(problem));
  const auto margin = [&](double value) { return one ? std::optional(left_out * value) : std::nullopt; };
  for (Predicted& variance : moments.variance) variance.margin = margin(variance.value);
  moments.loss->margin = margin(loss);
  return moments;
}

const Register<PredictionEntry> sign_chain{{
    .name = "minibatch-sign-chain",
    .label = "Exact chain of the mini-batches",
    .source = {.paper = "A", .item = own_item},
    .subject = Subject::optimizer,
    .needs = {needs::optimizer({"signsgd"}), needs::constant_rate, needs::linear_regression,
              needs::one_coordinate, feasible_chain},
    .curve =
        [](const Question& question) {
          return chain_of_one_coordinate("exact-chain").curve(about(student_t_twin(question), question));
        },
}};

const Register<PredictionEntry> stationary_sign_chain{{
    .name = "minibatch-stationary-sign-chain",
    .label = "Exact chain of the mini-batches",
    .source = {.paper = "A", .item = own_item},
    .subject = Subject::optimizer,
    .needs = {needs::optimizer({"signsgd"}), needs::constant_rate, needs::linear_regression,
              needs::one_coordinate},
    .limit =
        [](const Question& question, const Place& place) {
          return chain_of_one_coordinate("exact-stationary-chain")
              .limit(about(student_t_twin(question), question), place);
        },
}};

const Register<PredictionEntry> sign_leading_order{{
    .name = "minibatch-sign-leading-order",
    .label = "Leading order of the mini-batches",
    .source = {.paper = "A", .item = own_item},
    .closure = true,
    .subject = Subject::optimizer,
    .needs = {needs::optimizer({"signsgd"}), needs::constant_rate, needs::linear_regression},
    .limit = sign_stationary,
}};

const Register<PredictionEntry> recursion{{
    .name = "minibatch-recursion",
    .label = "Exact recursion of the mini-batches",
    .source = {.paper = "A", .item = own_item},
    .subject = Subject::optimizer,
    .needs = {needs::optimizer({"sgd"}), needs::linear_regression},
    .curve = sgd_recursion,
}};

const Register<PredictionEntry> stationary_recursion{{
    .name = "minibatch-stationary-recursion",
    .label = "Exact recursion of the mini-batches",
    .source = {.paper = "A", .item = own_item},
    .subject = Subject::optimizer,
    .needs = {needs::optimizer({"sgd"}), needs::constant_rate, needs::linear_regression,
              regression_instability},
    .limit = sgd_stationary,
}};

}  // namespace

double regression_batch(const Problem& problem) { return problem.landscape.parameters.at("batch").front(); }

double regression_residual(const Problem& problem) {
  return problem.landscape.parameters.at("residual").front();
}

theory::MinibatchSgd minibatch_sgd(const Problem& problem) {
  return {.learning_rate = problem.learning_rate,
          .residual = regression_residual(problem),
          .batch = regression_batch(problem),
          .spectrum = numbers(problem.spectrum())};
}

theory::MinibatchSign minibatch_sign(const Problem& problem) {
  return {.learning_rate = problem.learning_rate,
          .curvature = problem.curvatures()(0),
          .residual = regression_residual(problem),
          .batch = regression_batch(problem)};
}

Problem gaussian_twin(const Problem& problem) {
  const double residual = regression_residual(problem);
  const Eigen::MatrixXd covariance = residual * residual / regression_batch(problem) * problem.hessian();
  Choice noise{.name = "gaussian", .given = {{"covariance", numbers(covariance.reshaped())}}};
  if (covariance.isDiagonal(0.0)) noise.given = {{"sigma", numbers(covariance.diagonal().cwiseSqrt())}};
  return with_additive_noise(problem, std::move(noise));
}

Problem student_t_twin(const Problem& problem) {
  if (problem.dimension() != 1)
    throw InvalidParameter("student_t_twin", "problem", "must have one coordinate");
  const double batch = regression_batch(problem);
  const double sigma = std::sqrt(problem.curvatures()(0) / batch) * regression_residual(problem);
  return with_additive_noise(problem, {.name = "student-t", .given = {{"nu", {batch}}, {"sigma", {sigma}}}});
}

Objection regression_instability(const Problem& problem) {
  const theory::MinibatchSgd sgd = minibatch_sgd(problem);
  if (theory::regression_is_stable(sgd, theory::RegressionDynamics::minibatch)) return std::nullopt;
  return fmt::format(
      "has no stationary second moments: eta = {:.4g} is not below {:.4g}, where the noise of the "
      "mini-batches feeds itself",
      problem.learning_rate, theory::regression_stability_limit(sgd, theory::RegressionDynamics::minibatch));
}

}  // namespace sdelens
