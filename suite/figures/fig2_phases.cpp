#include <fmt/format.h>

#include <cmath>

#include "reference/theory/lemma_3_4.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/ingredients.hpp"
#include "suite/study/oracles.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Figure 2, left; Lemma 3.4"};

/// E x1 and E x2 as a path in the plane.
Series path(const Ensemble& ensemble, std::string label, Role role, int colour) {
  const Series first = mean_curve(ensemble, "x1", 1.0, label, role, colour, false);
  const Series second = mean_curve(ensemble, "x2", 1.0, label, role, colour, false);
  return {.label = std::move(label), .role = role, .colour = colour, .x = first.y, .y = second.y};
}

/// The largest |Y_i| = lambda_i |x_i| / (sigma sqrt 2).
double largest_signal(const SeparableQuadratic& problem) {
  double result = 0.0;
  for (std::size_t i = 0; i < problem.start.size(); ++i) {
    result = std::max(result,
                      problem.curvatures[i] * std::abs(problem.start[i]) / (problem.sigma * std::sqrt(2.0)));
  }
  return result;
}

void expect_phase_1(Findings& out, const SeparableQuadratic& problem) {
  for (std::size_t i = 0; i < problem.start.size(); ++i) {
    const double boundary = theory::kSignalBoundary * problem.sigma * std::sqrt(2.0) / problem.curvatures[i];
    const double way = std::abs(problem.start[i]) - boundary;
    if (way < problem.learning_rate) continue;
    const auto last = static_cast<std::uint64_t>(way / problem.learning_rate);
    const ExactMoments exact = exact_signsgd(problem, {last});
    const double time = static_cast<double>(last) * problem.learning_rate;
    out.expect({.id = fmt::format("phase-1-ode/x{}", i + 1),
                .statement = "While |Y| > 3/2, dX = −sign(∇f) dt gives E x of SignSGD",
                .source = {.paper = "A", .item = "Lemma 3.4, Phase 1"},
                .lemmas = {"3.4"},
                .margin = {.absolute = (1.0 - std::erf(theory::kSignalBoundary)) * time},
                .margin_reason = "|sign(Y) − Erf(Y)| ≤ 1 − Erf(3/2) = 3.4 % for |Y| ≥ 3/2, times t"},
               {{.where = fmt::format("k = {}", last),
                 .prediction = {.value = problem.start[i] - std::copysign(time, problem.start[i])},
                 .measurement = exactly(exact.mean[0][i])}});
  }
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const double eta = settings.scalar("eta");
  const Model model =
      quadratic_with_gaussian_noise(settings.list("curvatures"), settings.scalar("sigma"), eta);
  const std::uint64_t iterations = settings.count("iterations");
  const std::uint64_t runs = settings.count("runs");
  const std::uint64_t sde_runs = settings.count("sde_runs");
  const std::vector<std::uint64_t> steps = even_steps(iterations, 150);
  const SeparableQuadratic far{settings.list("curvatures"), settings.scalar("sigma"), eta,
                               settings.list("x0")};
  SeparableQuadratic near = far;
  near.start = settings.list("x0_phase_3");
  SeparableQuadratic edge = far;
  edge.start = settings.list("x0_edge");
  constexpr std::uint64_t fine = 2;

  const auto add = [&](const std::string& name, const std::string& sde, const std::string& integrator,
                       std::uint64_t steps_per_iteration, const std::string& start, double outside_limit) {
    return simulations.add(
        name,
        model.sde(sde, integrator, steps_per_iteration, settings.point(start), simulations.stream(name)),
        model.observables(),
        {.steps = scaled(steps, steps_per_iteration),
         .windows = {{.name = "end",
                      .first = (iterations - iterations / 3) * steps_per_iteration,
                      .last = iterations * steps_per_iteration,
                      .every = 5 * steps_per_iteration}}},
        sde_runs, outside_limit);
  };
  const auto optimizer = simulations.add(
      "SignSGD", model.optimizer("signsgd", {}, settings.point("x0"), simulations.stream("SignSGD")),
      model.observables(), {.steps = steps}, runs);
  const auto full = add("full SDE (3), weak order 2", "signsgd", "weak-order-2", fine, "x0", 0.0);
  const auto plotted = add("full SDE (3), Euler-Maruyama dt = η", "signsgd", "euler-maruyama", 1, "x0", 0.0);
  const auto ode = simulations.add_deterministic(
      "phase-1 ODE",
      model.sde("signsgd-phase-1", "runge-kutta-4", 1, settings.point("x0"), simulations.stream("none")),
      model.observables(), {.steps = steps});
  const auto linear =
      add("phase-3 SDE (5), weak order 2", "signsgd-phase-3", "weak-order-2", fine, "x0_phase_3", 0.0);
  const auto linear_edge =
      add("phase-3 SDE (5) from |Y| = 0.7", "signsgd-phase-3", "weak-order-2", fine, "x0_edge", 0.01);

  return [=](Findings& out) {
    const double r = eta * far.curvatures[0] / far.sigma;
    double largest_r = r;
    for (const double curvature : far.curvatures)
      largest_r = std::max(largest_r, eta * curvature / far.sigma);
    const ExactMoments exact = exact_signsgd(far, steps);
    const ExactMoments exact_near = exact_signsgd(near, steps);
    const ExactMoments exact_edge = exact_signsgd(edge, steps);
    const auto places = spread(steps.size(), 8);
    const std::string weak_error =
        "first weak order: C η λ/σ, C = 0.8 covers every case computed exactly for ηλ/σ ≤ 0.3";
    const double noise_scale = std::sqrt(eta * far.sigma);

    for (std::size_t i = 0; i < far.start.size(); ++i) {
      const std::string name = fmt::format("x{}", i + 1);
      out.expect({.id = fmt::format("simulation/E-{}", name),
                  .statement = "Simulated SignSGD has the mean of its exact chain",
                  .source = source,
                  .resolution = {.absolute = 0.5 * noise_scale}},
                 along(*optimizer, name, eta, places, mean_of,
                       [&](std::size_t place) { return exact.mean[place][i]; }),
                 {optimizer});
    }
    out.expect(
        {.id = "full-sde/E-f",
         .statement = "The SDE (3), integrated finely, has the loss of SignSGD on the way down, through all "
                      "three phases",
         .source = {.paper = "A", .item = "Corollary 3.3, Figure 2 left"},
         .lemmas = {"3.3"},
         .margin = {.relative = 0.8 * largest_r},
         .margin_reason = weak_error,
         .resolution = {.relative = 1.6 * largest_r}},
        along(*full, "f", eta, {1, 3, 5, 8, 11, 14}, mean_of,
              [&](std::size_t place) { return exact.loss[place]; }),
        {full});
    out.expect(
        {.id = "full-sde/floor",
         .statement = "The SDE (3), integrated finely, has the stationary loss of SignSGD (last third)",
         .source = {.paper = "A", .item = "Corollary 3.3, Figure 2 left"},
         .lemmas = {"3.3"},
         .margin = {.relative = 0.8 * largest_r},
         .margin_reason = weak_error,
         .resolution = {.relative = 1.6 * largest_r}},
        {.value = stationary_signsgd_loss(far)}, mean_of(full->average("end", "f")), {full});
    expect_phase_1(out, far);
    const double near_signal = largest_signal(near);
    out.expect(
        {.id = "phase-3-sde/E-f",
         .statement =
             fmt::format("From |Y| = {:.2f} the phase-3 SDE (5) has the loss of SignSGD", near_signal),
         .source = {.paper = "A", .item = "Lemma 3.4, Phase 3"},
         .lemmas = {"3.4"},
         .wording = Wording::corrected,
         .margin = {.relative = near_signal * near_signal / 3.0 + 0.8 * largest_r},
         .margin_reason =
             "Erf(y) = (2/√π)(y − y³/3 + …): d log E f is off by at most Y²/3 in all, plus the weak error",
         .resolution = {.relative = 2.0 * (near_signal * near_signal / 3.0 + 0.8 * largest_r)}},
        along(*linear, "f", eta, places, mean_of, [&](std::size_t place) { return exact_near.loss[place]; }),
        {linear});
    out.expect({.id = "phase-3-sde/as-printed",
                .statement = fmt::format(
                    "The phase-3 SDE (5) describes SignSGD wherever |Y| < 1 (here from |Y| = {:.2f})",
                    largest_signal(edge)),
                .source = {.paper = "A", .item = "Lemma 3.4, Phase 3, as printed"},
                .lemmas = {"3.4"},
                .margin = {.relative = 0.8 * largest_r},
                .margin_reason = "what a weak approximation of first order would allow",
                .resolution = {.relative = 1.6 * largest_r},
                .expected = Verdict::fail},
               along(*linear_edge, "f", eta, {2, 4, 6, 8}, mean_of,
                     [&](std::size_t place) { return exact_edge.loss[place]; }),
               {linear_edge});

    out.show(
        {.id = "trajectories",
         .title = "Mean trajectories",
         .caption =
             "E x₁ and E x₂ over the runs, from the start at the top right to the minimum at the origin. The "
             "phase-3 SDE starts where it is defined, at |Y| ≤ 0.35.",
         .x = {.label = "x₁"},
         .y = {.label = "x₂"},
         .series = {
             path(*optimizer, "SignSGD", Role::optimizer, 0), path(*full, "SDE (3), fine", Role::sde, 1),
             path(*plotted, "SDE (3), EM dt = η", Role::sde, 2), path(*ode, "phase-1 ODE", Role::theory, 3),
             path(*linear, "phase-3 SDE (5)", Role::sde, 4)}});
    out.show(
        {.id = "loss",
         .title = "Loss along the trajectories",
         .caption =
             "What the trajectories hide: the speed. Bands are one standard deviation over the runs. The "
             "phase-1 ODE stops at the minimum; the phase-3 SDE starts from its own, nearer start.",
         .x = {.label = "iteration k"},
         .y = {.label = "f(x)", .logarithmic = true, .low = 1e-6, .high = 0.2},
         .series = {mean_curve(*optimizer, "f", eta, "SignSGD", Role::optimizer, 0, true),
                    mean_curve(*full, "f", eta, "SDE (3), fine", Role::sde, 1, false),
                    mean_curve(*plotted, "f", eta, "SDE (3), EM dt = η", Role::sde, 2, false),
                    mean_curve(*ode, "f", eta, "phase-1 ODE", Role::theory, 3, false),
                    mean_curve(*linear, "f", eta, "phase-3 SDE (5)", Role::sde, 4, false),
                    curve("exact chain", Role::theory, 5, steps,
                          [&](std::size_t place) { return exact.loss[place]; })}});
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
