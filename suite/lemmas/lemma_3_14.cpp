#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "suite/predictions/margins.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

constexpr std::uint64_t fine = 2;
const char* const window = "stationary";

/// One weight decay: the optimizer alone in long runs, and beside each SDE on the same Brownian path.
struct Run {
  Problem problem;
  Simulated optimizer{}, printed{}, repaired{};

  bool decays() const { return problem.weight_decay() > 0.0; }
  std::string number() const { return decays() ? "3.14" : "C.30"; }
  std::string method() const { return decays() ? "AdamW" : "Adam"; }
  std::string equation() const { return decays() ? "(174)" : "(124)"; }
  Source source_of_sde() const {
    return {.paper = "A", .item = fmt::format("SDE {}, from which {} is derived", equation(), number())};
  }
  std::string tag() const { return fmt::format("gamma={}", problem.weight_decay()); }
  double variance_of_lemma() const { return Asked("lemma-" + number(), problem).variance(0).value; }
  Prediction mean_field() const { return Asked("mean-field", problem).variance(0); }
  Prediction about_sde(const std::string& entry) const {
    return Asked(entry, beside_sde(problem, problem.optimizer.name)).variance(0);
  }
  Measurement variance() const { return optimizer.mean_of_observable("x^2").over(window); }
};

Problem problem_at(const Settings& settings, double gamma) {
  const Problem problem = adaptive_problem(
      gamma > 0.0 ? "adamw" : "adam", {settings.scalar("beta_1"), settings.scalar("beta_2"), gamma},
      {settings.scalar("curvature")}, settings.scalar("sigma"), settings.scalar("eta"), Point::Zero(1));
  return in_stationary_law(problem);
}

Recording stationary(std::uint64_t iterations) {
  return {.windows = {{.name = window, .first = iterations / 10, .last = iterations, .every = 8}}};
}

/// λ/σ + γ, the rate at which x relaxes.
double speed(const Problem& problem) {
  return problem.ratio(0) / problem.learning_rate + problem.weight_decay();
}

Run order(const Settings& settings, Simulations& simulations, double gamma) {
  Run run{.problem = problem_at(settings, gamma)};
  const Problem& problem = run.problem;
  const std::string tag = run.decays() ? fmt::format("AdamW, γ = {}", gamma) : "Adam";
  // Weight decay shortens the relaxation time.
  const double scale = settings.scalar("curvature") / settings.scalar("sigma") / speed(problem);
  const auto iterations =
      static_cast<std::uint64_t>(std::max(500.0, scale * static_cast<double>(settings.count("iterations"))));
  run.optimizer = simulations.optimizer(tag, problem,
                                        {.recording = stationary(iterations),
                                         .runs = settings.count("runs"),
                                         .observables = {squared_column("x^2", 0)}});
  const auto beside = [&](const std::string& sde) {
    return simulations.coupled(
        fmt::format("{} and SDE {}", tag, sde), problem,
        {.sde = {.name = sde, .given = problem.optimizer.given}, .steps_per_iteration = fine},
        {.recording = stationary(std::max<std::uint64_t>(500, iterations * 2 / 5)),
         .runs = settings.count("coupled_runs"),
         .observables = {squared_column("x^2", 0), squared_column("X^2", 3)},
         .stream = tag + " beside its SDEs"});
  };
  run.printed = beside(problem.optimizer.name);
  run.repaired = beside(problem.optimizer.name + "-corrected");
  return run;
}

