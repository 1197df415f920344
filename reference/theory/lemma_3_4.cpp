#include "reference/theory/lemma_3_4.hpp"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <numbers>

#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

void check_mixed(const char* owner, double y) {
  require_in({.low = kNoiseBoundary, .high = kSignalBoundary, .low_included = true, .high_included = true},
             owner, "|y|", std::abs(y));
}

void check_number(const char* owner, double y) {
  require_in({.low = -HUGE_VAL, .high = HUGE_VAL, .low_included = true, .high_included = true}, owner, "y",
             y);
}

}  // namespace

Phase phase(double y) {
  check_number("phase", y);
  const double size = std::abs(y);
  if (size > kSignalBoundary) return Phase::signal;
  return size > kNoiseBoundary ? Phase::mixed : Phase::noise;
}

PhaseConstants phase_constants() {
  const double low = boost::math::erf(kNoiseBoundary);
  const double slope = (boost::math::erf(kSignalBoundary) - low) / (kSignalBoundary - kNoiseBoundary);
  const double tangent_point = std::sqrt(-std::log(0.5 * slope / std::numbers::inv_sqrtpi));
  return {.slope = slope,
          .low_intercept = low - slope * kNoiseBoundary,
          .high_intercept = boost::math::erf(tangent_point) - slope * tangent_point,
          .tangent_point = tangent_point};
}

double signal_phase_drift(double y) {
  check_number("signal_phase_drift", y);
  return y < 0.0 ? 1.0 : -1.0;
}

DriftBounds mixed_phase_drift(double y, Wording form) {
  check_mixed("mixed_phase_drift", y);
  const PhaseConstants constants = phase_constants();
  const double side = form == Wording::printed ? std::copysign(1.0, y) : -std::copysign(1.0, y);
  const double one = side * (constants.slope * std::abs(y) + constants.low_intercept);
  const double two = side * (constants.slope * std::abs(y) + constants.high_intercept);
  return {.low = std::min(one, two), .high = std::max(one, two)};
}

double mixed_phase_deviation(const MixedPhaseDeviation& settings, const std::vector<double>& y,
                             Wording form) {
  require_positive("mixed_phase_deviation", "learning_rate", settings.learning_rate);
  require_positive("mixed_phase_deviation", "distance", settings.distance);
  if (y.empty()) throw InvalidParameter("mixed_phase_deviation", "y", "is empty");
  const PhaseConstants constants = phase_constants();
  double left = 0.0;
  for (const double value : y) {
    check_mixed("mixed_phase_deviation", value);
    const bool high = form == Wording::printed && value < 0.0;
    const double intercept = high ? constants.high_intercept : constants.low_intercept;
    const double size = constants.slope * std::abs(value) + intercept;
    left += 1.0 - size * size;
  }
  return settings.learning_rate / settings.distance * left;
}

double noise_phase_drift(double y) {
  require_in({.low = -kNoiseBoundary, .high = kNoiseBoundary, .low_included = true, .high_included = true},
             "noise_phase_drift", "y", y);
  return -2.0 * std::numbers::inv_sqrtpi * y;
}

double noise_phase_diffusion(double y, double learning_rate) {
  const double limit = 0.5 / std::numbers::inv_sqrtpi;
  require_in({.low = -limit, .high = limit, .low_included = true, .high_included = true},
             "noise_phase_diffusion", "y", y);
  require_positive("noise_phase_diffusion", "learning_rate", learning_rate);
  const double slope = 2.0 * std::numbers::inv_sqrtpi * y;
  return std::sqrt(learning_rate * std::max(0.0, 1.0 - slope * slope));
}

}  // namespace sdelens::theory
