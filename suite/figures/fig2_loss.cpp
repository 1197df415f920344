#include <algorithm>
#include <cmath>
#include <numeric>

#include "reference/theory/lemma_3_4.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/predictions/sign_lemmas.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Figure 2, centre-left"};
constexpr std::uint64_t fine = 2;

/// Places of recorded iterations by the phase that SignSGD is in, |Y_i| being that of the mean.
struct Phases {
  std::vector<double> iterations;
  std::size_t end_of_1;    ///< the first place where not every |Y_i| > 3/2
  std::size_t begin_of_3;  ///< the first where every |Y_i| < 1; the last place if there is none

  double iteration(std::size_t place) const { return iterations[place]; }
  std::vector<double> at(const std::vector<std::size_t>& places) const {
    std::vector<double> result;
    for (const std::size_t place : places) result.push_back(iterations[place]);
    return result;
  }
};

Phases phases_of(const Problem& problem, std::vector<double> iterations) {
  const Asked exact("exact-chain", problem);
  const auto signal_at = [&](std::size_t place) {
    std::vector<double> signals;
    for (const Index i : problem.coordinates())
      signals.push_back(std::abs(signal(problem, i, exact.mean_curve(i)(iterations[place]).value)));
    return signals;
  };
  std::size_t end_of_1 = 0, begin_of_3 = 0;
  while (end_of_1 < iterations.size() && std::ranges::min(signal_at(end_of_1)) > theory::kSignalBoundary)
    ++end_of_1;
  while (begin_of_3 + 1 < iterations.size() &&
         std::ranges::max(signal_at(begin_of_3)) >= theory::kNoiseBoundary)
    ++begin_of_3;
  return {.iterations = std::move(iterations), .end_of_1 = end_of_1, .begin_of_3 = begin_of_3};
}

std::vector<std::size_t> after(std::size_t first, std::vector<std::size_t> places) {
  for (std::size_t& place : places) place += first;
  return places;
}

void claim_of_simulation(const Problem& problem, const Simulated& optimizer, const Phases& phases,
                         Findings& out) {
  // Before the end of phase 1 a step against the gradient is so rare that the runs may hold none, and show no spread.
  const std::vector<std::size_t> places =
      after(phases.end_of_1, spread(phases.iterations.size() - phases.end_of_1, 8));
  if (places.empty())
    throw InvalidParameter("fig2-loss", "iterations", "are so few that the run does not leave phase 1");
  out.claim("simulation/E-f")
      .at(source)
      .says("Simulated SignSGD has the loss of its exact chain")
      .equals(optimizer.loss().along(places), Asked("exact-chain", problem).loss_curve())
      .resolves(relative(0.2));
}

void claim_of_sde(const Problem& problem, const Simulated& sde, const Phases& phases, Findings& out) {
  const std::size_t way =
      phases.begin_of_3 > phases.end_of_1 ? phases.begin_of_3 - phases.end_of_1 : std::size_t{1};
  const Margin weak_error = sign_sde_margin(problem);
  out.claim("full-sde/E-f")
      .of("3.3")
      .says("The SDE (3), integrated finely, has the loss of SignSGD on the way through phases 2 and 3")
      .equals(sde.loss().along(after(phases.end_of_1, spread(way + 1, 6))),
              Asked("exact-chain", problem).loss_curve())
      .margin(weak_error)
      .resolves(relative(2.0 * weak_error.bound.relative));
  out.claim("full-sde/floor")
      .of("3.3")
      .says("The SDE (3), integrated finely, has the stationary loss of SignSGD (last third)")
      .equals(sde.loss().over("end"), Asked("exact-stationary-chain", problem).loss())
      .margin(weak_error)
      .resolves(relative(2.0 * weak_error.bound.relative));
}

/// Places of phase 1 where its bounds are defined, without the start, where they are the loss itself.
std::vector<double> iterations_of_phase_1(const Problem& problem, const Phases& phases) {
  const theory::SignSgdLoss settings = sign_loss(problem);
  const double end = std::min(theory::signal_phase_end(settings, Wording::printed),
                              theory::signal_phase_end(settings, Wording::corrected));
  std::vector<double> result;
  for (std::size_t place = 1; place < phases.end_of_1; ++place) {
    if (problem.time(phases.iteration(place)) <= end) result.push_back(phases.iteration(place));
  }
  return result;
}

