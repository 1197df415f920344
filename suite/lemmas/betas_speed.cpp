#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "reference/theory/adaptive_descent.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

constexpr const char* sentence = "sentence-betas-speed";
const Source source{.paper = "A", .item = "Figure 5, caption"};

/// AdamW near the minimum in one dimension, V at sigma^2 from the beginning.
struct Run {
  Problem problem;
  Simulated simulated{};

  double beta_1() const { return problem.beta_1(); }
  double pull() const { return problem.curvatures()(0) / problem.sigmas()(0); }
  double rho() const { return (1.0 - beta_1()) / problem.learning_rate; }
  std::string tag() const { return fmt::format("b1={}/b2={}", beta_1(), problem.beta_2()); }

  /// E (x, m / sigma) of AdamW from one iteration to the next.
  Eigen::Matrix2d recursion() const {
    const double eta = problem.learning_rate, c = 1.0 - beta_1();
    Eigen::Matrix2d result;
    result << 1.0 - eta * problem.weight_decay() - eta * c * pull(), -eta * beta_1(), c * pull(), beta_1();
    return result;
  }
  /// At which E x of AdamW e-folds in t.
  double rate() const {
    return -std::log(recursion().eigenvalues().cwiseAbs().maxCoeff()) / problem.learning_rate;
  }
  double rate_of_sde() const { return theory::adamw_descent_rate(pull(), rho(), problem.weight_decay()); }
  PredictedCurve mean() const {
    return [matrix = recursion(), start = problem.start(0)](double iteration) {
      Eigen::Vector2d state(start, 0.0);
      for (double k = 0.0; k < iteration; ++k) state = matrix * state;
      return Prediction{.value = state(0)};
    };
  }
};

Run ordered(const Settings& settings, double beta_1, double beta_2, Simulations& simulations) {
  const double sigma = settings.scalar("sigma");
  Problem problem =
      adaptive_problem("adamw", {beta_1, beta_2, settings.scalar("gamma")}, settings.list("curvature"), sigma,
                       settings.scalar("eta"), settings.point("x0"));
  Choice optimizer{.name = problem.optimizer.name, .given = problem.optimizer.given};
  optimizer.given["initial_v"] = {sigma * sigma};
  optimizer.given["bias_correction"] = {0.0};
  Run run{.problem = with_optimizer(problem, std::move(optimizer))};
  const auto last =
      static_cast<std::uint64_t>(settings.scalar("e_folds") / (run.rate() * run.problem.learning_rate));
  run.simulated =
      simulations.optimizer(fmt::format("AdamW, β₁ = {}, β₂ = {}", beta_1, beta_2), run.problem,
                            {.recording = {.steps = even_steps(std::max<std::uint64_t>(last, 100), 50)},
                             .runs = settings.count("runs")});
  return run;
}

void claim_of_mean(const Run& run, Findings& out) {
  const double start = std::abs(run.problem.start(0));
  const double fluctuation = 1.0 - run.problem.beta_2();
  const Margin allowed = second_moment_margin(run.problem) + descent_margin(run.problem) +
                         Margin{relative(fluctuation), "1 − β₂ for the fluctuation of V"};
  out.claim("mean/" + run.tag())
      .at(source)
      .says(
          "Near the minimum E x of simulated AdamW is that of its linear recursion with V = σ², whatever β₂")
      .equals(run.simulated.mean(0).along(8), run.mean())
      .margin(absolute(allowed.bound.relative * start), allowed.reason + ", of x₀")
      .resolves(absolute((allowed.bound.relative + 0.08) * start));
}

