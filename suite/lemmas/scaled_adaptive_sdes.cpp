#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reference/theory/scaled_adaptive_sde.hpp"
#include "sdelens/core/linear_algebra.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/adaptive_methods.hpp"

namespace sdelens {
namespace {

struct Method {
  const char* name;
  const char* label;
  const char* number;
  bool momentum, decays;
};
constexpr Method methods[] = {{"rmsprop", "RMSprop", "C.18", false, false},
                              {"rmspropw", "RMSpropW", "C.22", false, true},
                              {"adam", "Adam", "C.27", true, false},
                              {"adamw", "AdamW", "C.32", true, true}};

/// Means and variances of the changes of x, m and v in one iteration, by quadrature over the gradient noise.
struct OneStep {
  double x_mean, x_variance, x_m_covariance, m_mean, m_variance, v_mean;
};

theory::ScaledAdaptivePoint point_of(const Settings& settings, const Method& method, std::size_t which) {
  theory::ScaledAdaptivePoint point{.learning_rate = settings.scalar("eta"),
                                    .sigma = settings.scalar("sigma"),
                                    .gradient = settings.scalar("gradient"),
                                    .x = settings.scalar("x"),
                                    .first_moment = method.momentum ? settings.scalar("m") : 0.0,
                                    .second_moment = settings.scalar("v"),
                                    .beta_1 = method.momentum ? settings.scalar("beta_1") : 0.0,
                                    .beta_2 = settings.scalar("beta_2"),
                                    .weight_decay = method.decays ? settings.scalar("gamma") : 0.0,
                                    .first_speed = method.momentum ? settings.list("alphas")[which] : 1.0,
                                    .second_speed = settings.list("alphas")[which]};
  point.scaling.learning_rate_scale = settings.list("kappas")[which];
  point.scaling.batch_size_scale = settings.list("deltas")[which];
  point.scaling.weight_decay_scale = settings.list("xis")[which];
  return point;
}

Parameters rescaled_parameters(const Method& method, const theory::ScaledAdaptivePoint& point) {
  const double beta_2 = theory::scaled_beta(point.beta_2, point.second_speed);
  Parameters parameters{{"initial_v", {point.second_moment}}};
  if (method.momentum) {
    parameters["beta_1"] = {theory::scaled_beta(point.beta_1, point.first_speed)};
    parameters["beta_2"] = {beta_2};
    parameters["bias_correction"] = {0.0};
  } else {
    parameters["beta"] = {beta_2};
  }
  if (method.decays) parameters["gamma"] = {point.scaling.weight_decay_scale * point.weight_decay};
  return parameters;
}

OneStep one_step(const Method& method, const theory::ScaledAdaptivePoint& point) {
  const NormalQuadrature quadrature = normal_quadrature(32);
  const Index nodes = quadrature.nodes.size();
  Parameters parameters = rescaled_parameters(method, point);
  parameters["epsilon"] = {0.0};
  const auto optimizer = make_optimizer(method.name, parameters);
  Batch gradient(nodes, 1), x = Batch::Constant(nodes, 1, point.x);
  gradient.col(0) =
      point.gradient + point.sigma / std::sqrt(point.scaling.batch_size_scale) * quadrature.nodes.array();
  Batch memory(nodes, optimizer->memory_columns(1));
  optimizer->initialise(memory);
  if (method.momentum) memory.col(0) = point.first_moment;
  optimizer->update({.index = 0, .learning_rate = point.scaling.learning_rate_scale * point.learning_rate},
                    gradient, memory, x);
  const Column weights = quadrature.weights.array();
  const auto mean = [&](const Column& change) { return (weights * change).sum(); };
  const auto variance = [&](const Column& change) {
    return (weights * (change - mean(change)).square()).sum();
  };
  const Column dx = x.col(0) - point.x;
  const Column dm =
      method.momentum ? Column(memory.col(0) - point.first_moment) : Column(Column::Zero(nodes));
  const Column dv = memory.col(memory.cols() - 1) - point.second_moment;
  return {.x_mean = mean(dx),
          .x_variance = variance(dx),
          .x_m_covariance = (weights * (dx - mean(dx)) * (dm - mean(dm))).sum(),
          .m_mean = mean(dm),
          .m_variance = variance(dm),
          .v_mean = mean(dv)};
}

theory::ScaledAdaptiveCoefficients coefficients(const Method& method,
                                                const theory::ScaledAdaptivePoint& point, Wording form) {
  return method.momentum ? theory::scaled_adam_sde(point, form) : theory::scaled_rmsprop_sde(point, form);
}

void compare_one_step(const Settings& settings, const Method& method, Findings& out) {
  const double eta = settings.scalar("eta");
  const Source source{.paper = "A", .item = method.number};
  std::vector<Comparison> x, x_noise_printed, x_noise_corrected, m_printed, m_corrected, m_noise, v_printed,
      v_corrected;
  double newest = 0.0;
  for (std::size_t which = 0; which < settings.list("kappas").size(); ++which) {
    const theory::ScaledAdaptivePoint point = point_of(settings, method, which);
    const OneStep step = one_step(method, point);
    const auto printed = coefficients(method, point, Wording::printed);
    const auto corrected = coefficients(method, point, Wording::corrected);
    const std::string where =
        fmt::format("κ = {}, δ = {}, α = {}, ξ = {}", point.scaling.learning_rate_scale,
                    point.scaling.batch_size_scale, point.second_speed, point.scaling.weight_decay_scale);
    const auto add = [&](std::vector<Comparison>& list, const char* what, double predicted, double found) {
      list.push_back({.where = fmt::format("{}, {}", what, where),
                      .prediction = {.value = predicted},
                      .measurement = exactly(found)});
    };
    newest = std::max(newest, 1.0 - theory::scaled_beta(point.beta_2, point.second_speed));
    add(x, "E Δx/η", printed.x_drift, step.x_mean / eta);
    if (!method.momentum) add(x, "Var Δx/η", printed.x_noise * printed.x_noise, step.x_variance / eta);
    add(v_printed, "E Δv/η", printed.second_moment_drift, step.v_mean / eta);
    add(v_corrected, "E Δv/η", corrected.second_moment_drift, step.v_mean / eta);
    if (!method.momentum) continue;
    add(x_noise_printed, "Var Δx/η", printed.x_noise * printed.x_noise, step.x_variance / eta);
    add(x_noise_corrected, "Var Δx/η", corrected.x_noise * corrected.x_noise, step.x_variance / eta);
    add(x_noise_corrected, "Cov(Δx, Δm)/η", -corrected.x_noise * corrected.first_moment_noise,
        step.x_m_covariance / eta);
    add(m_printed, "E Δm/η", printed.first_moment_drift, step.m_mean / eta);
    add(m_corrected, "E Δm/η", corrected.first_moment_drift, step.m_mean / eta);
    add(m_noise, "Var Δm/η", corrected.first_moment_noise * corrected.first_moment_noise,
        step.m_variance / eta);
  }
  // Differences of numbers of order 1, divided by η.
  const Bound rounding{.relative = 1e-9};
  const std::string rounding_reason = "rounding of a difference divided by η";
  const std::string prefix = std::string(method.name) + "/";
  out.expect({.id = prefix + "x",
              .statement = fmt::format(
                  "One iteration of rescaled {} changes x, at leading order, as the printed dX in "
                  "t = kη: drift {}",
                  method.label,
                  method.momentum ? "−κ V^(−1/2)(M + ηα₁ρ₁(∇f − M)) − κξγX"
                                  : "−κ V^(−1/2)∇f − κξγX, variance κ²ησ²/(BδV)"),
              .source = source,
              .lemmas = {method.number},
              .relation = Relation::identity,
              .margin = {.relative = 4.0 * newest},
              .margin_reason = "the optimizer divides by the new v, which differs by 1 − β̃, relative"},
             x);
  if (method.momentum) {
    out.expect({.id = prefix + "x-noise/as-printed",
                .statement = fmt::format("dX of rescaled {} has no noise of its own", method.label),
                .source = {.paper = "A", .item = std::string(method.number) + ", as printed"},
                .lemmas = {method.number},
                .relation = Relation::identity,
                .margin = rounding,
                .margin_reason = rounding_reason,
                .expected = Verdict::fail},
               x_noise_printed);
    out.expect({.id = prefix + "x-noise/corrected",
                .statement =
                    fmt::format("One iteration of rescaled {} changes x, at leading order, with the noise of "
                                "the fresh gradient, −κ V^(−1/2) ηα₁ρ₁ √(η/(Bδ)) Σ^(1/2) dW, that of m",
                                method.label),
                .source = {.paper = "A", .item = std::string(method.number) + ", corrected"},
                .lemmas = {method.number},
                .wording = Wording::corrected,
                .relation = Relation::identity,
                .margin = {.relative = 8.0 * newest},
                .margin_reason =
                    "the optimizer divides by the new v, which differs by 1 − β̃, relative, and moves with "
                    "the same gradient"},
               x_noise_corrected);
  }
  const auto memory = [&](const char* letter, const char* index, const char* equation,
                          const std::vector<Comparison>& as_printed,
                          const std::vector<Comparison>& as_corrected) {
    out.expect(
        {.id = prefix + letter + "/as-printed",
         .statement = fmt::format("One iteration of rescaled {} changes {} by η(α{}/κ)ρ{}{} in the mean, as "
                                  "printed",
                                  method.label, letter, index, index, equation),
         .source = {.paper = "A", .item = std::string(method.number) + ", as printed"},
         .lemmas = {method.number},
         .relation = Relation::identity,
         .margin = rounding,
         .margin_reason = rounding_reason,
         .expected = Verdict::fail},
        as_printed);
    out.expect({.id = prefix + letter + "/corrected",
                .statement = fmt::format("One iteration of rescaled {} changes {} by ηα{}ρ{}{} in the mean",
                                         method.label, letter, index, index, equation),
                .source = {.paper = "A", .item = std::string(method.number) + ", corrected"},
                .lemmas = {method.number},
                .wording = Wording::corrected,
                .relation = Relation::identity,
                .margin = rounding,
                .margin_reason = rounding_reason},
               as_corrected);
  };
  memory("v", method.momentum ? "₂" : "", "((∇f)² + σ²/(Bδ) − v)", v_printed, v_corrected);
  if (!method.momentum) return;
  memory("m", "₁", "(∇f − m)", m_printed, m_corrected);
  out.expect({.id = prefix + "m/noise",
              .statement = fmt::format(
                  "The variance of that change of m is η²α₁²ρ₁²σ²/(Bδ): no 1/κ in the noise of dM "
                  "of rescaled {}",
                  method.label),
              .source = {.paper = "A", .item = std::string(method.number) + ", corrected"},
              .lemmas = {method.number},
              .wording = Wording::corrected,
              .relation = Relation::identity,
              .margin = rounding,
              .margin_reason = rounding_reason},
             m_noise);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const std::size_t scalings = settings.list("kappas").size();
  for (const char* const name : {"deltas", "alphas", "xis"}) {
    if (settings.list(name).size() != scalings)
      throw InvalidParameter("settings", name, "must have as many entries as kappas");
  }
  for (const double kappa : settings.list("kappas")) {
    if (kappa == 1.0) throw InvalidParameter("settings", "kappas", "must not be 1: then α/κ is α");
  }
  const double eta = settings.scalar("eta");
  const std::vector<std::uint64_t> steps = even_steps(settings.count("iterations"), 50);
  std::vector<std::shared_ptr<const Ensemble>> ensembles;
  for (const Method& method : methods) {
    const theory::ScaledAdaptivePoint point = point_of(settings, method, 0);
    const Model model = quadratic_with_gaussian_noise({settings.scalar("curvature")},
                                                      point.sigma / std::sqrt(point.scaling.batch_size_scale),
                                                      point.scaling.learning_rate_scale * eta);
    ensembles.push_back(simulations.add(fmt::format("rescaled {}", method.label),
                                        model.optimizer(method.name, rescaled_parameters(method, point),
                                                        model.origin(), simulations.stream(method.name)),
                                        {state_column("v", method.momentum ? 2 : 1)}, {.steps = steps},
                                        settings.count("runs")));
  }

  return [=](Findings& out) {
    Figure figure{.id = "forgetting",
                  .title = "How v of a rescaled run forgets",
                  .x = {.label = "iteration k = t/η"},
                  .y = {.label = "E v"}};
    for (std::size_t i = 0; i < std::size(methods); ++i) {
      const Method& method = methods[i];
      compare_one_step(settings, method, out);
      const theory::ScaledAdaptivePoint point = point_of(settings, method, 0);
      const double kappa = point.scaling.learning_rate_scale;
      const double rest = point.sigma * point.sigma / point.scaling.batch_size_scale;
      const double distance = point.second_moment - rest;
      const double rho = (1.0 - point.beta_2) / eta;
      const auto relaxing = [&](double rate) {
        return [&, rate](std::size_t place) {
          return rest + distance * std::exp(-rate * static_cast<double>(steps[place]) * eta);
        };
      };
      const double fresh = 1.0 - theory::scaled_beta(point.beta_2, point.second_speed);
      const Bound margin{.absolute = 0.25 * fresh * std::abs(distance)};
      const std::string reason =
          "β̃^k for e^(−(1−β̃)k): at most (1−β̃)/(2e) of the distance from rest, and (∇f)² from "
          "the flat landscape";
      const Bound resolution{.absolute = margin.absolute + 0.01 * std::abs(distance)};
      const auto places = spread(steps.size(), 8);
      const auto claim = [&](const char* which, Wording wording, double rate, const char* formula,
                             Verdict expected) {
        out.expect({.id = fmt::format("{}/transient/{}", method.name, which),
                    .statement = fmt::format("E v of rescaled {} relaxes as e^({}) in t = kη{}", method.label,
                                             formula, wording == Wording::printed ? ", as printed" : ""),
                    .source = {.paper = "A",
                               .item = fmt::format("{}, {}", method.number,
                                                   wording == Wording::printed ? "as printed" : "corrected")},
                    .lemmas = {method.number},
                    .wording = wording,
                    .margin = margin,
                    .margin_reason = reason,
                    .resolution = resolution,
                    .expected = expected},
                   along(*ensembles[i], "v", eta * kappa, places, mean_of, relaxing(rate)), {ensembles[i]});
      };
      claim("as-printed", Wording::printed, point.second_speed / kappa * rho, "−(α/κ)ρt", Verdict::fail);
      claim("corrected", Wording::corrected, point.second_speed * rho, "−αρt", Verdict::pass);
      if (i > 0) continue;
      figure.series = {
          mean_curve(*ensembles[0], "v", eta * kappa, "rescaled RMSprop", Role::optimizer, 0, false),
          curve("−αρ, corrected", Role::theory, 1, steps, relaxing(point.second_speed * rho)),
          curve("−(α/κ)ρ, as printed", Role::bound, 2, steps, relaxing(point.second_speed / kappa * rho)),
          curve("base run, −ρ", Role::theory, 3, steps, relaxing(rho))};
      figure.caption = fmt::format(
          "E v of RMSprop with learning rate κη, batch size δB and β̃ = 1 − α(1 − β), from v₀ = {}, against "
          "the "
          "exponentials e^(−αρt) and e^(−(α/κ)ρt) towards σ²/δ, and e^(−ρt) for comparison; ρ = (1 − β)/η, κ "
          "= {}, "
          "δ = {}, α = {}. "
          "−ln(β̃)/η is {:.4g}, αρ = {:.4g}, (α/κ)ρ = {:.4g}.",
          point.second_moment, kappa, point.scaling.batch_size_scale, point.second_speed,
          -std::log1p(-fresh) / eta, point.second_speed * rho, point.second_speed / kappa * rho);
    }
    out.show(std::move(figure));
  };
}

const Register<Experiment> scaled_adaptive_sdes{{
    .name = "scaled-adaptive-sdes",
    .title = "SDEs of rescaled RMSprop(W) and Adam(W)",
    .summary =
        "C.18, C.22, C.27 and C.32 give the SDEs at learning rate κη, batch size δB, weight decay ξγ and "
        "β̃ = 1 − α(1 − β), at t = kη. They print α/κ for the speed of V and M, which is that of the clock k "
        "κη, while "
        "dX is written in the clock kη: there it is α. The means and variances of one iteration, by "
        "quadrature over "
        "the noise, decide; so does how fast v relaxes on a flat landscape. The rule β̃ = 1 − κ²(1 − β) is "
        "right.",
    .source = {.paper = "A", .item = "C.18, C.22, C.27, C.32"},
    .lemmas = {"C.18", "C.22", "C.27", "C.32"},
    .settings =
        {printed("eta", {1e-3}, Range::positive(), "learning rate η of the base run, as in Figure 5"),
         printed("sigma", {1.0}, Range::positive(), "standard deviation of the noise of one sample; B = 1"),
         printed("beta_1", {0.9}, Range::unit(), "β₁ of the base run of Adam(W)"),
         printed("beta_2", {0.999}, Range::unit(), "β₂ of Adam(W), β of RMSprop(W), of the base run"),
         printed("gamma", {1.0}, Range::non_negative(), "weight decay γ of the base run, as in Figure 5"),
         chosen("kappas", {2.0, 3.0}, Range::positive(),
                "learning rates over η; not 1. The first scaling is the rule that Figure 5 uses"),
         chosen("deltas", {4.0, 2.0}, Range::positive(), "batch sizes over B"),
         chosen("alphas", {4.0, 5.0}, Range::positive(), "(1 − β̃)/(1 − β), for β₁ and β₂ alike"),
         chosen("xis", {2.0, 0.5}, Range::positive(), "weight decays over γ"),
         chosen("gradient", {0.7}, Range::finite(), "∇f at the point of the one-step comparison"),
         chosen("x", {-1.5}, Range::finite(), "x there; seen by the weight decay"),
         chosen("m", {-0.4}, Range::finite(), "m there"),
         chosen("v", {1.7}, Range::positive(), "v there, and at the start of the run on the flat landscape"),
         chosen("curvature", {1e-3}, Range::positive(),
                "λ of the flat landscape: (∇f)² is nothing beside σ²"),
         chosen("iterations", {1000}, Range::at_least(100), "iterations on the flat landscape, from x = 0"),
         chosen("runs", {4096}, replica_range(), "replicas on the flat landscape at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
