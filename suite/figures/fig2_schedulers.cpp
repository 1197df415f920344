#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "suite/predictions/sign_lemmas.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Figure 2, right; Lemma 3.9"};
constexpr std::uint64_t window_every = 10;

/// SignSGD with the learning rate eta (t + 1)^-p.
struct Run {
  double power;
  Question question;  ///< until the last iteration
  Simulated optimizer{};

  std::string tag() const { return fmt::format("p={}", power); }
  std::uint64_t iterations() const { return question.iterations; }
  double last() const { return static_cast<double>(iterations()); }
  double last_factor() const { return question.rate_factor(iterations()); }
};

/// The iterations of a tenth of the run, at its end.
std::vector<double> last_tenth(std::uint64_t iterations) {
  std::vector<double> result;
  for (std::uint64_t k = iterations - iterations / 10; k <= iterations; k += window_every)
    result.push_back(static_cast<double>(k));
  return result;
}

/// The loss of the Gaussian closure over the last tenth.
MeasuredCurve late_loss(const Run& run) {
  return along(last_tenth(run.iterations()), Asked("sign-closure", run.question).loss_curve());
}

double average(const MeasuredCurve& curve) {
  const double sum =
      std::accumulate(curve.begin(), curve.end(), 0.0,
                      [](double total, const Measurement& point) { return total + point.value; });
  return sum / static_cast<double>(curve.size());
}

void claim_of_simulation(const Run& run, const PredictedCurve& closure, Findings& out) {
  out.claim("simulation/" + run.tag())
      .at(source)
      .says("Simulated SignSGD has the loss of the Gaussian closure of its chain")
      .equals(run.optimizer.loss().along(6), closure)
      .margin(sign_closure_margin())
      .resolves(relative(0.4));
  out.claim("simulation/last-tenth/" + run.tag())
      .at(source)
      .says("Over the last tenth, simulated SignSGD has the loss of the Gaussian closure")
      .equals(run.optimizer.loss().over("last tenth"), {.value = average(late_loss(run))})
      .margin(sign_closure_margin())
      .resolves(relative(run.power > 1.0 ? 0.3 : 0.1));
}

void claim_of_rate(const Run& run, const PredictedCurve& closure, Findings& out) {
  const Problem& problem = run.question;
  const MeasuredCurve late = late_loss(run);
  MeasuredCurve some;
  for (const std::size_t place : spread(late.size(), 10)) some.push_back(late[place]);
  out.claim("lemma-3.9/bound/" + run.tag())
      .of("3.9", Wording::corrected)
      .says("E f ≤ (L_τ σ/(4μ)) √(π/2) η η_t asymptotically (last tenth)")
      .at_most(some, Asked("lemma-3.9-signsgd-bound", run.question).loss_curve());
  const double lag = theory::polynomial_rate_ratio(run.power, run.last()) / problem.learning_rate /
                     slowest_phase_3_rate(problem);
  out.claim("lemma-3.9/asymptote/" + run.tag())
      .of("3.9", Wording::corrected)
      .says("E f → (σ d/4) √(π/2) η η_t, the constant of Lemma 3.9 made sharp for diagonal H")
      .equals(closure(run.last()).value,
              Asked("lemma-3.9-signsgd-asymptote", run.question).loss_curve()(run.last()))
      .margin(
          relative(sign_sde_margin(problem).bound.relative * run.last_factor() + lag),
          "weak error 0.8 η η_t λ/σ, and the lag behind the schedule: η_t′/(η η_t²) over twice the slowest "
          "rate √(2/π)μ/σ, doubled");
  const double slope = std::log(late.back().value / late.front().value) /
                       std::log(*late.back().iteration / *late.front().iteration);
  out.claim("lemma-3.9/rate/" + run.tag())
      .of("3.9", Wording::corrected)
      .says("E f falls like η_t = k^−p over the last tenth: slope −p in the log-log plot")
      .equals(slope, {.value = -run.power})
      .margin(absolute(0.01),
              "derivative of the lag and of the weak error in log k, below 0.01 from k = 10⁵ on");
}

/// What a loss relaxes at most while the rate falls from one iteration to another.
double most_relaxation(const Run& run, std::uint64_t first, std::uint64_t last) {
  const auto power = [&](std::uint64_t iteration) {
    return std::pow(static_cast<double>(iteration) + 1.0, 1.0 - run.power);
  };
  return 2.0 * run.question.learning_rate * fastest_phase_3_rate(run.question) *
         (power(first) - power(last)) / (run.power - 1.0);
}

