#include "sdelens/exact/sign_closure.hpp"

#include <cmath>
#include <numbers>
#include <utility>

#include "sdelens/core/check.hpp"

namespace sdelens {

SignClosure::SignClosure(SignClosureSettings settings)
    : settings_(std::move(settings)), mean_(settings_.start) {
  require_positive("SignClosure", "learning_rate", settings_.learning_rate);
  require_positive("SignClosure", "curvature", settings_.curvature);
  require_positive("SignClosure", "sigma", settings_.sigma);
  require_finite("SignClosure", "start", settings_.start);
}

void SignClosure::advance() {
  const double factor = settings_.rate_factor ? settings_.rate_factor(iteration_) : 1.0;
  require_in(Range::non_negative(), "SignClosure", "rate_factor", factor);
  const double h = settings_.learning_rate * factor;
  const double a = settings_.curvature / (settings_.sigma * std::numbers::sqrt2);
  const double q = 1.0 / std::sqrt(1.0 + 2.0 * a * a * variance_);
  const double y = a * mean_ * q;
  const double mean_sign = std::erf(y);
  const double slope = 2.0 * a * q * std::numbers::inv_sqrtpi * std::exp(-y * y);
  mean_ -= h * mean_sign;
  variance_ += -2.0 * h * variance_ * slope + h * h * (1.0 - mean_sign * mean_sign);
  ++iteration_;
}

void SignClosure::advance(std::uint64_t iterations) {
  for (std::uint64_t i = 0; i < iterations; ++i) advance();
}

}  // namespace sdelens
