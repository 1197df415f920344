#include "reference/theory/lemma_3_7.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "sdelens/exact/sign_chain.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

struct Run {
  theory::QuadraticCoordinate coordinate;
  std::shared_ptr<const Ensemble> euler{}, second{}, transient{};
  std::vector<std::uint64_t> steps{};
  /// eta b / 2, the relative size of the term that Lemma 3.7 has and Lemma 3.8 has not.
  double small() const {
    return 0.5 * coordinate.learning_rate * std::sqrt(2.0 / std::numbers::pi) * coordinate.curvature /
           coordinate.sigma;
  }
};

/// The first-order term of the stationary variance of SignSGD itself, (Var x / V0 - 1) / r for r = eta lambda / sigma.
void expect_first_order_of_signsgd(const Settings& settings, Findings& out) {
  const double r = settings.scalar("small_ratio");
  const double sigma = settings.list("sigmas").front();
  const double curvature = settings.scalar("curvature");
  const theory::QuadraticCoordinate coordinate{
      .learning_rate = r * sigma / curvature, .curvature = curvature, .sigma = sigma, .start = 0.0};
  const StationarySignLaw law({.learning_rate = coordinate.learning_rate, .start = 0.0},
                              gaussian_probability_down({.curvature = curvature, .sigma = sigma}));
  const double leading = theory::signsgd_leading_variance(coordinate);
  const double exact = (law.variance() / leading - 1.0) / r;
  const double lemma = (theory::signsgd_stationary_variance(coordinate, Wording::corrected) / leading - 1.0) / r;
  const Bound margin{.absolute = r};
  const std::string reason = "the terms of second order in r, divided by r";
  const Source source{.paper = "A", .item = "Lemma 3.7, Figure 2 centre-right"};
  out.expect(
      {.id = "first-order/lemma",
       .statement = "The term η/π of Lemma 3.7 is that of SignSGD: (Var x/V₀ − 1)/r, r = ηλ/σ, is −1/√(2π)",
       .source = source,
       .margin = margin,
       .margin_reason = reason,
       .expected = Verdict::fail},
      {.value = lemma}, exactly(exact));
  out.expect({.id = "first-order/signsgd",
              .statement = "For SignSGD, by its exact chain, (Var x/V₀ − 1)/r tends to +√(π/2)/4",
              .source = source,
              .margin = margin,
              .margin_reason = reason},
             {.value = 0.25 * std::sqrt(0.5 * std::numbers::pi)}, exactly(exact));
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const std::uint64_t fine = settings.count("euler_steps");
  constexpr std::uint64_t second_fine = 8;
  const std::uint64_t iterations = settings.count("iterations");
  require_distinct(settings, "etas");
  std::vector<Run> runs;
  for (std::size_t i = 0; i < settings.list("etas").size(); ++i) {
    const double eta = settings.list("etas").at(i);
    const double sigma = settings.list("sigmas").at(i);
    const double curvature = settings.scalar("curvature");
    Run run{.coordinate = {.learning_rate = eta, .curvature = curvature, .sigma = sigma, .start = 0.0}};
    run.coordinate.start =
        settings.scalar("start") * std::sqrt(theory::signsgd_leading_variance(run.coordinate));
    const Model model = quadratic_with_gaussian_noise({curvature}, sigma, eta);
    std::vector<Observable> observables = model.observables();
    observables.push_back(
        {.name = "x1^2", .evaluate = [](In x, OutColumn value) { value = x.col(0).square(); }});
    // Two relaxation times 1 / (2 b) resolved by forty points.
    const double b = 2.0 * run.small() / eta;
    run.steps = even_steps(std::max<std::uint64_t>(40, static_cast<std::uint64_t>(2.0 / (b * eta))), 40);
    const auto add = [&](const std::string& name, const char* integrator, std::uint64_t per_iteration,
                         Recording recording, std::uint64_t replicas) {
      const std::string full_name = fmt::format("phase-3 SDE, {}, η = {}, σ = {}", name, eta, sigma);
      return simulations.add(
          full_name,
          model.sde("signsgd-phase-3", integrator, per_iteration, Point::Constant(1, run.coordinate.start),
                    simulations.stream(full_name)),
          observables, std::move(recording), replicas, 0.02);
    };
    const auto stationary = [&](std::uint64_t per_iteration) {
      return Recording{.windows = {{.name = "stationary",
                                    .first = iterations * per_iteration / 20,
                                    .last = iterations * per_iteration,
                                    .every = per_iteration}}};
    };
    const std::uint64_t replicas = settings.count("runs");
    const std::string scheme = fmt::format("Euler-Maruyama dt = η/{}", fine);
    run.euler = add(scheme, "euler-maruyama", fine, stationary(fine), replicas);
    run.second = add("weak order 2 dt = η/8", "weak-order-2", second_fine, stationary(second_fine), replicas);
    run.transient = add(scheme + ", transient", "euler-maruyama", fine, {.steps = scaled(run.steps, fine)},
                        settings.count("transient_runs"));
    runs.push_back(std::move(run));
  }

  return [=](Findings& out) {
    expect_first_order_of_signsgd(settings, out);
    for (const Run& run : runs) {
      const std::string tag =
          fmt::format("eta={}/sigma={}", run.coordinate.learning_rate, run.coordinate.sigma);
      const double eta = run.coordinate.learning_rate;
      const auto variance_of_average = [](const Ensemble& ensemble) {
        return of_averages(ensemble, "stationary", {"x1^2", "x1"},
                           [](const std::vector<double>& means) { return means[0] - means[1] * means[1]; });
      };
      const Measurement euler = variance_of_average(*run.euler);
      const Measurement second = variance_of_average(*run.second);
      const Bound bias{.relative = run.small() / static_cast<double>(fine)};
      const std::string bias_reason =
          "Euler-Maruyama with n steps in η: 1/(1 + (ηb/2)(1 − 1/n)) for the stationary variance";
      const double printed_value = theory::signsgd_stationary_variance(run.coordinate, Wording::printed);
      const double corrected_value = theory::signsgd_stationary_variance(run.coordinate, Wording::corrected);
      out.expect({.id = "stationary/corrected/" + tag,
                  .statement = "Var x → (η/2)(√(2/π) + (η/π)λ/σ)⁻¹ σ/λ for the phase-3 SDE",
                  .source = {.paper = "A", .item = "Lemma 3.7, corrected"},
                  .lemmas = {"3.7"},
                  .wording = Wording::corrected,
                  .margin = bias,
                  .margin_reason = bias_reason,
                  .resolution = {.relative = 0.02}},
                 {.value = corrected_value}, euler, {run.euler});
      out.expect({.id = "stationary/as-printed/" + tag,
                  .statement = "Var x → (η/2)(√(2/π) + (η/π)λ)⁻¹ σ/λ for the phase-3 SDE, as printed",
                  .source = {.paper = "A", .item = "Lemma 3.7, as printed"},
                  .lemmas = {"3.7"},
                  .margin = bias,
                  .margin_reason = bias_reason,
                  .resolution = {.relative = 0.02},
                  .expected = Verdict::fail},
                 {.value = printed_value}, euler, {run.euler});
      out.expect({.id = "stationary/corrected/weak-order-2/" + tag,
                  .statement = "A second integrator gives the same: Var x of the corrected Lemma 3.7",
                  .source = {.paper = "A", .item = "Lemma 3.7, corrected"},
                  .lemmas = {"3.7"},
                  .wording = Wording::corrected,
                  .margin = {.relative = 4.0 * run.small() * run.small() / (8.0 * 8.0)},
                  .margin_reason = "weak order 2: (ηb/8)²",
                  .resolution = {.relative = 0.02}},
                 {.value = corrected_value}, second, {run.second});
      const auto places = spread(run.steps.size(), 6);
      const auto time = [&](std::size_t place) { return static_cast<double>(run.steps[place]) * eta; };
      const auto variance = [&](Wording form) {
        return [&, form](std::size_t place) {
          return theory::signsgd_variance(run.coordinate, time(place), form);
        };
      };
      out.expect({.id = "curve/Var/" + tag,
                  .statement = "Var x of the phase-3 SDE follows the corrected Lemma 3.7 at every time",
                  .source = {.paper = "A", .item = "Lemma 3.7, corrected"},
                  .lemmas = {"3.7"},
                  .wording = Wording::corrected,
                  .margin = {.relative = 2.0 * bias.relative},
                  .margin_reason = bias_reason + ", doubled for the transient",
                  .resolution = {.relative = 0.04}},
                 along(*run.transient, "x1", eta, places, variance_of, variance(Wording::corrected)),
                 {run.transient});
      out.expect({.id = "curve/E/" + tag,
                  .statement = "E x of the phase-3 SDE is x₀ exp(−√(2/π) λ t/σ)",
                  .source = {.paper = "A", .item = "Lemma 3.7"},
                  .lemmas = {"3.7"},
                  .margin = {.absolute = bias.relative * std::abs(run.coordinate.start)},
                  .margin_reason = "Euler-Maruyama: (1 − bη/n)^(nk) for e^(−bηk)",
                  .resolution = {.absolute = 0.04 * std::sqrt(corrected_value)}},
                 along(*run.transient, "x1", eta, places, mean_of,
                       [&](std::size_t place) { return theory::signsgd_mean(run.coordinate, time(place)); }),
                 {run.transient});

      Series measured{.label = fmt::format("SDE (5), EM dt = η/{}", fine), .role = Role::sde, .colour = 0};
      for (std::size_t place = 0; place < run.steps.size(); ++place) {
        measured.x.push_back(static_cast<double>(run.steps[place]));
        measured.y.push_back(run.transient->at(place, "x1").total().variance());
      }
      out.show(
          {.id = fmt::format("variance-eta-{}", eta),
           .title = fmt::format("Var x of the phase-3 SDE, η = {}, σ = {}", eta, run.coordinate.sigma),
           .caption = fmt::format("The printed and the corrected Lemma 3.7. Stationary, over time and runs: "
                                  "{:.6g} ± {:.1g}; corrected {:.6g}, printed {:.6g}.",
                                  euler.value, euler.standard_error, corrected_value, printed_value),
           .x = {.label = "iteration k"},
           .y = {.label = "Var x", .low = 0.0},
           .series = {std::move(measured),
                      curve("Lemma 3.7, printed", Role::bound, 1, run.steps, variance(Wording::printed)),
                      curve("Lemma 3.7, corrected", Role::theory, 2, run.steps, variance(Wording::corrected))}});
    }
  };
}

