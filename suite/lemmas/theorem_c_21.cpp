#include "suite/study/rmsprop_order.hpp"

namespace sdelens {
namespace {

Judgement design(const Settings& settings, Simulations& simulations) {
  const double gamma = settings.scalar("gamma");
  const Expansion expansion = rmsprop_expansion(settings, gamma);
  const WeakOrderStudy study = rmsprop_study(settings, "SDE (113)", "rmspropw", "rmspropw", gamma);
  const CoupledErrors sde = order_weak_errors(study, simulations);
  const NoiseOrder at_minimum = order_from_minimum(study, simulations);
  return [=](Findings& out) {
    expect_order_one(out, "C.21", sde, expansion);
    expect_noise(out, "C.21", at_minimum, expansion);
    out.show(order_figure("Weak error of RMSpropW's SDE",
                          "Optimizer minus SDE (113) at t = T on the same Brownian paths, x the optimizer "
                          "and X the SDE, by the scheme of weak order 2 with dt = η/2; bands are one "
                          "standard error.",
                          sde));
  };
}

const Register<Experiment> theorem_c_21{{
    .name = "theorem-c.21",
    .title = "Weak order of RMSpropW's SDE",
    .summary = "Theorem C.21: the SDE (113) is an order-1 weak approximation of RMSpropW. As theorem-c.16, "
               "with weight decay.",
    .source = statement_source("C.21"),
    .lemmas = {"C.21"},
    .settings =
        [] {
          std::vector<SettingSpecification> result = rmsprop_order_settings();
          result.push_back(chosen("gamma", {1.0}, Range::positive(), "decoupled weight decay γ"));
          return result;
        }(),
    .design = design,
}};

}  // namespace
}  // namespace sdelens
