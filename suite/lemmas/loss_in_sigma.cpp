#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/adaptive_run.hpp"
#include "suite/study/ingredients.hpp"
#include "suite/study/oracles.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A",
                    .item = "Sections 3.1 to 3.4, how the asymptotic loss depends on the noise"};

constexpr const char* kWindow = "second half";

/// How the asymptotic loss of an optimizer depends on sigma.
struct Subject {
  std::string label;
  std::string optimizer;
  double slope;  ///< of log loss in log sigma; not a number where the loss is bounded

  bool bounded() const { return std::isnan(slope); }
};

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> all{{"SGD", "sgd", 2.0},
                                        {"SignSGD", "signsgd", 1.0},
                                        {"RMSprop", "rmsprop", 1.0},
                                        {"Adam", "adam", 1.0},
                                        {"RMSpropW", "rmspropw", std::numeric_limits<double>::quiet_NaN()},
                                        {"AdamW", "adamw", std::numeric_limits<double>::quiet_NaN()}};
  return all;
}

AdaptiveRun run_at(const Settings& settings, const std::string& optimizer, double sigma) {
  AdaptiveRun run{.optimizer = optimizer,
                  .curvatures = settings.list("curvatures"),
                  .learning_rate = settings.scalar("eta"),
                  .sigma = sigma,
                  .beta_1 = 0.0,
                  .beta_2 = settings.scalar("beta_2")};
  run.beta_1 = run.has_momentum() ? settings.scalar("beta_1") : 0.0;
  run.weight_decay = run.decays() ? settings.scalar("gamma") : 0.0;
  return run;
}

