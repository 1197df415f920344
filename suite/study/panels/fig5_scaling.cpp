#include "suite/study/panels/fig5_scaling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

const char* const window = "second half";

/// A curve of the panel.
struct Variant {
  std::string id, label;
  Problem problem;
  Simulated simulated{};

  double loss() const { return Asked("mean-field", problem).loss().value; }
};

/// The three curves of one weight decay.
struct Family {
  double weight_decay;
  Variant base, rescaled, not_rescaled;

  std::vector<const Variant*> all() const { return {&base, &rescaled, &not_rescaled}; }
};

double closure() { return mean_field_margin().bound.relative; }

/// What a panel says about one variant.
struct Variation {
  const ScalingPanel& panel;
  const Variant& variant;
  std::string tag;

  Asked law() const { return {panel.law_entry, variant.problem}; }
  Asked bound() const { return {"lemma-" + panel.bound, variant.problem}; }
};

void claims_of_law(const Variation& at, Findings& out) {
  const Problem& problem = at.variant.problem;
  const Asked mean_field("mean-field", problem);
  const double loss = at.variant.loss();
  out.claim("simulation/" + at.tag)
      .at(at.panel.source)
      .says(fmt::format("The stationary loss of simulated {}, {}, is that of the mean-field fixed point",
                        at.panel.label, at.variant.label))
      .equals(at.variant.simulated.loss().over(window), mean_field.loss())
      .margin(mean_field_margin())
      .resolves(relative(0.02));
  out.claim("law/" + at.tag)
      .of(at.panel.law)
      .at(at.panel.source)
      .says("E f → ½ Tr(H Cov x) with Cov x = (κη/2)(H√δ/σ + ξγ)⁻¹, to first order in η")
      .equals(loss, with_error(at.law().loss(), closure() * loss))
      .margin(adaptive_margin(problem));
}

void claims_of_bound(const Variation& at, Findings& out) {
  const Problem& problem = at.variant.problem;
  const double loss = at.variant.loss();
  const Margin first_order = adaptive_margin(problem);
  out.claim("bound/" + at.tag)
      .of(at.panel.bound)
      .at(at.panel.source)
      .says("E f → at most (η/2) κ L_τ/(2μ√δ/σ + ξγ(1 + μ/L))")
      .at_most(loss, at.bound().loss())
      .margin(mean_field_margin());
  out.claim("bound-curve/" + at.tag)
      .of(at.panel.bound, Wording::corrected)
      .at(at.panel.source)
      .says("E f_k ≤ S∞ + (S₀ − S∞) e^(−κ(2μ√δ/σ + ξγ(1 + μ/L))kη) all along")
      .at_most(at.variant.simulated.loss().along(10), at.bound().loss_curve())
      .margin(first_order)
      .resolves(relative(first_order.bound.relative + 0.02));
  out.claim("bound-as-curve/" + at.tag)
      .at(at.panel.source)
      .says(fmt::format("The bound of Lemma {} is what the loss tends to, as the figure can be read",
                        at.panel.bound))
      .equals(loss, with_error(at.bound().loss(), closure() * loss))
      .margin(relative(0.1),
              "a tenth, the most that \"matches\" can mean: the bound is sharp for H = λI only")
      .is_refuted();
}

void claims_of_rule(const ScalingPanel& panel, const Family& family, double kappa, Findings& out) {
  const std::string tag = fmt::format("gamma={}", family.weight_decay);
  const double loss = family.base.loss();
  const double kept = family.rescaled.loss() / loss, lost = family.not_rescaled.loss() / loss;
  const Margin margin = adaptive_rescaling_margin(family.base.problem, family.rescaled.problem);
  const Prediction unchanged{.value = 1.0, .error = 2.0 * closure()};
  out.claim("rescaled-keeps/" + tag)
      .of({panel.bound, "sentence-scaling-rules"})
      .at(panel.source)
      .says(fmt::format("Rescaled by κ = {}, δ = κ², ξ = κ, β̃ = 1 − κ²(1 − β), {} keeps its asymptotic loss",
                        kappa, panel.label))
      .equals(kept, unchanged)
      .margin(margin);
  out.claim("not-rescaled-keeps/" + tag)
      .at(panel.source)
      .says("So it does if γ is left as it is (ξ = 1)")
      .equals(lost, unchanged)
      .margin(margin)
      .is_refuted();
  const auto law = [&](const Variant& variant) {
    return Asked(panel.law_entry, variant.problem).loss().value;
  };
  const double both = adaptive_margin(family.base.problem).bound.relative +
                      adaptive_margin(family.not_rescaled.problem).bound.relative;
  out.claim("not-rescaled/" + tag)
      .of("sentence-scaling-rules")
      .at(panel.source)
      .says(fmt::format("With γ left as it is the loss changes as Lemma {} says", panel.law))
      .equals(lost, {.value = law(family.not_rescaled) / law(family.base), .error = 2.0 * closure() * lost})
      .margin(relative(both), adaptive_margin(family.base.problem).reason + ", of both runs");
  for (const Variant* variant : {&family.rescaled, &family.not_rescaled}) {
    const std::vector<Sample> losses{variant->simulated->average(window, "f"),
                                     family.base.simulated->average(window, "f")};
    out.claim(fmt::format("simulated-ratio/{}/{}", tag, variant->id))
        .at(panel.source)
        .says(fmt::format("The simulated ratio of the losses, {} to {}, is the mean-field one",
                          variant->label, family.base.label))
        .equals(jackknife(losses, [](std::span<const Moments> m) { return m[0].mean / m[1].mean; }),
                {.value = variant->loss() / loss})
        .margin(relative(2.0 * closure()), mean_field_margin().reason)
        .resolves(relative(0.03));
  }
}

