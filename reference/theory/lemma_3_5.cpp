#include "reference/theory/lemma_3_5.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <numbers>

#include "reference/theory/lemma_3_4.hpp"
#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

constexpr const char* kOwner = "SignSgdLoss";

void check(const SignSgdLoss& settings) {
  require_positive(kOwner, "learning_rate", settings.learning_rate);
  require_positive(kOwner, "strong_convexity", settings.strong_convexity);
  require_positive(kOwner, "hessian_trace", settings.hessian_trace);
  require_positive(kOwner, "largest_sigma", settings.largest_sigma);
  require_in(Range::at_least(1.0), kOwner, "dimension", settings.dimension);
  require_in(Range::non_negative(), kOwner, "start_loss", settings.start_loss);
}

// The bound that follows from |Erf(Y)| >= slope |Y| + intercept.
LossBound linear_bound(const SignSgdLoss& settings, double slope, double intercept) {
  const double mu = settings.strong_convexity;
  const double relative_slope = slope / settings.largest_sigma;
  const double delta = relative_slope / std::numbers::sqrt2 +
                       0.25 * settings.learning_rate * mu * relative_slope * relative_slope;
  const double noise = settings.hessian_trace - mu * settings.dimension * intercept * intercept;
  return {.rate = 2.0 * mu * delta,
          .limit = 0.25 * settings.learning_rate * noise / (mu * delta),
          .start = settings.start_loss};
}

}  // namespace

double signal_phase_end(const SignSgdLoss& settings, Wording form) {
  check(settings);
  const double factor = form == Wording::printed ? 4.0 : 2.0;
  return std::sqrt(factor * settings.start_loss / settings.strong_convexity);
}

double signal_phase_bound(const SignSgdLoss& settings, double time, Wording form) {
  const double end = signal_phase_end(settings, form);
  require_in({.low = 0.0, .high = end, .low_included = true, .high_included = true}, "signal_phase_bound",
             "time", time);
  const double factor = form == Wording::printed ? 0.25 : 0.5;
  return factor * settings.strong_convexity * (end - time) * (end - time);
}

double LossBound::at(double time) const {
  require_in(Range::non_negative(), "LossBound", "time", time);
  return start * std::exp(-rate * time) - limit * std::expm1(-rate * time);
}

LossBound mixed_phase_bound(const SignSgdLoss& settings, Wording form) {
  check(settings);
  const PhaseConstants constants = phase_constants();
  return linear_bound(settings, constants.slope,
                      form == Wording::printed ? constants.high_intercept : constants.low_intercept);
}

LossBound noise_phase_bound(const SignSgdLoss& settings, Wording form) {
  check(settings);
  const double slope =
      form == Wording::printed ? 2.0 * std::numbers::inv_sqrtpi : boost::math::erf(kNoiseBoundary);
  return linear_bound(settings, slope, 0.0);
}

}  // namespace sdelens::theory
