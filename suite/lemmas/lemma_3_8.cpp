#include "reference/theory/lemma_3_8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/ingredients.hpp"
#include "suite/study/oracles.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Lemma 3.8"};

Judgement design(const Settings& settings, Simulations& simulations) {
  const SeparableQuadratic problem{settings.list("curvatures"), settings.scalar("sigma"),
                                   settings.scalar("eta"), settings.list("x0")};
  const double eta = problem.learning_rate;
  const std::vector<std::uint64_t> steps = even_steps(settings.count("iterations"), 100);
  const Model model = quadratic_with_gaussian_noise(problem.curvatures, problem.sigma, eta);
  const auto sde =
      simulations.add("SDE of SGD, weak order 2",
                      model.sde("sgd", "weak-order-2", 1, settings.point("x0"), simulations.stream("SDE")),
                      model.observables(), {.steps = steps}, settings.count("runs"));

  return [=](Findings& out) {
    const ExactMoments exact = exact_sgd(problem, steps);
    const auto places = spread(steps.size(), 8);
    const auto time = [&](std::size_t place) { return static_cast<double>(steps[place]) * eta; };
    std::vector<Series> series;
    for (std::size_t i = 0; i < problem.curvatures.size(); ++i) {
      const std::string name = fmt::format("x{}", i + 1);
      const double small = eta * problem.curvatures[i];
      const theory::QuadraticCoordinate coordinate{.learning_rate = eta,
                                                   .curvature = problem.curvatures[i],
                                                   .sigma = problem.sigma,
                                                   .start = problem.start[i]};
      const auto mean = [&](std::size_t place) { return theory::sgd_mean(coordinate, time(place)); };
      const auto variance = [&](std::size_t place) { return theory::sgd_variance(coordinate, time(place)); };
      const double deviation = std::sqrt(theory::sgd_stationary_variance(coordinate));
      out.expect({.id = "sde/E-" + name,
                  .statement = "E x of the SDE of SGD is x₀ e^(−λt)",
                  .source = source,
                  .lemmas = {"3.8"},
                  .margin = {.absolute = small * small * std::abs(problem.start[i])},
                  .margin_reason = "bias of the weak order-2 integrator, (ηλ)²",
                  .resolution = {.absolute = 0.05 * deviation}},
                 along(*sde, name, eta, places, mean_of, mean), {sde});
      out.expect({.id = "sde/Var-" + name,
                  .statement = "Var x of the SDE of SGD is (η/2)(σ²/λ)(1 − e^(−2λt))",
                  .source = source,
                  .lemmas = {"3.8"},
                  .margin = {.relative = small * small},
                  .margin_reason = "bias of the weak order-2 integrator, (ηλ)²",
                  .resolution = {.relative = 0.05}},
                 along(*sde, name, eta, places, variance_of, variance), {sde});
      out.expect({.id = "optimizer/E-" + name,
                  .statement = "E x of SGD is x₀ e^(−λt), up to O(ηλ)",
                  .source = source,
                  .lemmas = {"3.8"},
                  .margin = {.absolute = 0.2 * small * std::abs(problem.start[i])},
                  .margin_reason =
                      "(1 − ηλ)^k against e^(−ηλk): at most ηλ/(2e) = 0.184 ηλ of the start, and O((ηλ)²)"},
                 exactly_along(
                     steps, places, [&](std::size_t place) { return exact.mean[place][i]; }, mean));
      out.expect({.id = "optimizer/Var-" + name,
                  .statement = "Var x of SGD is (η/2)(σ²/λ)(1 − e^(−2λt)), up to O(ηλ)",
                  .source = source,
                  .lemmas = {"3.8"},
                  .margin = {.relative = 1.05 * small},
                  .margin_reason = "the exact ratio falls from 1 + ηλ at k = 1 to 1/(1 − ηλ/2)"},
                 exactly_along(
                     steps, places, [&](std::size_t place) { return exact.variance(place, i); }, variance));
      Series measured{.label = name + ", SDE", .role = Role::sde, .colour = static_cast<int>(i)};
      for (std::size_t place = 0; place < steps.size(); ++place) {
        measured.x.push_back(static_cast<double>(steps[place]));
        measured.y.push_back(sde->at(place, name).total().variance());
      }
      series.push_back(std::move(measured));
      series.push_back(curve(name + ", Lemma 3.8", Role::theory, static_cast<int>(i), steps, variance));
    }
    out.show({.id = "variances",
              .title = "Var x of the SDE of SGD and Lemma 3.8",
              .caption = "Variance over the runs of each coordinate.",
              .x = {.label = "iteration k"},
              .y = {.label = "Var x", .low = 0.0},
              .series = std::move(series)});
  };
}

const Register<Experiment> lemma_3_8{{
    .name = "lemma-3.8",
    .title = "Moments of SGD",
    .summary =
        "Mean and covariance of SGD and its SDE on a quadratic. Euler-Maruyama with dt = η is SGD itself and "
        "would say nothing about the SDE; the weak order-2 scheme does.",
    .source = source,
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
