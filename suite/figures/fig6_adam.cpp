#include <algorithm>
#include <cmath>

#include "reference/theory/lemma_c_29.hpp"
#include "sdelens/exact/mean_field.hpp"
#include "suite/study/panels/fig6.hpp"

namespace sdelens {
namespace {

double ratio(const Settings& settings, double sigma) {
  return settings.scalar("eta") * settings.point("curvatures").maxCoeff() / sigma;
}

bool linear(const Settings& settings, double sigma) { return ratio(settings, sigma) <= largest_linear_ratio; }

double mean_field_loss(const Settings& settings, double sigma) {
  double loss = 0.0;
  for (const double curvature : settings.list("curvatures")) {
    loss += 0.5 * curvature *
            mean_field({.learning_rate = settings.scalar("eta"),
                        .curvature = curvature,
                        .sigma = sigma,
                        .beta_1 = settings.scalar("beta_1")})
                .variance;
  }
  return loss;
}

double printed_limit(const Settings& settings, double sigma) {
  return theory::adam_asymptotic_loss({.learning_rate = settings.scalar("eta"),
                                       .sigma = sigma,
                                       .dimension = static_cast<double>(settings.list("curvatures").size())});
}

const NoisePanel panel{
    .optimizer = "adam",
    .label = "Adam",
    .item = "Figure 6, Adam; Lemma C.29",
    .lemma = "C.29",
    .wording = Wording::corrected,
    .parameters =
        [](const Settings& s) {
          return Parameters{{"beta_1", s.list("beta_1")}, {"beta_2", s.list("beta_2")}};
        },
    .oracle = mean_field_loss,
    .oracle_name = "mean-field fixed point",
    .oracle_margin = {.relative = 3e-3},
    .oracle_margin_reason = "a closure: 0.3 % covers its deviation in every long simulation",
    .resolution = [](double sigma) { return 0.015 * std::sqrt(std::max(1.0, sigma)); },
    .limit = printed_limit,
    .limit_statement = "The asymptotic loss of Adam is η σ d/4, whatever H",
    .limit_margin = [](const Settings& s,
                       double sigma) { return linear(s, sigma) ? 0.35 * ratio(s, sigma) : 0.1; },
    .limit_margin_reason = "first order in ηλ/σ: −1/4 + (1/2)(1−β₁)/(1+β₁) of it, at most 0.35",
    .limit_applies = linear,
    .limit_fails = [](const Settings& s, double sigma) { return ratio(s, sigma) >= 1.0 - 1e-9; },
};

const Register<Experiment> fig6_adam{{
    .name = "fig6-adam",
    .title = "Noise and the asymptotic loss of Adam",
    .summary = "Adam at five noise levels. Lemma C.29 predicts an asymptotic loss that is linear in σ.",
    .source = {.paper = "A", .item = "Figure 6, Adam; Lemma C.29"},
    .lemmas = {"C.29", "sentence-loss-in-sigma"},
    .settings =
        [] {
          auto settings = noise_settings();
          settings.push_back(chosen("beta_1", {0.9}, Range::unit(),
                                    "decay of the first moment; not printed for this figure"));
          settings.push_back(chosen("beta_2", {0.999}, Range::unit(),
                                    "decay of the second moment; not printed for this figure"));
          return settings;
        }(),
    .design =
        [](const Settings& settings, Simulations& simulations) {
          return design_noise_panel(
              panel, settings, simulations, [settings](Findings& out, const std::vector<double>& losses) {
                const std::size_t last = losses.size() - 1;
                out.expect(
                    {.id = "slope",
                     .statement =
                         "The asymptotic loss of Adam is linear in σ: slope 1 over the two largest decades",
                     .source = {.paper = "A", .item = "Figure 6, Adam; Lemma C.29"},
                     .lemmas = {"C.29", "sentence-loss-in-sigma"},
                     .wording = Wording::corrected,
                     .margin = {.absolute = 0.35 * ratio(settings, settings.list("sigmas")[last - 2])},
                     .margin_reason = "first order in ηλ/σ of the smaller σ"},
                    {.value = 1.0}, exactly(log_slope(settings, losses, last - 2, last)));
              });
        },
}};

}  // namespace
}  // namespace sdelens
