#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "suite/study/panels/fig6.hpp"

namespace sdelens {
namespace {

/// Of the steepest coordinate.
Margin margin_of(const Problem& problem) {
  Index steepest = 0;
  problem.curvatures().maxCoeff(&steepest);
  return phase_3_margin(problem, steepest);
}

const NoisePanel panel{
    .label = "SignSGD",
    .source = {.paper = "A", .item = "Figure 6, SignSGD; Lemma 3.5"},
    .lemma = "3.5",
    .wording = Wording::corrected,
    .optimizer = [](const Settings&) { return Choice{.name = "signsgd"}; },
    .oracle_name = "exact chain",
    .resolution = [](double sigma) { return 0.015 * std::sqrt(std::max(1.0, sigma)); },
    .limit = "lemma-3.5-phase-3-printed",
    .limit_statement =
        "The asymptotic loss of SignSGD is the limit of phase 3, with equality for H = λI, Σ = σ²I",
    .limit_margin = margin_of,
    .limit_applies = has_linear_ratio,
    .limit_fails = has_large_ratio,
};

void claim_more(Findings& out, const std::vector<NoiseLevel>& levels) {
  std::vector<Comparison> losses;
  for (const NoiseLevel& level : levels) {
    losses.push_back({.where = fmt::format("σ = {}", level.sigma),
                      .prediction = level.limit,
                      .measurement = {.value = level.loss}});
  }
  out.claim("limit-is-a-bound")
      .at(panel.source)
      .says(
          "The limit of phase 3 is an upper bound of SignSGD's asymptotic loss: Lemma 3.5 says so of the SDE "
          "(5) alone, and the figure draws it beside SignSGD")
      .compares(Relation::at_most, std::move(losses))
      .is_refuted();
  const NoiseLevel& from = levels[levels.size() - 3];
  out.claim("slope")
      .of("sentence-loss-in-sigma")
      .at(panel.source)
      .says("The asymptotic loss of SignSGD is linear in σ: slope 1 over the two largest decades")
      .equals(log_slope(from, levels.back()), {.value = 1.0})
      .margin(absolute(margin_of(from.problem).bound.relative), "the weak error 0.8 ηλ/σ of the smaller σ");
}

const Register<Experiment> fig6_signsgd{{
    .name = "fig6-signsgd",
    .title = "Noise and the asymptotic loss of SignSGD",
    .summary =
        "SignSGD at five noise levels. Lemma 3.5 predicts an asymptotic loss that is linear in σ. The exact "
        "stationary law of the chain shows where the linear theory stops: at ηλ/σ = 1 the loss is 1.87 times "
        "the limit.",
    .source = panel.source,
    .lemmas = {"3.5", "sentence-loss-in-sigma"},
    .settings = noise_settings(),
    .design =
        [](const Settings& settings, Simulations& simulations) {
          return design_noise_panel(panel, settings, simulations, claim_more);
        },
}};

}  // namespace
}  // namespace sdelens
