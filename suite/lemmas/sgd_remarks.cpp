#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reference/theory/lemma_3_9.hpp"
#include "reference/theory/lemma_e_2.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/predictions/stationary_law.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

const Source source_107{.paper = "A", .item = "Remark with (107)-(108)"};
const Source source_39{.paper = "A", .item = "Lemma 3.9, remark on SGD"};

/// SGD and RMSprop, base runs of (107)-(108).
struct BaseRuns {
  Problem sgd, rmsprop;
};

BaseRuns base_runs(const Settings& settings) {
  const std::vector<double>& curvatures = settings.list("curvatures");
  const double sigma = settings.scalar("scaling_sigma"), eta = settings.scalar("scaling_eta");
  constexpr double slow = 0.999;  // The mean field holds v at its mean.
  return {quadratic_problem({.name = "sgd"}, curvatures, sigma, eta),
          adaptive_problem("rmsprop", {0.0, slow, 0.0}, curvatures, sigma, eta)};
}

/// With beta as it was: the mean field does not depend on it.
Problem with_rate_and_batch(const Problem& base, double kappa, double delta) {
  return with_learning_rate(rescaled(base, {.batch_size_scale = delta}), kappa * base.learning_rate);
}

double loss_ratio(const Problem& base, double kappa, double delta) {
  return stationary_loss(with_rate_and_batch(base, kappa, delta)) / stationary_loss(base);
}

/// (107)-(108): SGD's asymptotic loss against RMSprop's as learning rate and batch size are scaled.
void claims_of_scaling(const BaseRuns& base, double kappa, double delta, Findings& out) {
  const std::string tag = fmt::format("kappa={}/delta={}", kappa, delta);
  const Problem sgd = with_rate_and_batch(base.sgd, kappa, delta);
  const Problem rmsprop = with_rate_and_batch(base.rmsprop, kappa, delta);
  const theory::LossBound bound = theory::scaled_sgd_loss_bound(
      sgd_loss(base.sgd), {.learning_rate_scale = kappa, .batch_size_scale = delta}, theory::SgdClock::base);
  out.claim("107/bound/" + tag)
      .of("remark-107")
      .says("SGD's asymptotic loss is at most (η/2)(κ/δ)L_τσ²/(2μ), (107)")
      .at_most(stationary_loss(sgd), {.value = bound.limit})
      .margin(linear_margin(sgd));
  out.claim("107/sgd/" + tag)
      .of("remark-107")
      .says("SGD's asymptotic loss is proportional to κ/δ")
      .equals(loss_ratio(base.sgd, kappa, delta), {.value = kappa / delta})
      .margin(linear_rescaling_margin(base.sgd, sgd) + rounding_margin());
  const double ratio = loss_ratio(base.rmsprop, kappa, delta);
  out.claim("108/rmsprop/" + tag)
      .of("remark-107")
      .says("RMSprop's asymptotic loss is proportional to κ/√δ")
      .equals(ratio,
              {.value = kappa / std::sqrt(delta), .error = 2.0 * mean_field_margin().bound.relative * ratio})
      .margin(adaptive_rescaling_margin(base.rmsprop, rmsprop));
}

void draw_scaling(const Settings& settings, const BaseRuns& base, Findings& out) {
  FigureBuilder figure =
      out.figure("scaling", "Asymptotic loss of SGD and RMSprop against the batch size")
          .caption(
              "Loss over that of the base run at learning rate κη and batch size δB: SGD exactly, RMSprop by "
              "the mean-field fixed point. Dotted: κ/δ for SGD (107), κ/√δ for RMSprop (108).")
          .x({.label = "δ", .logarithmic = true})
          .y({.label = "loss over that of the base run", .logarithmic = true})
          .at(settings.list("deltas"));
  int colour = 0;
  for (const double kappa : settings.list("kappas")) {
    const auto label = [&](const char* what) { return fmt::format("{}, κ = {}", what, kappa); };
    const auto ratio = [&](const Problem& problem) {
      return [&](double delta) { return loss_ratio(problem, kappa, delta); };
    };
    figure.optimizer(ratio(base.sgd), label("SGD"), colour)
        .theory([&](double delta) { return kappa / delta; }, label("κ/δ"), colour)
        .optimizer(ratio(base.rmsprop), label("RMSprop"), colour + 1)
        .theory([&](double delta) { return kappa / std::sqrt(delta); }, label("κ/√δ"), colour + 1);
    colour += 2;
  }
}

