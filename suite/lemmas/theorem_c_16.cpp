#include "suite/study/rmsprop_order.hpp"

namespace sdelens {
namespace {

Judgement design(const Settings& settings, Simulations& simulations) {
  const Expansion expansion = rmsprop_expansion(settings, 0.0);
  const WeakOrderStudy of_sde = rmsprop_study(settings, "SDE (86)", "rmsprop", "rmsprop", 0.0);
  const CoupledErrors sde = order_weak_errors(of_sde, simulations);
  const NoiseOrder at_minimum = order_from_minimum(of_sde, simulations);
  WeakOrderStudy study = rmsprop_study(settings, "ODE", "rmsprop", "rmsprop", 0.0);
  study.without_noise = true;
  study.runs = settings.count("ode_runs");
  const CoupledErrors ode = order_weak_errors(study, simulations);
  return [=](Findings& out) {
    expect_order_one(out, "C.16", sde, expansion);
    expect_order(out.claim("ode/x")
                     .at({.paper = "A", .item = "Theorem C.16, Definition 3.1"})
                     .says("The SDE without its noise is of order 1, too: E x at T"),
                 {.order = 1.0}, ode, "x", expansion);
    expect_noise(out, "C.16", at_minimum, expansion);
    Figure figure = order_figure(
        "Weak error of RMSprop's SDE",
        "Optimizer minus SDE (86) at t = T on the same Brownian paths, x the optimizer and X the SDE, by "
        "the scheme of weak order 2 with dt = η/2; bands are one standard error. The ordinary differential "
        "equation that is left without dW has errors of the same order and size: order 1 does not tell one "
        "from the other.",
        sde);
    figure.series.push_back(ode.curve("x", "ODE, g = x", Role::theory, 4));
    out.show(std::move(figure));
  };
}

const Register<Experiment> theorem_c_16{{
    .name = "theorem-c.16",
    .title = "Weak order of RMSprop's SDE",
    .summary =
        "Theorem C.16: the SDE (86) is an order-1 weak approximation of RMSprop. The order is fitted to the "
        "weak errors at T over a decade of learning rates, from coupled paths and an SDE integrated finely. "
        "An equation without noise has order 1 as well, so the theorem says little about the noise; from "
        "the minimum E x² tells them apart.",
    .source = statement_source("C.16"),
    .lemmas = {"C.16"},
    .settings =
        [] {
          std::vector<SettingSpecification> result = rmsprop_order_settings();
          result.push_back(chosen("ode_runs", {262144}, replica_range(),
                                  "replicas against the ODE, where no common path lessens the variance"));
          return result;
        }(),
    .design = design,
}};

}  // namespace
}  // namespace sdelens
