#include "suite/study/comparison/floors.hpp"

#include <cmath>
#include <functional>

namespace sdelens {
namespace {

double floor_of(const LandscapeComparison& comparison,
                const std::function<MeanField(const MeanFieldSettings&)>& stationary) {
  const Problem& problem = comparison.problem;
  const Eigen::VectorXd curvatures = problem.loss->hessian(comparison.minimum).diagonal();
  const double gamma = problem.weight_decay();
  double loss = 0.0;
  for (const Index i : problem.coordinates()) {
    const MeanField law = stationary({.learning_rate = problem.learning_rate,
                                      .curvature = curvatures(i),
                                      .sigma = problem.sigmas()(i),
                                      .beta_1 = problem.beta_1(),
                                      .weight_decay = gamma});
    const double pull = curvatures(i) / std::sqrt(law.squared_gradient) + gamma;
    const double shift = gamma * comparison.minimum(i) / pull;
    loss += 0.5 * curvatures(i) * (law.variance + shift * shift);
  }
  return loss;
}

}  // namespace

double optimizer_floor(const LandscapeComparison& comparison) {
  return floor_of(comparison, [](const MeanFieldSettings& settings) { return mean_field(settings); });
}

double sde_floor(const LandscapeComparison& comparison, AdaptiveSde form, std::uint64_t steps_per_iteration) {
  return floor_of(comparison, [&](const MeanFieldSettings& settings) {
    return mean_field(form, settings, steps_per_iteration);
  });
}

double noise_ratio(const LandscapeComparison& comparison) {
  const Problem& problem = comparison.problem;
  const Eigen::MatrixXd hessian = problem.loss->hessian(comparison.minimum);
  return problem.learning_rate * hessian.diagonal().maxCoeff() / problem.sigmas()(0);
}

}  // namespace sdelens
