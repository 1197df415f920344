#include "reference/theory/lemma_3_4.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "sdelens/exact/sign_chain.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

std::vector<double> grid(double low, double high, int points) {
  std::vector<double> result;
  for (int i = 0; i <= points; ++i) result.push_back(low + (high - low) * i / points);
  return result;
}

/// Both sides of phase 2.
std::vector<double> mixed_grid() {
  std::vector<double> result;
  for (const double y : grid(theory::kNoiseBoundary, theory::kSignalBoundary, 50)) {
    result.push_back(y);
    result.push_back(-y);
  }
  return result;
}

/// A claim about every Y of a list: estimate(Y) against predict(Y), without sampling.
std::vector<Comparison> at_each(const std::vector<double>& ys,
                                const std::function<double(double y)>& estimate,
                                const std::function<double(double y)>& predict) {
  std::vector<Comparison> result;
  for (const double y : ys) {
    result.push_back({.where = fmt::format("Y = {:.4g}", y),
                      .prediction = {.value = predict(y)},
                      .measurement = exactly(estimate(y))});
  }
  return result;
}

Claim claim(std::string id, std::string statement, std::string item, Wording wording, Relation relation,
            Verdict expected = Verdict::pass) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .source = {.paper = "A", .item = std::move(item)},
          .lemmas = {"3.4"},
          .wording = wording,
          .relation = relation,
          .margin = {.absolute = 1e-14},
          .margin_reason = "rounding",
          .expected = expected};
}

void expect_brackets(Findings& out) {
  const theory::PhaseConstants constants = theory::phase_constants();
  const std::vector<double> ys = grid(theory::kNoiseBoundary, theory::kSignalBoundary, 200);
  const auto line = [&](double intercept) {
    return [=, slope = constants.slope](double y) { return slope * y + intercept; };
  };
  const auto error_function = [](double y) { return std::erf(y); };
  out.expect(claim("bracket/low", "mY + q₁ ≤ Erf(Y) on 1 ≤ Y ≤ 3/2, the chord",
                   "Lemma 3.4, Phase 2, constants", Wording::printed, Relation::at_least),
             at_each(ys, error_function, line(constants.low_intercept)));
  out.expect(claim("bracket/high", "Erf(Y) ≤ mY + q₂ on 1 ≤ Y ≤ 3/2, the tangent parallel to the chord",
                   "Lemma 3.4, Phase 2, constants", Wording::printed, Relation::at_most),
             at_each(ys, error_function, line(constants.high_intercept)));
}

void expect_drift(Findings& out) {
  // The mean step of SignSGD over eta, and the drift of its SDE.
  const auto drift = [](double y) { return -std::erf(y); };
  for (const Wording form : {Wording::printed, Wording::corrected}) {
    const bool as_printed = form == Wording::printed;
    const std::string name = as_printed ? "as-printed" : "corrected";
    const std::string item =
        as_printed ? "Lemma 3.4, Phase 2 (a), as printed" : "Lemma 3.4, Phase 2 (a), corrected";
    const Wording wording = as_printed ? Wording::printed : Wording::corrected;
    const Verdict expected = as_printed ? Verdict::fail : Verdict::pass;
    out.expect(claim("drift/" + name,
                     as_printed ? "In phase 2, mY + q⁻ ≤ dE X/dt ≤ mY + q⁺"
                                : "In phase 2, −(mY + q⁺) ≤ dE X/dt ≤ −(mY + q⁻)",
                     item, wording, Relation::at_most, expected),
               [&] {
                 // The two sides as one: how far the drift lies outside.
                 std::vector<Comparison> comparisons;
                 for (const double y : mixed_grid()) {
                   const theory::DriftBounds bounds = theory::mixed_phase_drift(y, form);
                   comparisons.push_back({.where = fmt::format("Y = {:.4g}, above", y),
                                          .prediction = {.value = bounds.high},
                                          .measurement = exactly(drift(y))});
                   comparisons.push_back({.where = fmt::format("Y = {:.4g}, below", y),
                                          .prediction = {.value = -bounds.low},
                                          .measurement = exactly(-drift(y))});
                 }
                 return comparisons;
               }());
  }
}

