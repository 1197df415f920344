#include "suite/study/comparison/comparison.hpp"

#include <algorithm>
#include <utility>

#include "suite/study/minima.hpp"

namespace sdelens {

SdeChoice euler_maruyama(Choice sde, std::uint64_t steps_per_iteration) {
  return {.sde = std::move(sde), .integrator = "euler-maruyama", .steps_per_iteration = steps_per_iteration};
}

SettingSpecification quadratic_setting() {
  return printed("curvatures", {10.0, 2.0}, Range::positive(), "H = diag(curvatures)");
}

Choice quadratic_landscape(const Settings& settings) {
  return {.name = "quadratic", .given = {{"curvatures", settings.list("curvatures")}}};
}

std::vector<SettingSpecification> saddle_settings() {
  return {printed("curvatures", {-1.0, 2.0}, Range::finite(), "H = diag(curvatures)"),
          printed("quartic", {1.0}, Range::positive(), "λ of the landscape's (λ/4) Σ xᵢ⁴"),
          printed("cubic", {0.1}, Range::finite(), "ξ of the landscape's −(ξ/3) Σ xᵢ³")};
}

Choice saddle_landscape(const Settings& settings) {
  return {.name = "embedded-saddle",
          .given = {{"curvatures", settings.list("curvatures")},
                    {"lambda", settings.list("quartic")},
                    {"xi", settings.list("cubic")}}};
}

LandscapeComparison comparison_on(const LandscapePanel& panel, const DescribedOptimizer& optimizer,
                                  const Settings& settings) {
  constexpr double reach = 3.0;
  const Problem problem =
      make_problem({.optimizer = optimizer.choice,
                    .landscape = panel.landscape,
                    .noise = {.name = "gaussian", .given = {{"sigma", settings.list("sigma")}}},
                    .learning_rate = settings.scalar("eta"),
                    .start = settings.point("x0")});
  const Point minimum = lowest_minimum(*problem.loss, reach);
  return {.item = panel.item,
          .problem = problem,
          .optimizer = optimizer,
          .iterations = settings.count("iterations"),
          .runs = settings.count("runs"),
          .end = panel.end,
          .minimum = minimum,
          .minimum_value = value_at(*problem.loss, minimum)};
}

std::vector<double> squared_gradient_at_start(const Choice& landscape, const Settings& settings) {
  const auto loss = make_landscape(landscape.name, landscape.given);
  const Point squares = gradient_at(*loss, settings.point("x0")).array().square();
  return {squares.begin(), squares.end()};
}

std::vector<Observable> comparison_observables(const LandscapeComparison& comparison) {
  std::vector<Observable> observables = coordinates_and_loss(comparison.problem.loss);
  const auto f = std::ranges::find(observables, "f", &Observable::name);
  f->name = compared_loss;
  f->evaluate = [f = f->evaluate, lowest = comparison.minimum_value](In state, OutColumn value) {
    f(state, value);
    value -= lowest;
  };
  return observables;
}

Recording comparison_recording(const LandscapeComparison& comparison, std::uint64_t steps_per_iteration) {
  const std::uint64_t iterations = comparison.iterations;
  const auto averaged = static_cast<std::uint64_t>(comparison.end * static_cast<double>(iterations));
  std::vector<std::uint64_t> steps = even_steps(iterations, 200);
  for (const std::uint64_t step : even_steps(iterations / 10, 100)) steps.push_back(step);
  for (const std::uint64_t step : logarithmic_steps(iterations / 10, 40)) steps.push_back(step);
  std::ranges::sort(steps);
  const auto repeated = std::ranges::unique(steps);
  steps.erase(repeated.begin(), repeated.end());
  return {.steps = scaled(std::move(steps), steps_per_iteration),
          .windows = {{.name = compared_end,
                       .first = (iterations - averaged) * steps_per_iteration,
                       .last = iterations * steps_per_iteration,
                       .every = 5 * steps_per_iteration}}};
}

ComparedEnsembles order(const LandscapeComparison& comparison, Simulations& simulations) {
  const auto recorded = [&](std::uint64_t steps_per_iteration, const std::string& stream) {
    return Ordered{.recording = comparison_recording(comparison, steps_per_iteration),
                   .runs = comparison.runs,
                   .observables = comparison_observables(comparison),
                   .stream = stream};
  };
  const std::string& label = comparison.optimizer.label;
  ComparedEnsembles result{.comparison = comparison,
                           .optimizer = simulations.optimizer(label, comparison.problem, recorded(1, label)),
                           .sdes = {}};
  for (const Approximation& approximation : comparison.optimizer.approximations) {
    const std::uint64_t steps = approximation.sde.steps_per_iteration;
    result.sdes.push_back(simulations.sde(approximation.label, comparison.problem, approximation.sde,
                                          recorded(steps, steps == 1 ? label : approximation.label)));
  }
  return result;
}

}  // namespace sdelens
