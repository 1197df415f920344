#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "suite/predictions/sign_lemmas.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

constexpr std::uint64_t second_fine = 8;

/// SignSGD at one learning rate and noise, and its linear SDE: two integrators in the long run, and from the start.
struct Case {
  Problem problem;
  std::uint64_t fine;  ///< Euler-Maruyama steps in the time of one iteration
  Simulated euler{}, second{}, transient{};

  std::string tag() const {
    return fmt::format("eta={}/sigma={}", problem.learning_rate, problem.sigmas()(0));
  }
  /// eta b / 2, the relative size of the term that Lemma 3.7 has and Lemma 3.8 has not.
  double small() const { return 0.5 * problem.learning_rate * phase_3_rate(problem, 0); }
  Margin bias() const {
    return {
        .bound = relative(small() / static_cast<double>(fine)),
        .reason = "Euler-Maruyama with n steps in η: 1/(1 + (ηb/2)(1 − 1/n)) for the stationary variance"};
  }
};

Problem problem_of(const Settings& settings, std::size_t which) {
  const Problem at_minimum =
      quadratic_problem({.name = "signsgd"}, settings.list("curvature"), settings.list("sigmas").at(which),
                        settings.list("etas").at(which));
  const double deviation = std::sqrt(leading_variance(at_minimum, 0));
  return with_start(at_minimum, Point::Constant(1, settings.scalar("start") * deviation));
}

/// Two relaxation times 1 / (2 b) resolved by forty points.
std::vector<std::uint64_t> transient_steps(const Case& run) {
  return even_steps(std::max<std::uint64_t>(40, static_cast<std::uint64_t>(1.0 / run.small())), 40);
}

Simulated order(const Case& run, const std::string& scheme, const SdeChoice& sde, Recording recording,
                std::uint64_t runs, Simulations& simulations) {
  std::vector<Observable> observables = coordinates_and_loss(run.problem.loss);
  observables.push_back(squared_column("x1^2", 0));
  const std::string name = fmt::format("phase-3 SDE, {}, η = {}, σ = {}", scheme, run.problem.learning_rate,
                                       run.problem.sigmas()(0));
  return simulations.sde(name, run.problem, sde,
                         {.recording = std::move(recording),
                          .runs = runs,
                          .observables = std::move(observables),
                          .outside_limit = 0.02});
}

Case ordered(const Settings& settings, std::size_t which, Simulations& simulations) {
  const std::uint64_t fine = settings.count("euler_steps"), iterations = settings.count("iterations");
  Case run{.problem = problem_of(settings, which), .fine = fine};
  const auto sde = [](const char* integrator, std::uint64_t per_iteration) {
    return SdeChoice{
        .sde = {.name = "signsgd-phase-3"}, .integrator = integrator, .steps_per_iteration = per_iteration};
  };
  const auto stationary = [&](std::uint64_t steps) {
    return averaged("stationary", iterations * steps / 20, iterations * steps, steps);
  };
  const std::uint64_t runs = settings.count("runs");
  const std::string scheme = fmt::format("Euler-Maruyama dt = η/{}", fine);
  run.euler = order(run, scheme, sde("euler-maruyama", fine), stationary(fine), runs, simulations);
  run.second = order(run, "weak order 2 dt = η/8", sde("weak-order-2", second_fine), stationary(second_fine),
                     runs, simulations);
  run.transient =
      order(run, scheme + ", transient", sde("euler-maruyama", fine),
            {.steps = scaled(transient_steps(run), fine)}, settings.count("transient_runs"), simulations);
  return run;
}

/// Var x over time and runs.
Measurement stationary_variance(const Simulated& sde) {
  return sde.of_averages("stationary", {"x1^2", "x1"},
                         [](const std::vector<double>& means) { return means[0] - means[1] * means[1]; });
}

/// The first-order term of the stationary variance of SignSGD itself, (Var x / V0 - 1) / r for r = eta lambda / sigma.
void claim_first_order(const Settings& settings, Findings& out) {
  const double r = settings.scalar("small_ratio"), sigma = settings.list("sigmas").front();
  const Problem problem = quadratic_problem({.name = "signsgd"}, settings.list("curvature"), sigma,
                                            r * sigma / settings.scalar("curvature"));
  const double leading = leading_variance(problem, 0);
  const auto first_order = [&](const char* entry) {
    return (Asked(entry, problem).variance(0).value / leading - 1.0) / r;
  };
  const double exact = first_order("exact-stationary-chain");
  const Margin margin{.bound = absolute(r), .reason = "the terms of second order in r, divided by r"};
  const Source source{.paper = "A", .item = "Lemma 3.7, Figure 2 centre-right"};
  out.claim("first-order/lemma")
      .at(source)
      .says("The term η/π of Lemma 3.7 is that of SignSGD: (Var x/V₀ − 1)/r, r = ηλ/σ, is −1/√(2π)")
      .equals(exact, {.value = first_order("lemma-3.7-corrected")})
      .margin(margin)
      .is_refuted();
  out.claim("first-order/signsgd")
      .at(source)
      .says("For SignSGD, by its exact chain, (Var x/V₀ − 1)/r tends to +√(π/2)/4")
      .equals(exact, {.value = 0.25 * std::sqrt(0.5 * std::numbers::pi)})
      .margin(margin);
}