Figure figure(const ScalingPanel& panel, const Family& family) {
  Figure figure{
      .id = fmt::format("loss-gamma-{}", family.weight_decay),
      .title = fmt::format("{} with γ = {}: loss of the run and of its rescaled forms", panel.label,
                           family.weight_decay),
      .caption = fmt::format("Mean of f over the runs. R: learning rate κη, batch size δB (so σ/√δ), weight "
                             "decay ξγ and 1 − κ²(1 − β) for every β; NR: the same with γ as it was. Dotted: "
                             "½ Tr(H Cov x) with the covariance of {}, equal for the run and R; dash-dotted: "
                             "the bound of {}, S∞ + (S₀ − S∞)e^(−rate·t), t = kη.",
                             panel.law, panel.bound),
      .x = {.label = "iteration k", .logarithmic = true},
      .y = {.label = "f(x)", .logarithmic = true}};
  int colour = 0;
  for (const Variant* variant : family.all()) {
    const Variation at{panel, *variant, ""};
    const std::vector<double> iterations = variant->simulated->iterations();
    const std::vector<double> law(iterations.size(), at.law().loss().value);
    figure.series.push_back(variant->simulated.loss().curve(variant->label, Role::optimizer, colour));
    figure.series.push_back(
        drawn(at.bound().loss_curve(), iterations, "bound, " + variant->label, Role::bound, colour));
    figure.series.push_back({.label = "½ Tr(H Cov), " + variant->label,
                             .role = Role::theory,
                             .colour = colour,
                             .x = iterations,
                             .y = law});
    ++colour;
  }
  return figure;
}

Family order(const ScalingPanel& panel, const Settings& settings, Simulations& simulations, double gamma) {
  const bool momentum = has_momentum(panel.optimizer);
  const double kappa = settings.scalar("kappa");
  const theory::AdaptiveScaling rule{
      .learning_rate_scale = kappa, .batch_size_scale = kappa * kappa, .weight_decay_scale = kappa};
  theory::AdaptiveScaling all_but_decay = rule;
  all_but_decay.weight_decay_scale = 1.0;
  const Problem base = adaptive_problem(
      panel.optimizer,
      {momentum ? settings.scalar("beta_1") : 0.0, settings.scalar(momentum ? "beta_2" : "beta"), gamma},
      settings.list("curvatures"), settings.scalar("sigma"), settings.scalar("eta"), settings.point("x0"));
  Family family{gamma,
                {"base", panel.label, base},
                {"R", panel.label + " R", rescaled(base, rule)},
                {"NR", panel.label + " NR", rescaled(base, all_but_decay)}};
  const std::uint64_t iterations = settings.count("iterations");
  for (Variant* variant : {&family.base, &family.rescaled, &family.not_rescaled}) {
    variant->simulated = simulations.optimizer(
        fmt::format("{}, γ = {}", variant->label, gamma), variant->problem,
        {.recording =
             {.steps = logarithmic_steps(iterations, 120),
              .windows = {{.name = window, .first = iterations / 2, .last = iterations, .every = 5}}},
         .runs = settings.count("runs")});
  }
  return family;
}

}  // namespace

std::vector<SettingSpecification> scaling_settings(std::vector<SettingSpecification> betas) {
  std::vector<SettingSpecification> settings{
      printed("eta", {1e-3}, Range::positive(), "learning rate η of the base run"),
      printed("sigma", {1.0}, Range::positive(), "standard deviation of the gradient noise of the base run"),
      printed("curvatures", {1.0, 3.0}, Range::positive(), "H = diag(curvatures)"),
      printed("gammas", {1.0, 4.0}, Range::positive(), "weight decays γ of the base run"),
      printed("kappa", {2.0}, Range::positive(), "scale κ of the learning rate; δ = κ² and ξ = κ follow")};
  std::ranges::move(betas, std::back_inserter(settings));
  settings.push_back(chosen("x0", {0.07, 0.07}, Range::finite(), "start, at a loss of 10⁻²"));
  settings.push_back(printed("iterations", {20000}, Range::at_least(1000), "iterations"));
  settings.push_back(printed("runs", {500}, replica_range(), "replicas at the standard tier"));
  return settings;
}

Judgement design_scaling_panel(const ScalingPanel& panel, const Settings& settings,
                               Simulations& simulations) {
  require_distinct(settings, "gammas");
  std::vector<Family> families;
  for (const double gamma : settings.list("gammas"))
    families.push_back(order(panel, settings, simulations, gamma));
  return [=, kappa = settings.scalar("kappa")](Findings& out) {
    for (const Family& family : families) {
      for (const Variant* variant : family.all()) {
        const Variation at{panel, *variant, fmt::format("gamma={}/{}", family.weight_decay, variant->id)};
        claims_of_law(at, out);
        claims_of_bound(at, out);
      }
      claims_of_rule(panel, family, kappa, out);
      out.show(figure(panel, family));
    }
  };
}

}  // namespace sdelens
