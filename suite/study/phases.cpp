#include "suite/study/phases.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "reference/theory/lemma_3_4.hpp"
#include "sdelens/exact/sign_chain.hpp"
#include "suite/predictions/sign_lemmas.hpp"

namespace sdelens {
namespace {

constexpr double begin_of_way = 1.4, end_of_way = 1.1;
constexpr double far_signal = 4.0;

const char* name_of_side(double side) { return side > 0.0 ? "positive" : "negative"; }

SignChain chain_from(const Problem& problem, double start) {
  return SignChain(
      {.learning_rate = problem.learning_rate, .start = start},
      gaussian_probability_down({.curvature = problem.curvatures()(0), .sigma = problem.sigmas()(0)}));
}

/// Y for one unit of x.
double per_x(const Problem& problem) { return signal(problem, 0, 1.0); }

WayThroughPhase2 way_through_phase_2(const Problem& problem, double side, double multiple) {
  const double eta = problem.learning_rate, scale = per_x(problem), distance = multiple * eta;
  const theory::PhaseConstants constants = theory::phase_constants();
  SignChain chain = chain_from(problem, side * begin_of_way / scale);
  WayThroughPhase2 way{.side = side, .multiple = multiple};
  double variance_bound = 0.0;
  while (true) {
    const double share = constants.slope * std::abs(chain.mean()) * scale + constants.low_intercept;
    variance_bound += eta * eta * (1.0 - share * share);
    chain.advance();
    const double mean = chain.mean(), y = mean * scale;
    if (std::abs(y) < end_of_way) return way;
    way.iterations.push_back(static_cast<double>(chain.iteration()));
    way.probability.push_back(
        chain.expectation([&](double x) { return (x - mean) * (x - mean) > distance ? 1.0 : 0.0; }));
    way.bound.push_back(
        theory::mixed_phase_deviation({.learning_rate = eta, .distance = distance}, {y}, Wording::printed));
    way.variance.push_back(chain.variance());
    way.variance_bound.push_back(variance_bound);
  }
}

}  // namespace

std::vector<double> both_sides_of_phase_2() {
  std::vector<double> result;
  for (const double y : evenly(theory::kNoiseBoundary, theory::kSignalBoundary, 50)) {
    result.push_back(y);
    result.push_back(-y);
  }
  return result;
}

std::vector<Comparison> at_each(const std::vector<double>& ys,
                                const std::function<double(double y)>& estimate,
                                const std::function<double(double y)>& predict) {
  std::vector<Comparison> result;
  for (const double y : ys) {
    result.push_back({.where = fmt::format("Y = {:.4g}", y),
                      .prediction = {.value = predict(y)},
                      .measurement = {.value = estimate(y)}});
  }
  return result;
}

std::vector<WayThroughPhase2> ways_through_phase_2(const Problem& problem,
                                                   const std::vector<double>& multiples) {
  std::vector<WayThroughPhase2> result;
  for (const double multiple : multiples) {
    for (const double side : {1.0, -1.0}) {
      result.push_back(way_through_phase_2(problem, side, multiple));
      if (!result.back().iterations.empty()) continue;
      throw InvalidParameter("lemma-3.4", "eta", "is so large that one step leads through phase 2");
    }
  }
  return result;
}

std::vector<Comparison> deviations(const std::vector<WayThroughPhase2>& ways) {
  std::vector<Comparison> result;
  for (const WayThroughPhase2& way : ways) {
    for (std::size_t i = 0; i < way.iterations.size(); ++i) {
      result.push_back({.where = fmt::format("a = {}η, {} side, k = {}", way.multiple, name_of_side(way.side),
                                             way.iterations[i]),
                        .prediction = {.value = way.bound[i]},
                        .measurement = {.value = way.probability[i]}});
    }
  }
  return result;
}

std::vector<Comparison> variances(const std::vector<WayThroughPhase2>& ways) {
  std::vector<Comparison> result;
  for (const WayThroughPhase2& way : ways) {
    for (std::size_t i = 0; i < way.iterations.size(); ++i) {
      result.push_back({.where = fmt::format("k = {}", way.iterations[i]),
                        .prediction = {.value = way.variance_bound[i]},
                        .measurement = {.value = way.variance[i]}});
    }
  }
  return result;
}

std::vector<Comparison> drift_of_phase_2(Wording wording) {
  const auto drift = [](double y) { return -std::erf(y); };
  std::vector<Comparison> comparisons;
  for (const double y : both_sides_of_phase_2()) {
    const theory::DriftBounds bounds = theory::mixed_phase_drift(y, wording);
    comparisons.push_back({.where = fmt::format("Y = {:.4g}, above", y),
                           .prediction = {.value = bounds.high},
                           .measurement = {.value = drift(y)}});
    comparisons.push_back({.where = fmt::format("Y = {:.4g}, below", y),
                           .prediction = {.value = -bounds.low},
                           .measurement = {.value = -drift(y)}});
  }
  return comparisons;
}

std::vector<Comparison> drift_of_phase_1() {
  // Erfc(z) < e^(-z^2) / (sqrt(pi) z), z > 0: at most 1 / (2 z^2) of it is lost.
  const auto tail = [](double y) { return std::numbers::inv_sqrtpi * std::exp(-y * y) / std::abs(y); };
  std::vector<Comparison> result;
  for (const double distance : evenly(theory::kSignalBoundary + 1e-4, 6.0, 100)) {
    for (const double y : {distance, -distance}) {
      result.push_back({.where = fmt::format("Y = {:.4g}", y),
                        .prediction = {.value = theory::signal_phase_drift(y), .error = tail(y)},
                        .measurement = {.value = -std::erf(y)}});
    }
  }
  return result;
}

double far_out(const Problem& problem) { return far_signal / per_x(problem); }

std::vector<Comparison> path_through_phase_1(const Problem& problem) {
  const double eta = problem.learning_rate, scale = per_x(problem);
  std::vector<Comparison> result;
  for (const double side : {1.0, -1.0}) {
    const Problem from = with_start(problem, Point::Constant(1, side * far_out(problem)));
    const PredictedCurve ode = Asked("lemma-3.4-phase-1", from).mean_curve(0);
    SignChain chain = chain_from(problem, from.start(0));
    double spread_of_law = 0.0;
    while (true) {
      // How far E Erf(Y) may be from Erf(E Y): half the largest |Erf''|, sqrt(2 / (pi e)), times Var Y.
      const double remainder =
          std::sqrt(2.0 / (std::numbers::pi * std::numbers::e)) * scale * scale * chain.variance();
      spread_of_law += eta * remainder;
      chain.advance();
      const double y = std::abs(chain.mean()) * scale;
      if (y < theory::kSignalBoundary) break;
      const double integral = std::numbers::inv_sqrtpi * std::exp(-y * y) - y * std::erfc(y);
      Prediction predicted = ode(static_cast<double>(chain.iteration()));
      predicted.error = integral / (scale * (std::erf(y) - remainder)) + spread_of_law;
      result.push_back({.where = fmt::format("{} side, k = {}", name_of_side(side), chain.iteration()),
                        .prediction = predicted,
                        .measurement = {.value = chain.mean()}});
    }
  }
  return result;
}

Figure figure_of_variance(const WayThroughPhase2& way) {
  return {.id = "variance",
          .title = "Variance in phase 2",
          .caption =
              "Var x of SignSGD by its exact chain, from |Y| = 1.4 until the mean reaches |Y| = 1.1, and "
              "its corrected bound η ∫ (1 − (m|Y_s| + q₁)²) ds. The lemma prints the integrand for the "
              "integral, which is larger while t ≤ 1. Y = λx/(σ√2).",
          .x = {.label = "iteration k"},
          .y = {.label = "Var x", .low = 0.0},
          .series = {{.label = "SignSGD, exact",
                      .role = Role::optimizer,
                      .colour = 0,
                      .x = way.iterations,
                      .y = way.variance},
                     {.label = "bound, corrected",
                      .role = Role::bound,
                      .colour = 1,
                      .x = way.iterations,
                      .y = way.variance_bound}}};
}

Figure figure_of_deviations(const std::vector<WayThroughPhase2>& ways) {
  Figure figure{.id = "deviation",
                .title = "Deviation from the mean in phase 2",
                .caption =
                    "P(|X − E X|² > a) of SignSGD by its exact chain, from |Y| = 3/2 until the mean reaches "
                    "|Y| = 1, and the bound of phase 2 (b) for it; a is given in units of η. Y = λx/(σ√2).",
                .x = {.label = "iteration k"},
                .y = {.label = "probability", .logarithmic = true}};
  int colour = 0;
  for (const WayThroughPhase2& way : ways) {
    if (way.side < 0.0) continue;
    Series exact{.label = fmt::format("SignSGD, exact, a = {}η", way.multiple),
                 .role = Role::optimizer,
                 .colour = colour};
    for (std::size_t i = 0; i < way.iterations.size(); ++i) {
      // The first steps cannot reach so far; a logarithmic axis has no place for 0.
      if (way.probability[i] < 1e-12) continue;
      exact.x.push_back(way.iterations[i]);
      exact.y.push_back(way.probability[i]);
    }
    if (!exact.x.empty()) figure.series.push_back(std::move(exact));
    figure.series.push_back({.label = fmt::format("bound, a = {}η", way.multiple),
                             .role = Role::bound,
                             .colour = colour++,
                             .x = way.iterations,
                             .y = way.bound});
  }
  return figure;
}

Figure figure_of_drift() {
  const theory::PhaseConstants constants = theory::phase_constants();
  const auto series = [](const char* label, Role role, int colour, double low, double high,
                         const std::function<double(double)>& value) {
    Series result{.label = label, .role = role, .colour = colour};
    for (const double y : evenly(low, high, 60)) {
      result.x.push_back(y);
      result.y.push_back(value(y));
    }
    return result;
  };
  return {.id = "drift",
          .title = "What the phases make of the drift Erf(Y)",
          .caption =
              "−drift of the SDE (3), Erf(Y), against Y = ∇f/(σ√2): 1 in phase 1, between two lines in "
              "phase 2, linear in phase 3. The diffusion that goes with the line of phase 3 is real up to "
              "Y = 0.886 only.",
          .x = {.label = "Y"},
          .y = {.label = "−drift"},
          .series = {series("Erf(Y)", Role::optimizer, 0, 0.0, 2.5, [](double y) { return std::erf(y); }),
                     series("phase 1: sign", Role::theory, 1, 1.5, 2.5, [](double) { return 1.0; }),
                     series("phase 2: mY + q₁", Role::bound, 2, 1.0, 1.5,
                            [&](double y) { return constants.slope * y + constants.low_intercept; }),
                     series("phase 2: mY + q₂", Role::bound, 3, 1.0, 1.5,
                            [&](double y) { return constants.slope * y + constants.high_intercept; }),
                     series("phase 3: (2/√π)Y", Role::theory, 4, 0.0, 1.0,
                            [](double y) { return -theory::noise_phase_drift(y); })}};
}

}  // namespace sdelens
