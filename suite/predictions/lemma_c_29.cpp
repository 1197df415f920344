#include "reference/theory/lemma_c_29.hpp"

#include "suite/predictions/adaptive_lemmas.hpp"
#include "suite/predictions/theory_settings.hpp"

namespace sdelens {
namespace {

PredictedMoments limit(const Problem& problem, const Place&) {
  const double loss = theory::adam_asymptotic_loss(adam_loss(problem));
  if (!adaptive_margin_is_measured(problem, problem.largest_ratio())) return {.loss = Predicted{loss}};
  return {.loss = Predicted{loss, adaptive_margin(problem).bound.at(loss)}};
}

PredictionEntry entry() {
  std::vector<Need> needs = adaptive_needs("adam", true);
  needs.emplace_back(needs::equal_sigma);
  return {.name = "lemma-C.29",
          .of = {{"C.29"}},
          .needs = std::move(needs),
          .range = adaptive_range(),
          .limit = limit};
}

const Register<PredictionEntry> c_29_read_of_sde{read_of_sde(entry(), "adam")};
const Register<PredictionEntry> c_29{of_optimizer(entry())};

}  // namespace
}  // namespace sdelens
