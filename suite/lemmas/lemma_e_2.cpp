#include "reference/theory/lemma_e_2.hpp"

#include <fmt/format.h>

#include <cmath>

#include "suite/predictions/margins.hpp"
#include "suite/predictions/stationary_law.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "E.2"};

/// The SDE of SGD at learning rate kappa eta is (195), its time k kappa eta. (196) is the SDE of SGD at learning rate
/// eta with kappa f for f and kappa sigma / sqrt(delta) for sigma, its time k eta.
struct Run {
  theory::AdaptiveScaling scaling;
  Problem base, rescaled, by_force;
  Simulated sde_195{}, sde_196{}, optimizer{};

  double kappa() const { return scaling.learning_rate_scale; }
  double time(double iteration) const { return base.time(iteration); }
  PredictedCurve exact_loss() const { return Asked("exact-recursion", rescaled).loss_curve(); }
  theory::LossBound bound(theory::SgdClock clock) const {
    return theory::scaled_sgd_loss_bound(sgd_loss(base), scaling, clock);
  }
};

Problem problem_on(const Settings& settings, double curvature_scale, double sigma, double learning_rate) {
  std::vector<double> curvatures = settings.list("curvatures");
  for (double& curvature : curvatures) curvature *= curvature_scale;
  return quadratic_problem({.name = "sgd"}, curvatures, sigma, learning_rate, settings.point("x0"));
}

Run order(const Settings& settings, Simulations& simulations) {
  const double kappa = settings.scalar("kappa"), delta = settings.scalar("delta");
  const double eta = settings.scalar("eta"), sigma = settings.scalar("sigma") / std::sqrt(delta);
  Run run{.scaling = {.learning_rate_scale = kappa, .batch_size_scale = delta},
          .base = problem_on(settings, 1.0, settings.scalar("sigma"), eta),
          .rescaled = problem_on(settings, 1.0, sigma, eta * kappa),
          .by_force = problem_on(settings, kappa, kappa * sigma, eta)};
  const std::uint64_t fine = settings.count("sde_steps");
  const std::vector<std::uint64_t> steps = even_steps(settings.count("iterations"), 100);
  const auto order_sde = [&](const std::string& name, const Problem& problem) {
    return simulations.sde(
        name, problem, {.sde = {.name = "sgd"}, .integrator = "euler-maruyama", .steps_per_iteration = fine},
        {.recording = {.steps = scaled(steps, fine)},
         .runs = settings.count("runs"),
         .observables = coordinates_and_loss(run.rescaled.loss),
         .stream = "both equations"});
  };
  run.sde_195 = order_sde("SDE (195)", run.rescaled);
  run.sde_196 = order_sde("SDE (196)", run.by_force);
  run.optimizer = simulations.optimizer(
      "SGD, rescaled", run.rescaled,
      {.recording = {.steps = steps}, .runs = 8 * settings.count("runs"), .stream = "SGD"});
  return run;
}

void claim_of_one_process(const Run& run, Findings& out) {
  std::vector<Comparison> same;
  for (const std::size_t place : spread(run.sde_195->recorded_steps().size(), 10)) {
    for (const std::string name : {"x1", "f"}) {
      same.push_back({.where = fmt::format("E {}, k = {}", name, run.optimizer->recorded_steps()[place]),
                      .prediction = {.value = run.sde_195->at(place, name).total().mean},
                      .measurement = exactly(run.sde_196->at(place, name).total().mean)});
    }
  }
  out.claim("one-process")
      .of("E.2")
      .says(
          "Both are SDEs of rescaled SGD: (195) in the time kκη and (196) in the time kη are the same "
          "process: Euler-Maruyama with dt = "
          "κη/n and η/n takes the same path from the same normals")
      .compares(Relation::identity, std::move(same))
      .margin({.absolute = 1e-12 * run.base.start_loss(), .relative = 1e-10},
              "rounding of a path of some thousand steps");
}

/// The exact loss of SGD against a bound at t = k eta. Its error is that of the transient:
/// (1 - kappa eta lambda)^{2k} = e^{-2u} (1 - kappa eta lambda u + ...) with u = kappa lambda t.
ClaimBuilder claim_of_curve(const Run& run, const std::string& id, Relation relation,
                            const theory::LossBound& bound, Findings& out) {
  const double least = run.base.curvatures().minCoeff();
  const double step = run.rescaled.learning_rate * run.base.curvatures().maxCoeff();
  const PredictedCurve exact = run.exact_loss();
  std::vector<Comparison> comparisons = each(run.optimizer.iterations_along(10), [&](double k) -> Comparison {
    const double u = run.kappa() * least * run.time(k);
    return {.where = fmt::format("k = {}", k),
            .prediction = {.value = bound.at(run.time(k)),
                           .error = 1.05 * step * run.base.start_loss() * u * std::exp(-2.0 * u)},
            .measurement = exactly(exact(k).value)};
  });
  return out.claim(id)
      .compares(relation, std::move(comparisons))
      .margin(linear_margin(run.rescaled).bound,
              "first order in κη: 1/(1 − κηλ/2) in the limit, and (1 − κηλ)^(2k) against e^(−2κλkη) before");
}

