#include "reference/theory/lemma_3_5.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "reference/theory/lemma_3_4.hpp"
#include "reference/theory/lemma_c_13.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/ingredients.hpp"
#include "suite/study/oracles.hpp"

namespace sdelens {
namespace {

/// The start at which every |Y_i| has the given value.
std::vector<double> start_at(double signal, const std::vector<double>& curvatures, double sigma) {
  std::vector<double> result;
  for (const double curvature : curvatures) result.push_back(signal * sigma * std::sqrt(2.0) / curvature);
  return result;
}

theory::SignSgdLoss loss_settings(const SeparableQuadratic& problem) {
  double start_loss = 0.0;
  for (std::size_t i = 0; i < problem.start.size(); ++i) {
    start_loss += 0.5 * problem.curvatures[i] * problem.start[i] * problem.start[i];
  }
  return {.learning_rate = problem.learning_rate,
          .strong_convexity = *std::ranges::min_element(problem.curvatures),
          .hessian_trace = std::accumulate(problem.curvatures.begin(), problem.curvatures.end(), 0.0),
          .largest_sigma = problem.sigma,
          .dimension = static_cast<double>(problem.curvatures.size()),
          .start_loss = start_loss};
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const double eta = settings.scalar("eta");
  const double sigma = settings.scalar("sigma");
  const std::vector<double>& curvatures = settings.list("curvatures");
  const std::uint64_t runs = settings.count("runs");
  const SeparableQuadratic mixed{curvatures, sigma, eta,
                                 start_at(theory::kSignalBoundary, curvatures, sigma)};
  const SeparableQuadratic noise{curvatures, sigma, eta,
                                 start_at(settings.scalar("signal"), curvatures, sigma)};
  const Model model = quadratic_with_gaussian_noise(curvatures, sigma, eta);
  const auto point = [](const std::vector<double>& values) {
    return Point(Eigen::Map<const Point>(values.data(), static_cast<Index>(values.size())));
  };

  // A coordinate of curvature lambda moves by at most eta an iteration from |Y| = 3/2 to |Y| = 1.
  const double steepest = *std::ranges::max_element(curvatures);
  const double way = (theory::kSignalBoundary - theory::kNoiseBoundary) * sigma * std::sqrt(2.0) / steepest;
  const auto crossing = std::max<std::uint64_t>(10, static_cast<std::uint64_t>(way / eta));
  std::vector<std::uint64_t> mixed_steps(crossing + 1);
  std::iota(mixed_steps.begin(), mixed_steps.end(), 0U);
  const auto optimizer =
      simulations.add("SignSGD from |Y| = 3/2",
                      model.optimizer("signsgd", {}, point(mixed.start), simulations.stream("SignSGD")),
                      model.observables(), {.steps = mixed_steps}, runs);

  const std::uint64_t iterations = settings.count("iterations");
  const std::vector<std::uint64_t> steps = even_steps(iterations, 100);
  constexpr std::uint64_t fine = 2;
  const auto linear = simulations.add(
      "phase-3 SDE (5), weak order 2",
      model.sde("signsgd-phase-3", "weak-order-2", fine, point(noise.start), simulations.stream("phase 3")),
      model.observables(), {.steps = scaled(steps, fine)}, runs, 0.01);

  return [=](Findings& out) {
    const ExactMoments exact_mixed = exact_signsgd(mixed, mixed_steps);
    const auto loss_mixed = [&](std::size_t place) { return exact_mixed.loss[place]; };
    out.expect(
        {.id = "phase-2/simulation",
         .statement = "Simulated SignSGD has the loss of its exact chain on the way from |Y| = 3/2 to 1",
         .source = {.paper = "A", .item = "Lemma 3.5, Phase 2"},
         .resolution = {.relative = 0.02}},
        along(*optimizer, "f", eta, spread(mixed_steps.size(), 5), mean_of, loss_mixed), {optimizer});
    for (const Wording form : {Wording::printed, Wording::corrected}) {
      const bool is_printed = form == Wording::printed;
      const theory::LossBound bound = theory::mixed_phase_bound(loss_settings(mixed), form);
      out.expect(
          {.id = is_printed ? "phase-2/bound-as-printed" : "phase-2/bound-corrected",
           .statement = is_printed ? "Phase 2: E f is at most the bound with q̂ = max(q₁, q₂)"
                                   : "Phase 2: E f is at most the bound with q̂ = q₁, as the proof gives it",
           .source = {.paper = "A",
                      .item = is_printed ? "Lemma 3.5, Phase 2" : "Lemma 3.5, Phase 2, corrected"},
           .lemmas = {"3.5"},
           .wording = is_printed ? Wording::printed : Wording::corrected,
           .relation = Relation::at_most,
           .margin = {.relative = 1e-12},
           .margin_reason = "rounding"},
          exactly_along(
              mixed_steps, spread(mixed_steps.size(), mixed_steps.size()), loss_mixed,
              [&](std::size_t place) { return bound.at(static_cast<double>(mixed_steps[place]) * eta); }));
    }

    const theory::LossBound bound = theory::noise_phase_bound(loss_settings(noise), Wording::printed);
    const auto time = [&](std::size_t place) { return static_cast<double>(steps[place]) * eta; };
    const auto bound_at = [&](std::size_t place) { return bound.at(time(place)); };
    out.expect({.id = "phase-3/bound-of-the-sde",
                .statement = "Phase 3: the bound holds for the linear SDE (5)",
                .source = {.paper = "A", .item = "Lemma 3.5, Phase 3"},
                .lemmas = {"3.5"},
                .relation = Relation::at_most,
                .margin = {.relative = 1e-3},
                .margin_reason = "bias of the integrator, (ηλ/σ)² of weak order 2"},
               along(*linear, "f", eta, spread(steps.size(), 8), mean_of, bound_at), {linear});
    // For H = lambda I the proof's inequalities are equalities.
    std::vector<theory::QuadraticCoordinate> isotropic;
    SeparableQuadratic equal = noise;
    for (std::size_t i = 0; i < curvatures.size(); ++i) {
      equal.curvatures[i] = curvatures[0];
      equal.start[i] = noise.start[0];
      isotropic.push_back(
          {.learning_rate = eta, .curvature = curvatures[0], .sigma = sigma, .start = noise.start[0]});
    }
    const theory::LossBound sharp = theory::noise_phase_bound(loss_settings(equal), Wording::printed);
    out.expect({.id = "phase-3/equality",
                .statement = "For H = λI the bound of phase 3 is the loss of the SDE (5) itself, Lemma C.13",
                .source = {.paper = "A", .item = "Lemma 3.5, Phase 3; Lemma C.13"},
                .lemmas = {"3.5"},
                .relation = Relation::identity,
                .margin = {.relative = 1e-12},
                .margin_reason = "rounding"},
               exactly_along(
                   steps, spread(steps.size(), 20),
                   [&](std::size_t place) { return theory::signsgd_expected_loss(isotropic, time(place)); },
                   [&](std::size_t place) { return sharp.at(time(place)); }));
    const ExactMoments exact_noise = exact_signsgd(noise, steps);
    const auto loss_noise = [&](std::size_t place) { return exact_noise.loss[place]; };
    const theory::LossBound corrected = theory::noise_phase_bound(loss_settings(noise), Wording::corrected);
    out.expect({.id = "phase-3/bound-of-the-optimizer",
                .statement = "Phase 3: with the slope Erf(1) the bound holds for SignSGD itself",
                .source = {.paper = "A", .item = "Lemma 3.5, Phase 3, corrected"},
                .lemmas = {"3.5"},
                .wording = Wording::corrected,
                .relation = Relation::at_most,
                .margin = {.relative = 1e-12},
                .margin_reason = "rounding"},
               exactly_along(steps, spread(steps.size(), steps.size()), loss_noise,
                             [&](std::size_t place) { return corrected.at(time(place)); }));

    out.show({.id = "phase-2",
              .title = "Phase 2: from |Y| = 3/2 to |Y| = 1",
              .caption = "The bound is loose: the loss falls faster than it by a factor.",
              .x = {.label = "iteration k"},
              .y = {.label = "f(x)", .low = 0.0},
              .series = {mean_curve(*optimizer, "f", eta, "SignSGD", Role::optimizer, 0, true),
                         curve("exact chain", Role::theory, 5, mixed_steps, loss_mixed),
                         curve("bound of phase 2", Role::bound, 1, mixed_steps, [&](std::size_t place) {
                           return theory::mixed_phase_bound(loss_settings(mixed), Wording::printed)
                               .at(static_cast<double>(mixed_steps[place]) * eta);
                         })}});
    out.show({.id = "phase-3",
              .title = "Phase 3: the linear SDE, SignSGD and the bound",
              .caption = "The printed bound holds for the SDE (5). From this start it also holds for "
                         "SignSGD; from the edge "
                         "of the phase the exact loss of SignSGD crosses it, see fig2-loss.",
              .x = {.label = "iteration k"},
              .y = {.label = "f(x)", .logarithmic = true},
              .series = {mean_curve(*linear, "f", eta, "SDE (5), weak order 2", Role::sde, 1, false),
                         curve("exact chain of SignSGD", Role::theory, 5, steps, loss_noise),
                         curve("bound, printed", Role::bound, 2, steps, bound_at),
                         curve("bound, slope Erf(1)", Role::bound, 3, steps,
                               [&](std::size_t place) { return corrected.at(time(place)); })}});
  };
}

const Register<Experiment> lemma_3_5{{
    .name = "lemma-3.5",
    .title = "Bounds of SignSGD's loss in phases 2 and 3",
    .summary = "What Lemma 3.5 says beyond Figure 2: the bound of phase 2, for which process the bound of "
               "phase 3 holds, "
               "and that it is an equality for isotropic curvature.",
    .source = {.paper = "A", .item = "Lemma 3.5 (C.10)"},
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
