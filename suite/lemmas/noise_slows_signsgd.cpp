#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "suite/predictions/sign_lemmas.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Section 3.1, the speed of SignSGD near a minimum"};
constexpr const char* sentence = "sentence-noise-slows";
/// E x falls to this fraction of its start.
constexpr double fraction = 0.1;

/// An optimizer at one sigma, by its exact law.
struct Case {
  Problem problem;

  bool sign() const { return problem.optimizer.name == "signsgd"; }
  double sigma() const { return problem.sigmas()(0); }
  PredictedCurve exact_mean() const {
    return Asked(sign() ? "exact-chain" : "exact-recursion", problem).mean_curve(0);
  }
  /// The rate at which E x falls as printed: sqrt(2 / pi) lambda / sigma, from E X_t = X_0 e^{-rate t} of Lemma 3.7, and
  /// lambda for SGD.
  double printed_rate() const {
    if (!sign()) return problem.curvatures()(0);
    return -std::log(theory::signsgd_mean(quadratic_coordinate(with_start(problem, Point::Ones(1)), 0), 1.0));
  }
  /// First order, and the curvature of Erf at the start.
  double margin() const {
    const double y = problem.curvatures()(0) * problem.start(0) / sigma();
    return sign_sde_margin(problem).bound.relative + y * y / 6.0;
  }
};
constexpr const char* margin_reason =
    "first order: 0.8 ηλ/σ, and the curvature of Erf at the start, (λx₀/σ)²/6";

Case case_of(const Settings& settings, const char* optimizer, double sigma) {
  return {quadratic_problem({.name = optimizer}, settings.list("curvature"), sigma, settings.scalar("eta"),
                            settings.point("x0"))};
}

std::vector<Case> cases_of(const Settings& settings, const char* optimizer) {
  std::vector<double> sigmas = require_distinct(settings, "sigmas");
  std::ranges::sort(sigmas);
  return each(sigmas, [&](double sigma) { return case_of(settings, optimizer, sigma); });
}

/// How fast an optimizer is.
struct Speed {
  double sigma;
  double iterations;  ///< until E x has fallen to the fraction
  double rate;        ///< of that fall, of the time t = k eta
};

Speed speed_of(const Case& which) {
  const PredictedCurve mean = which.exact_mean();
  const double eta = which.problem.learning_rate, start = which.problem.start(0);
  // Twice the time that the printed rate needs is enough for either.
  const double last = std::ceil(2.0 * -std::log(fraction) / (which.printed_rate() * eta)) + 2.0;
  double k = 1.0;
  while (k < last && mean(k).value > fraction * start) ++k;
  return {.sigma = which.sigma(), .iterations = k, .rate = std::log(start / mean(k).value) / (k * eta)};
}

/// The slope of the logarithm of a value in log sigma, from the smallest sigma to the largest.
double slope(const std::vector<Speed>& speeds, double Speed::*value) {
  return std::log(speeds.back().*value / speeds.front().*value) /
         std::log(speeds.back().sigma / speeds.front().sigma);
}

void claim_of_signsgd(const std::vector<Case>& cases, const std::vector<Speed>& speeds, Findings& out) {
  for (std::size_t i = 0; i < cases.size(); ++i) {
    out.claim("rate/sigma={}", cases[i].sigma())
        .of(sentence)
        .says("Near a minimum E x of SignSGD falls like e^(−√(2/π)(λ/σ)t)")
        .equals(speeds[i].rate, {.value = cases[i].printed_rate()})
        .margin(relative(cases[i].margin()), margin_reason);
  }
  const double span = std::log(speeds.back().sigma / speeds.front().sigma);
  const double margin = cases.front().margin();
  out.claim("signsgd/slope")
      .of(sentence)
      .says("Noise slows SignSGD: its rate is proportional to 1/σ, slope of log rate in log σ")
      .equals(slope(speeds, &Speed::rate), {.value = -1.0})
      .margin(absolute(margin / span), margin_reason);
  out.claim("signsgd/time")
      .of(sentence)
      .says("The iterations in which E x of SignSGD falls to a tenth grow like σ")
      .equals(slope(speeds, &Speed::iterations), {.value = 1.0})
      .margin(absolute((margin + 1.0 / speeds.front().iterations) / span),
              std::string(margin_reason) + ", and whole iterations");
}

void claim_of_sgd(const std::vector<Case>& cases, const std::vector<Speed>& speeds, Findings& out) {
  const Problem& problem = cases.back().problem;
  out.claim("sgd/rate")
      .of(sentence)
      .says("E x of SGD falls like e^(−λt), whatever σ")
      .equals(speeds.back().rate, {.value = cases.back().printed_rate()})
      .margin(relative(0.6 * problem.learning_rate * problem.curvatures()(0)),
              "first order: −log(1 − ηλ)/η = λ(1 + ηλ/2 + …)");
}

/// An optimizer simulated at one sigma.
struct Run {
  Case which;
  Simulated simulated;
};

/// At the smallest sigma and at the largest.
std::vector<Run> ordered(const Settings& settings, const char* optimizer, const std::string& label,
                         Simulations& simulations) {
  const std::vector<Case> cases = cases_of(settings, optimizer);
  const Ordered what{.recording = {.steps = even_steps(settings.count("iterations"), 50)},
                     .runs = settings.count("runs")};
  return each(std::array{cases.front(), cases.back()}, [&](const Case& which) -> Run {
    const std::string name = fmt::format("{}, σ = {}", label, which.sigma());
    return {which, simulations.optimizer(name, which.problem, what)};
  });
}

