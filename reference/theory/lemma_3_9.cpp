#include "reference/theory/lemma_3_9.hpp"

#include <cmath>
#include <numbers>

#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

constexpr const char* kOwner = "ScheduledLoss";

double checked_rate(const ScheduledLoss& settings, double factor) {
  require_positive(kOwner, "learning_rate", settings.learning_rate);
  require_positive(kOwner, "strong_convexity", settings.strong_convexity);
  require_positive(kOwner, "hessian_trace", settings.hessian_trace);
  require_positive(kOwner, "sigma", settings.sigma);
  require_in(Range::at_least(1.0), kOwner, "dimension", settings.dimension);
  require_positive(kOwner, "factor", factor);
  return settings.learning_rate * factor;
}

double condition_number(const ScheduledLoss& settings) {
  return settings.hessian_trace / settings.strong_convexity;
}

}  // namespace

double scheduled_signsgd_bound(const ScheduledLoss& settings, double factor) {
  const double rate = checked_rate(settings, factor);
  return 0.25 * condition_number(settings) * settings.sigma * std::sqrt(0.5 * std::numbers::pi) * rate;
}

double scheduled_sgd_bound(const ScheduledLoss& settings, double factor) {
  const double rate = checked_rate(settings, factor);
  return 0.25 * condition_number(settings) * settings.sigma * settings.sigma * rate;
}

double scheduled_signsgd_asymptote(const ScheduledLoss& settings, double factor) {
  const double rate = checked_rate(settings, factor);
  return 0.25 * settings.dimension * settings.sigma * std::sqrt(0.5 * std::numbers::pi) * rate;
}

double scheduled_sgd_asymptote(const ScheduledLoss& settings, double factor) {
  const double rate = checked_rate(settings, factor);
  return 0.25 * settings.dimension * settings.sigma * settings.sigma * rate;
}

double polynomial_rate_ratio(double exponent, double iteration) {
  require_positive("polynomial_rate_ratio", "exponent", exponent);
  require_in(Range::non_negative(), "polynomial_rate_ratio", "iteration", iteration);
  return exponent * std::pow(iteration + 1.0, exponent - 1.0);
}

bool polynomial_loss_vanishes(double exponent) {
  return require_positive("polynomial_loss_vanishes", "exponent", exponent) <= 1.0;
}

bool polynomial_rate_holds(double exponent) {
  return require_positive("polynomial_rate_holds", "exponent", exponent) < 1.0;
}

}  // namespace sdelens::theory
