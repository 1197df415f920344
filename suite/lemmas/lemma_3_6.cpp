#include "reference/theory/lemma_3_6.hpp"

#include <algorithm>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/ingredients.hpp"
#include "suite/study/oracles.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Lemma 3.6"};

Judgement design(const Settings& settings, Simulations& simulations) {
  const SeparableQuadratic problem{settings.list("curvatures"), settings.scalar("sigma"),
                                   settings.scalar("eta"), settings.list("x0")};
  SeparableQuadratic isotropic = problem;
  std::ranges::fill(isotropic.curvatures, problem.curvatures[0]);
  const double eta = problem.learning_rate;
  const std::vector<std::uint64_t> steps = even_steps(settings.count("iterations"), 100);
  const std::uint64_t runs = settings.count("runs");
  constexpr std::uint64_t fine = 1;
  const auto add = [&](const std::string& name, const SeparableQuadratic& which) {
    const Model model = quadratic_with_gaussian_noise(which.curvatures, which.sigma, eta);
    return simulations.add(
        name, model.sde("sgd", "weak-order-2", fine, settings.point("x0"), simulations.stream(name)),
        model.observables(), {.steps = scaled(steps, fine)}, runs);
  };
  const Model model = quadratic_with_gaussian_noise(problem.curvatures, problem.sigma, eta);
  const auto optimizer =
      simulations.add("SGD", model.optimizer("sgd", {}, settings.point("x0"), simulations.stream("SGD")),
                      model.observables(), {.steps = steps}, runs);
  const auto sde = add("SDE of SGD", problem);
  const auto equal = add("SDE of SGD, H = λI", isotropic);

  return [=](Findings& out) {
    const ExactMoments exact = exact_sgd(problem, steps);
    const auto bound_of = [&](const SeparableQuadratic& which) {
      double start_loss = 0.0;
      double trace = 0.0;
      for (std::size_t i = 0; i < which.start.size(); ++i) {
        start_loss += 0.5 * which.curvatures[i] * which.start[i] * which.start[i];
        trace += which.curvatures[i];
      }
      return theory::sgd_loss_bound({.learning_rate = eta,
                                     .strong_convexity = *std::ranges::min_element(which.curvatures),
                                     .hessian_trace = trace,
                                     .largest_sigma = which.sigma,
                                     .start_loss = start_loss});
    };
    const theory::LossBound bound = bound_of(problem);
    const theory::LossBound sharp = bound_of(isotropic);
    const double steepest = *std::ranges::max_element(problem.curvatures);
    const auto time = [&](std::size_t place) { return static_cast<double>(steps[place]) * eta; };
    const auto places = spread(steps.size(), 8);
    const Bound integrator{.relative = eta * eta * steepest * steepest};
    out.expect(
        {.id = "simulation",
         .statement = "Simulated SGD has the loss of the exact linear recursion",
         .source = source,
         .resolution = {.relative = 0.05}},
        along(*optimizer, "f", eta, places, mean_of, [&](std::size_t place) { return exact.loss[place]; }),
        {optimizer});
    out.expect(
        {.id = "bound/sde",
         .statement = "The loss of the SDE of SGD is at most S₀ e^(−2μt) + η L_τ σ²/(4μ) (1 − e^(−2μt))",
         .source = source,
         .lemmas = {"3.6"},
         .relation = Relation::at_most,
         .margin = integrator,
         .margin_reason = "bias of the weak order-2 integrator, (ηλ)²"},
        along(*sde, "f", eta, places, mean_of, [&](std::size_t place) { return bound.at(time(place)); }),
        {sde});
    out.expect(
        {.id = "equality/sde",
         .statement = "For H = λI the bound is the loss of the SDE",
         .source = source,
         .lemmas = {"3.6"},
         .margin = integrator,
         .margin_reason = "bias of the weak order-2 integrator, (ηλ)²",
         .resolution = {.relative = 0.05}},
        along(*equal, "f", eta, places, mean_of, [&](std::size_t place) { return sharp.at(time(place)); }),
        {equal});
    out.expect(
        {.id = "bound/optimizer",
         .statement = "The loss of SGD itself is at most the bound, up to O(ηλ)",
         .source = source,
         .lemmas = {"3.6"},
         .relation = Relation::at_most,
         .margin = {.relative = 0.6 * eta * steepest},
         .margin_reason = "the stationary variance of SGD is 1/(1 − ηλ/2) of that of its SDE"},
        exactly_along(
            steps, spread(steps.size(), steps.size()), [&](std::size_t place) { return exact.loss[place]; },
            [&](std::size_t place) { return bound.at(time(place)); }));
    out.show({.id = "loss",
              .title = "Loss of SGD and the bound of Lemma 3.6",
              .caption = "Mean over the runs with a band of one standard deviation.",
              .x = {.label = "iteration k"},
              .y = {.label = "f(x)", .logarithmic = true, .low = 1e-6},
              .series = {mean_curve(*optimizer, "f", eta, "SGD", Role::optimizer, 0, true),
                         mean_curve(*sde, "f", eta, "SDE, weak order 2", Role::sde, 1, false),
                         curve("exact recursion", Role::theory, 5, steps,
                               [&](std::size_t place) { return exact.loss[place]; }),
                         curve("bound", Role::bound, 2, steps,
                               [&](std::size_t place) { return bound.at(time(place)); })}});
  };
}

const Register<Experiment> lemma_3_6{{
    .name = "lemma-3.6",
    .title = "Bound of SGD's loss",
    .summary = "The bound of Lemma 3.6 at all times, for the SDE and for SGD itself; for isotropic curvature "
               "it is an "
               "equality. Its limit is judged in fig6-sgd.",
    .source = source,
    .lemmas = {"3.6"},
    .settings = {chosen("eta", {1e-2}, Range::positive(), "learning rate η; t = k η, as in Figure 6"),
                 chosen("sigma", {0.1}, Range::positive(), "standard deviation of the gradient noise"),
                 chosen("curvatures", {1.0, 2.0}, Range::positive(), "H = diag(curvatures), as in Figure 2"),
                 chosen("x0", {0.1, 0.1}, Range::finite(), "start"),
                 chosen("iterations", {600}, Range::at_least(100), "iterations of SGD"),
                 chosen("runs", {32768}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
