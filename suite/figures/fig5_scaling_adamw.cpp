#include "suite/study/panels/fig5_scaling.hpp"

namespace sdelens {
namespace {

const ScalingPanel panel{.optimizer = "adamw",
                         .label = "AdamW",
                         .source = {.paper = "A", .item = "Figure 5, left"},
                         .bound = "3.13",
                         .law = "3.14",
                         .law_entry = "lemma-3.14"};

const Register<Experiment> fig5_scaling_adamw{{
    .name = "fig5-scaling-adamw",
    .title = "Rescaling AdamW with and without its weight decay",
    .summary =
        "AdamW, AdamW rescaled by the paper's rule (R: κη, batch δ = κ², ξγ with ξ = κ, β̃ = 1 − κ²(1 − β)) "
        "and rescaled but for γ (NR), at two weight decays. R keeps the asymptotic loss, NR does not. What "
        "the loss tends to is ½ Tr(H Cov x) with Lemma 3.14; the bound of Lemma 3.13 is 1.7 to 1.9 times as "
        "high here.",
    .source = panel.source,
    .lemmas = {"3.13", "3.14", "sentence-scaling-rules"},
    .most_claims = {.replicas = 48},
    .settings = scaling_settings({printed("beta_1", {0.9}, Range::unit(), "decay of the first moment"),
                                  printed("beta_2", {0.999}, Range::unit(), "decay of the second moment")}),
    .design = [](const Settings& settings,
                 Simulations& simulations) { return design_scaling_panel(panel, settings, simulations); },
}};

}  // namespace
}  // namespace sdelens
