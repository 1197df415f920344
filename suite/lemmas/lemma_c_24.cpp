#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "suite/predictions/margins.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

const char* const window = "stationary";
constexpr double sampling = 0.015;

/// One coordinate at one weight decay. The landscape is separable, so each is a problem of its own.
struct Run {
  Problem of_optimizer, of_sde;  ///< each from its own stationary law
  Simulated optimizer{}, sde{};

  bool decays() const { return of_optimizer.weight_decay() > 0.0; }
  std::string number() const { return decays() ? "C.24" : "C.20"; }
  std::string method() const { return decays() ? "RMSpropW" : "RMSprop"; }
  std::string equation() const { return decays() ? "(113)" : "(86)"; }
  std::string formula() const { return decays() ? "(η/2)(λ/σ + γ)⁻¹" : "ησ/(2λ)"; }
  std::string tag() const {
    return fmt::format("gamma={}/lambda={}", of_optimizer.weight_decay(), of_optimizer.curvatures()(0));
  }
  Asked lemma() const { return {"lemma-" + number(), of_optimizer}; }
  Asked mean_field() const { return {"mean-field", of_optimizer}; }
  Measurement variance() const { return optimizer.mean_of_observable("x^2").over(window); }
  Measurement variance_of_sde() const { return sde.mean_of_observable("X^2").over(window); }
};

Asked mean_field_of(const Problem& of_sde) {
  return {"mean-field-of-sde-" + of_sde.optimizer.name, beside_sde(of_sde, of_sde.optimizer.name)};
}

Problem problem_at(const Settings& settings, double gamma, double curvature) {
  return adaptive_problem(gamma > 0.0 ? "rmspropw" : "rmsprop", {0.0, settings.scalar("beta"), gamma},
                          {curvature}, settings.scalar("sigma"), settings.scalar("eta"), Point::Zero(1));
}

/// Weak order 2 on dX = -k X dt + noise: the stationary variance is 1 - (k h)² / 4 of the exact one, doubled for what
/// follows.
double integrator_bias(const Run& run, std::uint64_t fine) {
  const Problem& problem = run.of_sde;
  const double step =
      (problem.ratio(0) + problem.learning_rate * problem.weight_decay()) / static_cast<double>(fine);
  return 0.5 * step * step;
}

Run order(const Settings& settings, Simulations& simulations, double gamma, double curvature) {
  const Problem problem = problem_at(settings, gamma, curvature);
  Run run{.of_optimizer = in_stationary_law(problem),
          .of_sde = in_stationary_law(problem, mean_field_of_sde)};
  const std::uint64_t iterations = settings.count("iterations"), fine = settings.count("sde_steps");
  const auto stationary = [&](std::uint64_t per_iteration) {
    return Recording{.windows = {{.name = window,
                                  .first = iterations * per_iteration / 5,
                                  .last = iterations * per_iteration,
                                  .every = per_iteration}}};
  };
  const std::string name = fmt::format("{}, γ = {}, λ = {}", run.method(), gamma, curvature);
  run.optimizer = simulations.optimizer(name, run.of_optimizer,
                                        {.recording = stationary(1),
                                         .runs = settings.count("runs"),
                                         .observables = {squared_column("x^2", 0)}});
  run.sde = simulations.sde("SDE of " + name, run.of_sde,
                            {.sde = run.of_sde.optimizer, .steps_per_iteration = fine},
                            {.recording = stationary(fine),
                             .runs = settings.count("sde_runs"),
                             .observables = {squared_column("X^2", 0)}});
  return run;
}

void claim_of_sde(const Run& run, double bias, Findings& out) {
  const Margin margin = second_moment_margin(run.of_sde);
  out.claim("sde/lemma/" + run.tag())
      .of(run.number())
      .says(fmt::format("The stationary variance of SDE {} is {}, its mean 0", run.equation(), run.formula()))
      .equals(run.variance_of_sde(), run.lemma().variance(0))
      .margin(margin)
      .resolves(relative(margin.bound.relative + sampling));
  const auto departure = [&](double factor) {
    const Problem at = with_learning_rate(run.of_sde, factor * run.of_sde.learning_rate);
    return std::abs(
        mean_field_of(at).variance(0).value / Asked("lemma-" + run.number(), at).variance(0).value - 1.0);
  };
  out.claim("sde/leading-order/" + run.tag())
      .of(run.number())
      .says(fmt::format("What SDE {} departs from it by is proportional to η: slope 1 from η/10 to η",
                        run.equation()))
      .equals(std::log10(departure(1.0) / departure(0.1)), {.value = 1.0})
      .margin(absolute(0.5 * run.of_sde.ratio(0)), "the second order in ηλ/σ of the mean-field fixed point");
  const Margin of_closure = mean_field_margin() + Margin{relative(bias), "the integrator's bias"};
  out.claim("sde/mean-field/" + run.tag())
      .at({.paper = "A", .item = run.number()})
      .says(fmt::format("SDE {} has the stationary variance (η/2)(σ²/v)/(λ/√v + γ) with v = σ² + λ² Var X",
                        run.equation()))
      .equals(run.variance_of_sde(), mean_field_of(run.of_sde).variance(0))
      .margin(of_closure)
      .resolves(relative(of_closure.bound.relative + sampling));
}

