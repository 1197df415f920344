#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reference/theory/lemma_3_4.hpp"
#include "suite/predictions/sign_lemmas.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Figure 2, left; Lemma 3.4"};
constexpr std::uint64_t fine = 2;

/// SignSGD from three starts, and what is simulated of its equations.
struct Phases {
  Problem far, near, edge;
  Simulated optimizer{}, full{}, plotted{}, ode{}, linear{}, linear_edge{};
};

/// The largest |Y_i| at the start.
double largest_signal(const Problem& problem) {
  double result = 0.0;
  for (const Index i : problem.coordinates())
    result = std::max(result, std::abs(signal(problem, i, problem.start(i))));
  return result;
}

void claim_of_simulation(const Phases& run, Findings& out) {
  const Asked exact("exact-chain", run.far);
  const double noise_scale = std::sqrt(run.far.learning_rate * run.far.sigmas()(0));
  for (const Index i : run.far.coordinates()) {
    out.claim(fmt::format("simulation/E-x{}", i + 1))
        .at(source)
        .says("Simulated SignSGD has the mean of its exact chain")
        .equals(run.optimizer.mean(i).along(8), exact.mean_curve(i))
        .resolves(absolute(0.5 * noise_scale));
  }
}

void claim_of_full_sde(const Phases& run, Findings& out) {
  const Margin weak_error = sign_sde_margin(run.far);
  out.claim("full-sde/E-f")
      .of("3.3")
      .says(
          "The SDE (3), integrated finely, has the loss of SignSGD on the way down, through all three phases")
      .equals(run.full.loss().along({1, 3, 5, 8, 11, 14}), Asked("exact-chain", run.far).loss_curve())
      .margin(weak_error)
      .resolves(relative(2.0 * weak_error.bound.relative));
  out.claim("full-sde/floor")
      .of("3.3")
      .says("The SDE (3), integrated finely, has the stationary loss of SignSGD (last third)")
      .equals(run.full.loss().over("end"), Asked("exact-stationary-chain", run.far).loss())
      .margin(weak_error)
      .resolves(relative(2.0 * weak_error.bound.relative));
}

/// Of a coordinate by itself, at its last iteration in phase 1.
void claim_phase_1(const Problem& problem, Index i, Findings& out) {
  const Problem alone = quadratic_problem(problem.optimizer, {problem.curvatures()(i)}, problem.sigmas()(i),
                                          problem.learning_rate, Point::Constant(1, problem.start(i)));
  const double boundary = theory::kSignalBoundary / signal(alone, 0, 1.0);
  const double way = std::abs(alone.start(0)) - boundary;
  if (way < alone.learning_rate) return;
  const double last = std::floor(way / alone.learning_rate);
  out.claim(fmt::format("phase-1-ode/x{}", i + 1))
      .of("3.4")
      .says("While |Y| > 3/2, dX = −sign(∇f) dt gives E x of SignSGD")
      .equals(along({last}, Asked("exact-chain", alone).mean_curve(0)),
              Asked("lemma-3.4-phase-1", alone).mean_curve(0))
      .margin(signal_phase_margin(alone.time(last)));
}

void claim_phase_3(const Phases& run, Findings& out) {
  const double start = largest_signal(run.near);
  const double weak_error = sign_sde_margin(run.far).bound.relative;
  const double allowed = start * start / 3.0 + weak_error;
  out.claim("phase-3-sde/E-f")
      .of("3.4", Wording::corrected)
      .says(fmt::format("From |Y| = {:.2f} the phase-3 SDE (5) has the loss of SignSGD", start))
      .equals(run.linear.loss().along(8), Asked("exact-chain", run.near).loss_curve())
      .margin(relative(allowed),
              "Erf(y) = (2/√π)(y − y³/3 + …): d log E f is off by at most Y²/3 in all, plus the weak error")
      .resolves(relative(2.0 * allowed));
  out.claim("phase-3-sde/as-printed")
      .of("3.4")
      .says(fmt::format("The phase-3 SDE (5) describes SignSGD wherever |Y| < 1 (here from |Y| = {:.2f})",
                        largest_signal(run.edge)))
      .equals(run.linear_edge.loss().along({2, 4, 6, 8}), Asked("exact-chain", run.edge).loss_curve())
      .margin(relative(weak_error), "what a weak approximation of first order would allow")
      .resolves(relative(2.0 * weak_error))
      .is_refuted();
}

/// E x1 and E x2 as a path in the plane.
Series path(const Simulated& simulated, std::string label, Role role, int colour) {
  const auto means = [&](Index i) {
    return mean_curve(*simulated, fmt::format("x{}", i + 1), "", role, colour, false).y;
  };
  return {.label = std::move(label), .role = role, .colour = colour, .x = means(0), .y = means(1)};
}

Figure trajectories(const Phases& run) {
  return {.id = "trajectories",
          .title = "Mean trajectories",
          .caption =
              "E x₁ and E x₂ over the runs, from the start at the top right to the minimum at the origin. "
              "The phase-3 SDE starts where it is defined, at |Y| ≤ 0.35.",
          .x = {.label = "x₁"},
          .y = {.label = "x₂"},
          .series = {path(run.optimizer, "SignSGD", Role::optimizer, 0),
                     path(run.full, "SDE (3), fine", Role::sde, 1),
                     path(run.plotted, "SDE (3), EM dt = η", Role::sde, 2),
                     path(run.ode, "phase-1 ODE", Role::theory, 3),
                     path(run.linear, "phase-3 SDE (5)", Role::sde, 4)}};
}

