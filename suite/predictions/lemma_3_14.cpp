#include "reference/theory/lemma_3_14.hpp"

#include <fmt/format.h>

#include "suite/predictions/adaptive_lemmas.hpp"
#include "suite/predictions/theory_settings.hpp"

namespace sdelens {
namespace {

/// The law of the lemma; the margin is that of the optimizer.
PredictedMoments limit(const Problem& problem, const Place&) {
  PredictedMoments moments;
  for (const Index i : problem.coordinates()) {
    const double variance = theory::adamw_stationary_variance(adaptive_coordinate(problem, i));
    moments.mean.push_back({0.0, 0.0});
    moments.variance.push_back({variance, measured_adaptive_margin(problem, i, variance)});
  }
  return with_loss(problem, std::move(moments));
}

PredictionEntry entry(const NumberOfLemma& lemma) {
  return {.name = fmt::format("lemma-{}", lemma.number),
          .of = {{lemma.number}},
          .needs = adaptive_needs(lemma.optimizer, true),
          .range = adaptive_range(),
          .limit = limit};
}

const Register<PredictionEntry> rmsprop{entry({"rmsprop", "C.20"})};
const Register<PredictionEntry> rmspropw{entry({"rmspropw", "C.24"})};
const Register<PredictionEntry> adam_read_of_sde{read_of_sde(entry({"adam", "C.30"}), "adam")};
const Register<PredictionEntry> adamw_read_of_sde{read_of_sde(entry({"adamw", "3.14"}), "adamw")};
const Register<PredictionEntry> adam{of_optimizer(entry({"adam", "C.30"}))};
const Register<PredictionEntry> adamw{of_optimizer(entry({"adamw", "3.14"}))};

using VarianceOfSde = double (*)(const theory::AdaptiveCoordinate&, double beta_1);

/// What an SDE itself has by the Lyapunov equation, with V held at sigma^2: the one in print, without the noise of the
/// fresh gradient in dX, and the one with it.
PredictionEntry sde_entry(const std::string& wording, const std::string& optimizer, const std::string& sde,
                          VarianceOfSde variance) {
  std::vector<Need> needs = adaptive_needs(optimizer, true);
  needs.insert(needs.begin() + 1, needs::sde({sde}));
  return {.name = fmt::format("{}-sde-of-{}", wording, optimizer),
          .label = fmt::format("SDE {} as {}", optimizer, wording),
          .source = {.paper = "A", .item = "(10), (124), (174)"},
          .wording = Wording::exact,
          .closure = true,
          .subject = Subject::sde,
          .needs = std::move(needs),
          .range = adaptive_range(),
          .limit = [variance](const Problem& problem, const Place&) {
            PredictedMoments moments;
            for (const Index i : problem.coordinates()) {
              moments.mean.push_back({0.0, 0.0});
              moments.variance.push_back({variance(adaptive_coordinate(problem, i), problem.beta_1())});
            }
            return with_loss(problem, std::move(moments));
          }};
}

const Register<PredictionEntry> printed_sde_of_adam{
    sde_entry("printed", "adam", "adam", theory::printed_adamw_sde_variance)};
const Register<PredictionEntry> printed_sde_of_adamw{
    sde_entry("printed", "adamw", "adamw", theory::printed_adamw_sde_variance)};
const Register<PredictionEntry> corrected_sde_of_adam{
    sde_entry("corrected", "adam", "adam-corrected", theory::corrected_adamw_sde_variance)};
const Register<PredictionEntry> corrected_sde_of_adamw{
    sde_entry("corrected", "adamw", "adamw-corrected", theory::corrected_adamw_sde_variance)};

}  // namespace
}  // namespace sdelens
