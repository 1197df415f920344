#include "reference/theory/lemma_e_3.hpp"

#include <cmath>

#include "sdelens/core/linear_algebra.hpp"
#include "suite/predictions/needs.hpp"

namespace sdelens {
namespace {

Curve bound_of_loss(const Problem& problem) {
  const Eigen::VectorXd spectrum = problem.spectrum();
  const Eigen::VectorXd variances = symmetric_eigenvalues(*problem.noise_covariance());
  const theory::LossBound bound = theory::sgdw_loss_bound({.learning_rate = problem.learning_rate,
                                                           .strong_convexity = spectrum.minCoeff(),
                                                           .smoothness = spectrum.maxCoeff(),
                                                           .hessian_trace = problem.hessian().trace(),
                                                           .largest_sigma = std::sqrt(variances.maxCoeff()),
                                                           .weight_decay = problem.weight_decay(),
                                                           .start_loss = problem.start_loss()});
  return [problem, bound](std::uint64_t iteration) {
    return PredictedMoments{.loss =
                                Predicted{.value = bound.at(problem.time(static_cast<double>(iteration)))}};
  };
}

const Register<PredictionEntry> lemma_e_3{{
    .name = "lemma-E.3",
    .label = "Lemma E.3",
    .source = {.paper = "A", .item = "Lemma E.3"},
    .wording = Wording::printed,
    .relation = Relation::at_most,
    .needs = {needs::optimizer({"sgdw"}), needs::constant_rate, needs::quadratic, needs::strong_convexity,
              needs::finite_covariance, needs::small_step},
    .curve = bound_of_loss,
}};

}  // namespace
}  // namespace sdelens
