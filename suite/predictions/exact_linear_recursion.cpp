#include <cmath>

#include "sdelens/exact/linear_recursion.hpp"
#include "suite/predictions/needs.hpp"
#include "suite/predictions/relaxation.hpp"

namespace sdelens {
namespace {

LinearRecursionSettings settings_of(const Problem& problem, Eigen::MatrixXd covariance) {
  LinearRecursionSettings settings{.hessian = problem.hessian(),
                                   .noise_covariance = std::move(covariance),
                                   .learning_rate = problem.learning_rate,
                                   .weight_decay = problem.weight_decay()};
  if (!problem.constant_rate()) {
    settings.rate_factor = [problem](std::uint64_t k) { return problem.rate_factor(k); };
  }
  return settings;
}

PredictedMoments exact_moments(const Eigen::VectorXd& mean, const Eigen::MatrixXd& covariance, double loss) {
  PredictedMoments moments{.loss = Predicted{.value = loss, .margin = 0.0}};
  for (Index i = 0; i < mean.size(); ++i) {
    moments.mean.push_back({mean(i), 0.0});
    moments.variance.push_back({covariance(i, i), 0.0});
  }
  return moments;
}

Objection feasible(const Question& problem) {
  constexpr double most = 2e10;
  const auto dimension = static_cast<double>(problem.dimension());
  if (4.0 * std::pow(dimension, 3) * static_cast<double>(problem.iterations) <= most) return std::nullopt;
  return "would take too long: d^3 times the iterations is too much";
}

Curve recursion(const Problem& problem) {
  LinearRecursion recursion(settings_of(problem, *problem.noise_covariance()), problem.start);
  return [recursion](std::uint64_t iteration) mutable {
    recursion.advance(iteration - recursion.iteration());
    return exact_moments(recursion.mean(), recursion.covariance(), recursion.expected_loss());
  };
}

/// E x of heavy-tailed noise, which has a mean for nu > 1.
Curve mean_recursion(const Problem& problem) {
  const Index dimension = problem.dimension();
  LinearRecursion recursion(settings_of(problem, Eigen::MatrixXd::Zero(dimension, dimension)), problem.start);
  return [recursion](std::uint64_t iteration) mutable {
    recursion.advance(iteration - recursion.iteration());
    PredictedMoments moments;
    for (const double mean : recursion.mean()) moments.mean.push_back({mean, 0.0});
    return moments;
  };
}

PredictedMoments stationary(const Problem& problem, const Place&) {
  const Eigen::MatrixXd covariance = stationary_covariance(settings_of(problem, *problem.noise_covariance()));
  return exact_moments(problem.origin(), covariance, 0.5 * (problem.hessian() * covariance).trace());
}

Objection infinite_variance_and_finite_mean(const Problem& problem) {
  if (auto objection = needs::student_t_noise(problem)) return objection;
  const double nu = problem.degrees_of_freedom();
  if (nu > 2.0) return "is for noise without a variance; the recursion with the variance applies";
  if (nu > 1.0) return std::nullopt;
  return "needs noise with a mean: student-t noise of nu <= 1 has none";
}

const Register<PredictionEntry> exact_linear_recursion{{
    .name = "exact-recursion",
    .label = "Exact recursion",
    .source = {.paper = "A", .item = "Section 3 and E.3, updates of SGD and SGDW"},
    .wording = Wording::exact,
    .subject = Subject::optimizer,
    .needs = {needs::optimizer({"sgd", "sgdw"}), needs::quadratic, needs::finite_covariance, feasible},
    .curve = recursion,
}};

const Register<PredictionEntry> exact_linear_mean{{
    .name = "exact-recursion-of-the-mean",
    .label = "Exact mean",
    .source = {.paper = "A", .item = "Section 3 and E.3, updates of SGD and SGDW"},
    .wording = Wording::exact,
    .subject = Subject::optimizer,
    .needs = {needs::optimizer({"sgd", "sgdw"}), needs::quadratic, infinite_variance_and_finite_mean,
              feasible},
    .curve = mean_recursion,
}};

const Register<PredictionEntry> exact_stationary_covariance{{
    .name = "exact-stationary-recursion",
    .label = "Exact recursion",
    .source = {.paper = "A", .item = "Section 3 and E.3, updates of SGD and SGDW"},
    .wording = Wording::exact,
    .subject = Subject::optimizer,
    .needs = {needs::optimizer({"sgd", "sgdw"}), needs::quadratic, needs::constant_rate,
              needs::finite_covariance, linear_instability},
    .limit = stationary,
}};

}  // namespace
}  // namespace sdelens