Figure loss(const Phases& run) {
  return {.id = "loss",
          .title = "Loss along the trajectories",
          .caption =
              "What the trajectories hide: the speed. Bands are one standard deviation over the runs. The "
              "phase-1 ODE stops at the minimum; the phase-3 SDE starts from its own, nearer start.",
          .x = {.label = "iteration k"},
          .y = {.label = "f(x)", .logarithmic = true, .low = 1e-6, .high = 0.2},
          .series = {run.optimizer.banded("f", "SignSGD", Role::optimizer, 0),
                     run.full.loss().curve("SDE (3), fine", Role::sde, 1),
                     run.plotted.loss().curve("SDE (3), EM dt = η", Role::sde, 2),
                     mean_curve(*run.ode, "f", "phase-1 ODE", Role::theory, 3, false),
                     run.linear.loss().curve("phase-3 SDE (5)", Role::sde, 4),
                     drawn(Asked("exact-chain", run.far).loss_curve(), run.optimizer->iterations(),
                           "exact chain", Role::theory, 5)}};
}

Phases ordered(const Settings& settings, Simulations& simulations) {
  const Problem far =
      quadratic_problem({.name = "signsgd"}, settings.list("curvatures"), settings.scalar("sigma"),
                        settings.scalar("eta"), settings.point("x0"));
  Phases run{.far = far,
             .near = with_start(far, settings.point("x0_phase_3")),
             .edge = with_start(far, settings.point("x0_edge"))};
  const std::uint64_t iterations = settings.count("iterations");
  const std::vector<std::uint64_t> steps = even_steps(iterations, 150);
  const auto sde = [&](const std::string& name, const Problem& problem, const SdeChoice& choice,
                       double outside_limit = 0.0) {
    const std::uint64_t n = choice.steps_per_iteration;
    const Window last_third{
        .name = "end", .first = (iterations - iterations / 3) * n, .last = iterations * n, .every = 5 * n};
    return simulations.sde(name, problem, choice,
                           {.recording = {.steps = scaled(steps, n), .windows = {last_third}},
                            .runs = settings.count("sde_runs"),
                            .outside_limit = outside_limit});
  };
  const SdeChoice linear{.sde = {.name = "signsgd-phase-3"}, .steps_per_iteration = fine};
  run.optimizer =
      simulations.optimizer("SignSGD", far, {.recording = {.steps = steps}, .runs = settings.count("runs")});
  run.full =
      sde("full SDE (3), weak order 2", far, {.sde = {.name = "signsgd"}, .steps_per_iteration = fine});
  run.plotted = sde("full SDE (3), Euler-Maruyama dt = η", far,
                    {.sde = {.name = "signsgd"}, .integrator = "euler-maruyama"});
  run.ode = Simulated(simulations.add_deterministic(
      "phase-1 ODE",
      paths(far, {.sde = {.name = "signsgd-phase-1"}, .integrator = "runge-kutta-4"},
            simulations.stream("none")),
      coordinates_and_loss(far.loss), {.steps = steps}));
  run.linear = sde("phase-3 SDE (5), weak order 2", run.near, linear);
  run.linear_edge = sde("phase-3 SDE (5) from |Y| = 0.7", run.edge, linear, 0.01);
  return run;
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const Phases run = ordered(settings, simulations);
  return [=](Findings& out) {
    claim_of_simulation(run, out);
    claim_of_full_sde(run, out);
    for (const Index i : run.far.coordinates()) claim_phase_1(run.far, i, out);
    claim_phase_3(run, out);
    out.show(trajectories(run));
    out.show(loss(run));
  };
}

const Register<Experiment> fig2_phases{{
    .name = "fig2-phases",
    .title = "SignSGD and its SDEs in three phases",
    .summary =
        "Mean trajectories of SignSGD on a quadratic, of its full SDE (3), of the ODE of phase 1 (signal far "
        "above the noise) and of the linear SDE (5) of phase 3 (noise dominates). "
        "Y = ∇f/(σ√2) is the signal-to-noise ratio that separates the phases.",
    .source = source,
    .lemmas = {"3.3", "3.4"},
    .settings = {printed("eta", {1e-3}, Range::positive(), "learning rate η; t = k η"),
                 printed("sigma", {0.1}, Range::positive(), "standard deviation of the gradient noise"),
                 printed("curvatures", {1.0, 2.0}, Range::positive(), "H = diag(curvatures)"),
                 chosen("x0", {0.25, 0.125}, Range::finite(),
                        "start, |Y| = 1.77; the paper draws one from N(0, 0.01)"),
                 chosen("x0_phase_3", {0.05, 0.025}, Range::finite(), "start of the phase-3 SDE, |Y| = 0.35"),
                 chosen("x0_edge", {0.1, 0.05}, Range::finite(),
                        "start at |Y| = 0.71, to see how far phase 3 reaches"),
                 printed("iterations", {3000}, Range::at_least(100), "iterations of SignSGD"),
                 printed("runs", {500}, replica_range(), "replicas of SignSGD at the standard tier"),
                 chosen("sde_runs", {4096}, replica_range(), "replicas of the SDEs: what their claims need")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