double asymptotic_loss(const Settings& settings, const std::string& optimizer, double sigma) {
  const std::vector<double> curvatures = settings.list("curvatures");
  const SeparableQuadratic problem{curvatures, sigma, settings.scalar("eta"),
                                   std::vector<double>(curvatures.size(), 0.0)};
  if (optimizer == "sgd") return stationary_sgd_loss(problem);
  if (optimizer == "signsgd") return stationary_signsgd_loss(problem);
  return run_at(settings, optimizer, sigma).mean_field_loss();
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "sigmas");
  std::vector<double> sigmas = settings.list("sigmas");
  std::ranges::sort(sigmas);
  const std::uint64_t iterations = settings.count("iterations");
  const auto simulate = [&](const std::string& label, const std::string& optimizer, double sigma,
                            const Parameters& parameters) {
    const Model model =
        quadratic_with_gaussian_noise(settings.list("curvatures"), sigma, settings.scalar("eta"));
    const std::string name = fmt::format("{}, σ = {}", label, sigma);
    return simulations.add(
        name, model.optimizer(optimizer, parameters, model.origin(), simulations.stream(name)),
        model.observables(),
        {.windows = {{.name = kWindow, .first = iterations / 2, .last = iterations, .every = 10}}},
        settings.count("runs"));
  };
  std::vector<std::shared_ptr<const Ensemble>> rmspropw, sgd;
  for (const double sigma : sigmas) {
    rmspropw.push_back(
        simulate("RMSpropW", "rmspropw", sigma, run_at(settings, "rmspropw", sigma).parameters()));
    sgd.push_back(simulate("SGD", "sgd", sigma, {}));
  }

  return [=](Findings& out) {
    Figure figure{
        .id = "loss",
        .title = "Asymptotic loss against the noise, six optimizers",
        .caption =
            "Asymptotic E f: exact for SGD and SignSGD, mean-field fixed point for the others, and "
            "simulated RMSpropW and SGD. Dash-dotted: what the loss of RMSpropW and AdamW stays below, "
            "η Tr H/(4γ).",
        .x = {.label = "σ", .logarithmic = true},
        .y = {.label = "E f", .logarithmic = true}};
    // At the smallest sigma r = eta lambda / sigma is largest; losses are right to first order in it.
    const AdaptiveRun noisiest = run_at(settings, "rmsprop", sigmas.front());
    const double span = std::log(sigmas.back() / sigmas.front());
    const double trace = std::accumulate(noisiest.curvatures.begin(), noisiest.curvatures.end(), 0.0);
    const double ceiling = settings.scalar("eta") * trace / (4.0 * settings.scalar("gamma"));
    int colour = 0;
    for (const Subject& subject : subjects()) {
      Series series{.label = subject.label, .role = Role::theory, .colour = colour};
      for (const double sigma : sigmas) {
        series.x.push_back(sigma);
        series.y.push_back(asymptotic_loss(settings, subject.optimizer, sigma));
      }
      if (subject.bounded()) {
        std::vector<Comparison> losses;
        for (std::size_t i = 0; i < sigmas.size(); ++i) {
          losses.push_back({.where = fmt::format("σ = {}", sigmas[i]),
                            .prediction = {.value = ceiling},
                            .measurement = exactly(series.y[i])});
        }
        const AdaptiveRun run = run_at(settings, subject.optimizer, sigmas.front());
        out.expect({.id = subject.optimizer + "/bounded",
                    .statement = fmt::format("The asymptotic loss of {} stays below η Tr H/(4γ), whatever σ",
                                             subject.label),
                    .source = source,
                    .lemmas = {"sentence-loss-in-sigma"},
                    .relation = Relation::at_most,
                    .margin = {.relative = run.first_order_margin() + mean_field_margin},
                    .margin_reason = AdaptiveRun::first_order_margin_reason() +
                                     std::string(" at the smallest σ; and 0.3 % of the closure")},
                   std::move(losses));
        const double slope = std::log(series.y.back() / series.y[series.y.size() - 2]) /
                             std::log(sigmas.back() / sigmas[sigmas.size() - 2]);
        const double largest = std::ranges::max(run.curvatures);
        const double rest = largest / (largest + run.weight_decay * sigmas[sigmas.size() - 2]);
        out.expect({.id = subject.optimizer + "/saturates",
                    .statement =
                        fmt::format("The asymptotic loss of {} no longer grows with σ: over the two largest "
                                    "σ its slope is at most λ/(λ + γσ) of the smaller",
                                    subject.label),
                    .source = source,
                    .lemmas = {"sentence-loss-in-sigma"},
                    .relation = Relation::at_most,
                    .margin = {.absolute = 2.0 * mean_field_margin},
                    .margin_reason = mean_field_margin_reason},
                   {.value = rest}, exactly(slope));
      } else if (subject.optimizer == "sgd") {
        // Its exact loss has the factor sigma^2 by construction: the simulation is independent of that calculation.
        const Sample ends[] = {sgd.back()->average(kWindow, "f"),
                                              sgd.front()->average(kWindow, "f")};
        out.expect({.id = subject.optimizer + "/slope",
                    .statement = "The asymptotic loss of simulated SGD grows like σ^2: slope of log E f in "
                                 "log σ",
                    .source = source,
                    .lemmas = {"sentence-loss-in-sigma"},
                    .resolution = {.absolute = 0.02}},
                   {.value = subject.slope},
                   jackknife(ends,
                             [&](std::span<const Moments> moments) {
                               return std::log(moments[0].mean / moments[1].mean) / span;
                             }),
                   {sgd.back(), sgd.front()});
      } else {
        out.expect(
            {.id = subject.optimizer + "/slope",
             .statement = fmt::format("The asymptotic loss of {} grows like σ^{}: slope of log E f in log σ",
                                      subject.label, subject.slope),
             .source = source,
             .lemmas = {"sentence-loss-in-sigma"},
             .margin = {.absolute = 0.8 * noisiest.ratio() / span},
             .margin_reason = "the loss at the smallest σ is off by 0.8 ηλ/σ at most, over log σ"},
            {.value = subject.slope}, exactly(std::log(series.y.back() / series.y.front()) / span));
      }
      figure.series.push_back(std::move(series));
      ++colour;
    }
    const auto growth = [&](const std::string& optimizer) {
      return std::log(asymptotic_loss(settings, optimizer, sigmas.back()) /
                      asymptotic_loss(settings, optimizer, sigmas.front()));
    };
    out.expect({.id = "sgd-and-adam-alike",
                .statement = "The asymptotic losses of SGD and of Adam depend on σ alike (not in the paper)",
                .source = source,
                .margin = {.relative = 0.1},
                .margin_reason = "a tenth of the exponent",
                .expected = Verdict::fail},
               {.value = 1.0}, exactly(growth("sgd") / growth("adam")));
    const auto expect_simulated = [&](const std::string& optimizer, Claim claim,
                                      const std::vector<std::shared_ptr<const Ensemble>>& simulated) {
      claim.source = source;
      claim.resolution = {.relative = 0.03};
      for (std::size_t i = 0; i < sigmas.size(); ++i) {
        Claim at_sigma = claim;
        at_sigma.id += fmt::format("/sigma={}", sigmas[i]);
        out.expect(at_sigma, {.value = asymptotic_loss(settings, optimizer, sigmas[i])},
                   mean_of(simulated[i]->average(kWindow, "f")), {simulated[i]});
      }
    };
    const auto measured = [&](std::string label,
                              const std::vector<std::shared_ptr<const Ensemble>>& simulated) {
      Series series{.label = std::move(label), .role = Role::optimizer, .colour = colour++, .x = sigmas};
      for (const auto& ensemble : simulated) {
        series.y.push_back(mean_of(ensemble->average(kWindow, "f")).value);
      }
      figure.series.push_back(std::move(series));
    };
    expect_simulated(
        "rmspropw",
        {.id = "simulation",
         .statement = "The asymptotic loss of simulated RMSpropW is that of the mean-field fixed point",
         .margin = {.relative = mean_field_margin},
         .margin_reason = mean_field_margin_reason},
        rmspropw);
    expect_simulated("sgd",
                     {.id = "sgd/simulation",
                      .statement = "The asymptotic loss of simulated SGD is that of its linear recursion"},
                     sgd);
    measured("RMSpropW, simulated", rmspropw);
    measured("SGD, simulated", sgd);
    figure.series.push_back({.label = "η Tr H/(4γ)",
                             .role = Role::bound,
                             .colour = 5,
                             .x = {sigmas.front(), sigmas.back()},
                             .y = {ceiling, ceiling}});
    out.show(std::move(figure));
  };
}