void claim_phase_1(const Problem& problem, const std::vector<double>& iterations, Findings& out) {
  if (iterations.empty()) return;
  const MeasuredCurve loss = along(iterations, Asked("exact-chain", problem).loss_curve());
  out.claim("phase-1-bound/as-printed")
      .of("3.5")
      .says("Phase 1: E f ≤ (√μ t − 2√S₀)²/4 for SignSGD")
      .at_most(loss, Asked("lemma-3.5-phase-1-printed", problem).loss_curve())
      .margin(rounding_margin());
  out.claim("phase-1-bound/tight")
      .of("3.5", Wording::corrected)
      .says("Phase 1: E f ≤ (√μ t − √(2S₀))²/2, which the proof supports")
      .at_most(loss, Asked("lemma-3.5-phase-1-corrected", problem).loss_curve())
      .margin(rounding_margin());
}

/// The bound of phase 3 from where the phase begins, with the exact loss there.
PredictedCurve bound_of_phase_3(const Problem& problem, const Phases& phases, Wording form) {
  const double begin = phases.iteration(phases.begin_of_3);
  const double start_loss = Asked("exact-chain", problem).loss_curve()(begin).value;
  const theory::LossBound bound = theory::noise_phase_bound(sign_loss(problem, start_loss), form);
  return [problem, begin, bound](double iteration) -> Prediction {
    return {.value = bound.at(problem.time(iteration) - problem.time(begin))};
  };
}

/// The bound starts at the loss itself: its first point says nothing.
std::vector<double> iterations_of_phase_3(const Phases& phases) {
  return {phases.iterations.begin() + static_cast<std::ptrdiff_t>(phases.begin_of_3) + 1,
          phases.iterations.end()};
}

void claim_phase_3(const Problem& problem, const Phases& phases, Findings& out) {
  const MeasuredCurve loss = along(iterations_of_phase_3(phases), Asked("exact-chain", problem).loss_curve());
  out.claim("phase-3-bound/of-signsgd")
      .at(source)
      .says(
          "Lemma 3.5 bounds the SDE (5) in phase 3; the figure draws the bound beside SignSGD, for which it "
          "would say E f ≤ S₀ e^(−2μΔt) + η L_τ (1 − e^(−2μΔt))/(4μΔ), Δ = √(2/π)/σ + ημ/(πσ²)")
      .at_most(loss, bound_of_phase_3(problem, phases, Wording::printed))
      .margin(rounding_margin())
      .is_refuted();
  out.claim("phase-3-bound/corrected")
      .of("3.5", Wording::corrected)
      .says("Phase 3 with the slope Erf(1) in place of 2/√π bounds E f of SignSGD")
      .at_most(loss, bound_of_phase_3(problem, phases, Wording::corrected))
      .margin(rounding_margin());
}

void claim_floor(const Problem& problem, const Simulated& optimizer, Findings& out) {
  const Prediction floor = Asked("exact-stationary-chain", problem).loss();
  out.claim("simulation/floor")
      .at(source)
      .says("The loss of simulated SignSGD over the last fifth is that of its stationary law")
      .equals(optimizer.loss().over("end"), floor)
      .resolves(relative(0.08));
  out.claim("phase-3-limit")
      .at({.paper = "A", .item = "Lemma 3.5, Phase 3"})
      .says(
          "On this landscape the stationary loss of SignSGD is at most the limit of the phase-3 bound "
          "(L_τ/(dμ) > 1 leaves room; for H = λI it is not: fig6-signsgd)")
      .at_most(floor.value, Asked("lemma-3.5-phase-3-printed", problem).loss())
      .margin(rounding_margin());
}

