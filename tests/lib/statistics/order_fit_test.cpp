#include "sdelens/statistics/order_fit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "sdelens/core/check.hpp"
#include "sdelens/core/linear_algebra.hpp"
#include "sdelens/core/random.hpp"
#include "tests/lib/core/goodness_of_fit.hpp"

namespace sdelens {
namespace {

const std::vector<double> steps{0x1p-3, 0x1p-4, 0x1p-5, 0x1p-6, 0x1p-7};
constexpr Index n = 5;

/// Errors C h^p (1 + c h), with the given relative standard errors and correlation between any two.
OrderData power_law(double constant, double order, double curvature, double relative_error,
                    double correlation) {
  OrderData data{.steps = steps, .errors = Eigen::VectorXd(n), .covariance = Eigen::MatrixXd(n, n)};
  for (Index i = 0; i < n; ++i) {
    const double h = steps[static_cast<std::size_t>(i)];
    data.errors(i) = constant * std::pow(h, order) * (1.0 + curvature * h);
  }
  const Eigen::VectorXd deviations = relative_error * data.errors.cwiseAbs();
  data.covariance = correlation * deviations * deviations.transpose();
  data.covariance.diagonal() = deviations.cwiseAbs2();
  return data;
}

/// Adds a draw of the errors' own law to them; columns of z are independent normals.
OrderData with_noise(OrderData data, const Eigen::VectorXd& z) {
  data.errors += cholesky_factor(data.covariance) * z;
  return data;
}

Batch normals(Index runs, const char* name) {
  Batch draws(n, runs);
  Stream(31, name).normal(0, 0, draws);
  return draws;
}

class OrderFitOfPowerLaw : public testing::TestWithParam<double> {};

TEST_P(OrderFitOfPowerLaw, RecoversAnExactOne) {
  for (const double constant : {2.0, -3e-5}) {
    const OrderFit fit = fit_order(power_law(constant, GetParam(), 0.0, 0.02, 0.3));
    EXPECT_NEAR(fit.slope.value, GetParam(), 1e-11);
    EXPECT_NEAR(fit.log_constant, std::log(std::abs(constant)), 1e-11);
    EXPECT_NEAR(fit.misfit, 0.0, 1e-15);
    EXPECT_NEAR(fit.misfit_p_value, 1.0, 1e-9);
    EXPECT_NEAR(fit.slope_change.value, 0.0, 1e-10);
    EXPECT_NEAR(fit.slope_change_p_value, 1.0, 1e-6);
    EXPECT_TRUE(fit.resolved() && fit.one_sign && fit.asymptotic(1e-6));
    EXPECT_EQ(fit.slope_bias_bound, 0.0);
  }
}

INSTANTIATE_TEST_SUITE_P(Orders, OrderFitOfPowerLaw, testing::Values(0.5, 1.0, 2.0));

// With independent errors of one relative size s, the slope has variance s^2 / sum (log h - mean)^2; the logarithms
// are log 2 apart: sum (i - 2)^2 = 10. Without the largest: 5.
TEST(OrderFitErrors, AreThoseOfOrdinaryRegressionForEqualRelativeErrors) {
  const OrderFit fit = fit_order(power_law(1.0, 1.0, 0.0, 0.02, 0.0));
  EXPECT_NEAR(fit.slope.standard_error, 0.02 / (std::sqrt(10.0) * std::log(2.0)), 1e-12);
  EXPECT_NEAR(fit.slope_change.standard_error, 0.02 / std::log(2.0) * std::sqrt(1.0 / 5.0 - 1.0 / 10.0),
              1e-12);
}

// A common factor does not move the slope.
TEST(OrderFitErrors, OfACommonFactorDoNotMatterToTheSlope) {
  const OrderFit fit = fit_order(power_law(1.0, 1.0, 0.0, 0.02, 0.99));
  EXPECT_NEAR(fit.slope.standard_error, 0.1 * 0.02 / (std::sqrt(10.0) * std::log(2.0)), 1e-12);
}

// Slope, misfit, change of slope at relative errors of 2 %: bias and non-normality are of order 4e-4, invisible in
// 1e4 runs. False alarms: six times 1e-6, four times that with both orders.
TEST(OrderFitCalibration, ErrorsAndPValuesAreWhatTheySay) {
  constexpr Index runs = 10000;
  for (const double order : {1.0, 2.0}) {
    for (const double correlation : {0.0, 0.7}) {
      const OrderData exact = power_law(2.0, order, 0.0, 0.02, correlation);
      const Batch z = normals(runs, "calibration");
      std::vector<double> slopes, misfits, changes;
      double refused = 0.0;
      const boost::math::normal normal;
      for (Index run = 0; run < runs; ++run) {
        const OrderFit fit = fit_order(with_noise(exact, z.col(run)));
        slopes.push_back(boost::math::cdf(normal, (fit.slope.value - order) / fit.slope.standard_error));
        misfits.push_back(fit.misfit_p_value);
        changes.push_back(fit.slope_change_p_value);
        refused += fit.asymptotic(0.05) ? 0.0 : 1.0;
      }
      EXPECT_TRUE(test::uniformly_distributed(slopes));
      EXPECT_TRUE(test::uniformly_distributed(misfits));
      EXPECT_TRUE(test::uniformly_distributed(changes));
      // Refused at most at the rate: the tail of the binomial law beyond 5 % of the runs.
      const boost::math::binomial law(static_cast<double>(runs), 0.05);
      EXPECT_LT(refused, boost::math::quantile(boost::math::complement(law, test::false_alarm))) << refused;
    }
  }
}

// A covariance estimated from 63 degrees of freedom: Hotelling's T^2 and Student's t with 60 and 61, exact up to the
// curvature at errors of 1 %. False alarms: four times 1e-6.
TEST(OrderFitCalibration, HoldsWithAnEstimatedCovariance) {
  constexpr Index runs = 20000;
  constexpr Index freedom = 63;
  const OrderData exact = power_law(2.0, 1.0, 0.0, 0.01, 0.5);
  const Batch z = normals(runs, "estimated");
  const Batch scatter = normals(runs * freedom, "scatter");
  const Eigen::MatrixXd root = cholesky_factor(exact.covariance);
  std::vector<double> misfits, slopes, changes;
  const boost::math::students_t law(60.0);
  double refused = 0.0;
  for (Index run = 0; run < runs; ++run) {
    OrderData data = with_noise(exact, z.col(run));
    const Eigen::MatrixXd sample = root * scatter.middleCols(run * freedom, freedom).matrix();
    data.covariance = sample * sample.transpose() / static_cast<double>(freedom);
    data.covariance = (0.5 * (data.covariance + data.covariance.transpose())).eval();
    data.degrees_of_freedom = static_cast<double>(freedom);
    const OrderFit fit = fit_order(data);
    misfits.push_back(fit.misfit_p_value);
    ASSERT_EQ(fit.slope.degrees_of_freedom, 60.0);
    ASSERT_EQ(fit.slope_change.degrees_of_freedom, 61.0);
    slopes.push_back(boost::math::cdf(law, (fit.slope.value - 1.0) / fit.slope.standard_error));
    changes.push_back(fit.slope_change_p_value);
    refused += fit.misfit_p_value < 0.01 ? 1.0 : 0.0;
  }
  EXPECT_TRUE(test::uniformly_distributed(misfits));
  EXPECT_TRUE(test::uniformly_distributed(slopes));
  EXPECT_TRUE(test::uniformly_distributed(changes));
  EXPECT_TRUE(test::binomial_count(refused, static_cast<double>(runs), 0.01)) << refused;
}

// Four steps leave two residuals, whose T^2 over nu degrees of freedom exceeds x with probability
// (1 + x / nu)^(-(nu - 1) / 2), in closed form.
TEST(OrderFitCalibration, WidensTheErrorsOfAnEstimatedCovarianceByTheClosedForm) {
  OrderData data{.steps = {0x1p-2, 0x1p-3, 0x1p-4, 0x1p-5},
                 .errors = Eigen::VectorXd{{0.251, 0.1249, 0.0626, 0.03122}},
                 .covariance = Eigen::VectorXd{{1e-6, 2.5e-7, 6e-8, 2e-8}}.asDiagonal()};
  const OrderFit known = fit_order(data);
  EXPECT_NEAR(known.misfit_p_value, std::exp(-0.5 * known.misfit), 1e-12);
  constexpr double nu = 20.0;
  data.degrees_of_freedom = nu;
  const OrderFit estimated = fit_order(data);
  EXPECT_DOUBLE_EQ(estimated.slope.value, known.slope.value);
  EXPECT_GT(known.misfit, 0.1);
  EXPECT_NEAR(estimated.misfit_p_value, std::pow(1.0 + known.misfit / nu, -0.5 * (nu - 1.0)), 1e-12);
  EXPECT_NEAR(estimated.slope.standard_error,
              known.slope.standard_error * std::sqrt((nu + known.misfit) / (nu - 2.0)), 1e-14);
  EXPECT_EQ(estimated.slope.degrees_of_freedom, nu - 2.0);
  EXPECT_EQ(estimated.slope_change.degrees_of_freedom, nu - 1.0);
}

// h (1 + 4 h): local slopes 1.27 ... 1.03. The misfit exceeds 30 standard errors of the points, so that no draw can
// hide it: power 1 to within 1e-6.
TEST(OrderFitAsymptoticRange, FlagsAMixtureOfOrders) {
  const OrderFit fit = fit_order(power_law(1.0, 1.0, 4.0, 1e-3, 0.0));
  EXPECT_FALSE(fit.asymptotic(1e-6));
  EXPECT_LT(fit.misfit_p_value, 1e-6);
  EXPECT_LT(fit.slope_change_p_value, 1e-6);
  EXPECT_LT(fit.slope_change.value, 0.0);
}

TEST(OrderFitAsymptoticRange, AcceptsAMixtureThatTheErrorsCannotSee) {
  EXPECT_TRUE(fit_order(power_law(1.0, 1.0, 0.05, 0.1, 0.0)).asymptotic(1e-3));
}

TEST(OrderFitAsymptoticRange, FlagsErrorsThatChangeSign) {
  const OrderFit fit = fit_order(power_law(1.0, 1.0, -12.0, 1e-3, 0.0));  // zero at h = 1/12
  EXPECT_FALSE(fit.one_sign);
  EXPECT_FALSE(fit.asymptotic(1e-6));
}

TEST(OrderFitUsability, ErrorsBelowThreeStandardErrorsAreNotUsable) {
  OrderData data = power_law(1.0, 2.0, 0.0, 0.01, 0.0);
  data.covariance(4, 4) = std::pow(data.errors(4) / 2.9, 2);
  const OrderFit fit = fit_order(data);
  EXPECT_THAT(fit.unusable, testing::ElementsAre(4));
  EXPECT_FALSE(fit.resolved());
  EXPECT_FALSE(fit.asymptotic(1e-6));
  EXPECT_TRUE(std::isnan(fit.slope.value) && std::isnan(fit.slope.standard_error));
  data.covariance(4, 4) = std::pow(data.errors(4) / 3.1, 2);
  EXPECT_TRUE(fit_order(data).resolved());
}

// Every weight of ordinary regression is |i - 2| / (10 log 2), and |log(1 + b)| <= -log(1 - b).
TEST(OrderFitBias, BoundsTheSlopesShift) {
  OrderData data = power_law(1.0, 2.0, 0.0, 0.01, 0.0);
  data.bias_bounds = 0.05 * data.errors;
  const OrderFit fit = fit_order(data);
  EXPECT_NEAR(fit.slope_bias_bound, -std::log1p(-0.05) * 6.0 / (10.0 * std::log(2.0)), 1e-12);
  OrderData worst = data;
  for (Index i = 0; i < n; ++i) worst.errors(i) *= 1.0 + (i < 2 ? 0.05 : i > 2 ? -0.05 : 0.0);
  const double shift = std::abs(fit_order(worst).slope.value - fit.slope.value);
  EXPECT_LE(shift, fit.slope_bias_bound);
  EXPECT_GT(shift, 0.9 * fit.slope_bias_bound);
  data.bias_bounds(4) = data.errors(4);
  EXPECT_EQ(fit_order(data).slope_bias_bound, std::numeric_limits<double>::infinity());
}

TEST(OrderFitInvariance, TheOrderOfTheStepsDoesNotMatter) {
  const OrderData data = with_noise(power_law(1.0, 1.0, 0.0, 0.05, 0.4), normals(1, "order").col(0));
  OrderData reversed = data;
  std::ranges::reverse(reversed.steps);
  reversed.errors.reverseInPlace();
  reversed.covariance = data.covariance.reverse().eval();
  EXPECT_NEAR(fit_order(data).slope.value, fit_order(reversed).slope.value, 1e-11);
  EXPECT_NEAR(fit_order(data).slope_change_p_value, fit_order(reversed).slope_change_p_value, 1e-9);
}

TEST(OrderFitErrorsOfUse, AreRefused) {
  const OrderData good = power_law(1.0, 1.0, 0.0, 0.01, 0.0);
  const auto expect_refused = [&](const std::function<void(OrderData&)>& change, const char* message) {
    OrderData data = good;
    change(data);
    EXPECT_THAT([&] { fit_order(data); },
                testing::ThrowsMessage<InvalidParameter>(testing::HasSubstr(message)));
  };
  const double nan = std::nan("");
  expect_refused(
      [](OrderData& d) {
        d.steps.resize(3);
        d.errors.conservativeResize(3);
        d.covariance.conservativeResize(3, 3);
      },
      "at least 4");
  expect_refused([](OrderData& d) { d.steps[2] = 0.0; }, "steps is 0");
  expect_refused([](OrderData& d) { d.steps[2] = -0.1; }, "steps is -0.1");
  expect_refused([&](OrderData& d) { d.steps[2] = nan; }, "steps is nan");
  expect_refused([](OrderData& d) { d.steps[2] = d.steps[1]; }, "twice");
  expect_refused([](OrderData& d) { d.errors.conservativeResize(4); }, "one for each step");
  expect_refused([](OrderData& d) { d.covariance.conservativeResize(5, 4); }, "one for each step");
  expect_refused([](OrderData& d) { d.bias_bounds = Eigen::VectorXd::Zero(4); }, "one for each step");
  expect_refused([](OrderData& d) { d.bias_bounds = Eigen::VectorXd::Constant(5, -1.0); },
                 "bias_bounds is -1");
  expect_refused([&](OrderData& d) { d.errors(0) = nan; }, "errors is nan");
  expect_refused([&](OrderData& d) { d.covariance(0, 0) = nan; }, "covariance is nan");
  expect_refused([](OrderData& d) { d.covariance(0, 1) = 1e-6; }, "symmetric");
  expect_refused([](OrderData& d) { d.covariance(1, 1) = 0.0; }, "positive definite");
  expect_refused([](OrderData& d) { d.covariance(1, 1) *= -1.0; }, "positive definite");
  expect_refused(
      [](OrderData& d) {
        d.covariance(0, 1) = d.covariance(1, 0) = 1.1 * std::sqrt(d.covariance(0, 0) * d.covariance(1, 1));
      },
      "positive definite");
  expect_refused([](OrderData& d) { d.degrees_of_freedom = 5.0; }, "degrees_of_freedom is 5");
  expect_refused([&](OrderData& d) { d.degrees_of_freedom = nan; }, "degrees_of_freedom is nan");
  EXPECT_THROW(fit_order(good).asymptotic(0.0), InvalidParameter);
}

}  // namespace
}  // namespace sdelens
