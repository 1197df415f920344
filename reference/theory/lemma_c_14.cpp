#include "reference/theory/lemma_c_14.hpp"

#include <cmath>

#include "reference/theory/lemma_c_8.hpp"
#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

constexpr const char* kOwner = "student_t_variance";

double checked_speed(const QuadraticCoordinate& settings, double nu, double time = 0.0) {
  require_positive(kOwner, "learning_rate", settings.learning_rate);
  require_positive(kOwner, "curvature", settings.curvature);
  require_positive(kOwner, "sigma", settings.sigma);
  require_finite(kOwner, "start", settings.start);
  require_in(Range::non_negative(), kOwner, "time", time);
  return student_t_slope(nu) * settings.curvature / settings.sigma;
}

}  // namespace

double student_t_mean(const QuadraticCoordinate& settings, double nu, double time) {
  return settings.start * std::exp(-checked_speed(settings, nu, time) * time);
}

double student_t_stationary_variance(const QuadraticCoordinate& settings, double nu) {
  const double speed = checked_speed(settings, nu);
  return settings.learning_rate / (speed * (2.0 + settings.learning_rate * speed));
}

double student_t_variance(const QuadraticCoordinate& settings, double nu, double time) {
  const double speed = checked_speed(settings, nu, time);
  const double correction = settings.learning_rate * speed * speed;
  const double from_start =
      std::exp(-2.0 * speed * time) * std::expm1(-correction * time) * settings.start * settings.start;
  return from_start -
         student_t_stationary_variance(settings, nu) * std::expm1(-(2.0 * speed + correction) * time);
}

}  // namespace sdelens::theory
