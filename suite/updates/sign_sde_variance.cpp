#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "reference/theory/lemma_3_3.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/study/weak_error.hpp"

namespace sdelens {
namespace {

constexpr std::uint64_t fine = 2;

/// Var X_{k eta} of the SDE (3) as printed, k = 0, 1, ..., by its backward equation.
std::vector<Prediction> variances(const Problem& problem, std::uint64_t iterations) {
  const double eta = problem.learning_rate;
  const double signal = problem.curvatures()(0) / problem.sigmas()(0);
  const ScalarDiffusion printed{[=](double x) { return theory::gaussian_drift(signal * x); },
                                [=](double x) { return theory::gaussian_diffusion(signal * x, eta); }};
  // Erfc(3.7) = 2e-7: there the noise is gone.
  const double end = std::max(3.7 * std::numbers::sqrt2 / signal, 1.5 * std::abs(problem.start(0)));
  const std::vector<TestFunction> functions = test_functions();
  const auto values =
      expectations(printed, {.low = -end, .high = end, .core = std::numbers::sqrt2 / signal},
                   {functions[0].value, functions[1].value}, problem.start(0), eta, iterations);
  std::vector<Prediction> result;
  for (std::uint64_t k = 0; k <= iterations; ++k) {
    const CalculatedValue& mean = values[0][k];
    result.push_back({.value = values[1][k].value - mean.value * mean.value,
                      .error = values[1][k].error + 2.0 * std::abs(mean.value) * mean.error});
  }
  return result;
}

PredictedCurve curve_of(const std::vector<Prediction>& variances) {
  return [&variances](double iteration) {
    return variances.at(static_cast<std::size_t>(std::lround(iteration)));
  };
}

void claims(const Problem& problem, const Simulated& sde, const std::vector<Prediction>& exact,
            Findings& out) {
  const double small = theory::gaussian_slope() * problem.ratio(0) / fine;
  out.claim("sde")
      .of("3.3")
      .says(
          "Var x of the simulated SDE (3) is that of dX = −Erf(Y) dt + √η √(1 − Erf(Y)²) dW on the way to "
          "the "
          "minimum")
      .equals(sde.variance(0).along(6), curve_of(exact))
      .margin(relative(small * small), "bias of the weak order-2 integrator, (√(2/π) ηλ/(2σ))²")
      .resolves(relative(0.05));
  out.claim("signsgd")
      .of("3.3")
      .says("Var x of SignSGD, by its exact chain, is that of the SDE (3) on the way to the minimum")
      .equals(along(sde.iterations_along(6), Asked("exact-chain", problem).variance_curve(0)),
              curve_of(exact))
      .margin(sign_sde_margin(problem));
}

Figure figure(const Problem& problem, const Simulated& sde, const std::vector<Prediction>& exact) {
  const std::vector<double> iterations = sde->iterations();
  return {
      .id = "variance",
      .title = "Variance of SignSGD and of its SDE on the way",
      .caption =
          "Var x against the iteration: the SDE (3) simulated and by its backward equation, and SignSGD by "
          "its exact chain. Noise enters where the signal fades.",
      .x = {.label = "iteration k"},
      .y = {.label = "Var x"},
      .series = {sde.variance(0).curve("SDE (3), simulated", Role::sde, 1),
                 drawn(curve_of(exact), iterations, "SDE (3), exact", Role::theory, 1),
                 drawn(Asked("exact-chain", problem).variance_curve(0), iterations, "SignSGD, exact chain",
                       Role::theory, 0)}};
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const Problem problem =
      quadratic_problem({.name = "signsgd"}, settings.list("curvature"), settings.scalar("sigma"),
                        settings.scalar("eta"), settings.point("x0"));
  const std::uint64_t iterations = settings.count("iterations");
  const Simulated sde = simulations.sde(
      "SDE (3)", problem, {.sde = {.name = "signsgd"}, .steps_per_iteration = fine},
      {.recording = {.steps = scaled(even_steps(iterations, 60), fine)}, .runs = settings.count("runs")});
  return [=](Findings& out) {
    const std::vector<Prediction> exact = variances(problem, iterations);
    claims(problem, sde, exact, out);
    out.show(figure(problem, sde, exact));
  };
}

const Register<Experiment> sign_sde_variance{{
    .name = "sign-sde-variance",
    .title = "Variance of SignSGD's SDE on the way to the minimum",
    .summary =
        "The loss of the SDE (3) is mostly its drift's. Its variance on the way, where Erf is neither 0 nor "
        "1, "
        "is the diffusion's: judged against the backward equation of the printed SDE, and against SignSGD.",
    .source = statement_source("3.3"),
    .lemmas = {"3.3"},
    .settings = {chosen("eta", {0.01}, Range::positive(), "learning rate η"),
                 chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2"),
                 chosen("sigma", {0.5}, Range::positive(), "standard deviation of the gradient noise"),
                 chosen("x0", {1.0}, Range::positive(), "start, |Y| = 1.41: between the phases"),
                 chosen("iterations", {120}, Range::at_least(20), "iterations: the way to the minimum"),
                 chosen("runs", {32768}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