void claim_of_optimizer(const Run& run, Findings& out) {
  out.claim("optimizer/mean-field/" + run.tag())
      .at({.paper = "A", .item = run.number()})
      .says(
          fmt::format("Simulated {} has the stationary variance of the mean-field fixed point", run.method()))
      .equals(run.variance(), run.mean_field().variance(0))
      .margin(mean_field_margin())
      .resolves(relative(mean_field_margin().bound.relative + sampling));
  const Margin margin = adaptive_margin(run.of_optimizer);
  out.claim("optimizer/lemma/" + run.tag())
      .of(run.number())
      .says(fmt::format("So it is for {} itself: {}", run.method(), run.formula()))
      .equals(run.variance(), run.lemma().variance(0))
      .margin(margin)
      .resolves(relative(margin.bound.relative + sampling));
}

Figure figure(const Settings& settings, const std::vector<Run>& all, double gamma) {
  Series optimizer{.label = "optimizer", .role = Role::optimizer, .colour = 0};
  Series sde{.label = "SDE, weak order 2", .role = Role::sde, .colour = 1};
  Series optimizer_theory{.label = "mean-field fixed point", .role = Role::theory, .colour = 0};
  Series sde_theory{.label = "mean-field fixed point of the SDE", .role = Role::theory, .colour = 1};
  const auto add = [](Series& series, double x, double y) {
    series.x.push_back(x);
    series.y.push_back(y);
  };
  std::string numbers;
  double most = 0.0;
  for (const Run& run : all) {
    if (run.of_optimizer.weight_decay() != gamma) continue;
    const Measurement measured = run.variance(), integrated = run.variance_of_sde();
    const double ratio = run.of_optimizer.ratio(0), lemma = run.lemma().variance(0).value;
    add(optimizer, ratio, measured.value / lemma);
    add(sde, ratio, integrated.value / lemma);
    most = std::max(most, ratio);
    numbers += fmt::format(" λ = {}: lemma {:.5g}, optimizer {:.5g} ± {:.1g}, SDE {:.5g} ± {:.1g}.",
                           run.of_optimizer.curvatures()(0), lemma, measured.value, measured.standard_error,
                           integrated.value, integrated.standard_error);
  }
  for (int i = 1; i <= 40; ++i) {
    const double ratio = 1.2 * most * i / 40.0;
    const Problem problem =
        problem_at(settings, gamma, ratio * settings.scalar("sigma") / settings.scalar("eta"));
    const Run run{.of_optimizer = problem, .of_sde = problem};
    const double lemma = run.lemma().variance(0).value;
    add(optimizer_theory, ratio, run.mean_field().variance(0).value / lemma);
    add(sde_theory, ratio, mean_field_of(problem).variance(0).value / lemma);
  }
  return {
      .id = fmt::format("variance-gamma-{}", gamma),
      .title = fmt::format("Stationary variance over that of the lemma, γ = {}", gamma),
      .caption =
          "Measured (points joined by lines) and calculated: the lemma is the limit at ηλ/σ → 0, from which "
          "the optimizer departs upwards and its SDE downwards." +
          numbers,
      .x = {.label = "ηλ/σ"},
      .y = {.label = "Var x / lemma"},
      .series = {std::move(optimizer), std::move(sde), std::move(optimizer_theory), std::move(sde_theory)}};
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
    for (const Run& run : runs) {
      claim_of_sde(run, integrator_bias(run, settings.count("sde_steps")), out);
      claim_of_optimizer(run, out);
    }
    for (const double gamma : settings.list("gammas")) out.show(figure(settings, runs, gamma));
  };
}

const Register<Experiment> lemma_c_24{{
    .name = "lemma-c.24",
    .title = "Stationary variance of RMSprop(W) and of its SDE",
    .summary =
        "C.20 (γ = 0) and C.24 give the stationary law of the SDEs of RMSprop and RMSpropW. They are the "
        "leading order in ηλ/σ, for the SDE and for the optimizer; of the next order the two have opposite "
        "signs, about −1/4 and 1/4 of ηλ/σ at γ = 0, which Euler-Maruyama with dt = η hides. V starts at its "
        "stationary mean and x at the root of the stationary variance; each coordinate of the separable "
        "landscape is run alone.",
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
