#include "suite/study/panels/fig3.hpp"

namespace sdelens {
namespace {

Judgement design(const Settings& settings, Simulations& simulations) {
  return design_fig3({"Figure 3, panels 3 and 4", saddle_landscape(settings), 0.4}, Verdict::pass,
                     Verdict::pass, settings, simulations);
}

const Register<Experiment> fig3_saddle{{
    .name = "fig3-saddle",
    .title = "AdamW, RMSpropW and their SDEs on the landscape with a saddle",
    .summary = "AdamW with its SDE (174) as printed and corrected, RMSpropW with its SDE (113), as the "
               "paper draws them (Euler-Maruyama with dt = η) and integrated finely. The equation of AdamW "
               "lacks the noise of the fresh gradient in dX. The equation of RMSpropW tracks it.",
    .source = {.paper = "A", .item = "Figure 3, panels 3 and 4"},
    .settings =
        [] {
          auto settings = fig3_settings(0.1, 25000, {0.3, 0.6});
          for (SettingSpecification& setting : saddle_settings()) settings.push_back(std::move(setting));
          return settings;
        }(),
    .design = design,
}};

}  // namespace
}  // namespace sdelens
