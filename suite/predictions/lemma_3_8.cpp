#include "reference/theory/lemma_3_8.hpp"

#include "suite/predictions/needs.hpp"

namespace sdelens {
namespace {

Curve curve(const Problem& problem) {
  const Eigen::VectorXd deviations = problem.noise_covariance()->diagonal().cwiseSqrt();
  return [problem, deviations](std::uint64_t iteration) {
    PredictedMoments moments;
    for (Index i = 0; i < problem.dimension(); ++i) {
      const theory::QuadraticCoordinate coordinate{.learning_rate = problem.learning_rate,
                                                   .curvature = problem.curvatures()(i),
                                                   .sigma = deviations(i),
                                                   .start = problem.start(i)};
      moments.mean.push_back({theory::sgd_mean(coordinate, problem.time(static_cast<double>(iteration)))});
      moments.variance.push_back(
          {theory::sgd_variance(coordinate, problem.time(static_cast<double>(iteration)))});
    }
    return with_loss(problem, std::move(moments));
  };
}

PredictedMoments limit(const Problem& problem, const Place&) {
  PredictedMoments moments;
  const Eigen::VectorXd deviations = problem.noise_covariance()->diagonal().cwiseSqrt();
  for (const Index i : problem.coordinates()) {
    moments.mean.push_back({0.0});
    moments.variance.push_back({theory::sgd_stationary_variance({.learning_rate = problem.learning_rate,
                                                                 .curvature = problem.curvatures()(i),
                                                                 .sigma = deviations(i),
                                                                 .start = problem.start(i)})});
  }
  return with_loss(problem, std::move(moments));
}

const Register<PredictionEntry> lemma_3_8{{
    .name = "lemma-3.8",
    .of = {{"3.8"}},
    .needs = {needs::optimizer({"sgd"}), needs::constant_rate, needs::diagonal_quadratic,
              needs::strong_convexity, needs::finite_covariance, needs::uncorrelated_noise},
    .range = {needs::small_step},
    .curve = curve,
    .limit = limit,
}};

}  // namespace
}  // namespace sdelens
