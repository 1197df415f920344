#include "reference/theory/lemma_3_8.hpp"

#include <cmath>

#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

constexpr const char* kOwner = "sgd_variance";

void check(const QuadraticCoordinate& settings, double time = 0.0) {
  require_positive(kOwner, "learning_rate", settings.learning_rate);
  require_positive(kOwner, "curvature", settings.curvature);
  require_positive(kOwner, "sigma", settings.sigma);
  require_finite(kOwner, "start", settings.start);
  require_in(Range::non_negative(), kOwner, "time", time);
}

}  // namespace

double sgd_mean(const QuadraticCoordinate& settings, double time) {
  check(settings, time);
  return settings.start * std::exp(-settings.curvature * time);
}

double sgd_variance(const QuadraticCoordinate& settings, double time) {
  check(settings, time);
  return -sgd_stationary_variance(settings) * std::expm1(-2.0 * settings.curvature * time);
}

double sgd_stationary_variance(const QuadraticCoordinate& settings) {
  check(settings);
  return 0.5 * settings.learning_rate * settings.sigma * settings.sigma / settings.curvature;
}

}  // namespace sdelens::theory