const Register<Experiment> loss_in_sigma{{
    .name = "loss-in-sigma",
    .title = "How the asymptotic loss of six optimizers depends on the noise",
    .summary =
        "Linear in σ for SignSGD, RMSprop and Adam, quadratic for SGD, bounded for RMSpropW and AdamW: by "
        "the exact stationary law and the mean-field fixed point, and simulated for SGD, whose calculated "
        "loss could not fail, and for RMSpropW, which Figure 6 leaves out.",
    .source = source,
    .lemmas = {"sentence-loss-in-sigma"},
    .settings = {chosen("eta", {1e-2}, Range::positive(), "learning rate η, as in Figure 6"),
                 chosen("sigmas", {0.3, 1.0, 10.0, 100.0, 1000.0}, Range::positive(),
                        "standard deviations of the gradient noise, in the range where ηλ/σ is small"),
                 chosen("curvatures", {1.0, 1.0}, Range::positive(), "H = diag(curvatures), as in Figure 6"),
                 chosen("gamma", {1.0}, Range::positive(), "weight decay γ of RMSpropW and AdamW"),
                 chosen("beta_1", {0.9}, Range::unit(), "decay of Adam(W)'s first moment"),
                 chosen("beta_2", {0.999}, Range::unit(), "decay of the second moment"),
                 chosen("iterations", {10000}, Range::at_least(1000),
                        "iterations of RMSpropW and SGD, from the minimum"),
                 chosen("runs", {256}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
