#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reference/theory/lemma_3_3.hpp"
#include "reference/theory/lemma_c_8.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/study/one_step.hpp"
#include "suite/study/weak_error.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Lemma 3.10, C.8"};

/// SignSGD under noise of nu degrees of freedom, and its first step with noise of scale sigma and with the noise U
/// itself.
struct Case {
  double nu, lambda, sigma, start;
  Simulated scaled{}, unscaled{};

  std::string tag() const { return fmt::format("nu={}", nu); }
  /// The signal-to-noise ratio at the start.
  double y() const { return lambda * start / sigma; }
};

Case ordered(const Settings& settings, double nu, Simulations& simulations) {
  Case run{.nu = nu,
           .lambda = settings.scalar("curvature"),
           .sigma = settings.scalar("sigma"),
           .start = settings.scalar("x0")};
  const Problem problem = quadratic_of(settings, {.name = "signsgd"}, {run.lambda});
  const auto order = [&](const char* which, double scale) {
    const std::string name = fmt::format("first step, {}, ν = {}", which, nu);
    return first_step(name, name, with_noise(problem, student_t_noise(nu, scale)), settings.count("runs"),
                      simulations);
  };
  run.scaled = order("Z = σU", run.sigma);
  run.unscaled = order("Z = U", 1.0);
  return run;
}

/// Both routes to Xi, over ten decades of its argument.
void claim_of_identity(const Settings& settings, Findings& out) {
  std::vector<double> nus = settings.list("nus");
  for (const double nu : settings.list("other_nus")) nus.push_back(nu);
  std::vector<Comparison> comparisons;
  for (const double nu : nus) {
    for (double share = 1e-8; share < 100.0; share *= 1.9) {
      const double x = share * std::sqrt(nu);
      comparisons.push_back({.where = fmt::format("ν = {}, x = {:.3g}", nu, x),
                             .prediction = {.value = theory::student_t_xi(x, nu)},
                             .measurement = {.value = theory::student_t_xi_by_beta(x, nu)}});
    }
  }
  out.claim("xi/identity")
      .of({"3.10", "C.8"})
      .says(
          "Ξ_ν(x) = x Γ((ν+1)/2)/(√(πν) Γ(ν/2)) ₂F₁(1/2, (ν+1)/2; 3/2; −x²/ν) is F_ν(x) − 1/2, the "
          "distribution function of Student's t by the incomplete beta function, for 1e−8 ≤ |x|/√ν < 100")
      .compares(Relation::identity, std::move(comparisons))
      .margin(relative(1e-14),
              "rounding: each route is good to a few 1e−15 there; the series itself converges for |x| < √ν "
              "only, so Pfaff's form of it is summed");
}

void claim_of_first_step(const Case& run, Findings& out) {
  const Bound resolution = absolute(0.01);
  const Measurement drift = run.scaled.mean_of_observable(sign_name(0)).at_end();
  const double predicted = theory::student_t_drift(run.y(), run.nu);
  out.claim("first-step/" + run.tag())
      .of("C.8")
      .says(
          "With Z = √Σ U, U ~ t_ν(0, I), the mean step of SignSGD is −η 2Ξ_ν(Σ^(−1/2)∇f): the drift of the "
          "SDE (7)")
      .equals(drift, {.value = -predicted})
      .resolves(resolution);
  out.claim("first-step/second-moment/" + run.tag())
      .at(source)
      .says("The steps are ±η: with the drift, E ΔΔ′ = η²(b² + 1 − 4Ξ²) = η²")
      .is_identity(1.0, {.value = std::pow(predicted, 2) +
                                  std::pow(theory::student_t_diffusion(run.y(), run.nu, 1.0), 2)})
      .margin(rounding_margin());
  out.claim("first-step/38-at-plus/" + run.tag())
      .at({.paper = "A", .item = "C.8, proof, (38)"})
      .says(
          "1 − 2P(∇f_γ < 0) = −2Ξ_ν(x) with x = Σ^(−1/2)∇f: the other reading of (38), which is right for x "
          "= "
          "−Σ^(−1/2)∇f")
      .equals(drift, {.value = predicted})
      .resolves(resolution)
      .is_refuted();
  // For sigma near 1 the scale makes no difference that could be seen.
  if (std::abs(std::log(run.sigma)) < 0.2) return;
  out.claim("first-step/scale-corrected/" + run.tag())
      .of("3.10", Wording::corrected)
      .says("With Z = √Σ U, as C.8 prints it, it is")
      .equals(drift, {.value = -predicted})
      .resolves(resolution);
  out.claim("first-step/scale-as-printed/" + run.tag())
      .of("3.10")
      .says(
          "With Z = U, as the main text prints it, the mean step is −η 2Ξ_ν(Σ^(−1/2)∇f) for "
          "Σ = σ² = {:.3g}",
          run.sigma * run.sigma)
      .equals(run.unscaled.mean_of_observable(sign_name(0)).at_end(), {.value = -predicted})
      .resolves(resolution)
      .is_refuted();
}

/// The registered SDE at a learning rate.
ScalarDiffusion registered(const Case& run, double eta) {
  const Problem problem =
      with_noise(quadratic_problem({.name = "signsgd"}, {run.lambda}, 1.0, eta, Point::Zero(1)),
                 {.name = "student-t", .given = {{"nu", {run.nu}}, {"sigma", {run.sigma}}}});
  return registered_sde("signsgd", problem);
}