void expect_variance_rate(Findings& out) {
  const theory::PhaseConstants constants = theory::phase_constants();
  const auto square = [](double y) { return std::pow(std::erf(y), 2); };
  out.expect(
      claim(
          "deviation/rate-as-printed",
          "(mY + q⁻)² ≤ Erf(Y)² in phase 2, so that d − |mY + q⁻|² bounds the rate of the variance; q⁻ = −q₂ "
          "where ∇f < 0",
          "Lemma 3.4, Phase 2 (b), as printed", Wording::printed, Relation::at_least, Verdict::fail),
      at_each(mixed_grid(), square, [&](double y) {
        return std::pow(
            constants.slope * std::abs(y) + (y > 0.0 ? constants.low_intercept : constants.high_intercept),
            2);
      }));
  out.expect(claim("deviation/rate-corrected", "(m|Y| + q₁)² ≤ Erf(Y)² in phase 2, for either sign of ∇f",
                   "Lemma 3.4, Phase 2 (b), corrected", Wording::corrected, Relation::at_least),
             at_each(mixed_grid(), square, [&](double y) {
               return std::pow(constants.slope * std::abs(y) + constants.low_intercept, 2);
             }));
}

/// The probability of a deviation on the way through phase 2, by the exact chain, against its bound at the mean Y.
struct Deviation {
  std::vector<std::uint64_t> iterations;
  std::vector<double> probability, bound;
  std::vector<double> variance, variance_bound;
};

// The way begins and ends inside the phase, so that the whole law stays in it.
constexpr double kFrom = 1.4, kTo = 1.1;

Deviation deviation(double eta, double sigma, double curvature, double side, double distance) {
  const double per_x = curvature / (sigma * std::numbers::sqrt2);
  SignChain chain({.learning_rate = eta, .start = side * kFrom / per_x},
                  gaussian_probability_down({.curvature = curvature, .sigma = sigma}));
  const theory::PhaseConstants constants = theory::phase_constants();
  Deviation result;
  double variance_bound = 0.0;
  while (true) {
    const double share = constants.slope * std::abs(chain.mean()) * per_x + constants.low_intercept;
    variance_bound += eta * eta * (1.0 - share * share);
    chain.advance();
    const double mean = chain.mean();
    const double y = mean * per_x;
    if (std::abs(y) < kTo) return result;
    result.iterations.push_back(chain.iteration());
    result.probability.push_back(
        chain.expectation([&](double x) { return (x - mean) * (x - mean) > distance ? 1.0 : 0.0; }));
    result.bound.push_back(
        theory::mixed_phase_deviation({.learning_rate = eta, .distance = distance}, {y}, Wording::printed));
    result.variance.push_back(chain.variance());
    result.variance_bound.push_back(variance_bound);
  }
}

void expect_deviation(Findings& out, const Settings& settings) {
  const double eta = settings.scalar("eta");
  std::vector<Comparison> comparisons, variances;
  Figure figure{.id = "deviation",
                .title = "Deviation from the mean in phase 2",
                .caption =
                    "P(|X − E X|² > a) of SignSGD by its exact chain, from |Y| = 3/2 until the mean reaches "
                    "|Y| = 1, and "
                    "the bound of phase 2 (b) for it; a is given in units of η. Y = λx/(σ√2).",
                .x = {.label = "iteration k"},
                .y = {.label = "probability", .logarithmic = true}};
  int colour = 0;
  for (const double multiple : settings.list("distances")) {
    for (const double side : {1.0, -1.0}) {
      const Deviation found =
          deviation(eta, settings.scalar("sigma"), settings.scalar("curvature"), side, multiple * eta);
      if (found.iterations.empty()) {
        throw InvalidParameter("lemma-3.4", "eta", "is so large that one step leads through phase 2");
      }
      for (std::size_t i = 0; i < found.iterations.size(); ++i) {
        comparisons.push_back(
            {.where = fmt::format("a = {}η, {} side, k = {}", multiple, side > 0.0 ? "positive" : "negative",
                                  found.iterations[i]),
             .prediction = {.value = found.bound[i]},
             .measurement = exactly(found.probability[i])});
      }
      for (std::size_t i = 0; i < found.iterations.size(); ++i) {
        variances.push_back({.where = fmt::format("k = {}", found.iterations[i]),
                             .prediction = {.value = found.variance_bound[i]},
                             .measurement = exactly(found.variance[i])});
      }
      if (side < 0.0) continue;
      if (colour == 0) {
        const std::vector<double> at(found.iterations.begin(), found.iterations.end());
        out.show({.id = "variance",
                  .title = "Variance in phase 2",
                  .caption = "Var x of SignSGD by its exact chain, from |Y| = 1.4 until the mean reaches |Y| "
                             "= 1.1, and its "
                             "corrected bound η ∫ (1 − (m|Y_s| + q₁)²) ds. The lemma prints the integrand "
                             "for the integral, "
                             "which is larger while t ≤ 1. Y = λx/(σ√2).",
                  .x = {.label = "iteration k"},
                  .y = {.label = "Var x", .low = 0.0},
                  .series = {{.label = "SignSGD, exact",
                              .role = Role::optimizer,
                              .colour = 0,
                              .x = at,
                              .y = found.variance},
                             {.label = "bound, corrected",
                              .role = Role::bound,
                              .colour = 1,
                              .x = at,
                              .y = found.variance_bound}}});
      }
      Series exact{.label = fmt::format("SignSGD, exact, a = {}η", multiple),
                   .role = Role::optimizer,
                   .colour = colour};
      Series bound{.label = fmt::format("bound, a = {}η", multiple), .role = Role::bound, .colour = colour++};
      for (std::size_t i = 0; i < found.iterations.size(); ++i) {
        bound.x.push_back(static_cast<double>(found.iterations[i]));
        bound.y.push_back(found.bound[i]);
        // The first steps cannot reach so far; a logarithmic axis has no place for 0.
        if (found.probability[i] < 1e-12) continue;
        exact.x.push_back(bound.x.back());
        exact.y.push_back(found.probability[i]);
      }
      if (!exact.x.empty()) figure.series.push_back(std::move(exact));
      figure.series.push_back(std::move(bound));
    }
  }
  out.expect(claim("deviation/bound",
                   "In phase 2, while t ≤ 1, P(|X − E X|² > a) ≤ (η/a)(d − |mY + q⁻|²) for SignSGD itself; "
                   "it is far from "
                   "sharp, since the rate of the variance stands for the variance",
                   "Lemma 3.4, Phase 2 (b)", Wording::printed, Relation::at_most),
             std::move(comparisons));
  Claim variance =
      claim("deviation/variance-corrected",
            "In phase 2 the variance itself is at most η ∫ (1 − (m|Y_s| + q₁)²) ds, Y_s that of E X_s",
            "Lemma 3.4, Phase 2 (b), corrected", Wording::corrected, Relation::at_most);
  variance.margin = {.relative = 1e-9};
  variance.margin_reason = "rounding, and the mass of the law outside of phase 2";
  out.expect(variance, std::move(variances));
  out.show(std::move(figure));
}

