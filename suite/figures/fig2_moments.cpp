#include <fmt/format.h>

#include <cmath>

#include "suite/predictions/sign_lemmas.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Figure 2, centre-right; Lemma 3.7"};

std::string name_of(Index i) { return fmt::format("x{}", i + 1); }

void claim_of_simulation(const Problem& problem, const Simulated& optimizer, Index i, Findings& out) {
  const Asked exact("exact-chain", problem);
  const double deviation = std::sqrt(theory::signsgd_leading_variance(quadratic_coordinate(problem, i)));
  out.claim("simulation/E-" + name_of(i))
      .at(source)
      .says("Simulated SignSGD has the mean of its exact chain")
      .equals(optimizer.mean(i).along(10), exact.mean_curve(i))
      .resolves(absolute(0.1 * deviation));
  out.claim("simulation/Var-" + name_of(i))
      .at(source)
      .says("Simulated SignSGD has the variance of its exact chain")
      .equals(optimizer.variance(i).along(10), exact.variance_curve(i))
      .resolves(relative(0.2));
}

void claim_of_lemma(const Problem& problem, const std::vector<double>& iterations, Index i, Findings& out) {
  const Asked exact("exact-chain", problem);
  const Asked printed("lemma-3.7-printed", problem), corrected("lemma-3.7-corrected", problem);
  const MeasuredCurve variance = along(iterations, exact.variance_curve(i));
  const Margin weak_error{.bound = phase_3_margin(problem, i).bound,
                          .reason = "the optimizer differs from its SDE by O(ηλ/σ)"};
  out.claim("lemma-3.7/E-" + name_of(i))
      .of("3.7")
      .says("E x of SignSGD is x₀ exp(−√(2/π) λ t/σ)")
      .equals(along(iterations, exact.mean_curve(i)), printed.mean_curve(i))
      .margin(absolute(0.3 * problem.ratio(i) * std::abs(problem.start(i))),
              "weak error of first order: the rate is off by 0.8 ηλ/σ at most, so E x by that times "
              "bt e^(−bt) ≤ 1/e of the start");
  out.claim("lemma-3.7/Var-" + name_of(i) + "/corrected")
      .of("3.7", Wording::corrected)
      .says("Var x of SignSGD is that of Lemma 3.7, corrected (Σ⁻¹H² in the exponent)")
      .equals(variance, corrected.variance_curve(i))
      .margin(weak_error);
  out.claim("lemma-3.7/Var-" + name_of(i) + "/as-printed")
      .at({.paper = "A", .item = "Lemma 3.7, as printed"})
      .says(
          "Var x of SignSGD is that of Lemma 3.7 as printed; at this ηλ/σ the optimizer cannot tell the two "
          "forms apart, the phase-3 SDE of lemma-3.7 does")
      .equals(variance, printed.variance_curve(i))
      .margin(weak_error);
}

/// One of the moments of every coordinate, simulated and by the lemma.
std::vector<Series> moments(const Problem& problem, const Simulated& optimizer, Quantity::Kind kind) {
  const Asked lemma("lemma-3.7-corrected", problem);
  const bool mean = kind == Quantity::Kind::mean;
  std::vector<Series> series;
  for (const Index i : problem.coordinates()) {
    const auto colour = static_cast<int>(i);
    const Observed measured = mean ? optimizer.mean(i) : optimizer.variance(i);
    series.push_back(measured.curve(name_of(i) + ", SignSGD", Role::optimizer, colour));
    series.push_back(drawn(mean ? lemma.mean_curve(i) : lemma.variance_curve(i), optimizer->iterations(),
                           name_of(i) + (mean ? ", Lemma 3.7" : ", Lemma 3.7 corrected"), Role::theory,
                           colour));
  }
  return series;
}

void show(const Problem& problem, const Simulated& optimizer, Findings& out) {
  out.show({.id = "means",
            .title = "E x of SignSGD and Lemma 3.7",
            .caption = "Mean over the runs of each coordinate.",
            .x = {.label = "iteration k"},
            .y = {.label = "E x"},
            .series = moments(problem, optimizer, Quantity::Kind::mean)});
  out.show({.id = "variances",
            .title = "Var x of SignSGD and Lemma 3.7",
            .caption =
                "Variance over the runs of each coordinate. The printed and the corrected lemma differ by "
                "0.7 % at most here, less than the line is thick.",
            .x = {.label = "iteration k"},
            .y = {.label = "Var x", .low = 0.0},
            .series = moments(problem, optimizer, Quantity::Kind::variance)});
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const Problem problem =
      quadratic_problem({.name = "signsgd"}, settings.list("curvatures"), settings.scalar("sigma"),
                        settings.scalar("eta"), settings.point("x0"));
  const std::vector<std::uint64_t> steps = even_steps(settings.count("iterations"), 150);
  const Simulated optimizer = simulations.optimizer(
      "SignSGD", problem, {.recording = {.steps = steps}, .runs = settings.count("runs")});
  return [=](Findings& out) {
    for (const Index i : problem.coordinates()) {
      claim_of_simulation(problem, optimizer, i, out);
      claim_of_lemma(problem, optimizer.iterations_along(steps.size()), i, out);
    }
    show(problem, optimizer, out);
  };
}

const Register<Experiment> fig2_moments{{
    .name = "fig2-moments",
    .title = "Mean and variance of SignSGD's iterates",
    .summary = "The first two moments of SignSGD near the minimum against Lemma 3.7. The lemma is judged "
               "against the "
               "exact chain, which has no sampling error; the simulation is judged against the chain.",
    .source = source,
    .lemmas = {"3.7"},
    .settings = {printed("eta", {1e-3}, Range::positive(), "learning rate η; t = k η"),
                 printed("sigma", {0.1}, Range::positive(), "standard deviation of the gradient noise"),
                 printed("curvatures", {1.0, 2.0}, Range::positive(), "H = diag(curvatures)"),
                 printed("x0", {1e-3, 1e-3}, Range::finite(), "start"),
                 chosen("iterations", {3000}, Range::at_least(100), "iterations; the paper names none"),
                 printed("runs", {5000}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
