#include "suite/study/panels/fig7.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "sdelens/statistics/jackknife.hpp"

namespace sdelens {
namespace {

constexpr std::uint64_t fine = 16;

DescribedOptimizer rmsprop_with_sdes(const LandscapeComparison& problem, bool diverges, double beta) {
  const Parameters parameters{{"beta", {beta}},
                              {"initial_v", squared_gradient_at(*problem.model.landscape, problem.start)}};
  return {.id = "rmsprop",
          .label = "RMSprop",
          .optimizer = "rmsprop",
          .parameters = parameters,
          .beta_2 = beta,
          .approximations = {{.id = "ours-drawn",
                              .label = "SDE (86), dt = η",
                              .sde = "rmsprop",
                              .parameters = parameters,
                              .colour = 1,
                              .form = AdaptiveSde::rmsprop,
                              .tracks = Verdict::pass},
                             {.id = "ours-fine",
                              .label = "SDE (86), fine",
                              .sde = "rmsprop",
                              .parameters = parameters,
                              .steps_per_iteration = fine,
                              .colour = 2,
                              .form = AdaptiveSde::rmsprop,
                              .tracks = Verdict::fail,
                              .same_floor = Verdict::fail},
                             {.id = "malladi-fine",
                              .label = "Malladi (183), fine",
                              .sde = "rmsprop-malladi",
                              .parameters = parameters,
                              .steps_per_iteration = fine,
                              .colour = 3,
                              .form = AdaptiveSde::rmsprop_malladi,
                              .departs = true,
                              .same_floor = Verdict::fail},
                             {.id = "malladi-drawn",
                              .label = "Malladi (183), dt = η",
                              .sde = "rmsprop-malladi",
                              .parameters = parameters,
                              .colour = 4,
                              .form = AdaptiveSde::rmsprop_malladi,
                              .departs = !diverges,
                              .settles = !diverges}}};
}

/// 1 where the loss is above the bound or not a number, and 0 elsewhere: finite whatever the path does.
Observable far(const LandscapeComparison& problem, double bound) {
  return {.name = "far",
          .evaluate = [landscape = problem.model.landscape, lowest = problem.minimum_value, bound](
                          In state, OutColumn value) {
            landscape->value(state.leftCols(landscape->dimension()), value);
            for (double& entry : value) entry = entry - lowest <= bound ? 0.0 : 1.0;
          }};
}

}  // namespace

std::vector<SettingSpecification> fig7_settings(double sigma, double iterations, std::vector<double> x0) {
  return {
      printed("eta", {1e-2}, Range::positive(), "learning rate η; t = k η"),
      printed("sigma", {sigma}, Range::positive(), "standard deviation of the gradient noise"),
      printed("beta", {0.99}, Range::unit(), "decay of the mean squared gradient"),
      chosen("x0", std::move(x0), Range::finite(),
             "start; not printed. The mean squared gradient starts at the gradient's square there: at 0 the "
             "SDE has no solution"),
      printed("iterations", {iterations}, Range::at_least(100), "iterations of RMSprop"),
      chosen("runs", {4096}, replica_range(),
             "replicas; the paper has 500, which leave 4.5 % of noise in the loss at the end")};
}

Judgement design_fig7(LandscapeComparison problem, bool diverges, const Settings& settings,
                      Simulations& simulations) {
  const DescribedOptimizer optimizer = rmsprop_with_sdes(problem, diverges, settings.scalar("beta"));
  const ComparedEnsembles ensembles = order(problem, optimizer, simulations);
  const double bound = 10.0 * optimizer_floor(problem, optimizer);
  std::shared_ptr<const Ensemble> far_replicas;
  if (diverges) {
    const Approximation& malladi = optimizer.approximations.back();
    far_replicas = simulations.add(
        malladi.label + ", far from the minimum",
        process_of(problem, malladi, simulations.stream(optimizer.label)), {far(problem, bound)},
        {.steps = even_steps(problem.iterations, 200),
         .windows = {{.name = "second half", .first = problem.iterations / 2, .last = problem.iterations}}},
        problem.runs);
  }
  return [=](Findings& out) {
    judge(problem, ensembles, out);
    std::vector<Comparison> steps;
    const std::vector<std::size_t> by_size =
        diverges ? std::vector<std::size_t>{0, 1, 2} : std::vector<std::size_t>{0, 1, 2, 3};
    const auto step = [&](std::size_t from, std::size_t to) {
      const LargestDeviation difference = deviation_step(ensembles, from, to);
      steps.push_back({.where = fmt::format("{}, then {}", optimizer.approximations[from].label,
                                            optimizer.approximations[to].label),
                       .prediction = {.value = difference.bias},
                       .measurement = difference.measurement});
    };
    step(0, 1);
    for (std::size_t malladi = 2; malladi < by_size.size(); ++malladi) step(1, malladi);
    Findings::Ensembles from{ensembles.optimizer};
    for (const std::size_t i : by_size) from.push_back(ensembles.sdes[i]);
    out.expect(
        {.id = "order-of-deviations",
         .statement = "The largest |log₁₀| of the ratio of losses to RMSprop's is smallest for the SDE (86) "
                      "with dt = η, then for the SDE (86) integrated finely, then for Malladi's",
         .source = {.paper = "A", .item = problem.item},
         .relation = Relation::ordering},
        steps, from);
    show(problem, ensembles, out);
    if (!diverges) {
      const LargestDeviation difference = deviation_step(ensembles, 2, 3);
      out.expect(
          {.id = "malladi-drawn-departs-further",
           .statement =
               "Malladi's SDE (183), whose loss falls faster than RMSprop's, departs further with dt = η "
               "than "
               "integrated finely: the factors of its X and V in a step, 1 − ηλ/√V and 1 − ηρ, are below "
               "e^(−ηλ/√V) and e^(−ηρ)",
           .source = {.paper = "A", .item = problem.item},
           .relation = Relation::ordering},
          {.value = difference.bias}, difference.measurement,
          {ensembles.optimizer, ensembles.sdes[2], ensembles.sdes[3]});
    }
    if (!far_replicas) return;
    out.expect(
        {.id = "malladi-drawn-is-unstable",
         .statement = fmt::format(
             "Malladi's SDE (183) with dt = η does not converge: in the second half, at least half of the "
             "replicas' losses are above {:.3g}, ten times the asymptotic loss of RMSprop, or not finite",
             bound),
         .source = {.paper = "A", .item = problem.item},
         .relation = Relation::at_least},
        {.value = 0.5}, mean_of(far_replicas->average("second half", "far")), {far_replicas});
    out.show({.id = "far",
              .title = "Replicas of Malladi's SDE, dt = η, that are far from the minimum",
              .caption =
                  fmt::format("The fraction of replicas whose loss is above {:.3g}, ten times the asymptotic "
                              "loss of RMSprop, or not finite. At the minimum η f''/σ is 2.1 and 2, and the "
                              "scheme is unstable from 2 on.",
                              bound),
              .x = {.label = "iteration k"},
              .y = {.label = "fraction far from the minimum", .low = 0.0, .high = 1.05},
              .series = {mean_curve(*far_replicas, "far", problem.model.learning_rate,
                                    optimizer.approximations.back().label, Role::sde, 4, false)}});
  };
}

}  // namespace sdelens