void claims_of_bounds(const Run& run, Findings& out) {
  const theory::LossBound base_clock = run.bound(theory::SgdClock::base);
  claim_of_curve(run, "bound-199", Relation::at_most, base_clock, out)
      .of("E.2", Wording::corrected)
      .says(
          "E S_t ≤ S₀e^(−2κμt) + (η/2)(κ/δ)L_τσ²/(2μ)(1 − e^(−2κμt)) at t = kη, (199), with L_τ = Tr H, for "
          "SGD itself");
  const Eigen::VectorXd curvatures = run.base.curvatures();
  if (curvatures.minCoeff() == curvatures.maxCoeff()) {
    claim_of_curve(run, "curve-199", Relation::equal, base_clock, out)
        .of("E.2")
        .says("For H = λI the bound (199) is the loss of SGD");
  }
  claim_of_curve(run, "curve-198-at-k-eta", Relation::equal, run.bound(theory::SgdClock::rescaled), out)
      .at(source)
      .says(
          "Not the paper's, which says that (195) does not see the speed: its bound (198), with e^(−2μt), "
          "describes the loss at t = kη")
      .is_refuted();
  theory::SgdLoss low_trace = sgd_loss(run.base);
  low_trace.hessian_trace *= 0.5;
  claim_of_curve(run, "trace-as-printed", Relation::at_most,
                 theory::scaled_sgd_loss_bound(low_trace, run.scaling, theory::SgdClock::base), out)
      .of("E.2")
      .says(
          "As printed, with the hypothesis L_τ ≤ Tr Hess f, a misprint of ≥, (199) would hold with L_τ = ½ "
          "Tr H, which it allows")
      .is_refuted();
}

void claims_of_rule(const Run& run, const std::vector<double>& kappas, Findings& out) {
  for (const double factor : kappas) {
    const Problem kept = rescaled(run.base, {.learning_rate_scale = factor, .batch_size_scale = factor});
    out.claim("kept/kappa={}", factor)
        .of({"E.2", "sentence-scaling-rules"})
        .says("κ = δ keeps the asymptotic loss of SGD")
        .equals(stationary_loss(kept) / stationary_loss(run.base), {.value = 1.0})
        .margin(linear_rescaling_margin(run.base, kept));
  }
  out.claim("simulation")
      .at(source)
      .says("Simulated SGD with learning rate κη and batch size δB has the loss of its recursion")
      .equals(run.optimizer.loss().along(10), run.exact_loss())
      .resolves(relative(0.1));
}

void draw(const Run& run, Findings& out) {
  const auto at_base_time = [&](theory::SgdClock clock) {
    return [&run, bound = run.bound(clock)](double k) { return bound.at(run.time(k)); };
  };
  out.figure("loss", "Rescaled SGD: the loss and its bounds in two clocks")
      .caption(
          "Mean of f over the runs of SGD with learning rate κη and batch size δB, κ = {}, δ = {}, and of "
          "the SDEs (195) in the time kκη and (196) in the time kη: one process. (199) is the bound at t = "
          "kη, (198) the same at t = kκη; read at t = kη (198) is far above.",
          run.kappa(), run.scaling.batch_size_scale)
      .y({.label = "f(x)", .logarithmic = true})
      .at(run.optimizer->iterations())
      .optimizer(run.optimizer.loss(), "SGD, rescaled", 0)
      .sde(run.sde_195.loss(), "SDE (195)", 1)
      .sde(run.sde_196.loss(), "SDE (196)", 2)
      .theory(run.exact_loss(), "exact recursion", 3)
      .bound(at_base_time(theory::SgdClock::base), "(199) at t = kη", 4)
      .bound(at_base_time(theory::SgdClock::rescaled), "(198) read at t = kη", 5);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const std::vector<double>& kappas = require_distinct(settings, "kappas");
  const Run run = order(settings, simulations);
  return [=](Findings& out) {
    claim_of_one_process(run, out);
    claims_of_bounds(run, out);
    claims_of_rule(run, kappas, out);
    draw(run, out);
  };
}

const Register<Experiment> lemma_e_2{{
    .name = "lemma-e.2",
    .title = "Rescaled SGD: one process in two clocks",
    .summary =
        "E.2 writes the SDE of SGD with learning rate κη and batch size δB twice, (195) and (196), and says "
        "that only the second sees the speed. They are the same process in the clocks kκη and kη. The bound "
        "(199) describes SGD at t = kη; κ = δ keeps its limit. Its hypothesis L_τ ≤ Tr Hess f should be ≥.",
    .source = source,
    .lemmas = {"E.2", "sentence-scaling-rules"},
    .settings = {chosen("eta", {1e-2}, Range::positive(), "learning rate η of the base run, as in Figure 6"),
                 chosen("sigma", {1.0}, Range::positive(), "standard deviation of its gradient noise"),
                 chosen("curvatures", {1.0, 1.0}, Range::positive(),
                        "H = diag(curvatures): for H = λI the bound is an equality"),
                 chosen("x0", {1.0, 1.0}, Range::finite(), "start, so that the transient is seen"),
                 chosen("kappa", {2.0}, Range::positive(), "scale κ of the learning rate"),
                 chosen("delta", {2.0}, Range::positive(), "scale δ of the batch size"),
                 chosen("kappas", {0.5, 2.0, 4.0}, Range::positive(), "κ = δ of the rule"),
                 chosen("sde_steps", {4}, Range::at_least(1),
                        "steps of the SDEs in the time of one iteration"),
                 chosen("iterations", {500}, Range::at_least(100), "iterations, to t = kη = 5"),
                 chosen("runs", {1024}, replica_range(),
                        "replicas of the SDEs at the standard tier; SGD has eight times as many")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