/// SGD with the learning rate eta (k + 1)^-p, for as many iterations as are calculated.
Question scheduled(const Settings& settings, double p) {
  return until(with_power(quadratic_of(settings, {.name = "sgd"}), p), settings.count("iterations"));
}

/// What is calculated at one power: E f of SGD exactly, once for claims and figure.
struct Schedule {
  double power;
  Question problem;
  std::vector<double> iterations{}, losses{};
};

Schedule calculated(const Settings& settings, double p) {
  Schedule result{.power = p, .problem = scheduled(settings, p)};
  const PredictedCurve exact = Asked("exact-recursion", result.problem).loss_curve();
  const std::vector<std::uint64_t> steps = logarithmic_steps(result.problem.iterations, 80);
  result.iterations.assign(steps.begin(), steps.end());
  result.losses = each(result.iterations, [&](double k) { return exact(k).value; });
  return result;
}

/// The loss lags behind the schedule by the time that it takes to relax, 1 / (2 eta eta_t mu).
void claims_of_schedule(const Schedule& at, Findings& out) {
  const Eigen::VectorXd curvatures = at.problem.curvatures();
  const double end = at.iterations.back();
  const double lag =
      theory::polynomial_rate_ratio(at.power, end) / (2.0 * at.problem.learning_rate * curvatures.minCoeff());
  const double step = at.problem.learning_rate * at.problem.rate_factor(at.problem.iterations);
  const Margin margin{relative(0.6 * step * curvatures.maxCoeff() + 2.0 * lag),
                      "ηη_tλ/2 of the discrete steps, and twice the lag behind the schedule, η_t′/(2ηη_t²μ)"};
  out.claim("3.9/bound/p={}", at.power)
      .of("remark-3.9", Wording::corrected)
      .says("Where η_t′/η_t² → 0 too, E f of SGD is asymptotically at most (L_τσ²/(4μ)) η η_t")
      .at_most(at.losses.back(), Asked("lemma-3.9-sgd-bound", at.problem).loss_curve()(end))
      .margin(margin);
  out.claim("3.9/asymptote/p={}", at.power)
      .of("remark-3.9", Wording::corrected)
      .says(
          "It is asymptotically (σ²d/4) η η_t for every diagonal H: the constant is right, and sharp for H = "
          "λI")
      .equals(at.losses.back(), Asked("lemma-3.9-sgd-asymptote", at.problem).loss_curve()(end))
      .margin(margin);
}

PredictedCurve bound_in_print(const Schedule& at) {
  return Asked("lemma-3.9-sgd-bound", at.problem).loss_curve();
}

void claim_of_print(const Schedule& harmonic, Findings& out) {
  out.claim("3.9/rate-as-printed")
      .of("remark-3.9")
      .says(
          "η_t = 1/(t + 1) meets the hypotheses of Lemma 3.9 (∫η_s ds = ∞, η_t → 0), so E f of SGD is "
          "asymptotically at most (L_τσ²/(4μ)) η η_t")
      .at_most(harmonic.losses.back(), bound_in_print(harmonic)(harmonic.iterations.back()))
      .margin(asymptotic_margin())
      .is_refuted();
}

