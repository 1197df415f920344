#include "suite/study/panels/fig3.hpp"

#include <utility>

namespace sdelens {
namespace {

DescribedOptimizer rmspropw_with_sdes(const LandscapeComparison& problem, Verdict fine,
                                      const Settings& settings) {
  const Parameters parameters{{"beta", settings.list("beta_2")},
                              {"gamma", settings.list("gamma")},
                              {"initial_v", squared_gradient_at(*problem.model.landscape, problem.start)}};
  return {.id = "rmspropw",
          .label = "RMSpropW",
          .optimizer = "rmspropw",
          .parameters = parameters,
          .beta_2 = settings.scalar("beta_2"),
          .gamma = settings.scalar("gamma"),
          .approximations = {{.id = "rmspropw-drawn",
                              .label = "SDE (113), dt = η",
                              .sde = "rmspropw",
                              .parameters = parameters,
                              .colour = 1,
                              .form = AdaptiveSde::rmsprop,
                              .tracks = Verdict::pass},
                             {.id = "rmspropw-fine",
                              .label = "SDE (113), fine",
                              .sde = "rmspropw",
                              .parameters = parameters,
                              .steps_per_iteration = 16,
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

Judgement design_fig3(const LandscapeComparison& problem, Verdict corrected_fine, Verdict rmspropw_fine,
                      const Settings& settings, Simulations& simulations) {
  const ComparedEnsembles adamw =
      order(problem, adam_with_sdes(settings, settings.scalar("gamma"), {.corrected_fine = corrected_fine}),
            simulations);
  const ComparedEnsembles rmspropw =
      order(problem, rmspropw_with_sdes(problem, rmspropw_fine, settings), simulations);
  return [=](Findings& out) {
    for (const ComparedEnsembles& ensembles : {adamw, rmspropw}) {
      judge(problem, ensembles, out);
      show(problem, ensembles, out);
    }
  };
}

}  // namespace sdelens