void expect_domain(Findings& out) {
  const double limit = 0.5 / std::numbers::inv_sqrtpi;
  const auto square = [](double y) { return 1.0 - std::pow(theory::noise_phase_drift(y), 2); };
  const auto zero = [](double) { return 0.0; };
  out.expect(claim("domain/as-printed", "The diffusion of (5) is real, 1 − (4/π)Y² ≥ 0, wherever |Y| < 1",
                   "Lemma 3.4, Phase 3, as printed", Wording::printed, Relation::at_least, Verdict::fail),
             at_each(grid(-0.999, 0.999, 200), square, zero));
  out.expect(claim("domain/corrected", "The diffusion of (5) is real where |Y| ≤ √π/2 = 0.886",
                   "Lemma 3.4, Phase 3, corrected", Wording::corrected, Relation::at_least),
             at_each(grid(-limit, limit, 200), square, zero));
  // The linear drift overtakes Erf by its cubic term.
  Claim linear =
      claim("linear",
            "Near the minimum Erf(Y) is (2/√π)Y up to a factor of 1 − Y²/3: from |Y| = 1 it is off by "
            "34 %",
            "Lemma 3.4, Phase 3", Wording::corrected, Relation::at_most);
  out.expect(linear, at_each(
                         grid(0.01, 1.0, 100),
                         [](double y) { return -theory::noise_phase_drift(y) / std::erf(y) - 1.0; },
                         [](double y) { return y * y / (3.0 - y * y); }));
}

/// Far enough in phase 1: Erfc(4) is 2e-8.
constexpr double kFarOut = 4.0;

