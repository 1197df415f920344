#include "reference/theory/lemma_3_13.hpp"
#include "sdelens/exact/mean_field.hpp"
#include "suite/study/panels/fig6.hpp"

namespace sdelens {
namespace {

double ratio(const Settings& settings, double sigma) {
  return settings.scalar("eta") * settings.point("curvatures").maxCoeff() / sigma;
}

/// Weight decay seen through the momentum, η γ / (1 − β₁).
double decay_bias(const Settings& settings) {
  return settings.scalar("eta") * settings.scalar("gamma") / (1.0 - settings.scalar("beta_1"));
}

bool linear(const Settings& settings, double sigma) {
  return ratio(settings, sigma) <= largest_linear_ratio && decay_bias(settings) <= largest_linear_ratio;
}

double mean_field_loss(const Settings& settings, double sigma) {
  double loss = 0.0;
  for (const double curvature : settings.list("curvatures")) {
    loss += 0.5 * curvature *
            mean_field({.learning_rate = settings.scalar("eta"),
                        .curvature = curvature,
                        .sigma = sigma,
                        .beta_1 = settings.scalar("beta_1"),
                        .weight_decay = settings.scalar("gamma")})
                .variance;
  }
  return loss;
}

double printed_limit(const Settings& settings, double sigma) {
  const Point curvatures = settings.point("curvatures");
  return theory::adamw_loss_bound({.learning_rate = settings.scalar("eta"),
                                   .strong_convexity = curvatures.minCoeff(),
                                   .smoothness = curvatures.maxCoeff(),
                                   .hessian_trace = curvatures.sum(),
                                   .sigma = sigma,
                                   .weight_decay = settings.scalar("gamma"),
                                   .start_loss = 0.0})
      .limit;
}

const NoisePanel panel{
    .optimizer = "adamw",
    .label = "AdamW",
    .item = "Figure 6, AdamW; Lemma 3.13",
    .lemma = "3.13",
    .parameters =
        [](const Settings& s) {
          return Parameters{
              {"beta_1", s.list("beta_1")}, {"beta_2", s.list("beta_2")}, {"gamma", s.list("gamma")}};
        },
    .oracle = mean_field_loss,
    .oracle_name = "mean-field fixed point",
    .oracle_margin = {.relative = 3e-3},
    .oracle_margin_reason = "a closure: 0.3 % covers its deviation in every long simulation",
    .resolution = [](double) { return 0.015; },
    .limit = printed_limit,
    .limit_statement = "The asymptotic loss of AdamW is the limit of Lemma 3.13, with equality for H = λI",
    .limit_margin =
        [](const Settings& s, double sigma) {
          return linear(s, sigma) ? 0.35 * ratio(s, sigma) + 1.2 * decay_bias(s) : 0.1;
        },
    .limit_margin_reason = "first order: 0.35 ηλ/σ, and weight decay through the momentum, ηγ/(1−β₁)",
    .limit_applies = linear,
    .limit_fails = [](const Settings& s, double sigma) { return ratio(s, sigma) >= 1.0 - 1e-9; },
};

const Register<Experiment> fig6_adamw{{
    .name = "fig6-adamw",
    .title = "Noise and the asymptotic loss of AdamW",
    .summary =
        "AdamW at five noise levels. Lemma 3.13 predicts an asymptotic loss that stays bounded as σ grows.",
    .source = {.paper = "A", .item = "Figure 6, AdamW; Lemma 3.13"},
    .lemmas = {"3.13"},
    .settings =
        [] {
          auto settings = noise_settings();
          settings.push_back(chosen("beta_1", {0.9}, Range::unit(),
                                    "decay of the first moment; not printed for this figure"));
          settings.push_back(chosen("beta_2", {0.999}, Range::unit(),
                                    "decay of the second moment; not printed for this figure"));
          settings.push_back(chosen("gamma", {1.0}, Range::non_negative(),
                                    "weight decay γ; printed nowhere, and the axes do not fix it"));
          return settings;
        }(),
    .design =
        [](const Settings& settings, Simulations& simulations) {
          return design_noise_panel(
              panel, settings, simulations, [settings](Findings& out, const std::vector<double>& losses) {
                const std::vector<double>& sigmas = settings.list("sigmas");
                const std::size_t last = losses.size() - 1;
                const double predicted =
                    printed_limit(settings, sigmas[last]) / printed_limit(settings, sigmas[last - 1]);
                out.expect({.id = "saturation",
                            .statement = "The asymptotic loss of AdamW is bounded in σ: over the last decade "
                                         "it grows only as "
                                         "Lemma 3.13 says",
                            .source = {.paper = "A", .item = "Figure 6, AdamW; Lemma 3.13"},
                            .lemmas = {"3.13"},
                            .margin = {.relative = 0.35 * ratio(settings, sigmas[last - 1]) + 6e-3},
                            .margin_reason = "the momentum's bias drops out of the ratio; first order in "
                                             "ηλ/σ and the closure twice"},
                           {.value = predicted}, exactly(losses[last] / losses[last - 1]));
              });
        },
}};

}  // namespace
}  // namespace sdelens
