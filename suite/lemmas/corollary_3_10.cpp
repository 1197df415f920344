#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reference/theory/lemma_3_3.hpp"
#include "reference/theory/lemma_c_8.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/one_step.hpp"
#include "suite/study/weak_error.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Corollary 3.10 (C.8)"};

std::string tag(double nu) { return fmt::format("nu={}", nu); }

/// The first step of SignSGD with noise of scale sigma, and with the noise U itself.
struct FirstStep {
  double nu;
  std::shared_ptr<const Ensemble> scaled, unscaled;
};

void expect_identity(Findings& out, const std::vector<double>& nus) {
  std::vector<Comparison> comparisons;
  for (const double nu : nus) {
    for (double share = 1e-8; share < 100.0; share *= 1.9) {
      const double x = share * std::sqrt(nu);
      comparisons.push_back({.where = fmt::format("ν = {}, x = {:.3g}", nu, x),
                             .prediction = {.value = theory::student_t_xi(x, nu)},
                             .measurement = exactly(theory::student_t_xi_by_beta(x, nu))});
    }
  }
  out.expect(
      {.id = "xi/identity",
       .statement = "Ξ_ν(x) = x Γ((ν+1)/2)/(√(πν) Γ(ν/2)) ₂F₁(1/2, (ν+1)/2; 3/2; −x²/ν) is F_ν(x) − 1/2, the "
                    "distribution function of Student's t by the incomplete beta function, for "
                    "1e−8 ≤ |x|/√ν < 100",
       .source = {.paper = "A", .item = "Corollary 3.10 (C.8), definition of Ξ"},
       .lemmas = {"3.10"},
       .relation = Relation::identity,
       .margin = {.relative = 1e-14},
       .margin_reason = "rounding: each route is good to a few 1e−15 there; the series itself converges for "
                        "|x| < √ν only, so Pfaff's form of it is summed"},
      std::move(comparisons));
}

