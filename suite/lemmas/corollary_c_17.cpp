#include <algorithm>
#include <cmath>

#include "suite/study/malladi.hpp"
#include "suite/study/rmsprop_order.hpp"

namespace sdelens {
namespace {

Judgement design(const Settings& settings, Simulations& simulations) {
  const Expansion expansion = rmsprop_expansion(settings, 0.0);
  const double x0 = settings.scalar("x0");
  WeakOrderStudy study = rmsprop_study(settings, "x₀ = √η", "rmsprop", "rmsprop-malladi", 0.0);
  study = started_at(study, [x0](double eta) { return x0 * std::sqrt(eta); });
  const CoupledErrors near = order_weak_errors(study, simulations);
  // The error of order 1 is that of RMSprop's own SDE, several times as large per eta as the one that stays: so b is
  // larger, and the largest learning rate is left out.
  Expansion constant = expansion;
  constant.rate = 4.0 * expansion.rate;
  study = rmsprop_study(settings, "x₀ = 1", "rmsprop", "rmsprop-malladi", 0.0);
  study.learning_rates.erase(std::ranges::max_element(study.learning_rates));
  const CoupledErrors away = order_weak_errors(study, simulations);
  return [=](Findings& out) {
    for (const char* const observable : {"x", "v"}) {
      expect_order_near(out, "RMSprop", observable, near, expansion).of({"C.17", "D.2"});
      refute_order_away(out, "RMSprop", observable, away, constant)
          .at({.paper = "A", .item = "Corollary C.17 without its condition"});
    }
    draw_malladi_errors(
        out, "Weak error of Malladi's SDE near the minimum and away from it",
        "RMSprop minus Malladi's SDE at t = T on the same Brownian paths, x the optimizer and X the SDE, by "
        "the scheme of weak order 2 with dt = η/2; bands are one standard error. The error falls with η "
        "from x₀ = √η, and tends to a constant from x₀ = 1.",
        near, away);
  };
}

const Register<Experiment> corollary_c_17{{
    .name = "corollary-c.17",
    .title = "Weak order of Malladi's SDE of RMSprop",
    .summary =
        "Corollary C.17: where ∇f = O(√η) the SDE of RMSprop becomes that of Malladi et al., without (∇f)² "
        "in dV, which is then of weak order 1. Away from the minimum it is not: its error does not fall "
        "with η. Starts are x0 √η and x0.",
    .source = {.paper = "A", .item = "Corollary C.17"},
    .lemmas = {"C.17", "D.2"},
    .settings = rmsprop_order_settings(),
    .design = design,
}};

}  // namespace
}  // namespace sdelens
