#include "suite/study/panels/fig7.hpp"

namespace sdelens {
namespace {

Judgement design(const Settings& settings, Simulations& simulations) {
  return design_fig7({"Figure 7, panels 1 and 2", quadratic_landscape(settings), 0.1}, false, settings,
                     simulations);
}

const Register<Experiment> fig7_quadratic{{
    .name = "fig7-quadratic",
    .title = "RMSprop and its SDEs on a quadratic",
    .summary = "RMSprop, its SDE (86) and that of Malladi et al. (183), as the paper draws them "
               "(Euler-Maruyama with dt = η) and integrated finely. At ηλ/σ = 1 the scheme with dt = η is "
               "nearer to RMSprop than its equation.",
    .source = {.paper = "A", .item = "Figure 7, panels 1 and 2"},
    .settings =
        [] {
          auto settings = fig7_settings(0.1, 2000, {1.0, 0.5});
          settings.push_back(quadratic_setting());
          return settings;
        }(),
    .design = design,
}};

}  // namespace
}  // namespace sdelens