void claim_of_frozen_loss(const Run& run, const PredictedCurve& closure, Findings& out) {
  const std::uint64_t hundredth = run.iterations() / 100, tenth = run.iterations() / 10;
  out.claim("lemma-3.9/no-convergence/" + run.tag())
      .at({.paper = "A", .item = "Lemma 3.9"})
      .says(
          "Where ∫η_s ds < ∞ the loss does not converge to 0: over the last two decades of iterations it "
          "keeps nine tenths of its value")
      .at_least(run.optimizer.loss().over("last tenth"),
                {.value = 0.9 * closure(static_cast<double>(hundredth)).value})
      .resolves(relative(0.3));
  out.claim("lemma-3.9/frozen/" + run.tag())
      .at({.paper = "A", .item = "Lemma 3.9"})
      .says("Over the last decade of iterations the loss no longer falls")
      .equals(closure(run.last()).value, closure(static_cast<double>(tenth)))
      .margin(relative(1.1 * most_relaxation(run, tenth, run.iterations())),
              "2 b η Σ η_k over the decade, b = √(2/π)λ/σ the fastest rate: what relaxes at most");
}

void draw(const Run& run, int colour, Figure& figure) {
  const PredictedCurve bound = [problem = Problem(run.question)](double iteration) -> Prediction {
    const double factor = problem.rate_factor(static_cast<std::uint64_t>(iteration));
    return {.value = theory::scheduled_signsgd_bound(scheduled_loss(problem), factor)};
  };
  figure.series.push_back(
      run.optimizer.banded("f", fmt::format("SignSGD, p = {}", run.power), Role::optimizer, colour));
  figure.series.push_back(drawn(bound, run.optimizer->iterations(), fmt::format("bound, p = {}", run.power),
                                Role::bound, colour));
}

Run ordered(const Settings& settings, double power, Simulations& simulations) {
  const Problem constant =
      quadratic_problem({.name = "signsgd"}, settings.list("curvatures"), settings.scalar("sigma"),
                        settings.scalar("eta"), settings.point("x0"));
  const std::uint64_t iterations = settings.count("iterations");
  Run run{.power = power,
          .question = {with_schedule(constant, {.name = "polynomial", .given = {{"power", {power}}}})}};
  run.question.iterations = iterations;
  const Window tenth{
      .name = "last tenth", .first = iterations - iterations / 10, .last = iterations, .every = window_every};
  run.optimizer =
      simulations.optimizer(fmt::format("SignSGD, η_t = (t+1)^-{}", power), run.question,
                            {.recording = {.steps = logarithmic_steps(iterations, 120), .windows = {tenth}},
                             .runs = settings.count("runs")});
  return run;
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "powers");
  std::vector<Run> runs;
  for (const double power : settings.list("powers")) runs.push_back(ordered(settings, power, simulations));
  return [=](Findings& out) {
    Figure figure{.id = "loss",
                  .title = "Loss of SignSGD under three schedules",
                  .caption =
                      "Mean over the runs with a band of one standard deviation; η_t = (t+1)^−p. Bound: "
                      "Lemma 3.9.",
                  .x = {.label = "iteration k", .logarithmic = true},
                  .y = {.label = "f(x)", .logarithmic = true, .low = 1e-8, .high = 1e-2}};
    int colour = 0;
    for (const Run& run : runs) {
      const PredictedCurve closure = Asked("sign-closure", run.question).loss_curve();
      claim_of_simulation(run, closure, out);
      if (theory::polynomial_rate_holds(run.power)) claim_of_rate(run, closure, out);
      if (!theory::polynomial_loss_vanishes(run.power)) claim_of_frozen_loss(run, closure, out);
      draw(run, colour++, figure);
    }
    out.show(std::move(figure));
  };
}

const Register<Experiment> fig2_schedulers{{
    .name = "fig2-schedulers",
    .title = "SignSGD under step-size schedules",
    .summary =
        "SignSGD with learning rate η η_t, η_t = (t+1)^−p. Lemma 3.9 says that the loss goes to 0 like "
        "η_t where ∫η_s ds diverges and η_t → 0; p = 1.5 breaks the first condition. The rate is judged "
        "on the Gaussian closure of the chain, the simulation against the closure.",
    .source = source,
    .lemmas = {"3.9"},
    .settings = {printed("eta", {1e-2}, Range::positive(), "learning rate η"),
                 printed("sigma", {0.1}, Range::positive(), "standard deviation of the gradient noise"),
                 printed("curvatures", {1.0, 2.0}, Range::positive(), "H = diag(curvatures)"),
                 printed("x0", {0.01, 0.01}, Range::finite(), "start"),
                 printed("powers", {0.1, 0.5, 1.5}, Range::positive(), "p of the schedules (t+1)^−p"),
                 printed("iterations", {1e6}, Range::at_least(1000),
                         "iterations of SignSGD (read off the axis)"),
                 printed("runs", {500}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
