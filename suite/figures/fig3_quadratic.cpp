#include "suite/study/panels/fig3.hpp"

namespace sdelens {
namespace {

Judgement design(const Settings& settings, Simulations& simulations) {
  return design_fig3({"Figure 3, panels 1 and 2", quadratic_landscape(settings), 0.4}, Verdict::fail,
                     Verdict::fail, settings, simulations);
}

const Register<Experiment> fig3_quadratic{{
    .name = "fig3-quadratic",
    .title = "AdamW, RMSpropW and their SDEs on a quadratic",
    .summary = "AdamW with its SDE (174) as printed and corrected, RMSpropW with its SDE (113), as the "
               "paper draws them (Euler-Maruyama with dt = η) and integrated finely. The equation of AdamW "
               "lacks the noise of the fresh gradient in dX. At ηλ/σ = 1 the schemes with dt = η are nearer "
               "to the optimizers than the equations.",
    .source = {.paper = "A", .item = "Figure 3, panels 1 and 2"},
    .settings =
        [] {
          auto settings = fig3_settings(0.01, 50000, {2.0, 0.6});
          settings.push_back(quadratic_setting());
          return settings;
        }(),
    .design = design,
}};

}  // namespace
}  // namespace sdelens