void expect_signal(Findings& out, const Settings& settings) {
  // Erfc(z) < e^(-z^2) / (sqrt(pi) z), z > 0: at most 1 / (2 z^2) of it is lost.
  const auto tail = [](double y) { return std::numbers::inv_sqrtpi * std::exp(-y * y) / std::abs(y); };
  std::vector<Comparison> drifts;
  for (const double distance : grid(theory::kSignalBoundary + 1e-4, 6.0, 100)) {
    for (const double y : {distance, -distance}) {
      drifts.push_back({.where = fmt::format("Y = {:.4g}", y),
                        .prediction = {.value = theory::signal_phase_drift(y), .error = tail(y)},
                        .measurement = exactly(-std::erf(y))});
    }
  }
  out.expect(
      claim("phase-1/drift",
            "In phase 1 the drift −Erf(Y) is −sign(Y), to e^(−Y²)/(√π|Y|): 4 % where the phase begins, "
            "2·10⁻⁸ at |Y| = 4",
            "Lemma 3.4, Phase 1", Wording::printed, Relation::equal),
      std::move(drifts));

  const double eta = settings.scalar("eta");
  const double curvature = settings.scalar("curvature"), sigma = settings.scalar("sigma");
  const double per_x = curvature / (sigma * std::numbers::sqrt2);
  std::vector<Comparison> paths;
  for (const double side : {1.0, -1.0}) {
    const double start = side * kFarOut / per_x;
    SignChain chain({.learning_rate = eta, .start = start},
                    gaussian_probability_down({.curvature = curvature, .sigma = sigma}));
    const double speed = theory::signal_phase_drift(side * kFarOut);
    double spread_of_law = 0.0;
    while (true) {
      // How far E Erf(Y) may be from Erf(E Y): half the largest |Erf''|, sqrt(2 / (pi e)), times Var Y.
      const double remainder =
          std::sqrt(2.0 / (std::numbers::pi * std::numbers::e)) * per_x * per_x * chain.variance();
      spread_of_law += eta * remainder;
      chain.advance();
      const double y = std::abs(chain.mean()) * per_x;
      if (y < theory::kSignalBoundary) break;
      const double integral = std::numbers::inv_sqrtpi * std::exp(-y * y) - y * std::erfc(y);
      const auto k = static_cast<double>(chain.iteration());
      paths.push_back(
          {.where = fmt::format("{} side, k = {}", side > 0.0 ? "positive" : "negative", k),
           .prediction = {.value = start + speed * k * eta,
                          .error = integral / (per_x * (std::erf(y) - remainder)) + spread_of_law},
           .measurement = exactly(chain.mean())});
    }
  }
  Claim path =
      claim("phase-1/path",
            "From |Y| = 4 until it leaves phase 1, E x of SignSGD is x₀ − sign(x₀)t, behind by at most "
            "∫ Erfc(y)dy/Erf(|Y|) from |Y| on, in units of Y: 0.9 % of a unit",
            "Lemma 3.4, Phase 1", Wording::printed, Relation::equal);
  path.margin.absolute = 1e-12 * kFarOut / per_x;
  out.expect(path, std::move(paths));
}

Judgement design(const Settings& settings, Simulations&) {
  return [settings](Findings& out) {
    expect_brackets(out);
    expect_drift(out);
    expect_variance_rate(out);
    expect_deviation(out, settings);
    expect_domain(out);
    expect_signal(out, settings);

    const theory::PhaseConstants constants = theory::phase_constants();
    const auto series = [](const char* label, Role role, int colour, double low, double high,
                           const std::function<double(double)>& value) {
      Series result{.label = label, .role = role, .colour = colour};
      for (const double y : grid(low, high, 60)) {
        result.x.push_back(y);
        result.y.push_back(value(y));
      }
      return result;
    };
    out.show(
        {.id = "drift",
         .title = "What the phases make of the drift Erf(Y)",
         .caption =
             "−drift of the SDE (3), Erf(Y), against Y = ∇f/(σ√2): 1 in phase 1, between two lines in phase "
             "2, linear "
             "in phase 3. The diffusion that goes with the line of phase 3 is real up to Y = 0.886 only.",
         .x = {.label = "Y"},
         .y = {.label = "−drift"},
         .series = {series("Erf(Y)", Role::optimizer, 0, 0.0, 2.5, [](double y) { return std::erf(y); }),
                    series("phase 1: sign", Role::theory, 1, 1.5, 2.5, [](double) { return 1.0; }),
                    series("phase 2: mY + q₁", Role::bound, 2, 1.0, 1.5,
                           [&](double y) { return constants.slope * y + constants.low_intercept; }),
                    series("phase 2: mY + q₂", Role::bound, 3, 1.0, 1.5,
                           [&](double y) { return constants.slope * y + constants.high_intercept; }),
                    series("phase 3: (2/√π)Y", Role::theory, 4, 0.0, 1.0,
                           [](double y) { return -theory::noise_phase_drift(y); })}});
  };
}

const Register<Experiment> lemma_3_4{{
    .name = "lemma-3.4",
    .title = "The three phases of SignSGD's drift",
    .summary =
        "What Lemma 3.4 says of the drift −Erf(Y) and of the deviation from the mean in each phase, "
        "by calculation. Phase "
        "2 (a) has lost the minus of the drift in print; 2 (b) has the wrong constant where the "
        "gradient is negative; and "
        "the SDE (5) of phase 3 is not real on the whole of |Y| < 1. Simulated paths are in fig2-phases.",
    .source = {.paper = "A", .item = "Lemma 3.4 (C.9)"},
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
