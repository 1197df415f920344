#include <cmath>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/comparison/claims.hpp"
#include "suite/study/comparison/figures.hpp"
#include "suite/study/panels/fig10.hpp"

namespace sdelens {
namespace {

void claim_malladi_does_not_settle(const ComparedEnsembles& ensembles, Findings& out) {
  const Sample samples[] = {ensembles.sdes.back()->average(compared_end, compared_loss),
                            ensembles.optimizer->average(compared_end, compared_loss)};
  const auto log_ratio = [](std::span<const Moments> m) { return std::log10(m[0].mean / m[1].mean); };
  out.claim("malladi-drawn-does-not-settle")
      .at(ensembles.comparison.source())
      .says(
          "Malladi's SDE (188) with dt = η does not converge: at the end log₁₀ of the ratio of its loss to "
          "Adam's is at least 2")
      .at_least(jackknife(samples, log_ratio), {.value = 2.0});
}

Judgement design(const Settings& settings, Simulations& simulations) {
  DescribedOptimizer adam = adam_with_sdes(settings, 0.0, {.corrected_fine = Verdict::fail});
  add_malladi(adam, false);
  const LandscapePanel panel{
      .item = "Figure 10, panels 1 and 2", .landscape = quadratic_landscape(settings), .end = 0.4};
  const ComparedEnsembles ensembles = order(comparison_on(panel, adam, settings), simulations);
  return [=](Findings& out) {
    judge(ensembles, out);
    claim_malladi_does_not_settle(ensembles, out);
    show(ensembles, out);
  };
}

const Register<Experiment> fig10_quadratic{{
    .name = "fig10-quadratic",
    .title = "Adam and its SDEs on a quadratic",
    .summary = "Adam, its SDE (124) as printed and corrected, and that of Malladi et al. (188), as the "
               "paper draws them (Euler-Maruyama with dt = η) and integrated finely. The printed equation "
               "lacks the noise of the fresh gradient in dX; at ηλ/σ = 1 the corrected one describes Adam "
               "only by its scheme with dt = η.",
    .source = {.paper = "A", .item = "Figure 10, panels 1 and 2"},
    .lemmas = {"remark-C.25"},
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
