#include "sdelens/exact/student_t_sgd.hpp"

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/bessel.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <numbers>

#include "sdelens/core/check.hpp"

namespace sdelens {
namespace {

constexpr const char* kOwner = "StudentTSgd";
// Below 1 the characteristic function is too steep at 0 to be summed as it is here.
constexpr Range kDegrees{.low = 1.0, .high = 50.0, .low_included = true, .high_included = true};
// Below it the characteristic function is lost in rounding.
constexpr double kSmallestLog = -37.0;

}  // namespace

double student_t_log_characteristic(double t, double nu) {
  require_finite("student_t_log_characteristic", "t", t);
  require_in(kDegrees, "student_t_log_characteristic", "nu", nu);
  const double z = std::sqrt(nu) * std::abs(t);
  const double half = 0.5 * nu;
  if (const double degree = half - 0.5; degree == std::floor(degree)) {
    // Bessel's functions of half-integer order are a polynomial times exp(-z).
    double sum = 1.0;
    double term = 1.0;
    for (double k = 0.0; k < degree; k += 1.0) {
      term *= 2.0 * z * (degree - k) / ((2.0 * degree - k) * (k + 1.0));
      sum += term;
    }
    return std::log(sum) - z;
  }
  // K would overflow; the next term is of order z^4.
  if (nu > 4.0 && z < 1e-4) return -0.5 * z * z / (nu - 2.0);
  if (z < 1e-16) return 0.0;
  if (z > 600.0) return 2.0 * kSmallestLog;
  return std::log(boost::math::cyl_bessel_k(half, z)) + half * std::log(z) - boost::math::lgamma(half) -
         (half - 1.0) * std::numbers::ln2;
}

StudentTSgd::StudentTSgd(const StudentTSgdSettings& settings, std::uint64_t iteration)
    : settings_(settings), iteration_(iteration) {
  require_positive(kOwner, "learning_rate", settings.learning_rate);
  require_positive(kOwner, "curvature", settings.curvature);
  require_in({.low = 0.0, .high = 2.0}, kOwner, "learning_rate * curvature",
             settings.learning_rate * settings.curvature);
  require_positive(kOwner, "sigma", settings.sigma);
  require_in(kDegrees, kOwner, "nu", settings.nu);
  require_finite(kOwner, "start", settings.start);
  require_positive(kOwner, "iteration", static_cast<double>(iteration));
  centre_ = settings.start *
            std::pow(1.0 - settings.learning_rate * settings.curvature, static_cast<double>(iteration));
}

double StudentTSgd::tail_scale() const {
  const double rho = std::pow(std::abs(1.0 - settings_.learning_rate * settings_.curvature), settings_.nu);
  double sum = 0.0;
  double power = 1.0;
  for (std::uint64_t j = 0; j < iteration_ && power > 1e-18 * sum; ++j, power *= rho) sum += power;
  return settings_.learning_rate * settings_.sigma * std::pow(sum, 1.0 / settings_.nu);
}

double StudentTSgd::log_characteristic(double t) const {
  const double rho = std::abs(1.0 - settings_.learning_rate * settings_.curvature);
  double argument = settings_.learning_rate * settings_.sigma * t;
  double sum = 0.0;
  for (std::uint64_t j = 0; j < iteration_ && sum > kSmallestLog; ++j, argument *= rho) {
    const double term = student_t_log_characteristic(argument, settings_.nu);
    sum += term;
    // What follows is less than a geometric series of this term.
    if (std::abs(term) < 1e-14 * (1.0 - rho)) break;
  }
  return sum;
}

double StudentTSgd::exceedance(double c) const {
  require_positive(kOwner, "c", c);
  double last = 1.0 / tail_scale();
  while (log_characteristic(last) > kSmallestLog) last *= 1.5;
  const auto integrand = [&](double t) {
    const double kernel = t * c < 1e-8 ? c : std::sin(c * t) / t;
    return kernel * std::cos(centre_ * t) * std::exp(log_characteristic(t));
  };
  // The characteristic function has a corner at 0 (nu = 1) or a logarithm (nu = 2): pieces that shrink towards it.
  const double longest = std::min(std::numbers::pi / c, 0.05 * last);
  double inside = 0.0;
  double from = 0.0;
  double to = 1e-9 * longest;
  while (from < last) {
    inside += boost::math::quadrature::gauss<double, 15>::integrate(integrand, from, std::min(to, last));
    from = to;
    to = std::min(4.0 * to, to + longest);
  }
  return 1.0 - 2.0 * std::numbers::inv_pi * inside;
}

}  // namespace sdelens
