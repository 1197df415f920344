#include "reference/theory/lemma_3_4.hpp"

#include <cmath>
#include <numbers>

#include "suite/study/phases.hpp"

namespace sdelens {
namespace {

/// It decides the lemma up to rounding.
ClaimBuilder claim(Findings& out, const char* id, Wording wording) {
  return out.claim(id).of("3.4", wording).margin(absolute(1e-14), "rounding");
}

void claim_brackets(Findings& out) {
  const theory::PhaseConstants constants = theory::phase_constants();
  const std::vector<double> ys = evenly(theory::kNoiseBoundary, theory::kSignalBoundary, 200);
  const auto line = [&](double intercept) {
    return [=, slope = constants.slope](double y) { return slope * y + intercept; };
  };
  const auto error_function = [](double y) { return std::erf(y); };
  claim(out, "bracket/low", Wording::printed)
      .says("mY + q₁ ≤ Erf(Y) on 1 ≤ Y ≤ 3/2, the chord")
      .compares(Relation::at_least, at_each(ys, error_function, line(constants.low_intercept)));
  claim(out, "bracket/high", Wording::printed)
      .says("Erf(Y) ≤ mY + q₂ on 1 ≤ Y ≤ 3/2, the tangent parallel to the chord")
      .compares(Relation::at_most, at_each(ys, error_function, line(constants.high_intercept)));
}

void claim_drift(Findings& out) {
  claim(out, "drift/as-printed", Wording::printed)
      .says("In phase 2, mY + q⁻ ≤ dE X/dt ≤ mY + q⁺")
      .compares(Relation::at_most, drift_of_phase_2(Wording::printed))
      .is_refuted();
  claim(out, "drift/corrected", Wording::corrected)
      .says("In phase 2, −(mY + q⁺) ≤ dE X/dt ≤ −(mY + q⁻)")
      .compares(Relation::at_most, drift_of_phase_2(Wording::corrected));
}

void claim_variance_rate(Findings& out) {
  const theory::PhaseConstants constants = theory::phase_constants();
  const auto square = [](double y) { return std::pow(std::erf(y), 2); };
  const auto bound = [constants](double y, double intercept) {
    return std::pow(constants.slope * std::abs(y) + intercept, 2);
  };
  const std::vector<double> ys = both_sides_of_phase_2();
  claim(out, "deviation/rate-as-printed", Wording::printed)
      .says(
          "(mY + q⁻)² ≤ Erf(Y)² in phase 2, so that d − |mY + q⁻|² bounds the rate of the variance; q⁻ = −q₂ "
          "where ∇f < 0")
      .compares(Relation::at_least,
                at_each(ys, square,
                        [&](double y) {
                          return bound(y, y > 0.0 ? constants.low_intercept : constants.high_intercept);
                        }))
      .is_refuted();
  claim(out, "deviation/rate-corrected", Wording::corrected)
      .says("(m|Y| + q₁)² ≤ Erf(Y)² in phase 2, for either sign of ∇f")
      .compares(Relation::at_least,
                at_each(ys, square, [&](double y) { return bound(y, constants.low_intercept); }));
}

void claim_deviation(const std::vector<WayThroughPhase2>& ways, Findings& out) {
  claim(out, "deviation/bound", Wording::printed)
      .says(
          "In phase 2, while t ≤ 1, P(|X − E X|² > a) ≤ (η/a)(d − |mY + q⁻|²) for SignSGD itself; it is far "
          "from sharp, since the rate of the variance stands for the variance")
      .compares(Relation::at_most, deviations(ways));
  claim(out, "deviation/variance-corrected", Wording::corrected)
      .says("In phase 2 the variance itself is at most η ∫ (1 − (m|Y_s| + q₁)²) ds, Y_s that of E X_s")
      .compares(Relation::at_most, variances(ways))
      .margin(relative(1e-9), "rounding, and the mass of the law outside of phase 2");
  out.show(figure_of_variance(ways.front()));
  out.show(figure_of_deviations(ways));
}

void claim_domain(Findings& out) {
  const double limit = 0.5 / std::numbers::inv_sqrtpi;
  const auto square = [](double y) { return 1.0 - std::pow(theory::noise_phase_drift(y), 2); };
  const auto zero = [](double) { return 0.0; };
  claim(out, "domain/as-printed", Wording::printed)
      .says("The diffusion of (5) is real, 1 − (4/π)Y² ≥ 0, wherever |Y| < 1")
      .compares(Relation::at_least, at_each(evenly(-0.999, 0.999, 200), square, zero))
      .is_refuted();
  claim(out, "domain/corrected", Wording::corrected)
      .says("The diffusion of (5) is real where |Y| ≤ √π/2 = 0.886")
      .compares(Relation::at_least, at_each(evenly(-limit, limit, 200), square, zero));
  // The linear drift overtakes Erf by its cubic term.
  claim(out, "linear", Wording::corrected)
      .says("Near the minimum Erf(Y) is (2/√π)Y up to a factor of 1 − Y²/3: from |Y| = 1 it is off by 34 %")
      .compares(Relation::at_most,
                at_each(
                    evenly(0.01, 1.0, 100),
                    [](double y) { return -theory::noise_phase_drift(y) / std::erf(y) - 1.0; },
                    [](double y) { return y * y / (3.0 - y * y); }));
}

void claim_phase_1(const Problem& problem, Findings& out) {
  claim(out, "phase-1/drift", Wording::printed)
      .says(
          "In phase 1 the drift −Erf(Y) is −sign(Y), to e^(−Y²)/(√π|Y|): 4 % where the phase begins, 2·10⁻⁸ "
          "at "
          "|Y| = 4")
      .compares(Relation::equal, drift_of_phase_1());
  claim(out, "phase-1/path", Wording::printed)
      .says(
          "From |Y| = 4 until it leaves phase 1, E x of SignSGD is x₀ − sign(x₀)t, behind by at most "
          "∫ Erfc(y)dy/Erf(|Y|) from |Y| on, in units of Y: 0.9 % of a unit")
      .compares(Relation::equal, path_through_phase_1(problem))
      .margin(absolute(1e-12 * far_out(problem)), "rounding");
}

Judgement design(const Settings& settings, Simulations&) {
  const Problem problem = quadratic_problem({.name = "signsgd"}, settings.list("curvature"),
                                            settings.scalar("sigma"), settings.scalar("eta"), Point::Zero(1));
  return [=](Findings& out) {
    claim_brackets(out);
    claim_drift(out);
    claim_variance_rate(out);
    claim_deviation(ways_through_phase_2(problem, settings.list("distances")), out);
    claim_domain(out);
    claim_phase_1(problem, out);
    out.show(figure_of_drift());
  };
}

const Register<Experiment> lemma_3_4{{
    .name = "lemma-3.4",
    .title = "The three phases of SignSGD's drift",
    .summary =
        "What Lemma 3.4 says of the drift −Erf(Y) and of the deviation from the mean in each phase, by "
        "calculation. Phase 2 (a) has lost the minus of the drift in print; 2 (b) has the wrong constant "
        "where the "
        "gradient is negative; and the SDE (5) of phase 3 is not real on the whole of |Y| < 1. Simulated "
        "paths are "
        "in fig2-phases.",
    .source = statement_source("3.4"),
    .lemmas = {"3.4"},
    .settings = {chosen("eta", {1e-3}, Range::positive(), "learning rate η, as in Figure 2"),
                 chosen("sigma", {0.1}, Range::positive(),
                        "standard deviation of the gradient noise, as in Figure 2"),
                 chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2"),
                 chosen("distances", {0.35, 0.5}, {.low = 0.3},
                        "a over η: the squared deviations whose probability is bounded; the bound is below 1 "
                        "from 0.3 on")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
