#include "reference/theory/lemma_3_13.hpp"

#include <fmt/format.h>

#include "suite/predictions/adaptive_lemmas.hpp"

namespace sdelens {
namespace {

PredictedMoments limit(const Problem& problem, const Place&) {
  const Eigen::VectorXd spectrum = problem.spectrum();
  const double bound = theory::adamw_loss_bound({.learning_rate = problem.learning_rate,
                                                 .strong_convexity = spectrum.minCoeff(),
                                                 .smoothness = spectrum.maxCoeff(),
                                                 .hessian_trace = problem.hessian().trace(),
                                                 .sigma = problem.sigmas()(0),
                                                 .weight_decay = problem.weight_decay(),
                                                 .start_loss = problem.start_loss()})
                           .limit;
  return {.loss = Predicted{.value = bound}};
}

PredictionEntry entry(const NumberOfLemma& lemma) {
  std::vector<Need> needs = adaptive_needs(lemma.optimizer, false);
  needs.emplace_back(needs::equal_sigma);
  return {.name = fmt::format("lemma-{}", lemma.number),
          .label = fmt::format("Lemma {}", lemma.number),
          .source = {.paper = "A", .item = fmt::format("Lemma {}", lemma.number)},
          .wording = Wording::printed,
          .relation = Relation::at_most,
          .needs = std::move(needs),
          .limit = limit};
}

const Register<PredictionEntry> rmsprop{entry({"rmsprop", "C.19"})};
const Register<PredictionEntry> rmspropw{entry({"rmspropw", "C.23"})};
const Register<PredictionEntry> adam{entry({"adam", "C.28"})};
const Register<PredictionEntry> adamw{entry({"adamw", "3.13"})};

}  // namespace
}  // namespace sdelens