void claims_of_rates(const std::vector<Run>& runs, Findings& out) {
  const auto step = [](const Run& run) {
    return Margin{relative(1.0 - run.beta_1()), "the discrete steps of the momentum, 1 − β₁"};
  };
  for (const Run& run : runs) {
    out.claim(fmt::format("rate/b1={}", run.beta_1()))
        .of(sentence)
        .says(
            "β₁ sets the speed: E x of AdamW falls at the smaller root of s² − (ρ₁ + γ)s + ρ₁(λ/σ + γ), ρ₁ = "
            "(1 − "
            "β₁)/η")
        .equals(run.rate(), {.value = run.rate_of_sde()})
        .margin(step(run));
  }
  for (std::size_t i = 1; i < runs.size(); ++i) {
    const Run &one = runs[i - 1], &other = runs[i];
    if (one.rho() > 4.0 * one.pull()) continue;
    out.claim(fmt::format("speed-of-momentum/b1={}/b1={}", one.beta_1(), other.beta_1()))
        .of(sentence)
        .says("Where ρ₁ < 4λ/σ the speed is (ρ₁ + γ)/2, that of the momentum alone, whatever λ and σ")
        .equals(one.rate() / other.rate(), {.value = (one.rho() + one.problem.weight_decay()) /
                                                     (other.rho() + other.problem.weight_decay())})
        .margin(step(one));
  }
}

Figure figure(const std::vector<Run>& runs) {
  std::vector<Series> series;
  int colour = 0;
  for (const Run& run : runs) {
    const auto in_time = [&](Series drawn_series) {
      for (double& k : drawn_series.x) k = run.problem.time(k);
      series.push_back(std::move(drawn_series));
    };
    const std::string label = fmt::format("β₁ = {}, β₂ = {}", run.beta_1(), run.problem.beta_2());
    in_time(run.simulated.mean(0).curve(label, Role::optimizer, colour));
    in_time(drawn(run.mean(), run.simulated->iterations(), label + ", recursion", Role::theory, colour++));
  }
  return {.id = "means",
          .title = "AdamW near a minimum: the speed that the betas set",
          .caption = "E x against t, simulated and by the linear recursion with V = σ².",
          .x = {.label = "t"},
          .y = {.label = "E x"},
          .series = std::move(series)};
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "beta_1");
  require_distinct(settings, "beta_2");
  std::vector<double> beta_1 = settings.list("beta_1");
  std::ranges::sort(beta_1);
  const std::vector<double>& beta_2 = settings.list("beta_2");
  std::vector<Run> runs, others;
  for (const double one : beta_1) runs.push_back(ordered(settings, one, beta_2.back(), simulations));
  for (std::size_t i = 0; i + 1 < beta_2.size(); ++i)
    others.push_back(ordered(settings, beta_1[beta_1.size() / 2], beta_2[i], simulations));
  return [=](Findings& out) {
    claims_of_rates(runs, out);
    for (const Run& run : runs) claim_of_mean(run, out);
    for (const Run& run : others) claim_of_mean(run, out);
    out.show(figure(runs));
  };
}

const Register<Experiment> betas_speed{{
    .name = "betas-speed",
    .title = "The betas of AdamW set its speed",
    .summary = "The caption of Figure 5 says that the betas set the speed. Near a minimum β₁ does: AdamW is "
               "a linear "
               "recursion whose rate is (ρ₁ + γ)/2 where ρ₁ = (1 − β₁)/η is below 4λ/σ, as it is in that "
               "figure at 0.99 "
               "and 0.999. β₂ does not: it sets how fast V settles.",
    .source = source,
    .lemmas = {sentence},
    .settings = {printed("eta", {1e-3}, Range::positive(), "learning rate η"),
                 printed("sigma", {0.1}, Range::positive(), "standard deviation of the gradient noise"),
                 printed("gamma", {0.1}, Range::non_negative(), "weight decay γ"),
                 printed("beta_1", {0.9, 0.99, 0.999}, {.low = 0.0, .high = 1.0},
                         "decays of the first moment: those of caption and text"),
                 printed("beta_2", {0.992, 0.996, 0.998}, Range::unit(), "decays of the second moment"),
                 chosen("curvature", {2.0}, Range::positive(),
                        "λ of f = λx²/2, about that of the figure's minima"),
                 chosen("x0", {0.01}, Range::positive(), "start: λx₀ = 0.2 σ"),
                 chosen("e_folds", {3.0}, Range::positive(), "e-folds of E x that are simulated"),
                 chosen("runs", {8192}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
