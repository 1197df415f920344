#include "reference/theory/lemma_e_3.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "suite/predictions/margins.hpp"
#include "suite/predictions/stationary_law.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "E.3"};

/// Steps of the SDE in the time of one iteration, where its loss is compared with the bound at every time.
constexpr std::uint64_t fine = 4;

/// A base run of SGDW and the run rescaled from it, with the bound of E.3 at t = k eta.
struct Rescaling {
  Problem base, problem;
  theory::AdaptiveScaling scaling;

  theory::SgdWLoss lemma() const {
    theory::SgdWLoss result = sgdw_loss(base);
    result.scaling = scaling;
    return result;
  }
  PredictedCurve bound() const {
    return [bound = theory::sgdw_loss_bound(lemma()), base = base](double k) {
      return Prediction{.value = bound.at(base.time(k))};
    };
  }
  PredictedCurve exact() const { return Asked("exact-recursion", problem).loss_curve(); }
};

/// One weight decay: kappa = delta with gamma unchanged, and H = lambda I with delta apart from kappa, so that a wrong
/// power of either shows.
struct Run {
  double gamma;
  Rescaling rescaling, isotropic;
  Simulated optimizer{}, sde{}, isotropic_sde{};
  std::string tag() const { return fmt::format("gamma={}", gamma); }
};

Problem base_on(const Settings& settings, const std::vector<double>& curvatures, double gamma, Point start) {
  return quadratic_problem({.name = "sgdw", .given = {{"gamma", {gamma}}}}, curvatures,
                           settings.scalar("sigma"), settings.scalar("eta"), std::move(start));
}

Rescaling rescaling_of(const Problem& base, const theory::AdaptiveScaling& scaling) {
  return {.base = base, .problem = rescaled(base, scaling), .scaling = scaling};
}

Run order(const Settings& settings, Simulations& simulations, double gamma) {
  const double kappa = settings.scalar("kappa"), delta = settings.scalar("isotropic_delta");
  const std::vector<double>& curvatures = settings.list("curvatures");
  const std::vector<double> alike(curvatures.size(), settings.scalar("isotropic"));
  const Point start = settings.point("x0");
  Run run{.gamma = gamma,
          .rescaling = rescaling_of(base_on(settings, curvatures, gamma, start),
                                    {.learning_rate_scale = kappa, .batch_size_scale = kappa}),
          .isotropic = rescaling_of(base_on(settings, alike, gamma, start),
                                    {.learning_rate_scale = kappa, .batch_size_scale = delta})};
  const std::vector<std::uint64_t> steps = even_steps(settings.count("iterations"), 100);
  const Ordered what{.recording = {.steps = steps}, .runs = settings.count("runs")};
  const Choice& sgdw = run.rescaling.problem.optimizer;
  run.optimizer =
      simulations.optimizer(fmt::format("SGDW, κ = δ, γ = {}", gamma), run.rescaling.problem, what);
  run.sde = simulations.sde(fmt::format("SDE (201), κ = δ, γ = {}", gamma), run.rescaling.problem,
                            {.sde = sgdw}, what);
  run.isotropic_sde = simulations.sde(fmt::format("SDE (201), H = λI, δ = {}, γ = {}", delta, gamma),
                                      run.isotropic.problem, {.sde = sgdw, .steps_per_iteration = fine},
                                      {.recording = {.steps = scaled(steps, fine)}, .runs = what.runs});
  return run;
}

/// What kappa = delta does to the stationary variance of one coordinate, exactly: with gamma unchanged, and with
/// kappa gamma.
struct Coordinate {
  Problem base, kept, lost;

  static double variance(const Problem& problem) { return stationary_law(problem).variance(0).value; }
  double curvature() const { return base.curvatures()(0); }
  double gamma() const { return base.weight_decay(); }
  double kept_ratio() const { return variance(kept) / variance(base); }
  double lost_ratio() const { return variance(lost) / variance(base); }
};

Coordinate coordinate_at(const Settings& settings, double curvature, double gamma) {
  const double kappa = settings.scalar("kappa");
  theory::AdaptiveScaling scaling{.learning_rate_scale = kappa, .batch_size_scale = kappa};
  Coordinate result{.base = base_on(settings, {curvature}, gamma, Point::Zero(1)), .kept = {}, .lost = {}};
  result.kept = rescaled(result.base, scaling);
  scaling.weight_decay_scale = kappa;
  result.lost = rescaled(result.base, scaling);
  return result;
}

