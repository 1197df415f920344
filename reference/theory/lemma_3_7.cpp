#include "reference/theory/lemma_3_7.hpp"

#include <cmath>
#include <numbers>

#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

constexpr const char* kOwner = "signsgd_variance";

void check(const QuadraticCoordinate& settings, double time = 0.0) {
  require_positive(kOwner, "learning_rate", settings.learning_rate);
  require_positive(kOwner, "curvature", settings.curvature);
  require_positive(kOwner, "sigma", settings.sigma);
  require_finite(kOwner, "start", settings.start);
  require_in(Range::non_negative(), kOwner, "time", time);
}

double speed(const QuadraticCoordinate& settings) {
  return std::sqrt(2.0 * std::numbers::inv_pi) * settings.curvature / settings.sigma;
}

}  // namespace

double signsgd_mean(const QuadraticCoordinate& settings, double time) {
  check(settings, time);
  return settings.start * std::exp(-speed(settings) * time);
}

double signsgd_stationary_variance(const QuadraticCoordinate& settings, Wording form) {
  check(settings);
  const double u = form == Wording::printed ? settings.curvature : settings.curvature / settings.sigma;
  return 0.5 * settings.learning_rate * settings.sigma / settings.curvature /
         (std::sqrt(2.0 * std::numbers::inv_pi) + settings.learning_rate * std::numbers::inv_pi * u);
}

double signsgd_variance(const QuadraticCoordinate& settings, double time, Wording form) {
  check(settings, time);
  const double lambda = settings.curvature;
  const double w = form == Wording::printed ? lambda * lambda / settings.sigma
                                            : lambda * lambda / (settings.sigma * settings.sigma);
  const double correction = settings.learning_rate * std::numbers::inv_pi * w;
  const double squared_decay = std::exp(-2.0 * speed(settings) * time);
  const double from_start =
      squared_decay * std::expm1(-2.0 * correction * time) * settings.start * settings.start;
  return from_start - signsgd_stationary_variance(settings, form) *
                          std::expm1(-2.0 * (speed(settings) + correction) * time);
}

double signsgd_leading_variance(const QuadraticCoordinate& settings) {
  check(settings);
  return 0.5 * settings.learning_rate * std::sqrt(0.5 * std::numbers::pi) * settings.sigma /
         settings.curvature;
}

}  // namespace sdelens::theory
