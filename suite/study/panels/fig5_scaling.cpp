#include "suite/study/panels/fig5_scaling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sdelens/statistics/jackknife.hpp"

namespace sdelens {
namespace {

/// A curve of the panel.
struct Variant {
  std::string id;
  std::string label;
  AdaptiveRun run;
  std::shared_ptr<const Ensemble> ensemble{};
};

/// The three curves of one weight decay.
struct Family {
  double weight_decay;
  double start_loss;  ///< f(x0)
  Variant base, rescaled, not_rescaled;

  std::vector<const Variant*> all() const { return {&base, &rescaled, &not_rescaled}; }
};

constexpr const char* kWindow = "second half";

AdaptiveRun base_run(const ScalingPanel& panel, const Settings& settings, double weight_decay) {
  AdaptiveRun run{.optimizer = panel.optimizer,
                  .curvatures = settings.list("curvatures"),
                  .learning_rate = settings.scalar("eta"),
                  .sigma = settings.scalar("sigma"),
                  .beta_1 = 0.0,
                  .beta_2 = 0.0,
                  .weight_decay = weight_decay};
  run.beta_1 = run.has_momentum() ? settings.scalar("beta_1") : 0.0;
  run.beta_2 = settings.scalar(run.has_momentum() ? "beta_2" : "beta");
  return run;
}

Measurement ratio_of(const Ensemble& numerator, const Ensemble& denominator) {
  return jackknife({std::vector<Sample>{numerator.average(kWindow, "f"), denominator.average(kWindow, "f")}},
                   [](std::span<const Moments> moments) { return moments[0].mean / moments[1].mean; });
}

void judge_one(const ScalingPanel& panel, const Family& family, const Variant& variant, Findings& out) {
  const std::string tag = fmt::format("gamma={}/{}", family.weight_decay, variant.id);
  const Source source{.paper = "A", .item = panel.item};
  const AdaptiveRun& run = variant.run;
  const Ensemble& ensemble = *variant.ensemble;
  const double loss = run.mean_field_loss();
  const theory::LossBound bound = run.loss_bound(family.start_loss);
  const Prediction mean_field{.value = loss, .error = 0.0};
  out.expect({.id = "simulation/" + tag,
              .statement = fmt::format(
                  "The stationary loss of simulated {}, {}, is that of the mean-field fixed point",
                  panel.label, variant.label),
              .source = source,
              .margin = {.relative = mean_field_margin},
              .margin_reason = mean_field_margin_reason,
              .resolution = {.relative = 0.02}},
             mean_field, mean_of(ensemble.average(kWindow, "f")), {variant.ensemble});
  out.expect({.id = "law/" + tag,
              .statement = "E f → ½ Tr(H Cov x) with Cov x = (κη/2)(H√δ/σ + ξγ)⁻¹, to first order in η",
              .source = source,
              .lemmas = {panel.law},
              .wording = panel.law_wording,
              .margin = {.relative = run.first_order_margin()},
              .margin_reason = AdaptiveRun::first_order_margin_reason()},
             {.value = run.lemma_loss(), .error = mean_field_margin * loss}, exactly(loss));
  out.expect({.id = "bound/" + tag,
              .statement = "E f → at most (η/2) κ L_τ/(2μ√δ/σ + ξγ(1 + μ/L))",
              .source = source,
              .lemmas = {panel.bound},
              .relation = Relation::at_most,
              .margin = {.relative = mean_field_margin},
              .margin_reason = mean_field_margin_reason},
             {.value = bound.limit}, exactly(loss));
  out.expect({.id = "bound-curve/" + tag,
              .statement = "E f_k ≤ S∞ + (S₀ − S∞) e^(−κ(2μ√δ/σ + ξγ(1 + μ/L))kη) all along",
              .source = source,
              .lemmas = {panel.bound},
              .relation = Relation::at_most,
              .margin = {.relative = run.first_order_margin()},
              .margin_reason = AdaptiveRun::first_order_margin_reason(),
              .resolution = {.relative = run.first_order_margin() + 0.02}},
             along(ensemble, "f", run.learning_rate, spread(ensemble.recorded_steps().size(), 10), mean_of,
                   [&](std::size_t place) { return bound.at(ensemble.times()[place]); }),
             {variant.ensemble});
  out.expect(
      {.id = "bound-as-curve/" + tag,
       .statement = fmt::format("The bound of Lemma {} is what the loss tends to, as the figure can be read",
                                panel.bound),
       .source = source,
       .margin = {.relative = 0.1},
       .margin_reason = "a tenth, the most that \"matches\" can mean: the bound is sharp for H = λI only",
       .expected = Verdict::fail},
      {.value = bound.limit, .error = mean_field_margin * loss}, exactly(loss));
}

void judge_rule(const ScalingPanel& panel, const Family& family, const theory::AdaptiveScaling& scaling,
                Findings& out) {
  const std::string tag = fmt::format("gamma={}", family.weight_decay);
  const Source source{.paper = "A", .item = panel.item};
  const AdaptiveRun& base = family.base.run;
  const AdaptiveRun& rescaled_run = family.rescaled.run;
  const double loss = base.mean_field_loss();
  const double kept = rescaled_run.mean_field_loss() / loss;
  const double lost = family.not_rescaled.run.mean_field_loss() / loss;
  // eta gamma / (1 - beta_1) is the same in both; the bias that it causes carries a factor beta_1.
  const double decay = rescaled_run.has_momentum()
                           ? base.weight_decay_bias() * (base.beta_1 - rescaled_run.beta_1)
                           : rescaled_run.weight_decay_bias();
  const Bound margin{.relative = 0.35 * rescaled_run.ratio() + decay};
  const std::string reason = rescaled_run.has_momentum()
                                 ? "first order in η of both: 0.35 ηλ/σ, and 1.2 ηγ/(1 − β₁) times β₁ − β̃₁"
                                 : "first order in η of the rescaled run: 0.35 ηλ/σ + ηγ";
  out.expect({.id = "rescaled-keeps/" + tag,
              .statement = fmt::format(
                  "Rescaled by κ = {}, δ = κ², ξ = κ, β̃ = 1 − κ²(1 − β), {} keeps its asymptotic loss",
                  scaling.learning_rate_scale, panel.label),
              .source = source,
              .lemmas = {panel.bound, "sentence-scaling-rules"},
              .margin = margin,
              .margin_reason = reason},
             {.value = 1.0, .error = 2.0 * mean_field_margin}, exactly(kept));
  out.expect({.id = "not-rescaled-keeps/" + tag,
              .statement = "So it does if γ is left as it is (ξ = 1)",
              .source = source,
              .margin = margin,
              .margin_reason = reason,
              .expected = Verdict::fail},
             {.value = 1.0, .error = 2.0 * mean_field_margin}, exactly(lost));
  out.expect(
      {.id = "not-rescaled/" + tag,
       .statement = fmt::format("With γ left as it is the loss changes as Lemma {} says", panel.law),
       .source = source,
       .lemmas = {"sentence-scaling-rules"},
       .margin = {.relative = base.first_order_margin() + family.not_rescaled.run.first_order_margin()},
       .margin_reason = AdaptiveRun::first_order_margin_reason() + std::string(", of both runs")},
      {.value = family.not_rescaled.run.lemma_loss() / base.lemma_loss(),
       .error = 2.0 * mean_field_margin * lost},
      exactly(lost));
  for (const auto& [variant, predicted] :
       {std::pair{&family.rescaled, kept}, std::pair{&family.not_rescaled, lost}}) {
    out.expect({.id = fmt::format("simulated-ratio/{}/{}", tag, variant->id),
                .statement = fmt::format("The simulated ratio of the losses, {} to {}, is the mean-field one",
                                         variant->label, family.base.label),
                .source = source,
                .margin = {.relative = 2.0 * mean_field_margin},
                .margin_reason = mean_field_margin_reason,
                .resolution = {.relative = 0.03}},
               {.value = predicted}, ratio_of(*variant->ensemble, *family.base.ensemble),
               {variant->ensemble, family.base.ensemble});
  }
}

Figure draw(const ScalingPanel& panel, const Family& family) {
  Figure figure{
      .id = fmt::format("loss-gamma-{}", family.weight_decay),
      .title = fmt::format("{} with γ = {}: loss of the run and of its rescaled forms", panel.label,
                           family.weight_decay),
      .caption = fmt::format(
          "Mean of f over the runs. R: learning rate κη, batch size δB (so σ/√δ), weight decay ξγ and "
          "1 − κ²(1 − β) for every β; NR: the same with γ as it was. Dotted: ½ Tr(H Cov x) with the "
          "covariance of {}, equal for the run and R; dash-dotted: the bound of {}, "
          "S∞ + (S₀ − S∞)e^(−rate·t), t = kη.",
          panel.law, panel.bound),
      .x = {.label = "iteration k", .logarithmic = true},
      .y = {.label = "f(x)", .logarithmic = true}};
  int colour = 0;
  for (const Variant* variant : family.all()) {
    const Ensemble& ensemble = *variant->ensemble;
    const AdaptiveRun& run = variant->run;
    figure.series.push_back(
        mean_curve(ensemble, "f", run.learning_rate, variant->label, Role::optimizer, colour, false));
    const theory::LossBound bound = run.loss_bound(family.start_loss);
    figure.series.push_back(curve("bound, " + variant->label, Role::bound, colour, ensemble.recorded_steps(),
                                  [&](std::size_t place) { return bound.at(ensemble.times()[place]); }));
    figure.series.push_back(curve("½ Tr(H Cov), " + variant->label, Role::theory, colour,
                                  ensemble.recorded_steps(), [&](std::size_t) { return run.lemma_loss(); }));
    ++colour;
  }
  return figure;
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
  const std::uint64_t iterations = settings.count("iterations");
  const double kappa = settings.scalar("kappa");
  const theory::AdaptiveScaling rule{
      .learning_rate_scale = kappa, .batch_size_scale = kappa * kappa, .weight_decay_scale = kappa};
  theory::AdaptiveScaling all_but_decay = rule;
  all_but_decay.weight_decay_scale = 1.0;
  const double start_loss = 0.5 * settings.point("curvatures").dot(settings.point("x0").cwiseAbs2());
  std::vector<Family> families;
  for (const double gamma : settings.list("gammas")) {
    const AdaptiveRun base = base_run(panel, settings, gamma);
    Family family{
        .weight_decay = gamma,
        .start_loss = start_loss,
        .base = {.id = "base", .label = panel.label, .run = base},
        .rescaled = {.id = "R", .label = panel.label + " R", .run = rescaled(base, rule)},
        .not_rescaled = {.id = "NR", .label = panel.label + " NR", .run = rescaled(base, all_but_decay)}};
    for (Variant* variant : {&family.base, &family.rescaled, &family.not_rescaled}) {
      const AdaptiveRun& run = variant->run;
      const std::string name = fmt::format("{}, γ = {}", variant->label, gamma);
      const Model model = quadratic_with_gaussian_noise(run.curvatures, run.sigma, run.learning_rate);
      variant->ensemble = simulations.add(
          name,
          model.optimizer(run.optimizer, run.parameters(), settings.point("x0"), simulations.stream(name)),
          model.observables(),
          {.steps = logarithmic_steps(iterations, 120),
           .windows = {{.name = kWindow, .first = iterations / 2, .last = iterations, .every = 5}}},
          settings.count("runs"));
    }
    families.push_back(std::move(family));
  }
  return [=](Findings& out) {
    for (const Family& family : families) {
      for (const Variant* variant : family.all()) judge_one(panel, family, *variant, out);
      judge_rule(panel, family, rule, out);
      out.show(draw(panel, family));
    }
  };
}

}  // namespace sdelens
