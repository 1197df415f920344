#include "suite/study/panels/fig3.hpp"

#include <utility>

#include "suite/study/comparison/claims.hpp"
#include "suite/study/comparison/figures.hpp"

namespace sdelens {
namespace {

DescribedOptimizer rmspropw_with_sdes(const Choice& landscape, Verdict fine, const Settings& settings) {
  const Choice rmspropw{.name = "rmspropw",
                        .given = {{"beta", settings.list("beta_2")},
                                  {"gamma", settings.list("gamma")},
                                  {"initial_v", squared_gradient_at_start(landscape, settings)}}};
  return {.label = "RMSpropW",
          .choice = rmspropw,
          .approximations = {{.id = "rmspropw-drawn",
                              .label = "SDE (113), dt = η",
                              .sde = euler_maruyama(rmspropw),
                              .colour = 1,
                              .form = AdaptiveSde::rmsprop,
                              .tracks = Verdict::pass},
                             {.id = "rmspropw-fine",
                              .label = "SDE (113), fine",
                              .sde = euler_maruyama(rmspropw, 16),
                              .colour = 2,
                              .form = AdaptiveSde::rmsprop,
                              .tracks = fine,
                              .same_floor = fine}}};
}

}  // namespace

std::vector<SettingSpecification> fig3_settings(double sigma, double iterations, std::vector<double> x0) {
  auto settings = adam_settings(sigma, iterations, std::move(x0));
  settings.push_back(printed("gamma", {0.01}, Range::positive(), "weight decay γ of both optimizers"));
  return settings;
}

Judgement design_fig3(const LandscapePanel& panel, Verdict corrected_fine, Verdict rmspropw_fine,
                      const Settings& settings, Simulations& simulations) {
  const auto ordered = [&](const DescribedOptimizer& optimizer) {
    return order(comparison_on(panel, optimizer, settings), simulations);
  };
  const ComparedEnsembles adamw =
      ordered(adam_with_sdes(settings, settings.scalar("gamma"), {.corrected_fine = corrected_fine}));
  const ComparedEnsembles rmspropw = ordered(rmspropw_with_sdes(panel.landscape, rmspropw_fine, settings));
  return [=](Findings& out) {
    for (const ComparedEnsembles& ensembles : {adamw, rmspropw}) {
      judge(ensembles, out);
      show(ensembles, out);
    }
  };
}

}  // namespace sdelens
