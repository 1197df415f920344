#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "reference/theory/lemma_3_9.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/ingredients.hpp"
#include "suite/study/oracles.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Figure 2, right; Lemma 3.9"};
constexpr std::uint64_t window_every = 10;

struct Run {
  double power;
  std::shared_ptr<const Ensemble> ensemble;
};

/// The iterations of a tenth of the run, at its end.
std::vector<std::uint64_t> last_tenth(std::uint64_t iterations) {
  std::vector<std::uint64_t> result;
  for (std::uint64_t k = iterations - iterations / 10; k <= iterations; k += window_every)
    result.push_back(k);
  return result;
}

double average(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const SeparableQuadratic problem{settings.list("curvatures"), settings.scalar("sigma"),
                                   settings.scalar("eta"), settings.list("x0")};
  const double eta = problem.learning_rate;
  const std::uint64_t iterations = settings.count("iterations");
  const std::vector<std::uint64_t> steps = logarithmic_steps(iterations, 120);
  const std::vector<std::uint64_t> tenth = last_tenth(iterations);
  require_distinct(settings, "powers");
  std::vector<Run> runs;
  for (const double power : settings.list("powers")) {
    Model model = quadratic_with_gaussian_noise(problem.curvatures, problem.sigma, eta);
    model.schedule = make_schedule("polynomial", {{"power", {power}}});
    const std::string name = fmt::format("SignSGD, η_t = (t+1)^-{}", power);
    runs.push_back(
        {power,
         simulations.add(name, model.optimizer("signsgd", {}, settings.point("x0"), simulations.stream(name)),
                         model.observables(),
                         {.steps = steps,
                          .windows = {{.name = "last tenth",
                                       .first = tenth.front(),
                                       .last = iterations,
                                       .every = window_every}}},
                         settings.count("runs"))});
  }

  return [=](Findings& out) {
    const theory::ScheduledLoss lemma{
        .learning_rate = eta,
        .strong_convexity = *std::ranges::min_element(problem.curvatures),
        .hessian_trace = std::accumulate(problem.curvatures.begin(), problem.curvatures.end(), 0.0),
        .sigma = problem.sigma,
        .dimension = static_cast<double>(problem.curvatures.size())};
    const double r = eta * *std::ranges::max_element(problem.curvatures) / problem.sigma;
    Figure figure{
        .id = "loss",
        .title = "Loss of SignSGD under three schedules",
        .caption =
            "Mean over the runs with a band of one standard deviation; η_t = (t+1)^−p. Bound: Lemma 3.9.",
        .x = {.label = "iteration k", .logarithmic = true},
        .y = {.label = "f(x)", .logarithmic = true, .low = 1e-8, .high = 1e-2}};
    int colour = 0;
    for (const auto& [power, ensemble] : runs) {
      const double p = power;
      const std::string tag = fmt::format("p={}", p);
      const RateFactor factor = [p](std::uint64_t k) { return std::pow(static_cast<double>(k) + 1.0, -p); };
      const ExactMoments closure = closed_signsgd(problem, steps, factor);
      const std::vector<double> in_window = closed_signsgd(problem, tenth, factor).loss;
      const auto places = spread(steps.size(), 6);
      out.expect(
          {.id = "simulation/" + tag,
           .statement = "Simulated SignSGD has the loss of the Gaussian closure of its chain",
           .source = source,
           .margin = {.relative = 2e-3},
           .margin_reason =
               "normality, the closure's one approximation: against the exact chain at constant rate its "
               "error is below 0.2 % at ηλ/σ = 0.2, where the schedules begin",
           .resolution = {.relative = 0.4}},
          along(*ensemble, "f", eta, places, mean_of, [&](std::size_t place) { return closure.loss[place]; }),
          {ensemble});
      out.expect({.id = "simulation/last-tenth/" + tag,
                  .statement = "Over the last tenth, simulated SignSGD has the loss of the Gaussian closure",
                  .source = source,
                  .margin = {.relative = 2e-3},
                  .margin_reason = "normality, as above",
                  .resolution = {.relative = p > 1.0 ? 0.3 : 0.1}},
                 {.value = average(in_window)}, mean_of(ensemble->average("last tenth", "f")), {ensemble});

      const double end_loss = closure.loss.back();
      if (theory::polynomial_rate_holds(p)) {
        const double asymptote = theory::scheduled_signsgd_asymptote(lemma, factor(iterations));
        const double ratio = theory::polynomial_rate_ratio(p, static_cast<double>(iterations)) / eta;
        const double slowest = std::sqrt(2.0 / std::numbers::pi) * lemma.strong_convexity / problem.sigma;
        out.expect(
            {.id = "lemma-3.9/bound/" + tag,
             .statement = "E f ≤ (L_τ σ/(4μ)) √(π/2) η η_t asymptotically (last tenth)",
             .source = {.paper = "A", .item = "Lemma 3.9"},
             .lemmas = {"3.9"},
             .wording = Wording::corrected,
             .relation = Relation::at_most},
            exactly_along(
                tenth, spread(tenth.size(), 10), [&](std::size_t i) { return in_window[i]; },
                [&](std::size_t i) { return theory::scheduled_signsgd_bound(lemma, factor(tenth[i])); }));
        out.expect(
            {.id = "lemma-3.9/asymptote/" + tag,
             .statement = "E f → (σ d/4) √(π/2) η η_t, the constant of Lemma 3.9 made sharp for diagonal H",
             .source = {.paper = "A", .item = "Lemma 3.9"},
             .lemmas = {"3.9"},
             .wording = Wording::corrected,
             .margin = {.relative = 0.8 * r * factor(iterations) + ratio / slowest},
             .margin_reason =
                 "weak error 0.8 η η_t λ/σ, and the lag behind the schedule: η_t′/(η η_t²) over twice "
                 "the slowest rate √(2/π)μ/σ, doubled"},
            {.value = asymptote}, exactly(end_loss));
        const std::vector<double> ends{in_window.front(), in_window.back()};
        const double slope = std::log(ends[1] / ends[0]) /
                             std::log(static_cast<double>(tenth.back()) / static_cast<double>(tenth.front()));
        out.expect(
            {.id = "lemma-3.9/rate/" + tag,
             .statement = "E f falls like η_t = k^−p over the last tenth: slope −p in the log-log plot",
             .source = {.paper = "A", .item = "Lemma 3.9"},
             .lemmas = {"3.9"},
             .wording = Wording::corrected,
             .margin = {.absolute = 0.01},
             .margin_reason =
                 "derivative of the lag and of the weak error in log k, below 0.01 from k = 10⁵ on"},
            {.value = -p}, exactly(slope));
      } else if (!theory::polynomial_loss_vanishes(p)) {
        const std::vector<std::uint64_t> late{iterations / 100, iterations / 10};
        const ExactMoments earlier = closed_signsgd(problem, late, factor);
        out.expect(
            {.id = "lemma-3.9/no-convergence/" + tag,
             .statement =
                 "Where ∫η_s ds < ∞ the loss does not converge to 0: over the last two decades of iterations "
                 "it keeps nine tenths of its value",
             .source = {.paper = "A", .item = "Lemma 3.9"},
             .relation = Relation::at_least,
             .resolution = {.relative = 0.3}},
            {.value = 0.9 * earlier.loss[0]}, mean_of(ensemble->average("last tenth", "f")), {ensemble});
        const double steepest =
            std::sqrt(2.0 / std::numbers::pi) * *std::ranges::max_element(problem.curvatures) / problem.sigma;
        const double from = std::pow(static_cast<double>(late[1]) + 1.0, 1.0 - p);
        const double to = std::pow(static_cast<double>(iterations) + 1.0, 1.0 - p);
        out.expect({.id = "lemma-3.9/frozen/" + tag,
                    .statement = "Over the last decade of iterations the loss no longer falls",
                    .source = {.paper = "A", .item = "Lemma 3.9"},
                    .margin = {.relative = 1.1 * 2.0 * eta * steepest * (from - to) / (p - 1.0)},
                    .margin_reason =
                        "2 b η Σ η_k over the decade, b = √(2/π)λ/σ the fastest rate: what relaxes at most"},
                   {.value = earlier.loss[1]}, exactly(end_loss));
      }
      figure.series.push_back(
          mean_curve(*ensemble, "f", eta, fmt::format("SignSGD, p = {}", p), Role::optimizer, colour, true));
      figure.series.push_back(curve(
          fmt::format("bound, p = {}", p), Role::bound, colour, steps,
          [&](std::size_t place) { return theory::scheduled_signsgd_bound(lemma, factor(steps[place])); }));
      ++colour;
    }
    out.show(std::move(figure));
  };
}

const Register<Experiment> fig2_schedulers{{
    .name = "fig2-schedulers",
    .title = "SignSGD under step-size schedules",
    .summary = "SignSGD with learning rate η η_t, η_t = (t+1)^−p. Lemma 3.9 says that the loss goes to 0 "
               "like η_t where "
               "∫η_s ds diverges and η_t → 0; p = 1.5 breaks the first condition. The rate is judged on the "
               "Gaussian "
               "closure of the chain, the simulation against the closure.",
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
