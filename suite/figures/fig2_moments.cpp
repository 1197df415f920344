#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reference/theory/lemma_3_7.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/ingredients.hpp"
#include "suite/study/oracles.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Figure 2, centre-right; Lemma 3.7"};

Judgement design(const Settings& settings, Simulations& simulations) {
  const SeparableQuadratic problem{settings.list("curvatures"), settings.scalar("sigma"),
                                   settings.scalar("eta"), settings.list("x0")};
  const double eta = problem.learning_rate;
  const Model model = quadratic_with_gaussian_noise(problem.curvatures, problem.sigma, eta);
  const std::vector<std::uint64_t> steps = even_steps(settings.count("iterations"), 150);
  const auto optimizer = simulations.add(
      "SignSGD", model.optimizer("signsgd", {}, settings.point("x0"), simulations.stream("SignSGD")),
      model.observables(), {.steps = steps}, settings.count("runs"));

  return [=](Findings& out) {
    const ExactMoments exact = exact_signsgd(problem, steps);
    const auto places = spread(steps.size(), 10);
    std::vector<Series> means, variances;
    for (std::size_t i = 0; i < problem.curvatures.size(); ++i) {
      const std::string name = fmt::format("x{}", i + 1);
      const double r = eta * problem.curvatures[i] / problem.sigma;
      const theory::QuadraticCoordinate coordinate{.learning_rate = eta,
                                                   .curvature = problem.curvatures[i],
                                                   .sigma = problem.sigma,
                                                   .start = problem.start[i]};
      const double deviation = std::sqrt(theory::signsgd_leading_variance(coordinate));
      const auto time = [&](std::size_t place) { return static_cast<double>(steps[place]) * eta; };
      const auto variance = [&](Wording form) {
        return
            [&, form](std::size_t place) { return theory::signsgd_variance(coordinate, time(place), form); };
      };
      const auto lemma_mean = [&](std::size_t place) {
        return theory::signsgd_mean(coordinate, time(place));
      };
      const auto exact_variance = [&](std::size_t place) { return exact.variance(place, i); };

      out.expect({.id = fmt::format("simulation/E-{}", name),
                  .statement = "Simulated SignSGD has the mean of its exact chain",
                  .source = source,
                  .resolution = {.absolute = 0.1 * deviation}},
                 along(*optimizer, name, eta, places, mean_of,
                       [&](std::size_t place) { return exact.mean[place][i]; }),
                 {optimizer});
      out.expect({.id = "simulation/Var-" + name,
                  .statement = "Simulated SignSGD has the variance of its exact chain",
                  .source = source,
                  .resolution = {.relative = 0.2}},
                 along(*optimizer, name, eta, places, variance_of, exact_variance), {optimizer});
      out.expect({.id = "lemma-3.7/E-" + name,
                  .statement = "E x of SignSGD is x₀ exp(−√(2/π) λ t/σ)",
                  .source = {.paper = "A", .item = "Lemma 3.7"},
                  .lemmas = {"3.7"},
                  .margin = {.absolute = 0.3 * r * std::abs(problem.start[i])},
                  .margin_reason =
                      "weak error of first order: the rate is off by 0.8 ηλ/σ at most, so E x by that times "
                      "bt e^(−bt) ≤ 1/e of the start"},
                 exactly_along(
                     steps, spread(steps.size(), steps.size()),
                     [&](std::size_t place) { return exact.mean[place][i]; }, lemma_mean));
      out.expect({.id = "lemma-3.7/Var-" + name + "/corrected",
                  .statement = "Var x of SignSGD is that of Lemma 3.7, corrected (Σ⁻¹H² in the exponent)",
                  .source = {.paper = "A", .item = "Lemma 3.7, corrected"},
                  .lemmas = {"3.7"},
                  .wording = Wording::corrected,
                  .margin = {.relative = 0.8 * r},
                  .margin_reason = "the optimizer differs from its SDE by O(ηλ/σ)"},
                 exactly_along(steps, spread(steps.size(), steps.size()), exact_variance,
                               variance(Wording::corrected)));
      out.expect(
          {.id = "lemma-3.7/Var-" + name + "/as-printed",
           .statement = "Var x of SignSGD is that of Lemma 3.7 as printed; at this ηλ/σ the optimizer cannot "
                        "tell the two forms apart, the phase-3 SDE of lemma-3.7 does",
           .source = {.paper = "A", .item = "Lemma 3.7, as printed"},
           .margin = {.relative = 0.8 * r},
           .margin_reason = "the optimizer differs from its SDE by O(ηλ/σ)"},
          exactly_along(steps, spread(steps.size(), steps.size()), exact_variance, variance(Wording::printed)));

      const int colour = static_cast<int>(i);
      Series measured{.label = name + ", SignSGD", .role = Role::optimizer, .colour = colour};
      Series measured_mean = measured;
      for (std::size_t place = 0; place < steps.size(); ++place) {
        const Moments moments = optimizer->at(place, name).total();
        measured.x.push_back(static_cast<double>(steps[place]));
        measured.y.push_back(moments.variance());
        measured_mean.x.push_back(static_cast<double>(steps[place]));
        measured_mean.y.push_back(moments.mean);
      }
      variances.push_back(std::move(measured));
      variances.push_back(
          curve(name + ", Lemma 3.7 corrected", Role::theory, colour, steps, variance(Wording::corrected)));
      means.push_back(std::move(measured_mean));
      means.push_back(curve(name + ", Lemma 3.7", Role::theory, colour, steps, lemma_mean));
    }
    out.show({.id = "means",
              .title = "E x of SignSGD and Lemma 3.7",
              .caption = "Mean over the runs of each coordinate.",
              .x = {.label = "iteration k"},
              .y = {.label = "E x"},
              .series = std::move(means)});
    out.show({.id = "variances",
              .title = "Var x of SignSGD and Lemma 3.7",
              .caption =
                  "Variance over the runs of each coordinate. The printed and the corrected lemma differ by "
                  "0.7 % at most here, less than the line is thick.",
              .x = {.label = "iteration k"},
              .y = {.label = "Var x", .low = 0.0},
              .series = std::move(variances)});
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