/// That what is simulated everywhere is what is printed, corrected.
void claim_of_coefficients(const Case& run, double eta, Findings& out) {
  const LinearGradient gradient{.curvature = run.lambda, .sigma = run.sigma};
  out.claim("coefficients/" + run.tag())
      .of("3.10", Wording::corrected)
      .says("The registered SDE of SignSGD has drift −2Ξ_ν(Σ^(−1/2)∇f) and diffusion √η √(1 − 4Ξ_ν²)")
      .compares(Relation::identity,
                coefficients(registered(run, eta), student_t_sign_sde(gradient, run.nu, eta),
                             4.0 * run.sigma / run.lambda))
      .margin(relative(1e-9), "1 − 4Ξ² keeps seven digits of its own where 2Ξ is 0.995");
}

WeakErrors weak_errors_of(const Case& run, const Settings& settings) {
  // Heavy tails keep their noise far from the minimum, and bend the drift sharply at it.
  const WeakProblem problem{
      .down = student_t_probability_down({.curvature = run.lambda, .sigma = run.sigma}, run.nu),
      .start = run.start,
      .end = std::max(20.0 * run.sigma / run.lambda, 2.0 * run.start),
      .time = settings.scalar("time"),
      .core = run.sigma / run.lambda};
  return weak_errors(problem, halved(settings.scalar("eta"), settings.count("halvings")), test_functions(),
                     solved([run](double eta) { return registered(run, eta); }));
}

void claim_of_order(const Case& run, const WeakErrors& errors, Findings& out) {
  has_order(out.claim("order/" + run.tag())
                .of("C.8")
                .says("The SDE (7) is a weak approximation of SignSGD of order 1: max over k of "
                      "|E g(x_k) − E g(X_kη)| falls like η for g = x, x², cos x"),
            errors, 1.0);
}

/// The mean of sign(y + U) against y, and what the first step has.
void draw_xi(const std::vector<Case>& runs, Findings& out) {
  FigureBuilder figure = out.figure("xi", "The drift under Student-t noise")
                             .caption(
                                 "2Ξ_ν(y), the mean of sign(y + U) for U ~ t_ν, against the signal-to-noise "
                                 "ratio y = ∇f/σ; Gauss: Erf(y/√2). Bars: the first step of simulated "
                                 "SignSGD.")
                             .x({.label = "y = ∇f/σ"})
                             .y({.label = "2Ξ_ν(y)"})
                             .at(stepped(-4.0, 4.0, 0.1));
  int colour = 0;
  for (const Case& run : runs) {
    const std::string label = fmt::format("ν = {}", run.nu);
    const double measured = run.scaled.mean_of_observable(sign_name(0)).at_end().value;
    figure.theory([&](double y) { return -theory::student_t_drift(y, run.nu); }, label, colour)
        .add(bar(label + ", SignSGD", colour, {run.y() - 0.15, run.y() + 0.15}, measured));
    ++colour;
  }
  figure.bound([](double y) { return -theory::gaussian_drift(y); }, "Gauss", colour);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const std::vector<Case> runs =
      each(require_distinct(settings, "nus"), [&](double nu) { return ordered(settings, nu, simulations); });
  return [=](Findings& out) {
    claim_of_identity(settings, out);
    draw_xi(runs, out);
    FigureBuilder figure = weak_error_figure(
        out, "weak-error", "Weak error of E x under Student-t noise",
        "The largest distance over k of E x_k of SignSGD, by its exact chain, from E X of the SDE (7) at t = "
        "kη, by collocation; no sampling. ν: degrees of freedom of the noise, whose variance is infinite for "
        "ν ≤ 2.");
    int colour = 0;
    for (const Case& run : runs) {
      claim_of_first_step(run, out);
      claim_of_coefficients(run, settings.scalar("eta"), out);
      const WeakErrors errors = weak_errors_of(run, settings);
      claim_of_order(run, errors, out);
      figure.theory(errors_of(errors), fmt::format("SDE (7), ν = {}", run.nu), colour++);
    }
  };
}

const Register<Experiment> lemma_3_10{{
    .name = "lemma-3.10",
    .title = "SignSGD's SDE under Student-t noise",
    .summary =
        "Lemma 3.10 gives the SDE (7) of SignSGD when the noise is Student's t with ν degrees of "
        "freedom, with a hypergeometric function Ξ_ν. Ξ_ν is F_ν − 1/2; the equation is right with "
        "Z = √Σ U, as C.8 has it, where the main text leaves √Σ out; (38) in the proof is right where its x "
        "is "
        "−Σ^(−1/2)∇f. Σ is the scale matrix of the noise: its covariance is ν/(ν−2) Σ, infinite for ν ≤ 2.",
    .source = source,
    .lemmas = {"3.10", "C.8"},
    .settings = {chosen("nus", {1.0, 2.0, 3.0, 5.0},
                        {.low = 1.0, .high = 1e5, .low_included = true, .high_included = true},
                        "degrees of freedom ν of the simulated and solved cases"),
                 chosen("other_nus", {0.7, 1.5, 2.5, 10.0, 100.0},
                        {.low = 0.0, .high = 1e5, .high_included = true},
                        "degrees of freedom ν where Ξ is checked as well"),
                 largest_rate_setting(), halvings_setting(),
                 chosen("sigma", {0.5}, Range::positive(), "σ, the scale of the noise Z = σU"),
                 chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2"),
                 chosen("x0", {1.0}, Range::positive(), "start"),
                 chosen("time", {1.0}, Range::positive(), "t up to which the weak error is taken"),
                 chosen("runs", {262144}, replica_range(),
                        "replicas of the first step at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
