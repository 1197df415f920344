#include <fmt/format.h>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/panels/fig10.hpp"

namespace sdelens {
namespace {

/// Adam and the fine SDEs from a second start, far from the minima.
struct FarRuns {
  LandscapeComparison problem;
  std::vector<std::string> ids, labels;
  std::vector<int> colours;
  std::vector<std::shared_ptr<const Ensemble>> ensembles;
};

FarRuns order_from_afar(LandscapeComparison problem, const DescribedOptimizer& adam, const Settings& settings,
                        Simulations& simulations) {
  problem.start = settings.point("far_x0");
  problem.iterations = settings.count("far_iterations");
  problem.end = 0.1;
  std::vector<Observable> observables = comparison_observables(problem);
  observables.push_back(
      {.name = "left", .evaluate = [](In state, OutColumn value) {
         value = (state.col(0) < 0.0).select(Column::Ones(state.rows()), Column::Zero(state.rows()));
       }});
  FarRuns result{.problem = problem, .ids = {}, .labels = {}, .colours = {}, .ensembles = {}};
  const auto add = [&](const std::string& id, const std::string& label, int colour,
                       const std::shared_ptr<const Process>& process, std::uint64_t steps) {
    result.ids.push_back(id);
    result.labels.push_back(label);
    result.colours.push_back(colour);
    result.ensembles.push_back(simulations.add(label + ", from afar", process, observables,
                                               comparison_recording(problem, steps), problem.runs));
  };
  add("adam", adam.label, 0, process_of(problem, adam, simulations.stream("from afar, Adam")), 1);
  for (const Approximation& approximation : adam.approximations) {
    if (approximation.id != "ours-fine" && approximation.id != "malladi-fine") continue;
    add(approximation.id, approximation.label, approximation.colour,
        process_of(problem, approximation, simulations.stream("from afar, " + approximation.label)),
        approximation.steps_per_iteration);
  }
  return result;
}

/// Each of the paths ends where the mean of x1 says: a replica in the other basin would move it by 2/runs. A fraction
/// of them that would move it by more than the resolution is missing from 500 runs with a probability below 1e-11.
void judge_from_afar(const FarRuns& runs, const Point& left, Findings& out) {
  for (std::size_t i = 0; i < runs.ensembles.size(); ++i) {
    const bool crosses = runs.ids[i] == "malladi-fine";
    const Point& minimum = crosses ? left : runs.problem.minimum;
    out.expect(
        {.id = "basin/" + runs.ids[i],
         .statement =
             fmt::format("{} from ({:.4g}, {:.4g}) ends in the {} minimum: E x₁ at the end", runs.labels[i],
                         runs.problem.start(0), runs.problem.start(1), crosses ? "other, higher" : "lowest"),
         .source = {.paper = "A", .item = runs.problem.item},
         .margin = {.absolute = 1e-3},
         .margin_reason = "the third derivative shifts the mean by −f''' Var x₁/(2 f'') to first order",
         .resolution = {.absolute = 0.1}},
        {.value = minimum(0)}, mean_of(runs.ensembles[i]->average("end", "x1")), {runs.ensembles[i]});
  }
  std::string fractions;
  std::vector<Series> paths;
  Figure first{.id = "far-x1",
               .title = "Adam and its SDEs from afar: which minimum",
               .caption = {},
               .x = {.label = "iteration k", .logarithmic = true},
               .y = {.label = "E x₁"}};
  for (std::size_t i = 0; i < runs.ensembles.size(); ++i) {
    const Ensemble& ensemble = *runs.ensembles[i];
    const Role role = i == 0 ? Role::optimizer : Role::sde;
    const std::size_t last = ensemble.recorded_steps().size() - 1;
    fractions += fmt::format("{} {}: {:.4g}", i == 0 ? "" : ";", runs.labels[i],
                             ensemble.at(last, "left").total().mean);
    paths.push_back(mean_path(ensemble, runs.labels[i], role, runs.colours[i]));
    Series x1 = mean_curve(ensemble, "x1", runs.problem.model.learning_rate, runs.labels[i], role,
                           runs.colours[i], false);
    x1.x.erase(x1.x.begin());
    x1.y.erase(x1.y.begin());
    first.series.push_back(std::move(x1));
  }
  first.caption = fmt::format(
      "Means over the runs from ({:.4g}, {:.4g}). Fraction of replicas with x₁ < 0 at the "
      "end:{}. The SDEs are integrated finely.",
      runs.problem.start(0), runs.problem.start(1), fractions);
  out.show(trajectory_figure(runs.problem, "far-trajectory", "Mean paths from afar", paths, paths.size()));
  out.show(std::move(first));
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const LandscapeComparison problem = saddle_comparison("Figure 10, panels 3 and 4", 0.4, settings);
  DescribedOptimizer adam = adam_with_sdes(settings, 0.0, {.corrected_fine = Verdict::pass});
  add_malladi(adam, true);
  const ComparedEnsembles ensembles = order(problem, adam, simulations);
  const FarRuns far = order_from_afar(problem, adam, settings, simulations);
  Point beside = problem.minimum;
  beside(0) = -beside(0);
  const Point left = minimum_near(*problem.model.landscape, beside);
  return [=](Findings& out) {
    judge(problem, ensembles, out);
    show(problem, ensembles, out);
    judge_from_afar(far, left, out);
  };
}

const Register<Experiment> fig10_saddle{{
    .name = "fig10-saddle",
    .title = "Adam and its SDEs on the landscape with a saddle",
    .summary =
        "Adam, its SDE (124) as printed and corrected, and that of Malladi et al. (188), as the paper draws "
        "them "
        "(Euler-Maruyama with dt = η) and integrated finely. The printed equation lacks the noise of the "
        "fresh "
        "gradient in dX, a fifth of the asymptotic loss. From afar the SDE of Malladi et al. ends in another "
        "minimum than Adam.",
    .source = {.paper = "A", .item = "Figure 10, panels 3 and 4"},
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
