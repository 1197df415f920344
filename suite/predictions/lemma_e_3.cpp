#include "reference/theory/lemma_e_3.hpp"

#include "suite/predictions/needs.hpp"
#include "suite/predictions/theory_settings.hpp"

namespace sdelens {
namespace {

Curve bound_of_loss(const Problem& problem) {
  const theory::LossBound bound = theory::sgdw_loss_bound(sgdw_loss(problem));
  return [problem, bound](std::uint64_t iteration) {
    return PredictedMoments{.loss =
                                Predicted{.value = bound.at(problem.time(static_cast<double>(iteration)))}};
  };
}

PredictedMoments limit(const Problem& problem, const Place&) {
  return {.loss = Predicted{.value = theory::sgdw_loss_bound(sgdw_loss(problem)).limit}};
}

const Register<PredictionEntry> lemma_e_3{{
    .name = "lemma-E.3",
    .of = {{"E.3"}},
    .relation = Relation::at_most,
    .needs = {needs::optimizer({"sgdw"}), needs::constant_rate, needs::quadratic, needs::strong_convexity,
              needs::finite_covariance},
    .range = {needs::small_step},
    .curve = bound_of_loss,
    .limit = limit,
}};

}  // namespace
}  // namespace sdelens
