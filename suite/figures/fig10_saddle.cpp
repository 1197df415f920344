#include <fmt/format.h>

#include "suite/study/comparison/claims.hpp"
#include "suite/study/comparison/figures.hpp"
#include "suite/study/minima.hpp"
#include "suite/study/panels/fig10.hpp"

namespace sdelens {
namespace {

/// One process from the second start, far from the minima.
struct FarRun {
  std::string id, label;
  Role role;
  int colour;
  Simulated simulated;
};
/// Adam and the fine SDEs from there.
struct FarRuns {
  LandscapeComparison comparison;
  std::vector<FarRun> runs;
};

Observable left_of_the_saddle() {
  return {.name = "left", .evaluate = [](In state, OutColumn value) {
            value = (state.col(0) < 0.0).select(Column::Ones(state.rows()), Column::Zero(state.rows()));
          }};
}

FarRuns order_from_afar(LandscapeComparison comparison, const Settings& settings, Simulations& simulations) {
  comparison.problem = with_start(comparison.problem, settings.point("far_x0"));
  comparison.iterations = settings.count("far_iterations");
  comparison.end = 0.1;
  std::vector<Observable> observables = comparison_observables(comparison);
  observables.push_back(left_of_the_saddle());
  const auto recorded = [&](std::uint64_t steps_per_iteration, const std::string& stream) {
    return Ordered{.recording = comparison_recording(comparison, steps_per_iteration),
                   .runs = comparison.runs,
                   .observables = observables,
                   .stream = "from afar, " + stream};
  };
  const Problem& problem = comparison.problem;
  const std::string& adam = comparison.optimizer.label;
  FarRuns result{.comparison = comparison, .runs = {}};
  result.runs.push_back({"adam", adam, Role::optimizer, 0,
                         simulations.optimizer(adam + ", from afar", problem, recorded(1, "Adam"))});
  for (const Approximation& approximation : comparison.optimizer.approximations) {
    if (approximation.id != "ours-fine" && approximation.id != "malladi-fine") continue;
    const std::string& label = approximation.label;
    result.runs.push_back({approximation.id, label, Role::sde, approximation.colour,
                           simulations.sde(label + ", from afar", problem, approximation.sde,
                                           recorded(approximation.sde.steps_per_iteration, label))});
  }
  return result;
}

/// Each of the paths ends where the mean of x1 says: a replica in the other basin would move it by 2/runs. A fraction
/// of them that would move it by more than the resolution is missing from 500 runs with a probability below 1e-11.
void judge_from_afar(const FarRuns& far, const Point& left, Findings& out) {
  const Point& start = far.comparison.problem.start;
  for (const FarRun& run : far.runs) {
    const bool crosses = run.id == "malladi-fine";
    const Point& minimum = crosses ? left : far.comparison.minimum;
    out.claim("basin/" + run.id)
        .of("remark-C.25")
        .at(far.comparison.source())
        .says(fmt::format("{} from ({:.4g}, {:.4g}) ends in the {} minimum: E x₁ at the end", run.label,
                          start(0), start(1), crosses ? "other, higher" : "lowest"))
        .equals(run.simulated.mean(0).over(compared_end), {.value = minimum(0)})
        .margin(absolute(1e-3), "the third derivative shifts the mean by −f''' Var x₁/(2 f'') to first order")
        .resolves(absolute(0.1));
  }
}

Figure figure_of_basins(const FarRuns& far) {
  const Point& start = far.comparison.problem.start;
  std::string fractions;
  std::vector<Series> series;
  for (const FarRun& run : far.runs) {
    fractions += fmt::format("{} {}: {:.4g}", fractions.empty() ? "" : ";", run.label,
                             run.simulated.mean_of_observable("left").at_end().value);
    series.push_back(run.simulated.mean(0).curve(run.label, run.role, run.colour));
    // The axis is logarithmic: without k = 0.
    series.back().x.erase(series.back().x.begin());
    series.back().y.erase(series.back().y.begin());
  }
  return {.id = "far-x1",
          .title = "Adam and its SDEs from afar: which minimum",
          .caption = fmt::format("Means over the runs from ({:.4g}, {:.4g}). Fraction of replicas with x₁ < "
                                 "0 at the end:{}. The SDEs are integrated finely.",
                                 start(0), start(1), fractions),
          .x = {.label = "iteration k", .logarithmic = true},
          .y = {.label = "E x₁"},
          .series = std::move(series)};
}

void show_from_afar(const FarRuns& far, Findings& out) {
  std::vector<Series> paths;
  for (const FarRun& run : far.runs)
    paths.push_back(mean_path(run.simulated, run.label, run.role, run.colour));
  out.show(trajectory_figure(far.comparison.problem, "far-trajectory", "Mean paths from afar", paths,
                             paths.size()));
  out.show(figure_of_basins(far));
}

Judgement design(const Settings& settings, Simulations& simulations) {
  DescribedOptimizer adam = adam_with_sdes(settings, 0.0, {.corrected_fine = Verdict::pass});
  add_malladi(adam, true);
  const LandscapePanel panel{
      .item = "Figure 10, panels 3 and 4", .landscape = saddle_landscape(settings), .end = 0.4};
  const LandscapeComparison comparison = comparison_on(panel, adam, settings);
  const ComparedEnsembles ensembles = order(comparison, simulations);
  const FarRuns far = order_from_afar(comparison, settings, simulations);
  Point beside = comparison.minimum;
  beside(0) = -beside(0);
  const Point left = minimum_near(*comparison.problem.loss, beside);
  return [=](Findings& out) {
    judge(ensembles, out);
    show(ensembles, out);
    judge_from_afar(far, left, out);
    show_from_afar(far, out);
  };
}

const Register<Experiment> fig10_saddle{{
    .name = "fig10-saddle",
    .title = "Adam and its SDEs on the landscape with a saddle",
    .summary =
        "Adam, its SDE (124) as printed and corrected, and that of Malladi et al. (188), as the paper draws "
        "them (Euler-Maruyama with dt = η) and integrated finely. The printed equation lacks the noise of "
        "the fresh gradient in dX, a fifth of the asymptotic loss. From afar the SDE of Malladi et al. ends "
        "in another minimum than Adam.",
    .source = {.paper = "A", .item = "Figure 10, panels 3 and 4"},
    .lemmas = {"remark-C.25"},
    .settings =
        [] {
          auto settings = adam_settings(0.1, 25000, {0.3, 0.6});
          settings.push_back(chosen("far_x0", {5.0, 1.0}, Range::finite(),
                                    "second start: from |x₁| ≤ 4 all end in the same minimum"));
          settings.push_back(
              chosen("far_iterations", {15000}, Range::at_least(100), "iterations from the second start"));
          for (SettingSpecification& setting : saddle_settings()) settings.push_back(std::move(setting));
          return settings;
        }(),
    .design = design,
}};

}  // namespace
}  // namespace sdelens
