#include <fmt/format.h>

#include <algorithm>

#include "suite/predictions/margins.hpp"
#include "suite/predictions/stationary_law.hpp"
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
  std::string method() const { return label_of(of_optimizer.optimizer.name); }
  std::string equation() const { return number_of_sde(of_sde.optimizer.name); }
  std::string formula() const { return decays() ? "(η/2)(λ/σ + γ)⁻¹" : "ησ/(2λ)"; }
  std::string tag() const {
    return fmt::format("gamma={}/lambda={}", of_optimizer.weight_decay(), of_optimizer.curvatures()(0));
  }
  Measurement variance() const { return optimizer.mean_of_observable("x^2").over(window); }
  Measurement variance_of_sde() const { return sde.mean_of_observable("X^2").over(window); }
};

Asked lemma_of(const Problem& problem) {
  return {problem.weight_decay() > 0.0 ? "lemma-C.24" : "lemma-C.20", problem};
}

Asked mean_field_of(const Problem& of_sde) {
  return {"mean-field-of-sde-" + of_sde.optimizer.name, beside_sde(of_sde, of_sde.optimizer.name)};
}

Problem problem_at(const Settings& settings, double gamma, double curvature) {
  return adaptive_of(settings, gamma > 0.0 ? "rmspropw" : "rmsprop", {0.0, settings.scalar("beta"), gamma},
                     {curvature});
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
  const auto stationary = [&](std::uint64_t steps) {
    return averaged(window, iterations * steps / 5, iterations * steps, steps);
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
      .says("The stationary variance of SDE {} is {}, its mean 0", run.equation(), run.formula())
      .equals(run.variance_of_sde(), lemma_of(run.of_sde).variance(0))
      .margin(margin)
      .resolves_beyond_margin(relative(sampling));
  const auto departure = [&](const Problem& at) {
    return mean_field_of(at).variance(0).value / lemma_of(at).variance(0).value - 1.0;
  };
  out.claim("sde/leading-order/" + run.tag())
      .of(run.number())
      .says("What SDE {} departs from it by is proportional to η: slope 1 from η/10 to η", run.equation())
      .equals(slope_in_learning_rate(run.of_sde, departure), {.value = 1.0})
      .margin(absolute(0.5 * run.of_sde.ratio(0)), "the second order in ηλ/σ of the mean-field fixed point");
  const Margin of_closure = mean_field_margin() + Margin{relative(bias), "the integrator's bias"};
  out.claim("sde/mean-field/" + run.tag())
      .at(statement_source(run.number()))
      .says("SDE {} has the stationary variance (η/2)(σ²/v)/(λ/√v + γ) with v = σ² + λ² Var X",
            run.equation())
      .equals(run.variance_of_sde(), mean_field_of(run.of_sde).variance(0))
      .margin(of_closure)
      .resolves_beyond_margin(relative(sampling));
}

void claim_of_optimizer(const Run& run, Findings& out) {
  out.claim("optimizer/mean-field/" + run.tag())
      .at(statement_source(run.number()))
      .says("Simulated {} has the stationary variance of the mean-field fixed point", run.method())
      .equals(run.variance(), stationary_law(run.of_optimizer).variance(0))
      .margin(mean_field_margin())
      .resolves_beyond_margin(relative(sampling));
  const Margin margin = adaptive_margin(run.of_optimizer);
  out.claim("optimizer/lemma/" + run.tag())
      .of(run.number())
      .says("So it is for {} itself: {}", run.method(), run.formula())
      .equals(run.variance(), lemma_of(run.of_optimizer).variance(0))
      .margin(margin)
      .resolves_beyond_margin(relative(sampling));
}

void draw(const Settings& settings, const std::vector<Run>& runs, Findings& out) {
  std::vector<double> ratios, optimizer, sde;
  std::string numbers;
  for (const Run& run : runs) {
    const Measurement measured = run.variance(), integrated = run.variance_of_sde();
    const double lemma = lemma_of(run.of_optimizer).variance(0).value;
    ratios.push_back(run.of_optimizer.ratio(0));
    optimizer.push_back(measured.value / lemma);
    sde.push_back(integrated.value / lemma);
    numbers += fmt::format(" λ = {}: lemma {:.5g}, optimizer {:.5g} ± {:.1g}, SDE {:.5g} ± {:.1g}.",
                           run.of_optimizer.curvatures()(0), lemma, measured.value, measured.standard_error,
                           integrated.value, integrated.standard_error);
  }
  const double gamma = runs.front().of_optimizer.weight_decay();
  const auto over_lemma = [&](Asked (*law)(const Problem&)) {
    return [&settings, gamma, law](double ratio) {
      const Problem problem =
          problem_at(settings, gamma, ratio * settings.scalar("sigma") / settings.scalar("eta"));
      return law(problem).variance(0).value / lemma_of(problem).variance(0).value;
    };
  };
  std::vector<double> places = evenly(0.0, 1.2 * *std::ranges::max_element(ratios), 40);
  places.erase(places.begin());
  out.figure(fmt::format("variance-gamma-{}", gamma),
             fmt::format("Stationary variance over that of the lemma, γ = {}", gamma))
      .caption(
          "Measured (points joined by lines) and calculated: the lemma is the limit at ηλ/σ → 0, from which "
          "the optimizer departs upwards and its SDE downwards." +
          numbers)
      .x({.label = "ηλ/σ"})
      .y({.label = "Var x / lemma"})
      .at(ratios)
      .optimizer(optimizer, "optimizer", 0)
      .sde(sde, "SDE, weak order 2", 1)
      .at(std::move(places))
      .theory(over_lemma(stationary_law), "mean-field fixed point", 0)
      .theory(over_lemma(mean_field_of), "mean-field fixed point of the SDE", 1);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const std::vector<double>& curvatures = require_distinct(settings, "curvatures");
  const auto families = each(require_distinct(settings, "gammas"), [&](double gamma) {
    return each(curvatures, [&](double curvature) { return order(settings, simulations, gamma, curvature); });
  });
  return [=](Findings& out) {
    for (const std::vector<Run>& runs : families) {
      for (const Run& run : runs) {
        claim_of_sde(run, integrator_bias(run, settings.count("sde_steps")), out);
        claim_of_optimizer(run, out);
      }
      draw(settings, runs, out);
    }
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
