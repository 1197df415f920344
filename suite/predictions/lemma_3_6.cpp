#include "reference/theory/lemma_3_6.hpp"

#include <cmath>

#include "sdelens/core/linear_algebra.hpp"
#include "suite/predictions/needs.hpp"

namespace sdelens {
namespace {

Curve bound_of_loss(const Problem& problem) {
  const Eigen::MatrixXd covariance = *problem.noise_covariance();
  const double largest = symmetric_eigenvalues(covariance).maxCoeff();
  const theory::LossBound bound = theory::sgd_loss_bound({.learning_rate = problem.learning_rate,
                                                          .strong_convexity = problem.spectrum().minCoeff(),
                                                          .hessian_trace = problem.hessian().trace(),
                                                          .largest_sigma = std::sqrt(largest),
                                                          .start_loss = problem.start_loss()});
  return [problem, bound](std::uint64_t iteration) {
    return PredictedMoments{.loss =
                                Predicted{.value = bound.at(problem.time(static_cast<double>(iteration)))}};
  };
}

const Register<PredictionEntry> lemma_3_6{{
    .name = "lemma-3.6",
    .label = "Lemma 3.6",
    .source = {.paper = "A", .item = "Lemma 3.6"},
    .wording = Wording::printed,
    .relation = Relation::at_most,
    .needs = {needs::optimizer({"sgd"}), needs::constant_rate, needs::quadratic, needs::strong_convexity,
              needs::finite_covariance, needs::small_step},
    .curve = bound_of_loss,
}};

}  // namespace
}  // namespace sdelens