const Register<Experiment> lemma_3_7{{
    .name = "lemma-3.7",
    .title = "Moments of SignSGD's phase-3 SDE",
    .summary =
        "Lemma 3.7 prints Σ^(−1/2)H² where its proof gives Σ⁻¹H², which matters unless σ = 1. SignSGD itself "
        "cannot decide between the two, nor can Euler-Maruyama with dt = η, which has the variance of "
        "neither; "
        "the SDE integrated finely can. x₀ is given in stationary standard deviations.",
    .source = {.paper = "A", .item = "Lemma 3.7 (C.12)"},
    .lemmas = {"3.7"},
    .settings = {chosen("etas", {0.02, 0.4}, Range::positive(),
                        "learning rates η, one for each σ: ηλ/σ = 0.2 shows the term in question"),
                 chosen("sigmas", {0.1, 2.0}, Range::positive(),
                        "standard deviations of the noise, on both sides of 1"),
                 chosen("curvature", {1.0}, Range::positive(), "λ"),
                 chosen("start", {2.0}, Range::finite(), "x₀ over √V₀, V₀ = (η/2)√(π/2)σ/λ"),
                 chosen("euler_steps", {64}, Range::at_least(1),
                        "Euler-Maruyama steps in the time of one iteration"),
                 chosen("small_ratio", {0.01}, {.low = 0.0, .high = 0.1, .high_included = true},
                        "ηλ/σ at which the first-order term of SignSGD itself is read off"),
                 chosen("iterations", {10000}, Range::at_least(1000), "iterations' worth of time"),
                 chosen("runs", {512}, replica_range(),
                        "replicas of the stationary runs at the standard tier"),
                 chosen("transient_runs", {32768}, replica_range(), "replicas of the short runs from x₀")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
