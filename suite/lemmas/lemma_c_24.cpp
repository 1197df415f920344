#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reference/theory/lemma_3_14.hpp"
#include "sdelens/exact/mean_field.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/adaptive_methods.hpp"

namespace sdelens {
namespace {

const char* const window = "stationary";

/// One coordinate at one weight decay. The landscape is separable, so each is a problem of its own.
struct Run {
  MeanFieldSettings coordinate;
  MeanField oracle, sde_oracle;
  double lemma;
  std::shared_ptr<const Ensemble> optimizer{}, sde{};
  bool decays() const { return coordinate.weight_decay > 0.0; }
  std::string number() const { return decays() ? "C.24" : "C.20"; }
  std::string method() const { return decays() ? "RMSpropW" : "RMSprop"; }
  double ratio() const {
    return adaptive_ratio(coordinate.learning_rate, coordinate.curvature, coordinate.sigma);
  }
  std::string tag() const {
    return fmt::format("gamma={}/lambda={}", coordinate.weight_decay, coordinate.curvature);
  }
};

double lemma_at(const MeanFieldSettings& coordinate) {
  return theory::adamw_stationary_variance({.learning_rate = coordinate.learning_rate,
                                            .curvature = coordinate.curvature,
                                            .sigma = coordinate.sigma,
                                            .weight_decay = coordinate.weight_decay});
}

/// Weak order 2 on dX = -k X dt + noise: the stationary variance is 1 - (k h)² / 4 of the exact one, doubled for what
/// follows.
double integrator_bias(const Run& run, std::uint64_t fine) {
  const double step =
      (run.ratio() + run.coordinate.learning_rate * run.coordinate.weight_decay) / static_cast<double>(fine);
  return 0.5 * step * step;
}

Run order(const Settings& settings, Simulations& simulations, double gamma, double curvature) {
  const MeanFieldSettings coordinate{.learning_rate = settings.scalar("eta"),
                                     .curvature = curvature,
                                     .sigma = settings.scalar("sigma"),
                                     .weight_decay = gamma};
  Run run{.coordinate = coordinate,
          .oracle = mean_field(coordinate),
          .sde_oracle = mean_field_of_sde(coordinate),
          .lemma = lemma_at(coordinate)};
  const Model model = quadratic_with_gaussian_noise({curvature}, coordinate.sigma, coordinate.learning_rate);
  const std::string method = run.decays() ? "rmspropw" : "rmsprop";
  const std::uint64_t iterations = settings.count("iterations"), fine = settings.count("sde_steps");
  // From the root of the variance E x² is stationary at once, and so is v.
  const auto parameters = [&](const MeanField& oracle) {
    Parameters result{{"beta", settings.list("beta")}, {"initial_v", {oracle.squared_gradient}}};
    if (run.decays()) result["gamma"] = {gamma};
    return result;
  };
  const auto start = [](const MeanField& oracle) { return Point::Constant(1, std::sqrt(oracle.variance)); };
  const auto stationary = [&](std::uint64_t per_iteration) {
    return Recording{.windows = {{.name = window,
                                  .first = iterations * per_iteration / 5,
                                  .last = iterations * per_iteration,
                                  .every = per_iteration}}};
  };
  const std::string name = fmt::format("{}, γ = {}, λ = {}", run.method(), gamma, curvature);
  run.optimizer = simulations.add(
      name, model.optimizer(method, parameters(run.oracle), start(run.oracle), simulations.stream(name)),
      {squared_column("x^2", 0)}, stationary(1), settings.count("runs"));
  run.sde = simulations.add("SDE of " + name,
                            model.sde(method, parameters(run.sde_oracle), "weak-order-2", fine,
                                      start(run.sde_oracle), simulations.stream("SDE of " + name)),
                            {squared_column("X^2", 0)}, stationary(fine), settings.count("sde_runs"));
  return run;
}

void judge(const Settings& settings, const Run& run, Findings& out) {
  const double r = run.ratio();
  const double decay = run.coordinate.learning_rate * run.coordinate.weight_decay;
  const std::string equation = run.decays() ? "(113)" : "(86)";
  const std::string formula = run.decays() ? "(η/2)(λ/σ + γ)⁻¹" : "ησ/(2λ)";
  const Measurement optimizer = mean_of(run.optimizer->average(window, "x^2"));
  const Measurement sde = mean_of(run.sde->average(window, "X^2"));
  const double bias = integrator_bias(run, settings.count("sde_steps"));
  constexpr double sampling = 0.015;
  out.expect({.id = "sde/lemma/" + run.tag(),
              .statement = "The stationary variance of SDE " + equation + " is " + formula + ", its mean 0",
              .source = {.paper = "A", .item = run.number()},
              .lemmas = {run.number()},
              .margin = {.relative = 0.35 * r},
              .margin_reason = "leading order in η: 0.35 ηλ/σ, since V is σ² at leading order only",
              .resolution = {.relative = 0.35 * r + sampling}},
             {.value = run.lemma}, sde, {run.sde});
  const auto departure = [&](double at) {
    MeanFieldSettings coordinate = run.coordinate;
    coordinate.learning_rate = at;
    return std::abs(mean_field_of_sde(coordinate).variance / lemma_at(coordinate) - 1.0);
  };
  const double eta = run.coordinate.learning_rate;
  out.expect({.id = "sde/leading-order/" + run.tag(),
              .statement =
                  "What SDE " + equation + " departs from it by is proportional to η: slope 1 from η/10 to η",
              .source = {.paper = "A", .item = run.number()},
              .lemmas = {run.number()},
              .margin = {.absolute = 0.5 * r},
              .margin_reason = "the second order in ηλ/σ of the mean-field fixed point"},
             {.value = 1.0}, exactly(std::log10(departure(eta) / departure(0.1 * eta))));
  out.expect({.id = "sde/mean-field/" + run.tag(),
              .statement = "SDE " + equation +
                           " has the stationary variance (η/2)(σ²/v)/(λ/√v + γ) with "
                           "v = σ² + λ² Var X",
              .source = {.paper = "A", .item = run.number()},
              .margin = {.relative = mean_field_margin.relative + bias},
              .margin_reason = std::string(mean_field_margin_reason) + "; the integrator's bias",
              .resolution = {.relative = mean_field_margin.relative + bias + sampling}},
             {.value = run.sde_oracle.variance}, sde, {run.sde});
  out.expect({.id = "optimizer/mean-field/" + run.tag(),
              .statement =
                  "Simulated " + run.method() + " has the stationary variance of the mean-field fixed point",
              .source = {.paper = "A", .item = run.number()},
              .margin = mean_field_margin,
              .margin_reason = mean_field_margin_reason,
              .resolution = {.relative = mean_field_margin.relative + sampling}},
             {.value = run.oracle.variance}, optimizer, {run.optimizer});
  out.expect({.id = "optimizer/lemma/" + run.tag(),
              .statement = "So it is for " + run.method() + " itself: " + formula,
              .source = {.paper = "A", .item = run.number()},
              .lemmas = {run.number()},
              .margin = {.relative = 0.35 * r + decay},
              .margin_reason = "leading order in η: 0.35 ηλ/σ, and ηγ",
              .resolution = {.relative = 0.35 * r + decay + sampling}},
             {.value = run.lemma}, optimizer, {run.optimizer});
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "gammas");
  require_distinct(settings, "curvatures");
  std::vector<Run> runs;
  for (const double gamma : settings.list("gammas")) {
    for (const double curvature : settings.list("curvatures"))
      runs.push_back(order(settings, simulations, gamma, curvature));
  }

