#include "reference/theory/lemma_3_14.hpp"

#include <fmt/format.h>

#include "suite/predictions/adaptive_lemmas.hpp"

namespace sdelens {
namespace {

theory::AdaptiveCoordinate coordinate(const Problem& problem, Index i) {
  return {.learning_rate = problem.learning_rate,
          .curvature = problem.curvatures()(i),
          .sigma = problem.sigmas()(i),
          .weight_decay = problem.weight_decay()};
}

PredictedMoments limit(const Problem& problem, const Place&) {
  PredictedMoments moments;
  for (Index i = 0; i < problem.dimension(); ++i) {
    const theory::AdaptiveCoordinate at = coordinate(problem, i);
    const double variance = theory::adamw_stationary_variance(at);
    moments.mean.push_back({0.0, 0.0});
    moments.variance.push_back({variance, measured_adaptive_margin(problem, i, variance)});
  }
  return with_loss(problem, std::move(moments));
}

PredictionEntry entry(const NumberOfLemma& lemma) {
  return {.name = fmt::format("lemma-{}", lemma.number),
          .label = fmt::format("Lemma {}", lemma.number),
          .source = {.paper = "A", .item = fmt::format("Lemma {}", lemma.number)},
          .wording = Wording::printed,
          .needs = adaptive_needs(lemma.optimizer, true),
          .limit = limit};
}

const Register<PredictionEntry> rmsprop{entry({"rmsprop", "C.20"})};
const Register<PredictionEntry> rmspropw{entry({"rmspropw", "C.24"})};
const Register<PredictionEntry> adam{entry({"adam", "C.30"})};
const Register<PredictionEntry> adamw{entry({"adamw", "3.14"})};

PredictedMoments printed_sde_limit(const Problem& problem, const Place&) {
  PredictedMoments moments;
  for (Index i = 0; i < problem.dimension(); ++i) {
    moments.mean.push_back({0.0, 0.0});
    moments.variance.push_back(
        {theory::printed_adamw_sde_variance(coordinate(problem, i), problem.beta_1())});
  }
  return with_loss(problem, std::move(moments));
}

/// What the printed SDE itself has, without the noise of the fresh gradient in dX.
PredictionEntry printed_sde_entry(const char* optimizer) {
  std::vector<Need> needs = adaptive_needs(optimizer, true);
  needs.insert(needs.begin() + 1, needs::sde({optimizer}));
  return {.name = fmt::format("printed-sde-of-{}", optimizer),
          .label = fmt::format("SDE {} as printed", optimizer),
          .source = {.paper = "A", .item = "(10), (124), (174)"},
          .wording = Wording::exact,
          .closure = true,
          .subject = Subject::sde,
          .needs = std::move(needs),
          .limit = printed_sde_limit};
}

const Register<PredictionEntry> printed_sde_of_adam{printed_sde_entry("adam")};
const Register<PredictionEntry> printed_sde_of_adamw{printed_sde_entry("adamw")};

}  // namespace
}  // namespace sdelens