void draw_schedules(const std::vector<Schedule>& schedules, const Simulated& sgd, Findings& out) {
  FigureBuilder figure =
      out.figure("schedules", "SGD with the learning rate η(k + 1)^−p")
          .caption(
              "Exact E f, simulated too for the first p, and the rate of the remark, (L_τσ²/(4μ)) η η_t. At "
              "p = 1 the hypotheses of Lemma 3.9 hold and the rate does not.")
          .x({.label = "iteration k", .logarithmic = true})
          .y({.label = "f(x)", .logarithmic = true});
  int colour = 0;
  for (const Schedule& at : schedules) {
    figure.at(at.iterations)
        .theory(at.losses, fmt::format("SGD, exact, p = {}", at.power), colour)
        .bound(bound_in_print(at), fmt::format("remark, p = {}", at.power), colour);
    ++colour;
  }
  figure.optimizer(sgd.loss(), sgd->name(), colour);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  for (const char* const name : {"kappas", "deltas", "powers"}) require_distinct(settings, name);
  const double simulated_power = settings.list("powers").front();
  const Problem simulated = scheduled(settings, simulated_power);
  const std::uint64_t last = std::max<std::uint64_t>(100, settings.count("iterations") / 100);
  const Simulated sgd = simulations.optimizer(
      fmt::format("SGD, p = {}", simulated_power), simulated,
      {.recording = {.steps = logarithmic_steps(last, 40)}, .runs = settings.count("runs"), .stream = "SGD"});
  return [=](Findings& out) {
    const BaseRuns base = base_runs(settings);
    for (const double kappa : settings.list("kappas")) {
      for (const double delta : settings.list("deltas")) claims_of_scaling(base, kappa, delta, out);
    }
    draw_scaling(settings, base, out);
    std::vector<Schedule> schedules;
    for (const double p : settings.list("powers")) {
      schedules.push_back(calculated(settings, p));
      claims_of_schedule(schedules.back(), out);
    }
    schedules.push_back(calculated(settings, 1.0));
    claim_of_print(schedules.back(), out);
    out.claim("3.9/simulation")
        .at(source_39)
        .says("Simulated SGD with a schedule has the loss of its exact recursion")
        .equals(sgd.loss().along(5), Asked("exact-recursion", simulated).loss_curve())
        .resolves(relative(0.15));
    draw_schedules(schedules, sgd, out);
  };
}

const Register<Experiment> sgd_remarks{{
    .name = "sgd-remarks",
    .title = "The remarks on SGD",
    .summary = "(107)-(108): SGD's asymptotic loss goes with κ/δ where RMSprop's goes with κ/√δ. And after "
               "Lemma 3.9: with a schedule SGD's loss is asymptotically at most (L_τσ²/(4μ)) η η_t, which "
               "needs η_t′/η_t² → 0 beside the printed hypotheses. All by exact recursion.",
    .source = {.paper = "A", .item = "Remarks on SGD: (107)-(108) and after Lemma 3.9"},
    .lemmas = {"remark-107", "remark-3.9"},
    .settings = {chosen("eta", {1e-2}, Range::positive(),
                        "learning rate η under the schedule, as in Figure 2"),
                 chosen("sigma", {0.1}, Range::positive(),
                        "standard deviation of the gradient noise, as in Figure 2"),
                 chosen("curvatures", {1.0, 2.0}, Range::positive(), "H = diag(curvatures), as in Figure 2"),
                 chosen("x0", {0.01, 0.01}, Range::finite(), "start, as in Figure 2"),
                 chosen("powers", {0.1, 0.5}, {.low = 0.0, .high = 1.0},
                        "p of the schedules (k + 1)^−p; the first is simulated, too"),
                 chosen("scaling_eta", {1e-3}, Range::positive(),
                        "learning rate η of the base run for (107)-(108)"),
                 chosen("scaling_sigma", {1.0}, Range::positive(), "and its gradient noise"),
                 chosen("kappas", {0.5, 2.0}, Range::positive(), "scales κ of the learning rate"),
                 chosen("deltas", {1.0, 2.0, 4.0, 16.0}, Range::positive(), "scales δ of the batch size"),
                 chosen("iterations", {1e6}, Range::at_least(1000),
                        "iterations of the calculations; a hundredth is simulated"),
                 chosen("runs", {4096}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
