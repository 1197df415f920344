#include "suite/study/panels/fig5_scaling.hpp"

namespace sdelens {
namespace {

const ScalingPanel panel{.optimizer = "rmspropw",
                         .label = "RMSpropW",
                         .item = "Figure 5, centre-left",
                         .bound = "C.23",
                         .law = "C.24"};

const Register<Experiment> fig5_scaling_rmspropw{{
    .name = "fig5-scaling-rmspropw",
    .title = "Rescaling RMSpropW with and without its weight decay",
    .summary =
        "RMSpropW, RMSpropW rescaled by the paper's rule (R: κη, batch δ = κ², ξγ with ξ = κ, "
        "β̃ = 1 − κ²(1 − β)) and rescaled but for γ (NR), at two weight decays. R keeps the asymptotic loss, "
        "NR "
        "does not. What the loss tends to is ½ Tr(H Cov x) with C.24; the bound C.23 is 1.7 to 1.9 times as "
        "high here.",
    .source = {.paper = "A", .item = panel.item},
    .lemmas = {"C.23", "C.24", "sentence-scaling-rules"},
    .most_claims = {.replicas = 48},
    .settings = scaling_settings({printed("beta", {0.999}, Range::unit(), "decay of the second moment")}),
    .design = [](const Settings& settings,
                 Simulations& simulations) { return design_scaling_panel(panel, settings, simulations); },
}};

}  // namespace
}  // namespace sdelens
