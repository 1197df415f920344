#include <algorithm>
#include <numbers>
#include <numeric>

#include "reference/theory/lemma_3_4.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/predictions/sign_lemmas.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

/// SignSGD of the settings from where every |Y_i| has the given value.
Problem from_signal(const Settings& settings, const std::vector<double>& curvatures, double signal) {
  const double sigma = settings.scalar("sigma");
  Point start(static_cast<Index>(curvatures.size()));
  for (Index i = 0; i < start.size(); ++i)
    start(i) = signal * sigma * std::numbers::sqrt2 / curvatures[static_cast<std::size_t>(i)];
  return quadratic_problem({.name = "signsgd"}, curvatures, sigma, settings.scalar("eta"), start);
}

/// All iterations from |Y| = 3/2 on in which a coordinate that moves by eta an iteration is still above |Y| = 1.
std::vector<std::uint64_t> steps_of_phase_2(const Problem& problem) {
  const double way = (theory::kSignalBoundary - theory::kNoiseBoundary) * problem.sigmas()(0) *
                     std::numbers::sqrt2 / problem.curvatures().maxCoeff();
  const auto crossing = std::max<std::uint64_t>(10, static_cast<std::uint64_t>(way / problem.learning_rate));
  std::vector<std::uint64_t> steps(crossing + 1);
  std::iota(steps.begin(), steps.end(), 0U);
  return steps;
}

void claim_phase_2(const Problem& problem, const Simulated& optimizer, Findings& out) {
  const PredictedCurve exact = Asked("exact-chain", problem).loss_curve();
  out.claim("phase-2/simulation")
      .at({.paper = "A", .item = "Lemma 3.5, Phase 2"})
      .says("Simulated SignSGD has the loss of its exact chain on the way from |Y| = 3/2 to 1")
      .equals(optimizer.loss().along(5), exact)
      .resolves(relative(0.02));
  const MeasuredCurve loss = along(optimizer.iterations_after_start(), exact);
  out.claim("phase-2/bound-as-printed")
      .of("3.5")
      .says("Phase 2: E f is at most the bound with q̂ = max(q₁, q₂)")
      .at_most(loss, Asked("lemma-3.5-phase-2-printed", problem).loss_curve())
      .margin(rounding_margin());
  out.claim("phase-2/bound-corrected")
      .of("3.5", Wording::corrected)
      .says("Phase 2: E f is at most the bound with q̂ = q₁, as the proof gives it")
      .at_most(loss, Asked("lemma-3.5-phase-2-corrected", problem).loss_curve())
      .margin(rounding_margin());
  out.figure("phase-2", "Phase 2: from |Y| = 3/2 to |Y| = 1")
      .caption("The bound is loose: the loss falls faster than it by a factor.")
      .y({.label = "f(x)", .low = 0.0})
      .at(optimizer->iterations())
      .optimizer(optimizer.band("f"), "SignSGD", 0)
      .theory(exact, "exact chain", 5)
      .bound(Asked("lemma-3.5-phase-2-printed", problem).loss_curve(), "bound of phase 2", 1);
}

/// @param isotropic  the problem with the first curvature for all: the proof's inequalities are equalities there
void claim_phase_3(const Problem& problem, const Problem& isotropic, const Simulated& sde, Findings& out) {
  const PredictedCurve exact = Asked("exact-chain", problem).loss_curve();
  const PredictedCurve printed = Asked("lemma-3.5-phase-3-printed", problem).loss_curve();
  const PredictedCurve corrected = Asked("lemma-3.5-phase-3-corrected", problem).loss_curve();
  out.claim("phase-3/bound-of-the-sde")
      .of("3.5")
      .says("Phase 3: the bound holds for the linear SDE (5)")
      .at_most(sde.loss().along(8), printed)
      .margin(relative(1e-3), "bias of the integrator, (ηλ/σ)² of weak order 2");
  out.claim("phase-3/equality")
      .of("3.5")
      .says("For H = λI the bound of phase 3 is the loss of the SDE (5) itself, Lemma C.13")
      .is_identity(along(sde.iterations_along(20), Asked("lemma-c.13", isotropic).loss_curve()),
                   Asked("lemma-3.5-phase-3-printed", isotropic).loss_curve())
      .margin(rounding_margin());
  out.claim("phase-3/bound-of-the-optimizer")
      .of("3.5", Wording::corrected)
      .says("Phase 3: with the slope Erf(1) the bound holds for SignSGD itself")
      .at_most(along(sde.iterations_after_start(), exact), corrected)
      .margin(rounding_margin());
  out.figure("phase-3", "Phase 3: the linear SDE, SignSGD and the bound")
      .caption(
          "The printed bound holds for the SDE (5). From this start it also holds for SignSGD; from the edge "
          "of the phase the exact loss of SignSGD crosses it, see fig2-loss.")
      .y({.label = "f(x)", .logarithmic = true})
      .at(sde->iterations())
      .sde(sde.loss(), "SDE (5), weak order 2", 1)
      .theory(exact, "exact chain of SignSGD", 5)
      .bound(printed, "bound, printed", 2)
      .bound(corrected, "bound, slope Erf(1)", 3);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const std::uint64_t runs = settings.count("runs");
  constexpr std::uint64_t fine = 2;
  const std::vector<double>& curvatures = settings.list("curvatures");
  const std::vector<double> alike(curvatures.size(), curvatures.front());
  const double signal = settings.scalar("signal");
  const Problem mixed = from_signal(settings, curvatures, theory::kSignalBoundary);
  const Problem noise = from_signal(settings, curvatures, signal);
  const Problem isotropic = from_signal(settings, alike, signal);
  const Simulated optimizer = simulations.optimizer(
      "SignSGD from |Y| = 3/2", mixed,
      {.recording = {.steps = steps_of_phase_2(mixed)}, .runs = runs, .stream = "SignSGD"});
  const Simulated linear =
      simulations.sde("phase-3 SDE (5), weak order 2", noise,
                      {.sde = {.name = "signsgd-phase-3"}, .steps_per_iteration = fine},
                      {.recording = {.steps = scaled(even_steps(settings.count("iterations"), 100), fine)},
                       .runs = runs,
                       .stream = "phase 3",
                       .outside_limit = 0.01});
  return [=](Findings& out) {
    claim_phase_2(mixed, optimizer, out);
    claim_phase_3(noise, isotropic, linear, out);
  };
}

const Register<Experiment> lemma_3_5{{
    .name = "lemma-3.5",
    .title = "Bounds of SignSGD's loss in phases 2 and 3",
    .summary = "What Lemma 3.5 says beyond Figure 2: the bound of phase 2, for which process the bound of "
               "phase 3 holds, and that it is an equality for isotropic curvature.",
    .source = statement_source("3.5"),
    .lemmas = {"3.5"},
    .settings = {chosen("eta", {1e-3}, Range::positive(), "learning rate η; t = k η, as in Figure 2"),
                 chosen("sigma", {0.1}, Range::positive(),
                        "standard deviation of the gradient noise, as in Figure 2"),
                 chosen("curvatures", {1.0, 2.0}, Range::positive(), "H = diag(curvatures), as in Figure 2"),
                 chosen("signal", {0.5}, {.low = 0.0, .high = 0.88},
                        "|Y| at the start of phase 3; (5) is defined for |Y| ≤ 0.886"),
                 chosen("iterations", {1000}, Range::at_least(100), "iterations of phase 3"),
                 chosen("runs", {2048}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
