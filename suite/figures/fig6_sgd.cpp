#include "suite/study/panels/fig6.hpp"

namespace sdelens {
namespace {

const NoisePanel panel{
    .label = "SGD",
    .source = {.paper = "A", .item = "Figure 6, SGD; Lemma 3.6"},
    .lemma = "3.6",
    .optimizer = [](const Settings&) { return Choice{.name = "sgd"}; },
    .oracle_name = "exact linear recursion",
    .resolution = [](double) { return 0.01; },
    .limit = "lemma-3.6",
    .limit_statement = "The asymptotic loss of SGD is (η/2) L_τ σ²/(2μ), with equality for H = λI",
    .limit_margin = linear_margin,
    .limit_applies =
        [](const Problem& p) { return p.learning_rate * p.curvatures().maxCoeff() <= largest_linear_ratio; },
    .limit_fails = [](const Problem&) { return false; },
};

void claim_of_slope(Findings& out, const std::vector<NoiseLevel>& levels) {
  out.claim("slope")
      .of("3.6")
      .at(panel.source)
      .says("The asymptotic loss of SGD is quadratic in σ: slope 2 in the log-log plot")
      .equals(log_slope(levels.front(), levels.back()), {.value = 2.0})
      .margin(absolute(1e-9), "rounding: the recursion is exactly quadratic in σ");
}

const Register<Experiment> fig6_sgd{{
    .name = "fig6-sgd",
    .title = "Noise and the asymptotic loss of SGD",
    .summary = "SGD at five noise levels. Lemma 3.6 predicts an asymptotic loss that is quadratic in σ.",
    .source = panel.source,
    .lemmas = {"3.6"},
    .settings = noise_settings(),
    .design =
        [](const Settings& settings, Simulations& simulations) {
          return design_noise_panel(panel, settings, simulations, claim_of_slope);
        },
}};

}  // namespace
}  // namespace sdelens
