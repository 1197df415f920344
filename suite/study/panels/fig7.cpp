#include "suite/study/panels/fig7.hpp"

#include <fmt/format.h>

#include <utility>

#include "suite/study/comparison/claims.hpp"
#include "suite/study/comparison/deviation.hpp"
#include "suite/study/comparison/figures.hpp"
#include "suite/study/comparison/floors.hpp"

namespace sdelens {
namespace {

constexpr std::uint64_t fine = 16;

DescribedOptimizer rmsprop_with_sdes(const Choice& landscape, bool diverges, const Settings& settings) {
  const Parameters parameters{{"beta", settings.list("beta")},
                              {"initial_v", squared_gradient_at_start(landscape, settings)}};
  const Choice rmsprop{.name = "rmsprop", .given = parameters};
  const Choice malladi{.name = "rmsprop-malladi", .given = parameters};
  return {.label = "RMSprop",
          .choice = rmsprop,
          .approximations = {{.id = "ours-drawn",
                              .label = "SDE (86), dt = η",
                              .sde = euler_maruyama(rmsprop),
                              .colour = 1,
                              .form = AdaptiveSde::rmsprop,
                              .tracks = Verdict::pass},
                             {.id = "ours-fine",
                              .label = "SDE (86), fine",
                              .sde = euler_maruyama(rmsprop, fine),
                              .colour = 2,
                              .form = AdaptiveSde::rmsprop,
                              .tracks = Verdict::fail,
                              .same_floor = Verdict::fail},
                             {.id = "malladi-fine",
                              .label = "Malladi (183), fine",
                              .sde = euler_maruyama(malladi, fine),
                              .colour = 3,
                              .form = AdaptiveSde::rmsprop_malladi,
                              .departs = true,
                              .same_floor = Verdict::fail},
                             {.id = "malladi-drawn",
                              .label = "Malladi (183), dt = η",
                              .sde = euler_maruyama(malladi),
                              .colour = 4,
                              .form = AdaptiveSde::rmsprop_malladi,
                              .departs = !diverges,
                              .settles = !diverges}}};
}

void claim_order(const ComparedEnsembles& ensembles, bool diverges, Findings& out) {
  std::vector<Comparison> steps{deviation_increases(ensembles, 0, 1), deviation_increases(ensembles, 1, 2)};
  if (!diverges) steps.push_back(deviation_increases(ensembles, 1, 3));
  out.claim("order-of-deviations")
      .at(ensembles.comparison.source())
      .says(
          "The largest |log₁₀| of the ratio of losses to RMSprop's is smallest for the SDE (86) with dt = "
          "η, then for the SDE (86) integrated finely, then for Malladi's")
      .compares(Relation::ordering, std::move(steps));
}

void claim_malladi_departs_further(const ComparedEnsembles& ensembles, Findings& out) {
  const LargestDeviation difference = deviation_step(ensembles, 2, 3);
  out.claim("malladi-drawn-departs-further")
      .at(ensembles.comparison.source())
      .says(
          "Malladi's SDE (183), whose loss falls faster than RMSprop's, departs further with dt = η than "
          "integrated finely: the factors of its X and V in a step, 1 − ηλ/√V and 1 − ηρ, are below "
          "e^(−ηλ/√V) and e^(−ηρ)")
      .compares(Relation::ordering,
                {{.prediction = {.value = difference.bias}, .measurement = difference.measurement}});
}

/// The replicas of Malladi's SDE with dt = eta whose loss is above a bound.
struct FarReplicas {
  double bound;
  Simulated simulated;
};

/// 1 where the loss is above the bound or not a number, and 0 elsewhere: finite whatever the path does.
Observable far(const LandscapeComparison& comparison, double bound) {
  return {.name = "far",
          .evaluate = [landscape = comparison.problem.loss, lowest = comparison.minimum_value, bound](
                          In state, OutColumn value) {
            landscape->value(state.leftCols(landscape->dimension()), value);
            for (double& entry : value) entry = entry - lowest <= bound ? 0.0 : 1.0;
          }};
}

FarReplicas order_far(const LandscapeComparison& comparison, Simulations& simulations) {
  const Approximation& malladi = comparison.optimizer.approximations.back();
  const double bound = 10.0 * optimizer_floor(comparison);
  return {
      .bound = bound,
      .simulated = simulations.sde(malladi.label + ", far from the minimum", comparison.problem, malladi.sde,
                                   {.recording = {.steps = even_steps(comparison.iterations, 200),
                                                  .windows = {{.name = "second half",
                                                               .first = comparison.iterations / 2,
                                                               .last = comparison.iterations}}},
                                    .runs = comparison.runs,
                                    .observables = {far(comparison, bound)},
                                    .stream = comparison.optimizer.label})};
}

void judge_far(const LandscapeComparison& comparison, const FarReplicas& replicas, Findings& out) {
  out.claim("malladi-drawn-is-unstable")
      .at(comparison.source())
      .says(fmt::format(
          "Malladi's SDE (183) with dt = η does not converge: in the second half, at least half of the "
          "replicas' losses are above {:.3g}, ten times the asymptotic loss of RMSprop, or not finite",
          replicas.bound))
      .at_least(replicas.simulated.mean_of_observable("far").over("second half"), {.value = 0.5});
  out.show({.id = "far",
            .title = "Replicas of Malladi's SDE, dt = η, that are far from the minimum",
            .caption = fmt::format(
                "The fraction of replicas whose loss is above {:.3g}, ten times the asymptotic loss of "
                "RMSprop, or not finite. At the minimum η f''/σ is 2.1 and 2, and the scheme is unstable "
                "from 2 on.",
                replicas.bound),
            .x = {.label = "iteration k"},
            .y = {.label = "fraction far from the minimum", .low = 0.0, .high = 1.05},
            .series = {replicas.simulated.mean_of_observable("far").curve(
                comparison.optimizer.approximations.back().label, Role::sde, 4)}});
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

Judgement design_fig7(const LandscapePanel& panel, bool diverges, const Settings& settings,
                      Simulations& simulations) {
  const LandscapeComparison comparison =
      comparison_on(panel, rmsprop_with_sdes(panel.landscape, diverges, settings), settings);
  const ComparedEnsembles ensembles = order(comparison, simulations);
  if (!diverges) {
    return [=](Findings& out) {
      judge(ensembles, out);
      claim_order(ensembles, diverges, out);
      show(ensembles, out);
      claim_malladi_departs_further(ensembles, out);
    };
  }
  const FarReplicas far_replicas = order_far(comparison, simulations);
  return [=](Findings& out) {
    judge(ensembles, out);
    claim_order(ensembles, diverges, out);
    show(ensembles, out);
    judge_far(comparison, far_replicas, out);
  };
}

}  // namespace sdelens
