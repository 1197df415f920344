#include "suite/study/panels/fig6.hpp"

namespace sdelens {
namespace {

/// First order in both: eta lambda / sigma, and weight decay seen through the momentum.
bool is_linear(const Problem& problem) {
  const double decay = problem.learning_rate * problem.weight_decay() / (1.0 - problem.beta_1());
  return has_linear_ratio(problem) && decay <= largest_linear_ratio;
}

const NoisePanel panel{
    .label = "AdamW",
    .source = {.paper = "A", .item = "Figure 6, AdamW; Lemma 3.13"},
    .lemma = "3.13",
    .optimizer =
        [](const Settings& s) {
          return Choice{
              .name = "adamw",
              .given = {
                  {"beta_1", s.list("beta_1")}, {"beta_2", s.list("beta_2")}, {"gamma", s.list("gamma")}}};
        },
    .oracle_name = "mean-field fixed point",
    .resolution = [](double) { return 0.015; },
    .limit = "lemma-3.13",
    .limit_statement = "The asymptotic loss of AdamW is the limit of Lemma 3.13, with equality for H = λI",
    .limit_margin = [](const Problem& problem) { return adaptive_margin(problem); },
    .limit_applies = is_linear,
    .limit_fails = has_large_ratio,
};

void claim_of_saturation(Findings& out, const std::vector<NoiseLevel>& levels) {
  const NoiseLevel& last = levels.back();
  const NoiseLevel& before = levels[levels.size() - 2];
  out.claim("saturation")
      .of("3.13")
      .at(panel.source)
      .says(
          "The asymptotic loss of AdamW is bounded in σ: over the last decade it grows only as Lemma 3.13 "
          "says")
      .equals(last.loss / before.loss, {.value = last.limit.value / before.limit.value})
      .margin(relative(second_moment_margin(before.problem).bound.relative +
                       2.0 * mean_field_margin().bound.relative),
              "the momentum's bias drops out of the ratio; first order in ηλ/σ and the closure twice");
}

std::vector<SettingSpecification> settings_of_adamw() {
  std::vector<SettingSpecification> settings = beta_settings();
  settings.push_back(chosen("gamma", {1.0}, Range::non_negative(),
                            "weight decay γ; printed nowhere, and the axes do not fix it"));
  return settings;
}

const Register<Experiment> fig6_adamw{{
    .name = "fig6-adamw",
    .title = "Noise and the asymptotic loss of AdamW",
    .summary =
        "AdamW at five noise levels. Lemma 3.13 predicts an asymptotic loss that stays bounded as σ grows.",
    .source = panel.source,
    .lemmas = {"3.13"},
    .settings = noise_settings(settings_of_adamw()),
    .design =
        [](const Settings& settings, Simulations& simulations) {
          return design_noise_panel(panel, settings, simulations, claim_of_saturation);
        },
}};

}  // namespace
}  // namespace sdelens
