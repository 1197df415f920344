#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reference/theory/lemma_3_5.hpp"
#include "suite/study/oracles.hpp"
#include "suite/study/panels/fig6.hpp"

namespace sdelens {
namespace {

/// η λ / σ, what the linear theory is small in.
double ratio(const Settings& settings, double sigma) {
  return settings.scalar("eta") * settings.point("curvatures").maxCoeff() / sigma;
}

double exact_loss(const Settings& settings, double sigma) {
  return stationary_signsgd_loss(
      {settings.list("curvatures"), sigma, settings.scalar("eta"), settings.list("x0")});
}

double printed_limit(const Settings& settings, double sigma) {
  const Point curvatures = settings.point("curvatures");
  return theory::noise_phase_bound({.learning_rate = settings.scalar("eta"),
                                    .strong_convexity = curvatures.minCoeff(),
                                    .hessian_trace = curvatures.sum(),
                                    .largest_sigma = sigma,
                                    .dimension = static_cast<double>(curvatures.size()),
                                    .start_loss = 0.0},
                                   Wording::printed)
      .limit;
}

bool linear(const Settings& settings, double sigma) { return ratio(settings, sigma) <= largest_linear_ratio; }

const NoisePanel panel{
    .optimizer = "signsgd",
    .label = "SignSGD",
    .item = "Figure 6, SignSGD; Lemma 3.5",
    .lemma = "3.5",
    .wording = Wording::corrected,
    .parameters = [](const Settings&) { return Parameters{}; },
    .oracle = exact_loss,
    .oracle_name = "exact chain",
    .oracle_margin = {},
    .oracle_margin_reason = "",
    .resolution = [](double sigma) { return 0.015 * std::sqrt(std::max(1.0, sigma)); },
    .limit = printed_limit,
    .limit_statement =
        "The asymptotic loss of SignSGD is the limit of phase 3, with equality for H = λI, Σ = σ²I",
    .limit_margin = [](const Settings& s,
                       double sigma) { return linear(s, sigma) ? 0.8 * ratio(s, sigma) : 0.1; },
    .limit_margin_reason = "the optimizer is 1 + 0.71 ηλ/σ of the phase-3 SDE at first order",
    .limit_applies = linear,
    .limit_fails = [](const Settings& s, double sigma) { return ratio(s, sigma) >= 1.0 - 1e-9; },
};

const Register<Experiment> fig6_signsgd{{
    .name = "fig6-signsgd",
    .title = "Noise and the asymptotic loss of SignSGD",
    .summary =
        "SignSGD at five noise levels. Lemma 3.5 predicts an asymptotic loss that is linear in σ. The exact "
        "stationary law of the chain shows where the linear theory stops: at ηλ/σ = 1 the loss is 1.87 times "
        "the limit.",
    .source = {.paper = "A", .item = "Figure 6, SignSGD; Lemma 3.5"},
    .lemmas = {"3.5"},
    .settings = noise_settings(),
    .design =
        [](const Settings& settings, Simulations& simulations) {
          return design_noise_panel(
              panel, settings, simulations, [settings](Findings& out, const std::vector<double>& losses) {
                const std::vector<double>& sigmas = settings.list("sigmas");
                std::vector<Comparison> comparisons;
                for (std::size_t i = 0; i < sigmas.size(); ++i) {
                  comparisons.push_back({.where = fmt::format("σ = {}", sigmas[i]),
                                         .prediction = {.value = printed_limit(settings, sigmas[i])},
                                         .measurement = exactly(losses[i])});
                }
                out.expect({.id = "limit-is-a-bound",
                            .statement = "The limit of phase 3 is an upper bound of SignSGD's asymptotic "
                                         "loss (it is one for the "
                                         "linear SDE (5), not for the optimizer)",
                            .source = {.paper = "A", .item = "Figure 6, SignSGD; Lemma 3.5"},
                            .lemmas = {"3.5"},
                            .relation = Relation::at_most,
                            .expected = Verdict::fail},
                           std::move(comparisons));
                const std::size_t last = losses.size() - 1;
                out.expect({.id = "slope",
                            .statement = "The asymptotic loss of SignSGD is linear in σ: slope 1 over the "
                                         "two largest decades",
                            .source = {.paper = "A", .item = "Figure 6, SignSGD; Lemma 3.5"},
                            .lemmas = {"3.5"},
                            .margin = {.absolute = 0.8 * ratio(settings, sigmas[last - 2])},
                            .margin_reason = "the weak error 0.8 ηλ/σ of the smaller σ"},
                           {.value = 1.0}, exactly(log_slope(settings, losses, last - 2, last)));
              });
        },
}};

}  // namespace
}  // namespace sdelens