  return [=](Findings& out) {
    for (const Run& run : runs) judge(settings, run, out);
    for (const double gamma : settings.list("gammas")) {
      Series optimizer = points("optimizer", Role::optimizer, 0);
      Series sde = points("SDE, weak order 2", Role::sde, 1);
      Series optimizer_theory = points("mean-field fixed point", Role::theory, 0);
      Series sde_theory = points("mean-field fixed point of the SDE", Role::theory, 1);
      std::string numbers;
      double most = 0.0;
      for (const Run& run : runs) {
        if (run.coordinate.weight_decay != gamma) continue;
        const Measurement measured = mean_of(run.optimizer->average(window, "x^2"));
        const Measurement integrated = mean_of(run.sde->average(window, "X^2"));
        optimizer.x.push_back(run.ratio());
        optimizer.y.push_back(measured.value / run.lemma);
        sde.x.push_back(run.ratio());
        sde.y.push_back(integrated.value / run.lemma);
        most = std::max(most, run.ratio());
        numbers += fmt::format(" λ = {}: lemma {:.5g}, optimizer {:.5g} ± {:.1g}, SDE {:.5g} ± {:.1g}.",
                               run.coordinate.curvature, run.lemma, measured.value, measured.standard_error,
                               integrated.value, integrated.standard_error);
      }
      for (int i = 1; i <= 40; ++i) {
        MeanFieldSettings coordinate = runs.front().coordinate;
        coordinate.weight_decay = gamma;
        const double ratio = 1.2 * most * i / 40.0;
        coordinate.curvature = ratio * coordinate.sigma / coordinate.learning_rate;
        optimizer_theory.x.push_back(ratio);
        optimizer_theory.y.push_back(mean_field(coordinate).variance / lemma_at(coordinate));
        sde_theory.x.push_back(ratio);
        sde_theory.y.push_back(mean_field_of_sde(coordinate).variance / lemma_at(coordinate));
      }
      out.show(
          {.id = fmt::format("variance-gamma-{}", gamma),
           .title = fmt::format("Stationary variance over that of the lemma, γ = {}", gamma),
           .caption = "Measured (points joined by lines) and calculated: the lemma is the limit at ηλ/σ → 0, "
                      "from which the optimizer departs upwards and its SDE downwards." +
                      numbers,
           .x = {.label = "ηλ/σ"},
           .y = {.label = "Var x / lemma"},
           .series = {optimizer, sde, optimizer_theory, sde_theory}});
    }
  };
}

const Register<Experiment> lemma_c_24{{
    .name = "lemma-c.24",
    .title = "Stationary variance of RMSprop(W) and of its SDE",
    .summary =
        "C.20 (γ = 0) and C.24 give the stationary law of the SDEs of RMSprop and RMSpropW. They are the "
        "leading "
        "order in ηλ/σ, for the SDE and for the optimizer; of the next order the two have opposite signs, "
        "about "
        "−1/4 and 1/4 of ηλ/σ at γ = 0, which Euler-Maruyama with dt = η hides. V starts at its stationary "
        "mean and "
        "x at the root of the stationary variance; each coordinate of the separable landscape is run alone.",
    .source = {.paper = "A", .item = "C.20, C.24"},
    .lemmas = {"C.20", "C.24"},
    .settings = {printed("eta", {1e-3}, Range::positive(), "learning rate η, as in Figure 5, right"),
                 printed("sigma", {0.01}, Range::positive(),
                         "standard deviation of the gradient noise, as in Figure 5, right"),
                 printed("curvatures", {1.0, 3.0}, Range::positive(), "H = diag(curvatures), as in Figure 5"),
                 printed("beta", {0.999}, Range::unit(), "decay of the second moment"),
                 chosen("gammas", {0.0, 4.0}, Range::non_negative(),
                        "weight decays γ; 0 is RMSprop, 4 that of Figure 5, right"),
                 chosen("iterations", {10000}, Range::at_least(1000),
                        "iterations, or as much time of the SDE; the first fifth is left out"),
                 chosen("sde_steps", {4}, Range::at_least(1),
                        "steps of the integrator of weak order 2 in the time of one iteration"),
                 chosen("runs", {2048}, replica_range(), "replicas of the optimizer at the standard tier"),
                 chosen("sde_runs", {512}, replica_range(), "replicas of the SDE")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