void claim_of_optimizer(const Run& run, Findings& out) {
  const Asked lemma("lemma-" + run.number(), run.problem);
  const Margin margin = adaptive_margin(run.problem);
  out.claim("optimizer/mean-field/" + run.tag())
      .at({.paper = "A", .item = run.decays() ? "Lemma 3.14 (C.34)" : "C.30"})
      .says(
          fmt::format("Simulated {} has the stationary variance of the mean-field fixed point", run.method()))
      .equals(run.variance(), run.mean_field())
      .margin(mean_field_margin())
      .resolves(relative(0.02));
  out.claim("optimizer/lemma/" + run.tag())
      .of(run.number())
      .says(fmt::format("The stationary variance of {} is, at leading order, (η/2)(λ/σ + γ)⁻¹; its mean is 0",
                        run.method()))
      .equals(run.variance(), lemma.variance(0))
      .margin(margin)
      .resolves(relative(margin.bound.relative + 0.02));
  const auto departure = [&](double factor) {
    const Problem at = with_learning_rate(run.problem, factor * run.problem.learning_rate);
    const double corrected = Asked("lemma-" + run.number(), at).variance(0).value;
    return std::abs(Asked("mean-field", at).variance(0).value / corrected - 1.0);
  };
  out.claim("optimizer/leading-order/" + run.tag())
      .of(run.number())
      .says(fmt::format("What {} departs from it by is proportional to η: slope 1 from η/10 to η",
                        run.method()))
      .equals(std::log10(departure(1.0) / departure(0.1)), {.value = 1.0})
      .margin(absolute(run.problem.ratio(0) + margin.bound.relative),
              "the second order in η is to the first as the first to 1");
}

/// On one path the slow noise of optimizer and SDE cancels in the ratio, and the mean field leads back to a variance.
void claim_of_sde(const Run& run, Findings& out) {
  const double r = run.problem.ratio(0);
  const double oracle = run.mean_field().value;
  const double from_oracle = mean_field_margin().bound.relative;
  const Prediction lemma = run.about_sde(fmt::format("lemma-{}-of-sde", run.number()));
  const Margin margin =
      adaptive_margin(run.problem) + Margin{relative(r), "and ηλ/σ, by which the SDE may depart itself"};
  out.claim("sde/as-printed/" + run.tag())
      .at(run.source_of_sde())
      .says(fmt::format("The SDE {} as printed, from which the law of {} is derived, has the stationary "
                        "variance (η/2)(λ/σ + "
                        "γ)⁻¹; compared through the optimizer on the same Brownian path",
                        run.equation(), run.method()))
      .equals(run.printed.of_averages(
                  window, {"X^2", "x^2"},
                  [oracle](const std::vector<double>& means) { return means[0] / means[1] * oracle; }),
              with_error(lemma, from_oracle * lemma.value))
      .margin(margin)
      .resolves(relative(margin.bound.relative + 0.02))
      .is_refuted();
  const double lyapunov = run.about_sde("printed-sde-of-" + run.problem.optimizer.name).value / oracle;
  out.claim("sde/corrected/" + run.tag())
      .at(run.source_of_sde())
      .in_wording(Wording::corrected)
      .says(fmt::format(
          "The stationary variance of SDE {} is β₁²ρ₁/(ρ₁ + (1−β₁)λ/σ + γ) times (η/2)(λ/σ + γ)⁻¹, ρ₁ = "
          "(1−β₁)/η; compared with {} on the same Brownian path",
          run.equation(), run.method()))
      .equals(run.printed.ratio_of_averages(window, "X^2", "x^2"),
              {.value = lyapunov, .error = from_oracle * lyapunov})
      .margin(relative(r), "V held at σ²: first order in ηλ/σ")
      .resolves(relative(r + 0.01));
  const double step = run.problem.learning_rate * speed(run.problem);
  out.claim("sde/repaired/" + run.tag())
      .at(run.source_of_sde())
      .in_wording(Wording::corrected)
      .says(fmt::format(
          "With the noise of the fresh gradient, √η ηρ₁Σ^(1/2)dW in the bracket of dX, SDE {} has the "
          "stationary variance of {}",
          run.equation(), run.method()))
      .equals(run.repaired.ratio_of_averages(window, "X^2", "x^2"), {.value = 1.0})
      .margin(relative(step), "both depart from the leading order in η alike, up to η(λ/σ + γ)")
      .resolves(relative(step + 0.005));
}

