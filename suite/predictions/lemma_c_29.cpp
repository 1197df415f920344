#include "reference/theory/lemma_c_29.hpp"

#include "suite/predictions/adaptive_lemmas.hpp"

namespace sdelens {
namespace {

PredictedMoments limit(const Problem& problem, const Place&) {
  const double loss = theory::adam_asymptotic_loss({.learning_rate = problem.learning_rate,
                                                    .sigma = problem.sigmas()(0),
                                                    .dimension = static_cast<double>(problem.dimension())});
  if (!adaptive_margin_is_measured(problem, problem.largest_ratio())) return {.loss = Predicted{loss}};
  return {.loss = Predicted{loss, adaptive_margin(problem).bound.at(loss)}};
}

PredictionEntry entry() {
  std::vector<Need> needs = adaptive_needs("adam", true);
  needs.emplace_back(needs::equal_sigma);
  return {.name = "lemma-C.29",
          .label = "Lemma C.29",
          .source = {.paper = "A", .item = "Lemma C.29"},
          .wording = Wording::printed,
          .needs = std::move(needs),
          .limit = limit};
}

const Register<PredictionEntry> lemma_c_29{entry()};

}  // namespace
}  // namespace sdelens
