#include <fmt/format.h>

#include <algorithm>

#include "suite/predictions/margins.hpp"
#include "suite/predictions/stationary_law.hpp"
#include "suite/study/adaptive_problem.hpp"
#include "suite/study/beside_sdes.hpp"

namespace sdelens {
namespace {

const char* const window = "stationary";

/// What the lemma says of the optimizer at leading order.
Asked lemma_of(const Problem& problem) {
  return {problem.weight_decay() > 0.0 ? "lemma-3.14" : "lemma-C.30", problem};
}

/// One weight decay: the optimizer alone in long runs, and beside each SDE on the same Brownian path.
struct Run {
  Problem problem;
  Simulated optimizer{};
  BesideSdes beside{.window = window, .of_sde = "X^2", .of_optimizer = "x^2"};

  bool decays() const { return problem.weight_decay() > 0.0; }
  std::string number() const { return decays() ? "3.14" : "C.30"; }
  std::string method() const { return label_of(problem.optimizer.name); }
  std::string equation() const { return number_of_sde(problem.optimizer.name); }
  Source source_of_sde() const {
    return {.paper = "A", .item = fmt::format("SDE {}, from which {} is derived", equation(), number())};
  }
  std::string tag() const { return fmt::format("gamma={}", problem.weight_decay()); }
  Prediction about_sde(const std::string& entry) const {
    return Asked(entry, beside_sde(problem, problem.optimizer.name)).variance(0);
  }
  Measurement variance() const { return optimizer.mean_of_observable("x^2").over(window); }
};

Problem problem_at(const Settings& settings, double gamma) {
  return in_stationary_law(adaptive_of(settings, gamma > 0.0 ? "adamw" : "adam",
                                       {settings.scalar("beta_1"), settings.scalar("beta_2"), gamma},
                                       {settings.scalar("curvature")}));
}

Recording stationary(std::uint64_t iterations) { return averaged(window, iterations / 10, iterations, 8); }

/// λ/σ + γ, the rate at which x relaxes.
double speed(const Problem& problem) {
  return problem.ratio(0) / problem.learning_rate + problem.weight_decay();
}

Run order(const Settings& settings, Simulations& simulations, double gamma) {
  Run run{.problem = problem_at(settings, gamma)};
  const Problem& problem = run.problem;
  const std::string tag = run.decays() ? fmt::format("AdamW, γ = {}", gamma) : run.method();
  // Weight decay shortens the relaxation time.
  const double scale = settings.scalar("curvature") / settings.scalar("sigma") / speed(problem);
  const auto iterations =
      static_cast<std::uint64_t>(std::max(500.0, scale * static_cast<double>(settings.count("iterations"))));
  run.optimizer = simulations.optimizer(tag, problem,
                                        {.recording = stationary(iterations),
                                         .runs = settings.count("runs"),
                                         .observables = {squared_column("x^2", 0)}});
  order_beside_sdes(run.beside, tag, problem, {.sde = problem.optimizer, .steps_per_iteration = 2},
                    {.recording = stationary(std::max<std::uint64_t>(500, iterations * 2 / 5)),
                     .runs = settings.count("coupled_runs"),
                     .observables = {squared_column("x^2", 0), squared_column("X^2", 3)}},
                    simulations);
  return run;
}

void claim_of_optimizer(const Run& run, Findings& out) {
  const Margin margin = adaptive_margin(run.problem);
  out.claim("optimizer/mean-field/" + run.tag())
      .at(statement_source(run.number()))
      .says("Simulated {} has the stationary variance of the mean-field fixed point", run.method())
      .equals(run.variance(), stationary_law(run.problem).variance(0))
      .margin(mean_field_margin())
      .resolves(relative(0.02));
  out.claim("optimizer/lemma/" + run.tag())
      .of(run.number())
      .says("The stationary variance of {} is, at leading order, (η/2)(λ/σ + γ)⁻¹; its mean is 0",
            run.method())
      .equals(run.variance(), lemma_of(run.problem).variance(0))
      .margin(margin)
      .resolves_beyond_margin(relative(0.02));
  const auto departure = [](const Problem& at) {
    return stationary_law(at).variance(0).value / lemma_of(at).variance(0).value - 1.0;
  };
  out.claim("optimizer/leading-order/" + run.tag())
      .of(run.number())
      .says("What {} departs from it by is proportional to η: slope 1 from η/10 to η", run.method())
      .equals(slope_in_learning_rate(run.problem, departure), {.value = 1.0})
      .margin(absolute(run.problem.ratio(0) + margin.bound.relative),
              "the second order in η is to the first as the first to 1");
}

/// On one path the slow noise of optimizer and SDE cancels in the ratio, and the mean field leads back to a variance.
void claim_of_sde(const Run& run, Findings& out) {
  const double r = run.problem.ratio(0);
  const double oracle = stationary_law(run.problem).variance(0).value;
  const double from_oracle = mean_field_margin().bound.relative;
  const Prediction lemma = run.about_sde(fmt::format("lemma-{}-of-sde", run.number()));
  const Margin margin =
      adaptive_margin(run.problem) + Margin{relative(r), "and ηλ/σ, by which the SDE may depart itself"};
  out.claim("sde/as-printed/" + run.tag())
      .at(run.source_of_sde())
      .says(
          "The SDE {} as printed, from which the law of {} is derived, has the stationary variance (η/2)(λ/σ "
          "+ "
          "γ)⁻¹; compared through the optimizer on the same Brownian path",
          run.equation(), run.method())
      .equals(run.beside.printed_through(oracle), with_error(lemma, from_oracle * lemma.value))
      .margin(margin)
      .resolves_beyond_margin(relative(0.02))
      .is_refuted();
  const double lyapunov = run.about_sde("printed-sde-of-" + run.problem.optimizer.name).value / oracle;
  out.claim("sde/corrected/" + run.tag())
      .at(run.source_of_sde())
      .in_wording(Wording::corrected)
      .says(
          "The stationary variance of SDE {} is β₁²ρ₁/(ρ₁ + (1−β₁)λ/σ + γ) times (η/2)(λ/σ + γ)⁻¹, ρ₁ = "
          "(1−β₁)/η; compared with {} on the same Brownian path",
          run.equation(), run.method())
      .equals(run.beside.printed_ratio(), {.value = lyapunov, .error = from_oracle * lyapunov})
      .margin(relative(r), "V held at σ²: first order in ηλ/σ")
      .resolves(relative(r + 0.01));
  const double step = run.problem.learning_rate * speed(run.problem);
  out.claim("sde/repaired/" + run.tag())
      .at(run.source_of_sde())
      .in_wording(Wording::corrected)
      .says(
          "With the noise of the fresh gradient, √η ηρ₁Σ^(1/2)dW in the bracket of dX, SDE {} has the "
          "stationary variance of {}",
          run.equation(), run.method())
      .equals(run.beside.repaired_ratio(), {.value = 1.0})
      .margin(relative(step), "both depart from the leading order in η alike, up to η(λ/σ + γ)")
      .resolves(relative(step + 0.005));
}

void draw(const Settings& settings, const std::vector<Run>& runs, Findings& out) {
  std::vector<double> gammas, optimizer, printed, repaired;
  std::string numbers;
  for (const Run& run : runs) {
    const double lemma = lemma_of(run.problem).variance(0).value, gamma = run.problem.weight_decay();
    const double half = 0.5 * run.problem.curvatures()(0);
    const double oracle = stationary_law(run.problem).variance(0).value;
    const Measurement alone = run.variance();
    const Measurement first = run.beside.printed_ratio(), second = run.beside.repaired_ratio();
    gammas.push_back(gamma);
    optimizer.push_back(alone.value / lemma);
    printed.push_back(first.value * oracle / lemma);
    repaired.push_back(second.value * oracle / lemma);
    numbers += fmt::format(
        " γ = {}: λ Var x/2 of the optimizer {:.4g} ± {:.1g}, of the lemma {:.4g}; the SDE has {:.4f} ± "
        "{:.1g} of the optimizer's, repaired {:.4f} ± {:.1g}.",
        gamma, half * alone.value, half * alone.standard_error, half * lemma, first.value,
        first.standard_error, second.value, second.standard_error);
  }
  const auto over_lemma = [&](const std::function<Asked(const Problem&)>& law) {
    return [&settings, law](double gamma) {
      const Problem problem = problem_at(settings, gamma);
      return law(problem).variance(0).value / lemma_of(problem).variance(0).value;
    };
  };
  const auto of_sde = [](const std::string& wording, const std::string& suffix) {
    return [=](const Problem& problem) -> Asked {
      const std::string& method = problem.optimizer.name;
      return {fmt::format("{}-sde-of-{}", wording, method), beside_sde(problem, method + suffix)};
    };
  };
  const double most = std::max(1.0, *std::ranges::max_element(gammas));
  out.figure("variance", "Stationary variance over that of Lemma 3.14")
      .caption(
          "Measured (points joined by lines) and calculated, against the weight decay γ; γ = 0 is Adam. The "
          "SDE's variance is measured beside the optimizer's on the same path." +
          numbers)
      .x({.label = "weight decay γ"})
      .y({.label = "Var x / Lemma 3.14"})
      .at(gammas)
      .optimizer(optimizer, "Adam(W)", 0)
      .sde(printed, "SDE (174), (124)", 1)
      .sde(repaired, "SDE with the fresh gradient's noise", 2)
      .at(evenly(0.0, most, 40))
      .bound(over_lemma(lemma_of), "Lemma 3.14, C.30", 3)
      .theory(over_lemma(stationary_law), "mean-field fixed point", 0)
      .theory(over_lemma(of_sde("printed", "")), "Lyapunov equation of the SDE", 1)
      .theory(over_lemma(of_sde("corrected", "-corrected")), "Lyapunov equation, repaired", 2);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const std::vector<Run> runs = each(require_distinct(settings, "gammas"),
                                     [&](double gamma) { return order(settings, simulations, gamma); });
  return [=](Findings& out) {
    for (const Run& run : runs) {
      claim_of_optimizer(run, out);
      claim_of_sde(run, out);
    }
    draw(settings, runs, out);
  };
}

const Register<Experiment> lemma_3_14{{
    .name = "lemma-3.14",
    .title = "Stationary variance of Adam(W) and of its SDE",
    .summary =
        "Lemma 3.14, and C.30 at γ = 0, give the stationary law of Adam(W), which is right at leading order "
        "in η. They are derived from the SDE, which as printed has about 0.81 of the variance at β₁ "
        "= 0.9, because dX lacks the noise of the fresh gradient. With that noise the SDE has AdamW's "
        "variance. V starts at its stationary mean, without bias correction, and x at the root of the "
        "stationary variance.",
    .source = {.paper = "A", .item = "Lemma 3.14 (C.34), C.30"},
    .lemmas = {"3.14", "C.30"},
    .settings = {printed("eta", {1e-3}, Range::positive(), "learning rate η, as in Figure 5"),
                 printed("sigma", {1.0}, Range::positive(),
                         "standard deviation of the gradient noise, as in Figure 5, left"),
                 chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2"),
                 printed("beta_1", {0.9}, {.low = 0.0, .high = 1.0, .low_included = false},
                         "decay of the first moment"),
                 printed("beta_2", {0.999}, Range::unit(), "decay of the second moment"),
                 chosen("gammas", {0.0, 1.0, 4.0}, Range::non_negative(),
                        "weight decays γ; 0 is Adam, 1 and 4 are those of Figure 5"),
                 chosen("iterations", {60000}, Range::at_least(1000),
                        "iterations without weight decay, 60 relaxation times of x; with it, as many "
                        "relaxation times. Beside an SDE two fifths of them"),
                 chosen("runs", {8192}, replica_range(), "replicas of the optimizer at the standard tier"),
                 chosen(
                     "coupled_runs", {256}, replica_range(),
                     "replicas of the optimizer beside an SDE, integrated with weak order 2 and dt = η/2")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
