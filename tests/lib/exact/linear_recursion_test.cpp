#include "sdelens/exact/linear_recursion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>
#include <unsupported/Eigen/KroneckerProduct>

#include "sdelens/core/check.hpp"
#include "tests/reference/printed.hpp"

namespace sdelens {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using sdelens::testing::RoundsTo;

LinearRecursionSettings dense() {
  LinearRecursionSettings settings{.hessian = MatrixXd(3, 3),
                                   .noise_covariance = MatrixXd(3, 3),
                                   .learning_rate = 0.05,
                                   .weight_decay = 0.3};
  settings.hessian << 2.0, 0.5, 0.1, 0.5, 1.0, -0.2, 0.1, -0.2, 3.0;
  settings.noise_covariance << 1.0, 0.3, 0.0, 0.3, 0.5, 0.1, 0.0, 0.1, 2.0;
  return settings;
}

MatrixXd scalar(double value) { return MatrixXd::Constant(1, 1, value); }

TEST(LinearRecursion, IsTheGeometricSeriesInOneCoordinate) {
  const double eta = 0.01, lambda = 3.0, sigma = 0.7, gamma = 0.5, start = 2.0, start_variance = 0.2;
  LinearRecursion recursion({.hessian = scalar(lambda),
                             .noise_covariance = scalar(sigma * sigma),
                             .learning_rate = eta,
                             .weight_decay = gamma},
                            VectorXd::Constant(1, start), scalar(start_variance));
  const double pull = eta * (lambda + gamma);
  const double limit = eta * eta * sigma * sigma / (pull * (2.0 - pull));
  for (const int k : {0, 1, 10, 100, 1000}) {
    recursion.advance(static_cast<std::uint64_t>(k) - recursion.iteration());
    const double decay = std::pow(1.0 - pull, 2.0 * k);
    // k multiplications, each with a rounding error or two
    const double tolerance = 1e-15 * (2.0 + 4.0 * k);
    EXPECT_NEAR(recursion.mean()(0), start * std::pow(1.0 - pull, k), tolerance);
    EXPECT_NEAR(recursion.covariance()(0, 0), limit * (1.0 - decay) + start_variance * decay, tolerance);
  }
}

// x_k is the sum over j < k of A^{k-1-j} (-eta Sigma^{1/2} Z_j), so Cov x_k is a sum of k matrices.
TEST(LinearRecursion, IsTheSumOverItsNoises) {
  const LinearRecursionSettings settings = dense();
  VectorXd start(3);
  start << 1.0, -2.0, 0.5;
  LinearRecursion recursion(settings, start);
  recursion.advance(40);
  const MatrixXd a =
      MatrixXd::Identity(3, 3) -
      settings.learning_rate * (settings.hessian + settings.weight_decay * MatrixXd::Identity(3, 3));
  MatrixXd power = MatrixXd::Identity(3, 3), covariance = MatrixXd::Zero(3, 3);
  for (int j = 0; j < 40; ++j) {
    covariance += power * settings.noise_covariance * power.transpose() * std::pow(settings.learning_rate, 2);
    power = (power * a).eval();
  }
  EXPECT_LT((recursion.covariance() - covariance).cwiseAbs().maxCoeff(), 1e-15);
  EXPECT_LT((recursion.mean() - power * start).cwiseAbs().maxCoeff(), 1e-13);
  const MatrixXd second = covariance + power * start * (power * start).transpose();
  EXPECT_LT((recursion.second_moment() - second).cwiseAbs().maxCoeff(), 1e-14);
  EXPECT_NEAR(recursion.expected_loss(), 0.5 * (settings.hessian * second).trace(), 1e-14);
}

TEST(LinearRecursion, FollowsItsSchedule) {
  const auto factor = [](std::uint64_t k) { return 1.0 / (1.0 + static_cast<double>(k)); };
  LinearRecursion recursion(
      {.hessian = scalar(2.0), .noise_covariance = scalar(9.0), .learning_rate = 0.1, .rate_factor = factor},
      VectorXd::Constant(1, 1.0));
  recursion.advance(2);
  // rates 0.1 and 0.05: factors 0.8 and 0.9
  EXPECT_NEAR(recursion.mean()(0), 0.72, 1e-15);
  EXPECT_NEAR(recursion.covariance()(0, 0), 0.09 * 0.81 + 0.0025 * 9.0, 1e-15);
}

TEST(StationaryCovariance, SolvesTheKroneckerSystem) {
  const LinearRecursionSettings settings = dense();
  const MatrixXd a =
      MatrixXd::Identity(3, 3) -
      settings.learning_rate * (settings.hessian + settings.weight_decay * MatrixXd::Identity(3, 3));
  const MatrixXd system = MatrixXd::Identity(9, 9) - Eigen::kroneckerProduct(a, a).eval();
  const MatrixXd noise = std::pow(settings.learning_rate, 2) * settings.noise_covariance;
  const VectorXd solution = system.partialPivLu().solve(noise.reshaped());
  const MatrixXd covariance = stationary_covariance(settings);
  // condition of the system: at most 1 / (1 - a^2) = 8
  EXPECT_LT((covariance - solution.reshaped(3, 3)).cwiseAbs().maxCoeff(), 1e-15);
  LinearRecursion recursion(settings, VectorXd::Zero(3));
  recursion.advance(2000);
  EXPECT_LT((recursion.covariance() - covariance).cwiseAbs().maxCoeff(), 1e-14);
}

// Paper A, Section E.3, eta = 0.01: kappa = delta = 2 doubles the rate and halves Sigma. Its claim that gamma
// must be doubled too is false: the variance is preserved with gamma as it is.
TEST(StationaryCovariance, IsPreservedByTheScalingWithoutWeightDecay) {
  struct Row {
    double curvature, weight_decay;
    const char *same, *doubled;
  };
  for (const Row& row : {Row{1.0, 0.5, "1.0076", ".7596"}, Row{1.0, 4.0, "1.0263", ".5952"},
                         Row{3.0, 0.5, "1.0181", ".8955"}, Row{3.0, 4.0, "1.0376", ".6900"}}) {
    const auto variance = [&](double rate, double noise, double weight_decay) {
      return stationary_covariance({.hessian = scalar(row.curvature),
                                    .noise_covariance = scalar(noise),
                                    .learning_rate = rate,
                                    .weight_decay = weight_decay})(0, 0);
    };
    const double base = variance(0.01, 1.0, row.weight_decay);
    EXPECT_THAT(variance(0.02, 0.5, row.weight_decay) / base, RoundsTo(row.same));
    EXPECT_THAT(variance(0.02, 0.5, 2.0 * row.weight_decay) / base, RoundsTo(row.doubled));
  }
}

TEST(LinearRecursion, RefusesWhatIsNoRecursion) {
  const VectorXd start = VectorXd::Zero(3);
  const auto refused = [&](auto change) {
    LinearRecursionSettings settings = dense();
    change(settings);
    EXPECT_THROW(LinearRecursion(settings, start), InvalidParameter);
    EXPECT_THROW(stationary_covariance(settings), InvalidParameter);
  };
  refused([](auto& s) { s.hessian.resize(0, 0); });
  refused([](auto& s) { s.hessian = MatrixXd::Identity(3, 2); });
  refused([](auto& s) { s.hessian(0, 1) += 0.1; });
  refused([](auto& s) { s.hessian(1, 1) = std::nan(""); });
  refused([](auto& s) { s.noise_covariance = MatrixXd::Identity(2, 2); });
  refused([](auto& s) { s.noise_covariance(2, 2) = -1.0; });
  refused([](auto& s) { s.learning_rate = 0.0; });
  refused([](auto& s) { s.weight_decay = -0.1; });
  EXPECT_THROW(LinearRecursion(dense(), VectorXd::Zero(2)), InvalidParameter);
  EXPECT_THROW(LinearRecursion(dense(), start, MatrixXd::Identity(2, 2)), InvalidParameter);
  EXPECT_THROW(LinearRecursion(dense(), start, -MatrixXd::Identity(3, 3)), InvalidParameter);

  LinearRecursionSettings settings = dense();
  settings.rate_factor = [](std::uint64_t) { return -1.0; };
  LinearRecursion recursion(settings, start);
  EXPECT_THROW(recursion.advance(), InvalidParameter);
}

TEST(StationaryCovariance, RefusesWhatDoesNotContract) {
  LinearRecursionSettings settings = dense();
  settings.rate_factor = [](std::uint64_t) { return 1.0; };
  EXPECT_THROW(stationary_covariance(settings), InvalidParameter);
  settings = dense();
  settings.learning_rate = 1.0;
  EXPECT_THROW(stationary_covariance(settings), InvalidParameter);
  settings = dense();
  settings.hessian(1, 1) = -5.0;
  EXPECT_THROW(stationary_covariance(settings), InvalidParameter);
}

// x <- (1 - eta h) x - eta xi, Var(xi | x) = a + c x^2: E x^2 <- ((1 - eta h)^2 + eta^2 c) E x^2 + eta^2 a.
TEST(LinearRecursion, FollowsNoiseThatDependsOnX) {
  constexpr double eta = 0.1, h = 2.0, a = 0.3, c = 1.5;
  LinearRecursion recursion(
      {.hessian = Eigen::MatrixXd::Constant(1, 1, h),
       .noise_covariance = Eigen::MatrixXd::Constant(1, 1, a),
       .learning_rate = eta,
       .state_noise = [c](const Eigen::MatrixXd& moment) -> Eigen::MatrixXd { return c * moment; }},
      Eigen::VectorXd::Constant(1, 0.7));
  double moment = 0.49;
  for (int k = 0; k < 20; ++k) {
    recursion.advance();
    moment = ((1.0 - eta * h) * (1.0 - eta * h) + eta * eta * c) * moment + eta * eta * a;
    EXPECT_NEAR(recursion.second_moment()(0, 0), moment, 1e-15);
  }
}

TEST(StationaryCovariance, RefusesNoiseThatDependsOnX) {
  EXPECT_THROW(stationary_covariance({.hessian = Eigen::MatrixXd::Identity(1, 1),
                                      .noise_covariance = Eigen::MatrixXd::Identity(1, 1),
                                      .learning_rate = 0.1,
                                      .state_noise = [](const Eigen::MatrixXd& moment) { return moment; }}),
               InvalidParameter);
}

}  // namespace
}  // namespace sdelens
