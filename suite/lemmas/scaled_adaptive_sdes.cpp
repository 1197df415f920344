#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "suite/study/adaptive_problem.hpp"
#include "suite/study/scaled_step.hpp"

namespace sdelens {
namespace {

struct Method {
  std::string name, number;

  std::string label() const { return label_of(name); }
  bool momentum() const { return has_momentum(name); }
};

const std::vector<Method>& methods() {
  static const std::vector<Method> all{
      {"rmsprop", "C.18"}, {"rmspropw", "C.22"}, {"adam", "C.27"}, {"adamw", "C.32"}};
  return all;
}

theory::ScaledAdaptivePoint point_of(const Settings& settings, const Method& method, std::size_t which) {
  const double speed = settings.list("alphas")[which];
  theory::ScaledAdaptivePoint point{.learning_rate = settings.scalar("eta"),
                                    .sigma = settings.scalar("sigma"),
                                    .gradient = settings.scalar("gradient"),
                                    .x = settings.scalar("x"),
                                    .first_moment = method.momentum() ? settings.scalar("m") : 0.0,
                                    .second_moment = settings.scalar("v"),
                                    .beta_1 = method.momentum() ? settings.scalar("beta_1") : 0.0,
                                    .beta_2 = settings.scalar("beta_2"),
                                    .weight_decay = decays(method.name) ? settings.scalar("gamma") : 0.0,
                                    .first_speed = method.momentum() ? speed : 1.0,
                                    .second_speed = speed};
  point.scaling.learning_rate_scale = settings.list("kappas")[which];
  point.scaling.batch_size_scale = settings.list("deltas")[which];
  point.scaling.weight_decay_scale = settings.list("xis")[which];
  return point;
}

std::vector<ScaledStep> scaled_points(const Settings& settings, const Method& method) {
  std::vector<ScaledStep> result;
  for (std::size_t which = 0; which < settings.list("kappas").size(); ++which)
    result.push_back(scaled_step(method.name, point_of(settings, method, which)));
  return result;
}

using Value = double (*)(const ScaledStep&);

/// A coefficient against the moment of one step per unit of t = k eta, at every scaling.
void compare(std::vector<Comparison>& list, const std::vector<ScaledStep>& all, const char* what,
             Value predicted, Value moment) {
  for (const ScaledStep& scaled : all) {
    list.push_back({.where = fmt::format("{}, {}", what, scaled.where()),
                    .prediction = {.value = predicted(scaled)},
                    .measurement = exactly(moment(scaled) / scaled.point.learning_rate)});
  }
}

std::vector<Comparison> compared(const std::vector<ScaledStep>& all, const char* what, Value predicted,
                                 Value moment) {
  std::vector<Comparison> list;
  compare(list, all, what, predicted, moment);
  return list;
}

double square(double value) { return value * value; }

/// Differences of numbers of order 1, divided by η.
Margin rounding() { return {relative(1e-9), "rounding of a difference divided by η"}; }

double newest(const std::vector<ScaledStep>& all) {
  double result = 0.0;
  for (const ScaledStep& scaled : all) result = std::max(result, fresh(scaled.point));
  return result;
}

void claims_of_x(const Method& method, const std::vector<ScaledStep>& all, Findings& out) {
  std::vector<Comparison> x;
  compare(
      x, all, "E Δx/η", [](const ScaledStep& s) { return s.printed.x_drift; },
      [](const ScaledStep& s) { return s.step.x_mean; });
  const Value printed_noise = [](const ScaledStep& s) { return square(s.printed.x_noise); };
  const Value variance = [](const ScaledStep& s) { return s.step.x_variance; };
  if (!method.momentum()) compare(x, all, "Var Δx/η", printed_noise, variance);
  const char* const drift = method.momentum() ? "−κ V^(−1/2)(M + ηα₁ρ₁(∇f − M)) − κξγX"
                                              : "−κ V^(−1/2)∇f − κξγX, variance κ²ησ²/(BδV)";
  out.claim(method.name + "/x")
      .of(method.number)
      .says("One iteration of rescaled {} changes x, at leading order, as the printed dX in t = kη: drift {}",
            method.label(), drift)
      .compares(Relation::identity, std::move(x))
      .margin(relative(4.0 * newest(all)),
              "the optimizer divides by the new v, which differs by 1 − β̃, relative");
  if (!method.momentum()) return;
  out.claim(method.name + "/x-noise/as-printed")
      .of(method.number)
      .says("dX of rescaled {} has no noise of its own", method.label())
      .compares(Relation::identity, compared(all, "Var Δx/η", printed_noise, variance))
      .margin(rounding())
      .is_refuted();
  std::vector<Comparison> noise;
  compare(
      noise, all, "Var Δx/η", [](const ScaledStep& s) { return square(s.corrected.x_noise); }, variance);
  compare(
      noise, all, "Cov(Δx, Δm)/η",
      [](const ScaledStep& s) { return -s.corrected.x_noise * s.corrected.first_moment_noise; },
      [](const ScaledStep& s) { return s.step.x_m_covariance; });
  out.claim(method.name + "/x-noise/corrected")
      .of(method.number, Wording::corrected)
      .says(
          "One iteration of rescaled {} changes x, at leading order, with the noise of the fresh "
          "gradient, −κ V^(−1/2) ηα₁ρ₁ √(η/(Bδ)) Σ^(1/2) dW, that of m",
          method.label())
      .compares(Relation::identity, std::move(noise))
      .margin(relative(8.0 * newest(all)),
              "the optimizer divides by the new v, which differs by 1 − β̃, relative, and moves with the "
              "same gradient");
}

/// A memory's drift, m or v: its letter, the index of its α and ρ, and what it relaxes by.
struct Memory {
  std::string letter, index, towards;
  Value printed, corrected, mean;
};

void claims_of_memory(const Method& method, const std::vector<ScaledStep>& all, const Memory& memory,
                      Findings& out) {
  const std::string what = fmt::format("E Δ{}/η", memory.letter);
  out.claim("{}/{}/as-printed", method.name, memory.letter)
      .of(method.number)
      .says("One iteration of rescaled {} changes {} by η(α{}/κ)ρ{}{} in the mean, as printed",
            method.label(), memory.letter, memory.index, memory.index, memory.towards)
      .compares(Relation::identity, compared(all, what.c_str(), memory.printed, memory.mean))
      .margin(rounding())
      .is_refuted();
  out.claim("{}/{}/corrected", method.name, memory.letter)
      .of(method.number, Wording::corrected)
      .says("One iteration of rescaled {} changes {} by ηα{}ρ{}{} in the mean", method.label(), memory.letter,
            memory.index, memory.index, memory.towards)
      .compares(Relation::identity, compared(all, what.c_str(), memory.corrected, memory.mean))
      .margin(rounding());
}

void claims_of_one_step(const Method& method, const std::vector<ScaledStep>& all, Findings& out) {
  claims_of_x(method, all, out);
  claims_of_memory(method, all,
                   {.letter = "v",
                    .index = method.momentum() ? "₂" : "",
                    .towards = "((∇f)² + σ²/(Bδ) − v)",
                    .printed = [](const ScaledStep& s) { return s.printed.second_moment_drift; },
                    .corrected = [](const ScaledStep& s) { return s.corrected.second_moment_drift; },
                    .mean = [](const ScaledStep& s) { return s.step.v_mean; }},
                   out);
  if (!method.momentum()) return;
  claims_of_memory(method, all,
                   {.letter = "m",
                    .index = "₁",
                    .towards = "(∇f − m)",
                    .printed = [](const ScaledStep& s) { return s.printed.first_moment_drift; },
                    .corrected = [](const ScaledStep& s) { return s.corrected.first_moment_drift; },
                    .mean = [](const ScaledStep& s) { return s.step.m_mean; }},
                   out);
  out.claim(method.name + "/m/noise")
      .of(method.number, Wording::corrected)
      .says("The variance of that change of m is η²α₁²ρ₁²σ²/(Bδ): no 1/κ in the noise of dM of rescaled {}",
            method.label())
      .compares(
          Relation::identity,
          compared(
              all, "Var Δm/η", [](const ScaledStep& s) { return square(s.corrected.first_moment_noise); },
              [](const ScaledStep& s) { return s.step.m_variance; }))
      .margin(rounding());
}

/// How v of a rescaled run relaxes on a flat landscape, where (grad f)^2 is nothing beside sigma^2.
struct Transient {
  Method method;
  theory::ScaledAdaptivePoint point;
  Simulated simulated{};

