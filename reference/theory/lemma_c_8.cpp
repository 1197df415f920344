#include "reference/theory/lemma_c_8.hpp"

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/hypergeometric_pFq.hpp>
#include <cmath>
#include <numbers>

#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

// Beyond this nu the terms of the shortest series cancel: the sum of 2^(nu/2) loses digits.
constexpr double kLargestForShort = 25.0;
// Where the tail is small enough to be taken from 1/2; the longer series would overflow further out.
constexpr double kLargestSquare = 100.0;

// q / (1 + q) and 1 / (1 + q) for q = x^2 / nu, where x^2 may overflow.
struct Ratios {
  double upper, lower;
};

Ratios ratios(double x, double nu) {
  const double root = std::abs(x) / std::sqrt(nu);
  if (root <= 1.0) return {root * root / (1.0 + root * root), 1.0 / (1.0 + root * root)};
  const double inverse = 1.0 / (root * root);
  return {1.0 / (1.0 + inverse), inverse / (1.0 + inverse)};
}

}  // namespace

double student_t_xi(double x, double nu) {
  require_in({.low = 0.0, .high = 1e5, .high_included = true}, "student_t_xi", "nu", nu);
  require_in({.low = 0.0, .high = 100.0, .low_included = true, .high_included = true}, "student_t_xi",
             "|x| / sqrt(nu)", std::abs(x) / std::sqrt(nu));
  using boost::math::hypergeometric_pFq;
  const Ratios ratio = ratios(x, nu);
  const double half = 0.5 * nu;
  const double linear = 0.5 * student_t_slope(nu) * x;
  if (nu <= kLargestForShort)
    return linear * std::sqrt(ratio.lower) * hypergeometric_pFq({0.5, 1.0 - half}, {1.5}, ratio.upper);
  if (ratio.upper < 0.5 && x * x < kLargestSquare) {
    const double decay = std::exp(-(half + 0.5) * std::log1p(x * x / nu));
    return linear * decay * hypergeometric_pFq({1.0, half + 0.5}, {1.5}, ratio.upper);
  }
  const double tail = 0.5 * student_t_slope(nu) * std::sqrt(ratio.upper / nu) * std::pow(ratio.lower, half) *
                      hypergeometric_pFq({half + 0.5, 1.0}, {half + 1.0}, ratio.lower);
  return std::copysign(0.5 - tail, x);
}

double student_t_xi_by_beta(double x, double nu) {
  require_finite("student_t_xi_by_beta", "x", x);
  require_positive("student_t_xi_by_beta", "nu", nu);
  return std::copysign(0.5 * boost::math::ibeta(0.5, 0.5 * nu, ratios(x, nu).upper), x);
}

double student_t_drift(double y, double nu) {
  require_finite("student_t_drift", "y", y);
  return -2.0 * student_t_xi_by_beta(y, nu);
}

double student_t_diffusion(double y, double nu, double learning_rate) {
  require_finite("student_t_diffusion", "y", y);
  require_positive("student_t_diffusion", "nu", nu);
  require_positive("student_t_diffusion", "learning_rate", learning_rate);
  // 1 - 2 |Xi| is the two-sided tail probability.
  const double tail = boost::math::ibeta(0.5 * nu, 0.5, ratios(y, nu).lower);
  return std::sqrt(learning_rate * tail * (2.0 - tail));
}

double student_t_slope(double nu) {
  require_positive("student_t_slope", "nu", nu);
  return 2.0 / (std::sqrt(std::numbers::pi * nu) * boost::math::tgamma_delta_ratio(0.5 * nu, 0.5));
}

}  // namespace sdelens::theory
