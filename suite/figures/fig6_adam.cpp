#include <algorithm>
#include <cmath>

#include "suite/study/panels/fig6.hpp"

namespace sdelens {
namespace {

const NoisePanel panel{
    .label = "Adam",
    .source = {.paper = "A", .item = "Figure 6, Adam; Lemma C.29"},
    .lemma = "C.29",
    .optimizer =
        [](const Settings& s) {
          return Choice{.name = "adam",
                        .given = {{"beta_1", s.list("beta_1")}, {"beta_2", s.list("beta_2")}}};
        },
    .oracle_name = "mean-field fixed point",
    .resolution = [](double sigma) { return 0.015 * std::sqrt(std::max(1.0, sigma)); },
    .limit = "lemma-C.29",
    .limit_statement = "The asymptotic loss of Adam is η σ d/4, whatever H",
    .limit_margin = second_moment_margin,
    .limit_applies = has_linear_ratio,
    .limit_fails = has_large_ratio,
};

void claim_of_slope(Findings& out, const std::vector<NoiseLevel>& levels) {
  const NoiseLevel& from = levels[levels.size() - 3];
  out.claim("slope")
      .of({"C.29", "sentence-loss-in-sigma"})
      .at(panel.source)
      .says("The asymptotic loss of Adam is linear in σ: slope 1 over the two largest decades")
      .equals(log_slope(from, levels.back()), {.value = 1.0})
      .margin(absolute(second_moment_margin(from.problem).bound.relative),
              "first order in ηλ/σ of the smaller σ");
}

const Register<Experiment> fig6_adam{{
    .name = "fig6-adam",
    .title = "Noise and the asymptotic loss of Adam",
    .summary = "Adam at five noise levels. Lemma C.29 predicts an asymptotic loss that is linear in σ.",
    .source = panel.source,
    .lemmas = {"C.29", "sentence-loss-in-sigma"},
    .settings = noise_settings(beta_settings()),
    .design =
        [](const Settings& settings, Simulations& simulations) {
          return design_noise_panel(panel, settings, simulations, claim_of_slope);
        },
}};

}  // namespace
}  // namespace sdelens
