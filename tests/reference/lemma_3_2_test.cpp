#include "reference/theory/lemma_3_2.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>

#include "sdelens/core/check.hpp"
#include "tests/reference/printed.hpp"

namespace sdelens::theory {
namespace {

using sdelens::testing::RoundsTo;

double normal_below(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

// E sign(y1 + U1) sign(y2 + U2) by conditioning on U1.
double by_conditioning(const SignPair& pair) {
  const double root = std::sqrt(1.0 - pair.correlation * pair.correlation);
  using Quadrature = boost::math::quadrature::gauss_kronrod<double, 61>;
  const auto integrand = [&](double u) {
    const double mean_sign = 2.0 * normal_below((pair.second + pair.correlation * u) / root) - 1.0;
    return mean_sign * std::exp(-0.5 * u * u) / std::sqrt(2.0 * std::numbers::pi);
  };
  const double product = Quadrature::integrate(integrand, -pair.first, 14.0, 12, 1e-14) -
                         Quadrature::integrate(integrand, -14.0, -pair.first, 12, 1e-14);
  return product - (2.0 * normal_below(pair.first) - 1.0) * (2.0 * normal_below(pair.second) - 1.0);
}

TEST(Lemma32, AgreesWithTheConditionalIntegral) {
  for (const double rho : {-0.99, -0.5, 0.0, 0.3, 0.8, 0.999}) {
    for (const SignPair& pair : {SignPair{0.6, -0.5, rho}, SignPair{0.0, 0.0, rho}, SignPair{1.5, 1.2, rho}})
      EXPECT_NEAR(gaussian_sign_covariance(pair), by_conditioning(pair), 1e-10) << rho << ' ' << pair.first;
  }
}

TEST(Lemma32, HasTheValuesOfTheText) {
  EXPECT_THAT(gaussian_sign_covariance({0.6, -0.5, 0.8}), RoundsTo(".321"));
  EXPECT_THAT(gaussian_sign_covariance({0.0, 0.0, 0.8}), RoundsTo(".590"));
  // E sign = (.45149, -.38292), E sign sign' off the diagonal: their product and Sbar_12.
  const double product = (2.0 * normal_below(0.6) - 1.0) * (2.0 * normal_below(-0.5) - 1.0);
  EXPECT_THAT(2.0 * normal_below(0.6) - 1.0, RoundsTo(".45149"));
  EXPECT_THAT(2.0 * normal_below(-0.5) - 1.0, RoundsTo("-.38292"));
  EXPECT_THAT(product + gaussian_sign_covariance({0.6, -0.5, 0.8}), RoundsTo(".148"));
}

TEST(Lemma32, RefusesWhatIsOutOfRange) {
  EXPECT_THROW(gaussian_sign_covariance({HUGE_VAL, 0.0, 0.5}), InvalidParameter);
  EXPECT_THROW(gaussian_sign_covariance({0.0, std::nan(""), 0.5}), InvalidParameter);
  EXPECT_THROW(gaussian_sign_covariance({0.0, 0.0, 1.0}), InvalidParameter);
}

}  // namespace
}  // namespace sdelens::theory
