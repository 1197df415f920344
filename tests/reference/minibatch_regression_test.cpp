#include "reference/theory/minibatch_regression.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "sdelens/core/check.hpp"
#include "sdelens/exact/sign_chain.hpp"

namespace sdelens::theory {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// One sample: sign g = sign(a) sign(residual), two normals of correlation rho.
TEST(MinibatchMeanSign, OfOneSampleIsAnArcsine) {
  for (const double rho : {-0.99, -0.3, 0.0, 1e-9, 0.5, 0.999}) {
    EXPECT_NEAR(minibatch_mean_sign(1.0, rho), 2.0 / std::numbers::pi * std::asin(rho), 1e-15) << rho;
  }
}

// P(t_2 <= y) = 1/2 + y / (2 sqrt(2 + y^2)), y = sqrt 2 rho / sqrt(1 - rho^2): the mean sign of two samples is rho.
TEST(MinibatchMeanSign, OfTwoSamplesIsTheCorrelation) {
  for (const double rho : {-0.7, 0.2, 0.95}) EXPECT_NEAR(minibatch_mean_sign(2.0, rho), rho, 1e-15);
}

TEST(MinibatchMeanSign, RefusesACorrelationOfOneAndNoSample) {
  EXPECT_THROW(minibatch_mean_sign(4.0, 1.0), InvalidParameter);
  EXPECT_THROW(minibatch_mean_sign(0.5, 0.1), InvalidParameter);
}

TEST(MinibatchSignProduct, AtTheMinimumAndForOneSampleIsThatOfTheCorrelation) {
  for (const double correlation : {-0.9, 0.0, 0.4}) {
    const double expected = 2.0 / std::numbers::pi * std::asin(correlation);
    for (const double batch : {1.0, 2.0, 7.0, 100.0})
      EXPECT_NEAR(minibatch_sign_product({batch, 0.0, 0.0, correlation}), expected, 1e-12);
    EXPECT_NEAR(minibatch_sign_product({1.0, 0.3, -0.2, correlation}), expected, 1e-12);
  }
}

// rho_c = 0: given chi the two are independent, but chi is common, so the product of the means is met only where one
// of them is 0 or B is large.
TEST(MinibatchSignProduct, OfOneVanishingMeanAndNoConditionalCorrelationIsZero) {
  for (const double batch : {1.0, 3.0, 20.0})
    EXPECT_NEAR(minibatch_sign_product({batch, 0.0, 0.6, 0.0}), 0.0, 1e-12);
}

// Of one coordinate with itself: the square of a sign.
TEST(MinibatchSignProduct, OfACoordinateWithItselfIsOne) {
  for (const double batch : {1.0, 2.0, 8.0})
    EXPECT_NEAR(minibatch_sign_product({batch, 0.6, 0.6, 1.0}), 1.0, 1e-12);
}

// The exact chain of Student-t noise with B degrees of freedom and scale sqrt(H) s / sqrt B, which is equal in law.
TEST(MinibatchStationaryVariance, HasTheFirstOrderOfTheExactChain) {
  struct Row {
    double curvature, batch, variance;
  };
  for (const auto& [curvature, batch, variance] :
       {Row{1.0, 1.0, 7.91538091e-5}, Row{1.0, 2.0, 5.03742302e-5}, Row{1.0, 8.0, 2.30925404e-5},
        Row{1.0, 64.0, 8.06631222e-6}, Row{2.0, 1.0, 5.61488828e-5}, Row{2.0, 2.0, 3.57292569e-5},
        Row{2.0, 8.0, 1.63979577e-5}, Row{2.0, 64.0, 5.76362249e-6}}) {
    const MinibatchSign sign{.learning_rate = 1e-3, .curvature = curvature, .residual = 0.1, .batch = batch};
    const StationarySignLaw chain(
        {.learning_rate = 1e-3, .start = 0.0},
        student_t_probability_down({.curvature = curvature, .sigma = std::sqrt(curvature / batch) * 0.1},
                                   batch));
    EXPECT_NEAR(chain.variance() / variance, 1.0, 1e-8);
    const double first_order = minibatch_first_order(sign);
    EXPECT_NEAR(minibatch_stationary_variance(sign) / chain.variance(), 1.0, 2.0 * first_order * first_order);
  }
}

TEST(MinibatchSignLoss, OfOneCoordinateIsHalfTheCurvatureTimesTheVariance) {
  const double loss = minibatch_sign_loss(1e-3, 0.1, 8.0, {2.0});
  const MinibatchSign sign{.learning_rate = 1e-3, .curvature = 2.0, .residual = 0.1, .batch = 8.0};
  EXPECT_NEAR(loss * (1.0 + minibatch_first_order(sign)), minibatch_stationary_variance(sign), 1e-18);
}

MinibatchSgd regression(std::vector<double> spectrum, double batch, double learning_rate = 0.1) {
  return {.learning_rate = learning_rate, .residual = 0.5, .batch = batch, .spectrum = std::move(spectrum)};
}

TEST(RegressionStability, IsThatOfTheClosedFormsInOneDimension) {
  for (const double batch : {1.0, 2.0, 5.0}) {
    for (const double h : {0.5, 3.0}) {
      const MinibatchSgd sgd = regression({h}, batch);
      const auto limit = [&](RegressionDynamics dynamics) {
        return regression_stability_limit(sgd, dynamics);
      };
      EXPECT_NEAR(limit(RegressionDynamics::minibatch) / (2.0 * batch / (h * (batch + 2.0))), 1.0, 1e-14);
      EXPECT_NEAR(limit(RegressionDynamics::sde) / (batch / h), 1.0, 1e-14);
      EXPECT_NEAR(limit(RegressionDynamics::additive_noise) / (2.0 / h), 1.0, 1e-14);
      if (batch == 1.0) {
        EXPECT_NEAR(limit(RegressionDynamics::order_2_sde) / (2.0 / h), 1.0, 1e-14);
      } else {
        EXPECT_EQ(limit(RegressionDynamics::order_2_sde), infinity);
      }
    }
  }
}

TEST(RegressionStability, InTwoDimensionsIsWhereTheFeedbackIsOne) {
  const auto limit = [](double batch, RegressionDynamics dynamics) {
    return regression_stability_limit(regression({1.0, 3.0}, batch), dynamics);
  };
  EXPECT_NEAR(limit(1.0, RegressionDynamics::minibatch), 0.2113248654, 1e-10);
  EXPECT_NEAR(limit(4.0, RegressionDynamics::minibatch), 0.4384763430, 1e-10);
  EXPECT_NEAR(limit(1.0, RegressionDynamics::sde), 0.3009441531, 1e-10);
  EXPECT_NEAR(limit(4.0, RegressionDynamics::sde), 1.2037766124, 1e-10);
  EXPECT_NEAR(limit(1.0, RegressionDynamics::order_2_sde), 0.5, 1e-10);
  EXPECT_EQ(limit(4.0, RegressionDynamics::order_2_sde), infinity);
  EXPECT_NEAR(limit(4.0, RegressionDynamics::additive_noise), 2.0 / 3.0, 1e-10);
}

TEST(RegressionStationaryLoss, IsMadeOfTheStationaryMoments) {
  for (const RegressionDynamics dynamics :
       {RegressionDynamics::minibatch, RegressionDynamics::sde, RegressionDynamics::order_2_sde,
        RegressionDynamics::additive_noise}) {
    const MinibatchSgd sgd = regression({1.0, 3.0}, 2.0);
    const std::vector<double> moments = regression_stationary_moments(sgd, dynamics);
    EXPECT_NEAR(regression_stationary_loss(sgd, dynamics), 0.5 * (moments[0] + 3.0 * moments[1]), 1e-15);
  }
}

TEST(RegressionStationaryLoss, IsInfiniteBeyondTheLimit) {
  const MinibatchSgd sgd = regression({1.0, 3.0}, 1.0, 0.25);
  EXPECT_EQ(regression_stationary_loss(sgd, RegressionDynamics::minibatch), infinity);
  EXPECT_TRUE(std::isfinite(regression_stationary_loss(sgd, RegressionDynamics::sde)));
}

TEST(Regression, RefusesWhatIsNotPositive) {
  EXPECT_THROW(regression_stationary_loss(regression({1.0, 0.0}, 1.0), RegressionDynamics::sde),
               InvalidParameter);
  EXPECT_THROW(regression_stationary_loss(regression({1.0}, 0.0), RegressionDynamics::sde), InvalidParameter);
}

}  // namespace
}  // namespace sdelens::theory