  double rho() const { return (1.0 - point.beta_2) / point.learning_rate; }
  double printed_rate() const { return point.second_speed / point.scaling.learning_rate_scale * rho(); }
  double rate() const { return point.second_speed * rho(); }
  double rest() const { return point.sigma * point.sigma / point.scaling.batch_size_scale; }
  double distance() const { return point.second_moment - rest(); }
  PredictedCurve relaxing(double rate) const {
    return [=, rest = rest(), distance = distance(), eta = point.learning_rate](double k) {
      return Prediction{.value = rest + distance * std::exp(-rate * k * eta)};
    };
  }
};

Transient order(const Settings& settings, Simulations& simulations, const Method& method) {
  Transient result{.method = method, .point = point_of(settings, method, 0)};
  const theory::AdaptiveScaling& scaling = result.point.scaling;
  const Problem problem =
      quadratic_problem(rescaled_optimizer(method.name, result.point), {settings.scalar("curvature")},
                        result.point.sigma / std::sqrt(scaling.batch_size_scale),
                        scaling.learning_rate_scale * result.point.learning_rate);
  result.simulated =
      simulations.optimizer("rescaled " + method.label(), problem,
                            {.recording = {.steps = even_steps(settings.count("iterations"), 50)},
                             .runs = settings.count("runs"),
                             .observables = {state_column("v", method.momentum() ? 2 : 1)},
                             .stream = method.name});
  return result;
}

void claims_of_transient(const Transient& at, Findings& out) {
  const double distance = std::abs(at.distance());
  const Margin margin{
      absolute(0.25 * fresh(at.point) * distance),
      "β̃^k for e^(−(1−β̃)k): at most (1−β̃)/(2e) of the distance from rest, and (∇f)² from the flat "
      "landscape"};
  const auto claim = [&](const std::string& which, double rate, const std::string& relaxation) {
    return out.claim("{}/transient/{}", at.method.name, which)
        .says("E v of rescaled {} relaxes as {}", at.method.label(), relaxation)
        .equals(at.simulated.mean_of_observable("v").along(8), at.relaxing(rate))
        .margin(margin)
        .resolves_beyond_margin(absolute(0.01 * distance));
  };
  claim("as-printed", at.printed_rate(), "e^(−(α/κ)ρt) in t = kη, as printed")
      .of(at.method.number)
      .is_refuted();
  claim("corrected", at.rate(), "e^(−αρt) in t = kη").of(at.method.number, Wording::corrected);
}

void draw(const Transient& at, Findings& out) {
  out.figure("forgetting", "How v of a rescaled run forgets")
      .caption(
          "E v of RMSprop with learning rate κη, batch size δB and β̃ = 1 − α(1 − β), from v₀ = {}, against "
          "the exponentials e^(−αρt) and e^(−(α/κ)ρt) towards σ²/δ, and e^(−ρt) for comparison; ρ = (1 − "
          "β)/η, κ = {}, δ = {}, α = {}. −ln(β̃)/η is {:.4g}, αρ = {:.4g}, (α/κ)ρ = {:.4g}.",
          at.point.second_moment, at.point.scaling.learning_rate_scale, at.point.scaling.batch_size_scale,
          at.point.second_speed, -std::log1p(-fresh(at.point)) / at.point.learning_rate, at.rate(),
          at.printed_rate())
      .x({.label = "iteration k = t/η"})
      .y({.label = "E v"})
      .at(at.simulated->iterations())
      .optimizer(at.simulated.mean_of_observable("v"), "rescaled RMSprop", 0)
      .theory(at.relaxing(at.rate()), "−αρ, corrected", 1)
      .bound(at.relaxing(at.printed_rate()), "−(α/κ)ρ, as printed", 2)
      .theory(at.relaxing(at.rho()), "base run, −ρ", 3);
}

void require_scalings(const Settings& settings) {
  for (const char* const name : {"deltas", "alphas", "xis"}) {
    if (settings.list(name).size() != settings.list("kappas").size())
      throw InvalidParameter("settings", name, "must have as many entries as kappas");
  }
  for (const double kappa : settings.list("kappas")) {
    if (kappa == 1.0) throw InvalidParameter("settings", "kappas", "must not be 1: then α/κ is α");
  }
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_scalings(settings);
  const auto transients =
      each(methods(), [&](const Method& method) { return order(settings, simulations, method); });
  return [=](Findings& out) {
    for (const Transient& transient : transients) {
      claims_of_one_step(transient.method, scaled_points(settings, transient.method), out);
      claims_of_transient(transient, out);
    }
    draw(transients.front(), out);
  };
}

const Register<Experiment> scaled_adaptive_sdes{{
    .name = "scaled-adaptive-sdes",
    .title = "SDEs of rescaled RMSprop(W) and Adam(W)",
    .summary =
        "C.18, C.22, C.27 and C.32 give the SDEs at learning rate κη, batch size δB, weight decay ξγ and β̃ "
        "= 1 − α(1 − β), at t = kη. They print α/κ for the speed of V and M, which is that of the clock kκη, "
        "while dX is written in the clock kη: there it is α. The means and variances of one iteration, by "
        "quadrature over the noise, decide; so does how fast v relaxes on a flat landscape. The rule β̃ = 1 "
        "− κ²(1 − β) is right.",
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