/// What was measured, over the lemma, against γ.
struct Measured {
  Series optimizer{.label = "Adam(W)", .role = Role::optimizer, .colour = 0};
  Series printed{.label = "SDE (174), (124)", .role = Role::sde, .colour = 1};
  Series repaired{.label = "SDE with the fresh gradient's noise", .role = Role::sde, .colour = 2};
  std::string numbers{};
};

Measured measured(const std::vector<Run>& runs) {
  Measured result;
  for (const Run& run : runs) {
    const double lemma = run.variance_of_lemma(), gamma = run.problem.weight_decay();
    const double half = 0.5 * run.problem.curvatures()(0);
    const Measurement alone = run.variance();
    const Measurement first = run.printed.ratio_of_averages(window, "X^2", "x^2");
    const Measurement second = run.repaired.ratio_of_averages(window, "X^2", "x^2");
    const auto add = [&](Series& series, double variance) {
      series.x.push_back(gamma);
      series.y.push_back(variance / lemma);
    };
    add(result.optimizer, alone.value);
    add(result.printed, first.value * run.mean_field().value);
    add(result.repaired, second.value * run.mean_field().value);
    result.numbers += fmt::format(
        " γ = {}: λ Var x/2 of the optimizer {:.4g} ± {:.1g}, of the lemma {:.4g}; the SDE has {:.4f} ± "
        "{:.1g} of the optimizer's, repaired {:.4f} ± {:.1g}.",
        gamma, half * alone.value, half * alone.standard_error, half * lemma, first.value,
        first.standard_error, second.value, second.standard_error);
  }
  return result;
}

Figure figure(const Settings& settings, const std::vector<Run>& runs) {
  Measured found = measured(runs);
  const double most = std::max(1.0, *std::ranges::max_element(settings.list("gammas")));
  const auto over_gamma = [&](std::string label, Role role, int colour, const auto& variance) {
    Series series{.label = std::move(label), .role = role, .colour = colour};
    for (int i = 0; i <= 40; ++i) {
      const Run run{.problem = problem_at(settings, most * i / 40.0)};
      series.x.push_back(run.problem.weight_decay());
      series.y.push_back(variance(run) / run.variance_of_lemma());
    }
    return series;
  };
  const auto of_sde = [](const char* wording) {
    return [wording](const Run& run) {
      const std::string& method = run.problem.optimizer.name;
      const std::string sde = wording == std::string("corrected") ? method + "-corrected" : method;
      return Asked(fmt::format("{}-sde-of-{}", wording, method), beside_sde(run.problem, sde))
          .variance(0)
          .value;
    };
  };
  return {.id = "variance",
          .title = "Stationary variance over that of Lemma 3.14",
          .caption =
              "Measured (points joined by lines) and calculated, against the weight decay γ; γ = 0 is Adam. "
              "The SDE's variance is measured beside the optimizer's on the same path." +
              found.numbers,
          .x = {.label = "weight decay γ"},
          .y = {.label = "Var x / Lemma 3.14"},
          .series = {std::move(found.optimizer), std::move(found.printed), std::move(found.repaired),
                     over_gamma("Lemma 3.14, C.30", Role::bound, 3,
                                [](const Run& run) { return run.variance_of_lemma(); }),
                     over_gamma("mean-field fixed point", Role::theory, 0,
                                [](const Run& run) { return run.mean_field().value; }),
                     over_gamma("Lyapunov equation of the SDE", Role::theory, 1, of_sde("printed")),
                     over_gamma("Lyapunov equation, repaired", Role::theory, 2, of_sde("corrected"))}};
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "gammas");
  std::vector<Run> runs;
  for (const double gamma : settings.list("gammas")) runs.push_back(order(settings, simulations, gamma));
  return [=](Findings& out) {
    for (const Run& run : runs) {
      claim_of_optimizer(run, out);
      claim_of_sde(run, out);
    }
    out.show(figure(settings, runs));
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
