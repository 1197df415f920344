#include "suite/study/correlated_signs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "suite/predictions/margins.hpp"

namespace sdelens {
namespace {

TEST(CorrelatedSigns, OfIndependentNoiseAreIndependent) {
  const SignMoments moments = sign_moments({0.6, -0.5, 0.0});
  EXPECT_NEAR(moments.first, std::erf(0.6 / std::numbers::sqrt2), 1e-14);
  EXPECT_NEAR(moments.second, -std::erf(0.5 / std::numbers::sqrt2), 1e-14);
  EXPECT_NEAR(moments.covariance, 0.0, 1e-14);
  EXPECT_NEAR(moments.product(), moments.first * moments.second, 1e-14);
  EXPECT_THROW(sign_moments({0.0, 0.0, 1.0}), InvalidParameter);
}

// Without a gradient the two signs agree with probability 1/2 + asin(rho) / pi; one step by hand.
TEST(CorrelatedSigns, OnALineTakeOneStepAsByHand) {
  const double rho = 0.8, eta = 0.125, agree = 0.5 + std::asin(rho) / std::numbers::pi;
  const SignMoments moments = sign_moments({0.0, 0.0, rho});
  const double step = agree * std::cos(2.0 * eta) + (1.0 - agree);
  const double flow = std::exp(-0.5 * eta * eta * (2.0 + 2.0 * moments.covariance));
  const WeakErrors found = linear_landscape_errors(moments, moments.covariance, {eta}, eta);
  EXPECT_NEAR(found.errors[0][0], std::abs(step - flow), 1e-14);
}

TEST(CorrelatedSigns, TellTheCovarianceFromItsDiagonalByTheOrder) {
  const SignMoments moments = sign_moments({0.6, -0.5, 0.8});
  const auto order = [&](double kept) {
    return orders(linear_landscape_errors(moments, kept, halved(0.125, 6), 1.0), 0.0)[0].measurement.value;
  };
  EXPECT_NEAR(order(moments.covariance), 2.0, order_margin().bound.absolute);
  EXPECT_NEAR(order(0.0), 1.0, order_margin().bound.absolute);
}

}  // namespace
}  // namespace sdelens