void expect_first_step(Findings& out, const FirstStep& step, double y, double sigma) {
  const Bound resolution{.absolute = 0.01};
  const Measurement drift = mean_of(step.scaled->at(0, sign_name(0)));
  out.expect(
      {.id = "first-step/" + tag(step.nu),
       .statement =
           "With Z = √Σ U, U ~ t_ν(0, I), the mean step of SignSGD is −η 2Ξ_ν(Σ^(−1/2)∇f): the drift of "
           "the SDE (7)",
       .source = source,
       .lemmas = {"3.10"},
       .wording = Wording::corrected,
       .resolution = resolution},
      {.value = -theory::student_t_drift(y, step.nu)}, drift, {step.scaled});
  out.expect({.id = "first-step/second-moment/" + tag(step.nu),
              .statement = "The steps are ±η: with the drift, E ΔΔ′ = η²(b² + 1 − 4Ξ²) = η²",
              .source = source,
              .relation = Relation::identity,
              .margin = {.relative = 1e-12},
              .margin_reason = "rounding"},
             {.value = std::pow(theory::student_t_drift(y, step.nu), 2) +
                       std::pow(theory::student_t_diffusion(y, step.nu, 1.0), 2)},
             exactly(1.0));
  out.expect(
      {.id = "first-step/sign-as-printed/" + tag(step.nu),
       .statement = "1 − 2P(∇f_γ < 0) = −2Ξ_ν(Σ^(−1/2)∇f), equation (38) read with the argument of (7)",
       .source = {.paper = "A", .item = "Corollary C.8, (38), as printed"},
       .lemmas = {"3.10"},
       .resolution = resolution,
       .expected = Verdict::fail},
      {.value = theory::student_t_drift(y, step.nu)}, drift, {step.scaled});
  // For sigma near 1 the scale makes no difference that could be seen.
  if (std::abs(std::log(sigma)) < 0.2) return;
  out.expect({.id = "first-step/scale-as-printed/" + tag(step.nu),
              .statement = fmt::format(
                  "With Z = U, as the main text prints it, the mean step is −η 2Ξ_ν(Σ^(−1/2)∇f) for "
                  "Σ = σ² = {:.3g}",
                  sigma * sigma),
              .source = {.paper = "A", .item = "Corollary 3.10, as printed"},
              .lemmas = {"3.10"},
              .resolution = resolution,
              .expected = Verdict::fail},
             {.value = -theory::student_t_drift(y, step.nu)}, mean_of(step.unscaled->at(0, sign_name(0))),
             {step.unscaled});
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "nus");
  const double sigma = settings.scalar("sigma");
  const double lambda = settings.scalar("curvature");
  const double x0 = settings.scalar("x0");
  const std::vector<double> etas = halved(settings.scalar("eta"), settings.count("halvings"));
  std::vector<FirstStep> steps;
  for (const double nu : settings.list("nus")) {
    const auto order = [&](const std::string& name, double scale) {
      Model model = quadratic_with_gaussian_noise({lambda}, 1.0, etas.front());
      model.noise = make_noise("student-t", 1, {{"nu", {nu}}, {"sigma", {scale}}});
      const std::string full_name = fmt::format("first step, {}, ν = {}", name, nu);
      return simulations.add(
          full_name, model.optimizer("signsgd", {}, settings.point("x0"), simulations.stream(full_name)),
          step_signs(settings.point("x0"), etas.front()), {.steps = {1}}, settings.count("runs"));
    };
    steps.push_back({.nu = nu, .scaled = order("Z = σU", sigma), .unscaled = order("Z = U", 1.0)});
  }

  return [=](Findings& out) {
    std::vector<double> identity_nus = settings.list("nus");
    for (const double nu : settings.list("other_nus")) identity_nus.push_back(nu);
    expect_identity(out, identity_nus);
    const double y = lambda * x0 / sigma;
    for (const FirstStep& step : steps) expect_first_step(out, step, y, sigma);

    Figure weak{
        .id = "weak-error",
        .title = "Weak error of E x under Student-t noise",
        .caption =
            "The largest distance over k of E x_k of SignSGD, by its exact chain, from E X of the SDE (7) "
            "at t = kη, by collocation; no sampling. ν: degrees of freedom of the noise, whose variance is "
            "infinite for ν ≤ 2.",
        .x = {.label = "learning rate η", .logarithmic = true},
        .y = {.label = "weak error of E x", .logarithmic = true}};
    Figure xi{.id = "xi",
              .title = "The drift under Student-t noise",
              .caption =
                  "2Ξ_ν(y), the mean of sign(y + U) for U ~ t_ν, against the signal-to-noise ratio y = ∇f/σ; "
                  "Gauss: Erf(y/√2). Bars: the first step of simulated SignSGD.",
              .x = {.label = "y = ∇f/σ"},
              .y = {.label = "2Ξ_ν(y)"}};
    int colour = 0;
    for (const FirstStep& step : steps) {
      const double nu = step.nu;
      // Heavy tails keep their noise far from the minimum, and bend the drift sharply at it.
      const WeakProblem problem{.down = student_t_probability_down({.curvature = lambda, .sigma = sigma}, nu),
                                .start = x0,
                                .end = std::max(20.0 * sigma / lambda, 2.0 * x0),
                                .time = settings.scalar("time"),
                                .core = sigma / lambda};
      const WeakErrors errors = weak_errors(
          problem, etas, test_functions(), solved([=](double eta) {
            return ScalarDiffusion{
                [=](double x) { return theory::student_t_drift(lambda * x / sigma, nu); },
                [=](double x) { return theory::student_t_diffusion(lambda * x / sigma, nu, eta); }};
          }));
      out.expect({.id = "order/" + tag(nu),
                  .statement = "The SDE (7) is a weak approximation of SignSGD of order 1: max over k of "
                               "|E g(x_k) − E g(X_kη)| falls like η for g = x, x², cos x",
                  .source = source,
                  .lemmas = {"3.10"},
                  .wording = Wording::corrected,
                  .relation = Relation::order,
                  .margin = order_margin,
                  .margin_reason = order_margin_reason},
                 orders(errors, 1.0));
      weak.series.push_back(error_curve(errors, 0, fmt::format("SDE (7), ν = {}", nu), Role::theory, colour));
      Series drift{.label = fmt::format("ν = {}", nu), .role = Role::theory, .colour = colour};
      for (double at = -4.0; at <= 4.0; at += 0.1) {
        drift.x.push_back(at);
        drift.y.push_back(-theory::student_t_drift(at, nu));
      }
      xi.series.push_back(std::move(drift));
      const double measured = mean_of(step.scaled->at(0, sign_name(0))).value;
      xi.series.push_back({.label = fmt::format("ν = {}, SignSGD", nu),
                           .role = Role::optimizer,
                           .colour = colour,
                           .x = {y - 0.15, y + 0.15},
                           .y = {measured, measured}});
      ++colour;
    }
    Series gauss{.label = "Gauss", .role = Role::bound, .colour = colour};
    for (double at = -4.0; at <= 4.0; at += 0.1) {
      gauss.x.push_back(at);
      gauss.y.push_back(-theory::gaussian_drift(at));
    }
    xi.series.push_back(std::move(gauss));
    out.show(std::move(xi));
    out.show(std::move(weak));
  };
}

const Register<Experiment> corollary_3_10{{
    .name = "corollary-3.10",
    .title = "SignSGD's SDE under Student-t noise",
    .summary = "Corollary 3.10 gives the SDE (7) of SignSGD when the noise is Student's t with ν degrees of "
               "freedom, with a "
               "hypergeometric function Ξ_ν. Ξ_ν is F_ν − 1/2; the equation is right with Z = √Σ U, where "
               "the main text "
               "leaves √Σ out, and (38) of the proof has the sign of Ξ wrong. Σ is the scale matrix of the "
               "noise: its "
               "covariance is ν/(ν−2) Σ, infinite for ν ≤ 2.",
    .source = source,
    .lemmas = {"3.10"},
    .settings =
        {chosen("nus", {1.0, 2.0, 3.0, 5.0},
                {.low = 1.0, .high = 1e5, .low_included = true, .high_included = true},
                "degrees of freedom ν of the simulated and solved cases"),
         chosen("other_nus", {0.7, 1.5, 2.5, 10.0, 100.0}, {.low = 0.0, .high = 1e5, .high_included = true},
                "degrees of freedom ν where Ξ is checked as well"),
         chosen("eta", {0.125}, {.low = 0.0, .high = 0.25, .high_included = true},
                "the largest learning rate η"),
         chosen("halvings", {6}, {.low = 4.0, .high = 8.0, .low_included = true, .high_included = true},
                "how often η is halved: down to 2⁻⁹"),
         chosen("sigma", {0.5}, Range::positive(), "σ, the scale of the noise Z = σU"),
         chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2"),
         chosen("x0", {1.0}, Range::positive(), "start"),
         chosen("time", {1.0}, Range::positive(), "t up to which the weak error is taken"),
         chosen("runs", {262144}, replica_range(), "replicas of the first step at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