void claims_of_variance(const Coordinate& at, Findings& out) {
  const std::string tag = fmt::format("lambda={}/gamma={}", at.curvature(), at.gamma());
  const Margin margin = linear_rescaling_margin(at.base, at.kept);
  out.claim("kept/" + tag)
      .of("E.3", Wording::corrected)
      .says("κ = δ with γ unchanged keeps the stationary variance of SGDW")
      .equals(at.kept_ratio(), {.value = 1.0})
      .margin(margin);
  out.claim("decay-scaled-keeps/" + tag)
      .of("E.3")
      .says(
          "To keep the stationary variance at κ = δ it is imperative to scale γ by κ, so that with κγ it is "
          "kept")
      .equals(at.lost_ratio(), {.value = 1.0})
      .margin(margin)
      .is_refuted();
  out.claim("decay-scaled/" + tag)
      .of("E.3", Wording::corrected)
      .says("With κγ it changes by (λ + γ)/(λ + κγ), as the bound of E.3 itself says")
      .equals(at.lost_ratio(),
              {.value = (at.curvature() + at.gamma()) / (at.curvature() + at.lost.weight_decay())})
      .margin(linear_margin(at.lost));
}

void claims_of_bound(const Run& run, Findings& out) {
  const std::vector<double> iterations = run.optimizer.iterations_along(8);
  out.claim("bound/" + run.tag())
      .of("E.3")
      .says(
          "E S_t ≤ S∞ + (S₀ − S∞)e^(−κ(2μ + ξγ(1 + μ/L))t), S∞ = (η/2)(κ/δ)L_τσ²/(2μ + ξγ(1 + μ/L)), for "
          "SGDW itself")
      .at_most(along(iterations, run.rescaling.exact()), run.rescaling.bound())
      .margin(linear_margin(run.rescaling.problem));
  theory::SgdWLoss unscaled = run.rescaling.lemma(), as_printed = unscaled;
  unscaled.scaling = {};
  as_printed.scaling.weight_decay_scale = as_printed.scaling.learning_rate_scale;
  const Prediction base_limit{.value = theory::sgdw_loss_bound(unscaled).limit};
  const auto stationary = [](const Problem& problem) {
    return Asked("exact-stationary-recursion", problem).loss();
  };
  out.claim("loss-kept/" + run.tag())
      .of("E.3", Wording::corrected)
      .says(
          "The stationary loss of SGDW itself, which the bound of E.3 is of, is kept by κ = δ with γ "
          "unchanged")
      .equals(stationary(run.rescaling.problem).value, stationary(run.rescaling.base))
      .margin(linear_rescaling_margin(run.rescaling.base, run.rescaling.problem));
  out.claim("bound-decay-scaled-keeps/" + run.tag())
      .of("E.3")
      .says("The limit of the bound of E.3 is kept by κ = δ with κγ")
      .is_identity(theory::sgdw_loss_bound(as_printed).limit, base_limit)
      .margin(rounding_margin())
      .is_refuted();
  out.claim("simulation/" + run.tag())
      .at(source)
      .says("Simulated SGDW at κ = δ has the loss of its exact recursion")
      .equals(run.optimizer.loss().along(8), run.rescaling.exact())
      .resolves(relative(0.1));
}

/// For H = lambda I and Sigma = sigma^2 I the bound is E f of the SDE, and to first order in eta that of SGDW:
/// (1 - x)^{2k} = e^{-2u} (1 - u x (1 + 2x/3 + ...)) with u = k x, and u dt^2/3 of the scheme.
void claims_of_equality(const Run& run, Findings& out) {
  const Rescaling& at = run.isotropic;
  const theory::LossBound bound = theory::sgdw_loss_bound(at.lemma());
  const double x = at.problem.learning_rate * (at.problem.curvatures()(0) + run.gamma);
  const double dt = x / static_cast<double>(fine);
  const auto with_transient = [&](double relative_error) {
    return [=, curve = at.bound()](double k) {
      const double transient = std::max(bound.start, bound.limit) * k * x * std::exp(-2.0 * k * x);
      return with_error(curve(k), relative_error * transient);
    };
  };
  out.claim("equality/" + run.tag())
      .of("E.3")
      .says("For H = λI and Σ = σ²I the bound of E.3 is the loss of SGDW, to first order in η")
      .equals(along(run.isotropic_sde.iterations_along(8), at.exact()), with_transient(x * (1.0 + x)))
      .margin(
          linear_margin(at.problem).bound,
          "first order, x = κη(λ + γ): 1/(1 − x/2) in the limit, and (1 − x)^(2k) against e^(−2xk) before");
  out.claim("equality-sde/" + run.tag())
      .of("E.3")
      .says("For H = λI and Σ = σ²I the bound of E.3 is the loss of the SDE (201)")
      .equals(run.isotropic_sde.loss().along(8), with_transient(dt * dt / 3.0))
      .margin(relative(dt * dt), "bias of the weak order-2 integrator, (κη(λ + γ)/4)²")
      .resolves(relative(dt * dt + 0.08));
}

