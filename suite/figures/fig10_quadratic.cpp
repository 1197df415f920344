#include <cmath>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/panels/fig10.hpp"

namespace sdelens {
namespace {

Judgement design(const Settings& settings, Simulations& simulations) {
  const LandscapeComparison problem = quadratic_comparison("Figure 10, panels 1 and 2", 0.4, settings);
  DescribedOptimizer adam = adam_with_sdes(settings, 0.0, {.corrected_fine = Verdict::fail});
  add_malladi(adam, false);
  const ComparedEnsembles ensembles = order(problem, adam, simulations);
  return [=](Findings& out) {
    judge(problem, ensembles, out);
    const auto malladi = ensembles.sdes.back();
    const Sample samples[] = {malladi->average("end", "loss"),
                                             ensembles.optimizer->average("end", "loss")};
    out.expect(
        {.id = "malladi-drawn-does-not-settle",
         .statement = "Malladi's SDE (188) with dt = η does not converge: at the end log₁₀ of the "
                      "ratio of its loss to Adam's is at least 2",
         .source = {.paper = "A", .item = problem.item},
         .relation = Relation::at_least},
        {.value = 2.0},
        jackknife(samples, [](std::span<const Moments> m) { return std::log10(m[0].mean / m[1].mean); }),
        {malladi, ensembles.optimizer});
    show(problem, ensembles, out);
  };
}

const Register<Experiment> fig10_quadratic{{
    .name = "fig10-quadratic",
    .title = "Adam and its SDEs on a quadratic",
    .summary = "Adam, its SDE (124) as printed and corrected, and that of Malladi et al. (188), as the paper "
               "draws them "
               "(Euler-Maruyama with dt = η) and integrated finely. The printed equation lacks the noise of "
               "the fresh "
               "gradient in dX; at ηλ/σ = 1 the corrected one describes Adam only by its scheme with dt = η.",
    .source = {.paper = "A", .item = "Figure 10, panels 1 and 2"},
    .settings =
        [] {
          auto settings = adam_settings(0.01, 50000, {2.0, 0.6});
          settings.push_back(quadratic_setting());
          return settings;
        }(),
    .design = design,
}};

}  // namespace
}  // namespace sdelens