Figure figure(const Problem& problem, const Simulated& optimizer, const Simulated& sde,
              const Phases& phases) {
  const std::vector<double> phase_1 = iterations_of_phase_1(problem, phases);
  const std::vector<double> phase_3 = iterations_of_phase_3(phases);
  const auto bound = [&](const PredictedCurve& curve, const std::vector<double>& where, const char* label,
                         int colour) { return drawn(curve, where, label, Role::bound, colour); };
  const Asked printed("lemma-3.5-phase-1-printed", problem), tight("lemma-3.5-phase-1-corrected", problem);
  return {
      .id = "loss",
      .title = "Loss of SignSGD with the bounds of phases 1 and 3",
      .caption =
          "Mean and one standard deviation over the runs. The bound of phase 1 is drawn while every "
          "|Y| > 3/2, that of phase 3 from where every |Y| < 1, starting at the exact loss there.",
      .x = {.label = "iteration k"},
      .y = {.label = "f(x)", .logarithmic = true, .low = 1e-6, .high = 2.0},
      .series = {
          optimizer.banded("f", "SignSGD", Role::optimizer, 0),
          sde.loss().curve("SDE (3), fine", Role::sde, 1),
          drawn(Asked("exact-chain", problem).loss_curve(), phases.iterations, "exact chain", Role::theory,
                5),
          bound(printed.loss_curve(), phase_1, "phase 1, printed", 2),
          bound(tight.loss_curve(), phase_1, "phase 1, tight", 3),
          bound(bound_of_phase_3(problem, phases, Wording::printed), phase_3, "phase 3, printed", 4),
          bound(bound_of_phase_3(problem, phases, Wording::corrected), phase_3, "phase 3, corrected", 6)}};
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const Problem problem =
      quadratic_problem({.name = "signsgd"}, settings.list("curvatures"), settings.scalar("sigma"),
                        settings.scalar("eta"), settings.point("x0"));
  const std::uint64_t iterations = settings.count("iterations");
  const std::vector<std::uint64_t> steps = even_steps(iterations, 300);
  const Window last_fifth{
      .name = "end", .first = iterations - iterations / 5, .last = iterations, .every = 5};
  const Window last_third{.name = "end",
                          .first = (iterations - iterations / 3) * fine,
                          .last = iterations * fine,
                          .every = 5 * fine};
  const Simulated optimizer = simulations.optimizer(
      "SignSGD", problem,
      {.recording = {.steps = steps, .windows = {last_fifth}}, .runs = settings.count("runs")});
  const Simulated sde = simulations.sde("full SDE (3), weak order 2", problem,
                                        {.sde = {.name = "signsgd"}, .steps_per_iteration = fine},
                                        {.recording = {.steps = scaled(steps, fine), .windows = {last_third}},
                                         .runs = settings.count("sde_runs"),
                                         .stream = "SDE"});
  return [=](Findings& out) {
    const Phases phases = phases_of(problem, optimizer->iterations());
    claim_of_simulation(problem, optimizer, phases, out);
    claim_of_sde(problem, sde, phases, out);
    claim_phase_1(problem, iterations_of_phase_1(problem, phases), out);
    claim_phase_3(problem, phases, out);
    claim_floor(problem, optimizer, out);
    out.show(figure(problem, optimizer, sde, phases));
  };
}

const Register<Experiment> fig2_loss{{
    .name = "fig2-loss",
    .title = "Loss of SignSGD and the bounds of phases 1 and 3",
    .summary =
        "The expected loss of SignSGD on a quadratic against the bounds of Lemma 3.5. The bounds are judged "
        "against the exact Markov chain of SignSGD, and the simulation against the chain.",
    .source = {.paper = "A", .item = "Figure 2, centre-left; Lemma 3.5"},
    .lemmas = {"3.3", "3.5"},
    .settings = {printed("eta", {1e-3}, Range::positive(), "learning rate η; t = k η"),
                 printed("sigma", {0.1}, Range::positive(), "standard deviation of the gradient noise"),
                 printed("curvatures", {1.0, 2.0}, Range::positive(), "H = diag(curvatures)"),
                 chosen("x0", {1.0, -0.7}, Range::finite(), "start; the paper draws one from N(0, 1)"),
                 printed("iterations", {3000}, Range::at_least(1000), "iterations of SignSGD"),
                 printed("runs", {500}, replica_range(), "replicas of SignSGD at the standard tier"),
                 chosen("sde_runs", {4096}, replica_range(), "replicas of the SDE: what its claims need")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