void claim_of_simulation(const Run& run, Findings& out) {
  const Problem& problem = run.which.problem;
  const double sigma = run.which.sigma();
  if (!run.which.sign()) {
    out.claim("sgd/simulation/sigma={}", sigma)
        .of(sentence)
        .says("Simulated SGD at σ = {} has the mean (1 − ηλ)^k x₀, whatever σ", sigma)
        .equals(run.simulated.mean(0).along(5), run.which.exact_mean())
        .resolves(absolute(0.1 * std::abs(problem.start(0))));
    return;
  }
  // SignSGD moves by eta whatever it sees, so its spread is of the order of the start.
  const double deviation = std::sqrt(leading_variance(problem, 0));
  out.claim("simulation/sigma={}", sigma)
      .at(source)
      .says("E x of simulated SignSGD is that of its exact chain")
      .equals(run.simulated.mean(0).along(6), run.which.exact_mean())
      .resolves(absolute(0.1 * deviation));
}

/// E x of simulated SGD under the largest noise less that under the smallest, at the middle of the run.
void claim_of_difference(const std::vector<Run>& runs, Findings& out) {
  const std::size_t middle = runs.front().simulated->recorded_steps().size() / 2;
  Measurement difference = runs.back().simulated.mean(0).at(middle);
  const Measurement quiet = runs.front().simulated.mean(0).at(middle);
  difference.value -= quiet.value;
  difference.standard_error = std::hypot(difference.standard_error, quiet.standard_error);
  difference.made_from.insert(difference.made_from.end(), quiet.made_from.begin(), quiet.made_from.end());
  const Problem& problem = runs.front().which.problem;
  out.claim("sgd/difference")
      .of(sentence)
      .says("Noise does not slow SGD: E x under the largest σ is that under the smallest")
      .equals(difference, {.value = 0.0})
      .resolves(absolute(0.1 * std::abs(problem.start(0))));
}

void draw_means(const std::vector<Case>& sign, const Case& sgd, const std::vector<Run>& runs, Findings& out) {
  const Problem& problem = sgd.problem;
  FigureBuilder figure =
      out.figure("means", "E x of SignSGD and of SGD at several noise levels")
          .caption(
              "Exact E x from x₀ = {} on f = λx²/2, λ = {}, and the mean over simulated runs of SignSGD at "
              "the smallest and the largest σ. SGD: the same for every σ.",
              problem.start(0), problem.curvatures()(0))
          .y({.label = "E x"})
          .at(runs.front().simulated->iterations());
  int colour = 0;
  for (const Case& which : sign) {
    const std::string label = fmt::format("SignSGD, σ = {}", which.sigma());
    figure.theory(which.exact_mean(), label, colour);
    for (const Run& run : runs) {
      if (run.which.sigma() == which.sigma())
        figure.optimizer(run.simulated.mean(0), label + ", simulated", colour);
    }
    ++colour;
  }
  figure.bound(sgd.exact_mean(), "SGD, every σ", colour);
}

void draw_times(const std::vector<Case>& cases, const std::vector<Speed>& sign, const std::vector<Speed>& sgd,
                Findings& out) {
  const auto iterations = [](const Speed& speed) { return speed.iterations; };
  const auto predicted = [](const Case& which) {
    return -std::log(fraction) / (which.printed_rate() * which.problem.learning_rate);
  };
  out.figure("times", "Iterations in which E x falls to a tenth")
      .caption("Exact, against the noise; dotted: −log(0.1)/(√(2/π)(λ/σ)η), proportional to σ.")
      .x({.label = "σ", .logarithmic = true})
      .y({.label = "iterations", .logarithmic = true})
      .at(each(cases, [](const Case& which) { return which.sigma(); }))
      .optimizer(each(sign, iterations), "SignSGD", 0)
      .optimizer(each(sgd, iterations), "SGD", 1)
      .theory(each(cases, predicted), "SignSGD, as predicted", 2);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const std::vector<Run> sign_runs = ordered(settings, "signsgd", "SignSGD", simulations);
  const std::vector<Run> sgd_runs = ordered(settings, "sgd", "SGD", simulations);
  return [=](Findings& out) {
    const std::vector<Case> sign = cases_of(settings, "signsgd"), sgd = cases_of(settings, "sgd");
    const std::vector<Speed> sign_speeds = each(sign, speed_of), sgd_speeds = each(sgd, speed_of);
    claim_of_signsgd(sign, sign_speeds, out);
    claim_of_sgd(sgd, sgd_speeds, out);
    claim_of_difference(sgd_runs, out);
    for (const Run& run : sgd_runs) claim_of_simulation(run, out);
    for (const Run& run : sign_runs) claim_of_simulation(run, out);
    draw_means(sign, sgd.front(), sign_runs, out);
    draw_times(sign, sign_speeds, sgd_speeds, out);
  };
}

const Register<Experiment> noise_slows_signsgd{{
    .name = "noise-slows-signsgd",
    .title = "Noise slows SignSGD, not SGD",
    .summary =
        "The speed of SignSGD near a minimum is √(2/π)λ/σ, that of SGD λ. By the exact laws of both: the "
        "rate at which E x falls, and the iterations that it takes to fall to a tenth, against σ.",
    .source = source,
    .lemmas = {"sentence-noise-slows"},
    .settings = {chosen("eta", {1e-3}, Range::positive(), "learning rate η, as in Figure 2"),
                 chosen("sigmas", {0.05, 0.1, 0.2, 0.4, 1.6}, Range::positive(),
                        "standard deviations of the gradient noise, from half of Figure 2's"),
                 chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2, as in Figure 2"),
                 chosen("x0", {0.005}, Range::positive(), "start, near the minimum: λx₀/σ ≤ 0.1, phase 3"),
                 chosen("iterations", {1000}, Range::at_least(100),
                        "iterations that are simulated and drawn"),
                 chosen("runs", {8192}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