void claims_of_sde(const Run& run, Findings& out) {
  const Problem& problem = run.rescaling.problem;
  for (const Index i : problem.coordinates()) {
    const double curvature = problem.curvatures()(i);
    const double rate = problem.learning_rate * (curvature + run.gamma);
    out.claim("sde/{}/x{}", run.tag(), i + 1)
        .of("E.3")
        .says("The stationary variance of the SDE (201) is (κη/(2δ))σ²/(λ + ξγ)")
        .equals(run.sde.variance(i).at_end(),
                {.value = theory::sgdw_sde_variance(run.rescaling.lemma(), curvature)})
        .margin(relative(rate * rate), "bias of the weak order-2 integrator, (κη(λ + γ))²")
        .resolves(relative(rate * rate + 0.08));
  }
}

void draw_ratios(const Settings& settings, Findings& out) {
  FigureBuilder figure =
      out.figure("ratios", "SGDW at κ = δ: stationary variance over that of the base run")
          .caption(
              "Exact stationary variances at κ = δ = {}, for each curvature λ, against the weight decay γ of "
              "the base run: with γ as it was, and with κγ as E.3 demands. Kept means 1.",
              settings.scalar("kappa"))
          .x({.label = "γ", .logarithmic = true})
          .y({.label = "Var x over that of the base run", .low = 0.5, .high = 1.1})
          .at(settings.list("gammas"));
  int colour = 0;
  for (const double curvature : settings.list("curvatures")) {
    const auto at = [&](double gamma) { return coordinate_at(settings, curvature, gamma); };
    figure
        .theory([&](double gamma) { return at(gamma).kept_ratio(); }, fmt::format("γ, λ = {}", curvature),
                colour)
        .theory([&](double gamma) { return at(gamma).lost_ratio(); }, fmt::format("κγ, λ = {}", curvature),
                colour + 1);
    colour += 2;
  }
}

void draw_loss(const Run& run, Findings& out) {
  const double base_loss = stationary_loss(run.rescaling.base);
  out.figure(fmt::format("loss-gamma-{}", run.gamma),
             fmt::format("SGDW at κ = δ with γ = {} unchanged", run.gamma))
      .caption(
          "Mean of f over the runs of SGDW and of its SDE (201) at κ = δ = {}, the exact recursion, and the "
          "bound of E.3. Dotted level: exact asymptotic loss of the base run, κ = δ = 1.",
          run.rescaling.scaling.learning_rate_scale)
      .y({.label = "f(x)", .logarithmic = true})
      .at(run.optimizer->iterations())
      .optimizer(run.optimizer.loss(), "SGDW", 0)
      .sde(run.sde.loss(), "SDE (201)", 1)
      .theory(run.rescaling.exact(), "exact recursion", 2)
      .theory([=](double) { return base_loss; }, "base run, asymptotic", 3)
      .bound(run.rescaling.bound(), "bound of E.3", 4);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const std::vector<double>& curvatures = require_distinct(settings, "curvatures");
  const std::vector<double>& gammas = require_distinct(settings, "gammas");
  const auto runs = each(gammas, [&](double gamma) { return order(settings, simulations, gamma); });
  return [=](Findings& out) {
    for (const double curvature : curvatures) {
      for (const double gamma : gammas) claims_of_variance(coordinate_at(settings, curvature, gamma), out);
    }
    draw_ratios(settings, out);
    for (const Run& run : runs) {
      claims_of_bound(run, out);
      claims_of_equality(run, out);
      claims_of_sde(run, out);
      draw_loss(run, out);
    }
  };
}

const Register<Experiment> lemma_e_3{{
    .name = "lemma-e.3",
    .title = "Rescaled SGDW: the weight decay stays as it is",
    .summary = "E.3 concludes that rescaling SGD with decoupled weight decay makes it imperative to scale γ "
               "by κ. By its own bound, and exactly, it is the other way round: κ = δ with γ unchanged keeps "
               "the loss, and scaling γ lowers it by up to 40 % here. For H = λI and Σ = σ²I the bound is an "
               "equality, of SGDW to first order in η and of the SDE (201) without a remainder.",
    .source = source,
    .lemmas = {"E.3"},
    .settings = {chosen("eta", {1e-2}, Range::positive(), "learning rate η of the base run, as in Figure 6"),
                 chosen("sigma", {0.5}, Range::positive(), "standard deviation of its gradient noise"),
                 chosen("curvatures", {1.0, 3.0}, Range::positive(), "H = diag(curvatures), as in Figure 5"),
                 chosen("isotropic", {2.0}, Range::positive(), "λ of H = λI, where the bound is an equality"),
                 chosen("isotropic_delta", {8.0}, Range::positive(), "scale δ of the batch size there"),
                 chosen("gammas", {0.5, 4.0}, Range::positive(), "weight decays γ of the base run"),
                 chosen("kappa", {2.0}, Range::positive(),
                        "scale κ of the learning rate, and of the batch size"),
                 chosen("x0", {1.0, 1.0}, Range::finite(), "start, so that the transient is seen"),
                 chosen("iterations", {500}, Range::at_least(100), "iterations"),
                 chosen("runs", {8192}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