void claim_stationary(const Case& run, Findings& out) {
  const Prediction printed = Asked("lemma-3.7-printed", run.problem).variance(0);
  const Prediction corrected = Asked("lemma-3.7-corrected", run.problem).variance(0);
  out.claim("stationary/corrected/" + run.tag())
      .of("3.7", Wording::corrected)
      .says("Var x → (η/2)(√(2/π) + (η/π)λ/σ)⁻¹ σ/λ for the phase-3 SDE")
      .equals(stationary_variance(run.euler), corrected)
      .margin(run.bias())
      .resolves(relative(0.02));
  out.claim("stationary/as-printed/" + run.tag())
      .of("3.7")
      .says("Var x → (η/2)(√(2/π) + (η/π)λ)⁻¹ σ/λ for the phase-3 SDE, as printed")
      .equals(stationary_variance(run.euler), printed)
      .margin(run.bias())
      .resolves(relative(0.02))
      .is_refuted();
  out.claim("stationary/corrected/weak-order-2/" + run.tag())
      .of("3.7", Wording::corrected)
      .says("A second integrator gives the same: Var x of the corrected Lemma 3.7")
      .equals(stationary_variance(run.second), corrected)
      .margin(relative(4.0 * run.small() * run.small() / (8.0 * 8.0)), "weak order 2: (ηb/8)²")
      .resolves(relative(0.02));
}

void claim_curves(const Case& run, Findings& out) {
  const Asked lemma("lemma-3.7-corrected", run.problem);
  const Margin bias = run.bias();
  out.claim("curve/Var/" + run.tag())
      .of("3.7", Wording::corrected)
      .says("Var x of the phase-3 SDE follows the corrected Lemma 3.7 at every time")
      .equals(run.transient.variance(0).along(6), lemma.variance_curve(0))
      .margin(relative(2.0 * bias.bound.relative), bias.reason + ", doubled for the transient")
      .resolves(relative(0.04));
  out.claim("curve/E/" + run.tag())
      .of("3.7")
      .says("E x of the phase-3 SDE is x₀ exp(−√(2/π) λ t/σ)")
      .equals(run.transient.mean(0).along(6), Asked("lemma-3.7-printed", run.problem).mean_curve(0))
      .margin(absolute(bias.bound.relative * std::abs(run.problem.start(0))),
              "Euler-Maruyama: (1 − bη/n)^(nk) for e^(−bηk)")
      .resolves(absolute(0.04 * std::sqrt(lemma.variance(0).value)));
}

void draw(const Case& run, Findings& out) {
  const Asked printed("lemma-3.7-printed", run.problem), corrected("lemma-3.7-corrected", run.problem);
  const Measurement measured = stationary_variance(run.euler);
  const double eta = run.problem.learning_rate;
  out.figure(fmt::format("variance-eta-{}", eta),
             fmt::format("Var x of the phase-3 SDE, η = {}, σ = {}", eta, run.problem.sigmas()(0)))
      .caption(
          "The printed and the corrected Lemma 3.7. Stationary, over time and runs: {:.6g} ± {:.1g}; "
          "corrected {:.6g}, printed {:.6g}.",
          measured.value, measured.standard_error, corrected.variance(0).value, printed.variance(0).value)
      .y({.label = "Var x", .low = 0.0})
      .at(run.transient->iterations())
      .sde(run.transient.variance(0), fmt::format("SDE (5), EM dt = η/{}", run.fine), 0)
      .bound(printed.variance_curve(0), "Lemma 3.7, printed", 1)
      .theory(corrected.variance_curve(0), "Lemma 3.7, corrected", 2);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  std::vector<Case> runs;
  for (std::size_t i = 0; i < require_distinct(settings, "etas").size(); ++i)
    runs.push_back(ordered(settings, i, simulations));
  return [=](Findings& out) {
    claim_first_order(settings, out);
    for (const Case& run : runs) {
      claim_stationary(run, out);
      claim_curves(run, out);
      draw(run, out);
    }
  };
}

const Register<Experiment> lemma_3_7{{
    .name = "lemma-3.7",
    .title = "Moments of SignSGD's phase-3 SDE",
    .summary =
        "Lemma 3.7 prints Σ^(−1/2)H² where its proof gives Σ⁻¹H², which matters unless σ = 1. SignSGD itself "
        "cannot decide between the two, nor can Euler-Maruyama with dt = η, which has the variance of "
        "neither; the SDE integrated finely can. x₀ is given in stationary standard deviations.",
    .source = statement_source("3.7"),
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
