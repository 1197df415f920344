#include "suite/study/panels/fig7.hpp"

namespace sdelens {
namespace {

Judgement design(const Settings& settings, Simulations& simulations) {
  return design_fig7({"Figure 7, panels 3 and 4", saddle_landscape(settings), 0.1}, true, settings,
                     simulations);
}

const Register<Experiment> fig7_saddle{{
    .name = "fig7-saddle",
    .title = "RMSprop and its SDEs on the landscape with a saddle",
    .summary =
        "RMSprop, its SDE (86) and that of Malladi et al. (183), as the paper draws them (Euler-Maruyama "
        "with dt = η) and integrated finely. At η f''/σ = 2 the scheme with dt = η is nearer to RMSprop "
        "than its equation, and that of Malladi et al. is unstable.",
    .source = {.paper = "A", .item = "Figure 7, panels 3 and 4"},
    .settings =
        [] {
          auto settings = fig7_settings(0.01, 1600, {0.1, 1.0});
          for (SettingSpecification& setting : saddle_settings()) settings.push_back(std::move(setting));
          return settings;
        }(),
    .design = design,
}};

}  // namespace
}  // namespace sdelens
