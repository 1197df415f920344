#include <fmt/format.h>

#include <cmath>

#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

void claim_of_sde(const Problem& problem, const Simulated& sde, Index i, Findings& out) {
  const Asked lemma("lemma-3.8", problem);
  const double small = problem.learning_rate * problem.curvatures()(i);
  const std::string bias = "bias of the weak order-2 integrator, (ηλ)²";
  out.claim("sde/E-x{}", i + 1)
      .of("3.8")
      .says("E x of the SDE of SGD is x₀ e^(−λt)")
      .equals(sde.mean(i).along(8), lemma.mean_curve(i))
      .margin(absolute(small * small * std::abs(problem.start(i))), bias)
      .resolves(absolute(0.05 * std::sqrt(lemma.variance(i).value)));
  out.claim("sde/Var-x{}", i + 1)
      .of("3.8")
      .says("Var x of the SDE of SGD is (η/2)(σ²/λ)(1 − e^(−2λt))")
      .equals(sde.variance(i).along(8), lemma.variance_curve(i))
      .margin(relative(small * small), bias)
      .resolves(relative(0.05));
}

void claim_of_optimizer(const Problem& problem, const std::vector<double>& iterations, Index i,
                        Findings& out) {
  const Asked lemma("lemma-3.8", problem), exact("exact-recursion", problem);
  const double small = problem.learning_rate * problem.curvatures()(i);
  out.claim("optimizer/E-x{}", i + 1)
      .of("3.8")
      .says("E x of SGD is x₀ e^(−λt), up to O(ηλ)")
      .equals(along(iterations, exact.mean_curve(i)), lemma.mean_curve(i))
      .margin(absolute(0.2 * small * std::abs(problem.start(i))),
              "(1 − ηλ)^k against e^(−ηλk): at most ηλ/(2e) = 0.184 ηλ of the start, and O((ηλ)²)");
  out.claim("optimizer/Var-x{}", i + 1)
      .of("3.8")
      .says("Var x of SGD is (η/2)(σ²/λ)(1 − e^(−2λt)), up to O(ηλ)")
      .equals(along(iterations, exact.variance_curve(i)), lemma.variance_curve(i))
      .margin(relative(1.05 * small), "the exact ratio falls from 1 + ηλ at k = 1 to 1/(1 − ηλ/2)");
}

void draw(const Problem& problem, const Simulated& sde, Findings& out) {
  FigureBuilder figure = out.figure("variances", "Var x of the SDE of SGD and Lemma 3.8")
                             .caption("Variance over the runs of each coordinate.")
                             .y({.label = "Var x", .low = 0.0})
                             .at(sde->iterations());
  for (const Index i : problem.coordinates()) {
    const std::string name = fmt::format("x{}", i + 1);
    const auto colour = static_cast<int>(i);
    figure.sde(sde.variance(i), name + ", SDE", colour)
        .theory(Asked("lemma-3.8", problem).variance_curve(i), name + ", Lemma 3.8", colour);
  }
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const Problem problem = quadratic_of(settings, {.name = "sgd"});
  const Simulated sde =
      simulations.sde("SDE of SGD, weak order 2", problem, {.sde = {.name = "sgd"}},
                      {.recording = {.steps = even_steps(settings.count("iterations"), 100)},
                       .runs = settings.count("runs"),
                       .stream = "SDE"});
  return [=](Findings& out) {
    for (const Index i : problem.coordinates()) {
      claim_of_sde(problem, sde, i, out);
      claim_of_optimizer(problem, sde.iterations_along(8), i, out);
    }
    draw(problem, sde, out);
  };
}

const Register<Experiment> lemma_3_8{{
    .name = "lemma-3.8",
    .title = "Moments of SGD",
    .summary =
        "Mean and covariance of SGD and its SDE on a quadratic. Euler-Maruyama with dt = η is SGD itself and "
        "would say nothing about the SDE; the weak order-2 scheme does.",
    .source = statement_source("3.8"),
    .lemmas = {"3.8"},
    .settings = {chosen("eta", {1e-2}, Range::positive(), "learning rate η; t = k η, as in Figure 6"),
                 chosen("sigma", {0.1}, Range::positive(), "standard deviation of the gradient noise"),
                 chosen("curvatures", {1.0, 2.0}, Range::positive(), "H = diag(curvatures), as in Figure 2"),
                 chosen("x0", {0.02, 0.02}, Range::finite(), "start"),
                 chosen("iterations", {400}, Range::at_least(100), "iterations of SGD"),
                 chosen("runs", {65536}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
