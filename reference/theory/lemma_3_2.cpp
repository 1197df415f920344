#include "reference/theory/lemma_3_2.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>

#include "sdelens/core/check.hpp"

namespace sdelens::theory {

double gaussian_sign_covariance(const SignPair& pair) {
  constexpr const char* owner = "gaussian_sign_covariance";
  require_finite(owner, "first", pair.first);
  require_finite(owner, "second", pair.second);
  require_in({.low = -1.0, .high = 1.0}, owner, "correlation", pair.correlation);
  // In r = sin(angle) the density's root cancels, and the integrand is smooth up to |rho| = 1.
  const auto integrand = [&pair](double angle) {
    const double cosine = std::cos(angle);
    const double square = pair.first * pair.first - 2.0 * std::sin(angle) * pair.first * pair.second +
                          pair.second * pair.second;
    return std::exp(-0.5 * square / (cosine * cosine));
  };
  return 2.0 * std::numbers::inv_pi *
         boost::math::quadrature::gauss_kronrod<double, 61>::integrate(
             integrand, 0.0, std::asin(pair.correlation), 15, 1e-13);
}

}  // namespace sdelens::theory
