#include "reference/theory/lemma_c_13.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

Judgement design(const Settings& settings, Simulations& simulations) {
  const double eta = settings.scalar("eta");
  const std::vector<double>& curvatures = settings.list("curvatures");
  const double sigma = settings.scalar("sigma");
  std::vector<theory::QuadraticCoordinate> coordinates;
  for (std::size_t i = 0; i < curvatures.size(); ++i) {
    coordinates.push_back({.learning_rate = eta,
                           .curvature = curvatures[i],
                           .sigma = sigma,
                           .start = settings.list("x0").at(i)});
  }
  const Model model = quadratic_with_gaussian_noise(curvatures, sigma, eta);
  const std::uint64_t iterations = settings.count("iterations");
  const std::vector<std::uint64_t> steps = even_steps(iterations, 60);
  constexpr std::uint64_t fine = 4;
  const auto sde = simulations.add(
      "phase-3 SDE (5), weak order 2 dt = η/4",
      model.sde("signsgd-phase-3", "weak-order-2", fine, settings.point("x0"), simulations.stream("phase 3")),
      model.observables(),
      {.steps = scaled(steps, fine),
       .windows = {{.name = "second half",
                    .first = iterations * fine / 2,
                    .last = iterations * fine,
                    .every = fine}}},
      settings.count("runs"), 0.02);

  return [=](Findings& out) {
    const double steepest = *std::ranges::max_element(curvatures);
    const double small = eta * std::sqrt(2.0 / std::numbers::pi) * steepest / sigma;
    const Bound bias{.relative = small * small / (fine * fine)};
    const auto time = [&](std::size_t place) { return static_cast<double>(steps[place]) * eta; };
    const auto loss = [&](std::size_t place) {
      return theory::signsgd_expected_loss(coordinates, time(place));
    };
    const auto from_moments = [&](Wording form) {
      return [&, form](std::size_t place) {
        double result = 0.0;
        for (const theory::QuadraticCoordinate& coordinate : coordinates) {
          const double mean = theory::signsgd_mean(coordinate, time(place));
          result += 0.5 * coordinate.curvature *
                    (theory::signsgd_variance(coordinate, time(place), form) + mean * mean);
        }
        return result;
      };
    };
    out.expect({.id = "curve",
                .statement = "E X′HX/2 of the phase-3 SDE follows Lemma C.13 at every time",
                .source = {.paper = "A", .item = "Lemma C.13"},
                .lemmas = {"C.13"},
                .margin = bias,
                .margin_reason = "bias of the weak order-2 integrator, (ηb/4)²",
                .resolution = {.relative = 0.05}},
               along(*sde, "f", eta, spread(steps.size(), 8), mean_of, loss), {sde});
    out.expect({.id = "stationary",
                .statement = "E X′HX/2 of the phase-3 SDE tends to the limit of Lemma C.13",
                .source = {.paper = "A", .item = "Lemma C.13"},
                .lemmas = {"C.13"},
                .margin = bias,
                .margin_reason = "bias of the weak order-2 integrator, (ηb/4)²",
                .resolution = {.relative = 0.01}},
               {.value = theory::signsgd_stationary_loss(coordinates)},
               mean_of(sde->average("second half", "f")), {sde});
    const auto places = spread(steps.size(), 20);
    out.expect(
        {.id = "from-lemma-3.7/corrected",
         .statement = "Lemma C.13 is (1/2) Tr H(Cov + mm′) with the moments of the corrected Lemma 3.7",
         .source = {.paper = "A", .item = "Lemma C.13; Lemma 3.7, corrected"},
         .lemmas = {"3.7"},
         .wording = Wording::corrected,
         .relation = Relation::identity,
         .margin = {.relative = 1e-12},
         .margin_reason = "rounding"},
        exactly_along(steps, places, from_moments(Wording::corrected), loss));
    out.expect({.id = "from-lemma-3.7/as-printed",
                .statement = "Lemma C.13 is (1/2) Tr H(Cov + mm′) with the moments of Lemma 3.7 as printed",
                .source = {.paper = "A", .item = "Lemma C.13; Lemma 3.7, as printed"},
                .lemmas = {"3.7"},
                .relation = Relation::identity,
                .margin = {.relative = 1e-12},
                .margin_reason = "rounding",
                .expected = Verdict::fail},
               exactly_along(steps, places, from_moments(Wording::printed), loss));
    out.show(
        {.id = "loss",
         .title = "Loss of the phase-3 SDE and Lemma C.13",
         .caption =
             "Mean over the runs with a band of one standard deviation. The moments of Lemma 3.7 as printed "
             "contradict the paper's own Lemma C.13.",
         .x = {.label = "iteration k"},
         .y = {.label = "f(x)", .logarithmic = true},
         .series = {mean_curve(*sde, "f", eta, "SDE (5), weak order 2", Role::sde, 0, true),
                    curve("Lemma C.13", Role::theory, 5, steps, loss),
                    curve("from Lemma 3.7 as printed", Role::bound, 1, steps, from_moments(Wording::printed))}});
  };
}

const Register<Experiment> lemma_c_13{{
    .name = "lemma-c.13",
    .title = "Expected loss of SignSGD's phase-3 SDE",
    .summary = "Lemma C.13 gives E X′HX/2 of the phase-3 SDE. It is right as printed, and so it contradicts "
               "Lemma 3.7 as "
               "printed, whose moments it should follow from.",
    .source = {.paper = "A", .item = "Lemma C.13"},
    .lemmas = {"3.7", "C.13"},
    .settings = {chosen("eta", {1e-2}, Range::positive(), "learning rate η; t = k η"),
                 chosen("sigma", {0.1}, Range::positive(),
                        "standard deviation of the gradient noise, as in Figure 2"),
                 chosen("curvatures", {1.0, 2.0}, Range::positive(), "H = diag(curvatures), as in Figure 2"),
                 chosen("x0", {0.05, 0.025}, Range::finite(), "start, |Y| = 0.35"),
                 chosen("iterations", {400}, Range::at_least(100), "iterations' worth of time"),
                 chosen("runs", {32768}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
