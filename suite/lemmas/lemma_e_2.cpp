#include "reference/theory/lemma_e_2.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/ingredients.hpp"
#include "suite/study/oracles.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "E.2"};

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "kappas");
  const SeparableQuadratic base{settings.list("curvatures"), settings.scalar("sigma"), settings.scalar("eta"),
                                settings.list("x0")};
  const double eta = base.learning_rate;
  const double kappa = settings.scalar("kappa");
  const double delta = settings.scalar("delta");
  const std::uint64_t steps_per_iteration = settings.count("sde_steps");
  const std::uint64_t iterations = settings.count("iterations");
  SeparableQuadratic rescaled = base;
  rescaled.learning_rate *= kappa;
  rescaled.sigma /= std::sqrt(delta);
  const std::vector<std::uint64_t> steps = even_steps(iterations, 100);
  const Point start = settings.point("x0");

  // The SDE of SGD at learning rate kappa eta is (195), its time k kappa eta. (196) is the SDE of SGD at learning rate
  // eta with kappa f for f and kappa sigma / sqrt(delta) for sigma, its time k eta.
  const Model by_rate =
      quadratic_with_gaussian_noise(base.curvatures, rescaled.sigma, rescaled.learning_rate);
  std::vector<double> scaled_curvatures = base.curvatures;
  for (double& curvature : scaled_curvatures) curvature *= kappa;
  const Model by_force = quadratic_with_gaussian_noise(scaled_curvatures, kappa * rescaled.sigma, eta);
  const auto order_sde = [&](const std::string& name, const Model& model) {
    return simulations.add(
        name,
        model.sde("sgd", "euler-maruyama", steps_per_iteration, start, simulations.stream("both equations")),
        by_rate.observables(), {.steps = scaled(steps, steps_per_iteration)}, settings.count("runs"));
  };
  const auto sde_195 = order_sde("SDE (195)", by_rate);
  const auto sde_196 = order_sde("SDE (196)", by_force);
  const auto optimizer =
      simulations.add("SGD, rescaled", by_rate.optimizer("sgd", {}, start, simulations.stream("SGD")),
                      by_rate.observables(), {.steps = steps}, 8 * settings.count("runs"));

  return [=](Findings& out) {
    const double trace = std::accumulate(base.curvatures.begin(), base.curvatures.end(), 0.0);
    const auto [least, largest] = std::ranges::minmax(base.curvatures);
    const double start_loss =
        0.5 * Eigen::Map<const Point>(base.curvatures.data(), start.size()).dot(start.cwiseAbs2());
    const theory::SgdLoss lemma{.learning_rate = eta,
                                .strong_convexity = least,
                                .hessian_trace = trace,
                                .largest_sigma = base.sigma,
                                .start_loss = start_loss};
    const theory::AdaptiveScaling scaling{.learning_rate_scale = kappa, .batch_size_scale = delta};
    const theory::LossBound own_clock =
        theory::scaled_sgd_loss_bound(lemma, scaling, theory::SgdClock::rescaled);
    const theory::LossBound base_clock =
        theory::scaled_sgd_loss_bound(lemma, scaling, theory::SgdClock::base);
    const ExactMoments exact = exact_sgd(rescaled, steps);
    const auto time = [&](std::size_t place) { return static_cast<double>(steps[place]) * eta; };
    const auto places = spread(steps.size(), 10);

    std::vector<Comparison> same;
    for (const std::size_t place : places) {
      for (const std::string name : {"x1", "f"}) {
        same.push_back({.where = fmt::format("E {}, k = {}", name, steps[place]),
                        .prediction = {.value = sde_195->at(place, name).total().mean},
                        .measurement = exactly(sde_196->at(place, name).total().mean)});
      }
    }
    out.expect(
        {.id = "one-process",
         .statement = "(195) in the time kκη and (196) in the time kη are the same process: "
                      "Euler-Maruyama with dt = κη/n and η/n takes the same path from the same normals",
         .source = source,
         .lemmas = {"E.2"},
         .wording = Wording::corrected,
         .relation = Relation::identity,
         .margin = {.absolute = 1e-12 * start_loss, .relative = 1e-10},
         .margin_reason = "rounding of a path of some thousand steps"},
        std::move(same));

    // (1 - kappa eta lambda)^{2k} = e^{-2u} (1 - kappa eta lambda u + ...) with u = kappa lambda t.
    const auto transient = [&](std::size_t place) {
      const double u = kappa * least * time(place);
      return 1.05 * kappa * eta * largest * start_loss * u * std::exp(-2.0 * u);
    };
    const Bound floor{.relative = 0.6 * kappa * eta * largest};
    const char* const reason =
        "first order in κη: 1/(1 − κηλ/2) in the limit, and (1 − κηλ)^(2k) against e^(−2κλkη) before";
    const auto compare = [&](const theory::LossBound& bound) {
      std::vector<Comparison> result;
      for (const std::size_t place : places) {
        result.push_back({.where = fmt::format("k = {}", steps[place]),
                          .prediction = {.value = bound.at(time(place)), .error = transient(place)},
                          .measurement = exactly(exact.loss[place])});
      }
      return result;
    };
    out.expect(
        {.id = "bound-199",
         .statement = "E S_t ≤ S₀e^(−2κμt) + (η/2)(κ/δ)L_τσ²/(2μ)(1 − e^(−2κμt)) at t = kη, (199), with "
                      "L_τ = Tr H, for SGD itself",
         .source = source,
         .lemmas = {"E.2"},
         .wording = Wording::corrected,
         .relation = Relation::at_most,
         .margin = floor,
         .margin_reason = reason},
        compare(base_clock));
    if (least == largest) {
      out.expect({.id = "curve-199",
                  .statement = "For H = λI the bound (199) is the loss of SGD",
                  .source = source,
                  .lemmas = {"E.2"},
                  .wording = Wording::corrected,
                  .margin = floor,
                  .margin_reason = reason},
                 compare(base_clock));
    }
    out.expect(
        {.id = "curve-198-at-k-eta",
         .statement = "(195) does not see the speed-up by κ: its bound (198), with e^(−2μt), describes the "
                      "loss at t = kη",
         .source = source,
         .lemmas = {"E.2"},
         .margin = floor,
         .margin_reason = reason,
         .expected = Verdict::fail},
        compare(own_clock));
    theory::SgdLoss low_trace = lemma;
    low_trace.hessian_trace = 0.5 * trace;
    out.expect(
        {.id = "trace-as-printed",
         .statement = "As printed, with the hypothesis L_τ ≤ Tr Hess f, a misprint of ≥, (199) would hold "
                      "with L_τ = ½ Tr H, which it allows",
         .source = source,
         .lemmas = {"E.2"},
         .relation = Relation::at_most,
         .margin = floor,
         .margin_reason = reason,
         .expected = Verdict::fail},
        compare(theory::scaled_sgd_loss_bound(low_trace, scaling, theory::SgdClock::base)));
    for (const double factor : settings.list("kappas")) {
      SeparableQuadratic kept = base;
      kept.learning_rate *= factor;
      kept.sigma /= std::sqrt(factor);
      out.expect({.id = fmt::format("kept/kappa={}", factor),
                  .statement = "κ = δ keeps the asymptotic loss of SGD",
                  .source = source,
                  .lemmas = {"E.2", "sentence-scaling-rules"},
                  .margin = {.relative = 0.6 * std::abs(factor - 1.0) * eta * largest},
                  .margin_reason = "first order: (1 − ηλ/2)/(1 − κηλ/2)"},
                 {.value = 1.0}, exactly(stationary_sgd_loss(kept) / stationary_sgd_loss(base)));
    }
    out.expect(
        {.id = "simulation",
         .statement = "Simulated SGD with learning rate κη and batch size δB has the loss of its recursion",
         .source = source,
         .resolution = {.relative = 0.1}},
        along(*optimizer, "f", rescaled.learning_rate, places, mean_of,
              [&](std::size_t place) { return exact.loss[place]; }),
        {optimizer});

    out.show({.id = "loss",
              .title = "Rescaled SGD: the loss and its bounds in two clocks",
              .caption = fmt::format("Mean of f over the runs of SGD with learning rate κη and batch size "
                                     "δB, κ = {}, δ = {}, and of the "
                                     "SDEs (195) in the time kκη and (196) in the time kη: one process. "
                                     "(199) is the bound at t = kη, "
                                     "(198) the same at t = kκη; read at t = kη (198) is far above.",
                                     kappa, delta),
              .x = {.label = "iteration k"},
              .y = {.label = "f(x)", .logarithmic = true},
              .series = {mean_curve(*optimizer, "f", rescaled.learning_rate, "SGD, rescaled", Role::optimizer,
                                    0, false),
                         mean_curve(*sde_195, "f", rescaled.learning_rate, "SDE (195)", Role::sde, 1, false),
                         mean_curve(*sde_196, "f", eta, "SDE (196)", Role::sde, 2, false),
                         curve("exact recursion", Role::theory, 3, steps,
                               [&](std::size_t place) { return exact.loss[place]; }),
                         curve("(199) at t = kη", Role::bound, 4, steps,
                               [&](std::size_t place) { return base_clock.at(time(place)); }),
                         curve("(198) read at t = kη", Role::bound, 5, steps,
                               [&](std::size_t place) { return own_clock.at(time(place)); })}});
  };
}

const Register<Experiment> lemma_e_2{{
    .name = "lemma-e.2",
    .title = "Rescaled SGD: one process in two clocks",
    .summary =
        "E.2 writes the SDE of SGD with learning rate κη and batch size δB twice, (195) and (196), and says "
        "that only the second sees the speed. They are the same process in the clocks kκη and kη. The bound "
        "(199) describes SGD at t = kη; κ = δ keeps its limit.",
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
