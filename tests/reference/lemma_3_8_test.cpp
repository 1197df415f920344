#include "reference/theory/lemma_3_8.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "sdelens/core/check.hpp"
#include "sdelens/exact/linear_recursion.hpp"
#include "tests/reference/printed.hpp"
#include "tests/reference/runge_kutta.hpp"

namespace sdelens::theory {
namespace {

using sdelens::testing::integrate;
using sdelens::testing::RoundsTo;

constexpr QuadraticCoordinate example{.learning_rate = 0.02, .curvature = 1.5, .sigma = 0.4, .start = 0.3};

TEST(Lemma38, SolvesTheMomentEquations) {
  for (const double time : {0.05, 0.7, 6.0}) {
    const double mean = integrate([](double m) { return -1.5 * m; }, 0.3, time, 4000);
    const double variance = integrate([](double v) { return -3.0 * v + 0.02 * 0.16; }, 0.0, time, 4000);
    EXPECT_NEAR(sgd_mean(example, time), mean, 1e-13);
    EXPECT_NEAR(sgd_variance(example, time), variance, 1e-14);
  }
  EXPECT_EQ(sgd_variance(example, 0.0), 0.0);
  EXPECT_NEAR(sgd_variance(example, 1e3), sgd_stationary_variance(example), 1e-17);
}

// The variance of SGD is above that of its SDE, by less and less: eta = 0.01, lambda = 1.
TEST(Lemma38, HasTheGapsOfTheText) {
  const auto one = Eigen::MatrixXd::Identity(1, 1);
  LinearRecursion recursion({.hessian = one, .noise_covariance = one, .learning_rate = 0.01},
                            Eigen::VectorXd::Zero(1));
  const std::pair<int, const char*> gaps[] = {{1, "1.003"}, {10, ".959"}, {100, ".660"}, {1000, ".5025"}};
  for (const auto& [k, text] : gaps) {
    recursion.advance(static_cast<std::uint64_t>(k) - recursion.iteration());
    const double variance = sgd_variance({0.01, 1.0, 1.0, 0.0}, 0.01 * k);
    EXPECT_THAT(100.0 * (recursion.covariance()(0, 0) / variance - 1.0), RoundsTo(text)) << k;
  }
}

TEST(Lemma38, RefusesWhatIsOutOfRange) {
  const auto refused = [](auto change) {
    QuadraticCoordinate settings = example;
    change(settings);
    EXPECT_THROW(sgd_mean(settings, 1.0), InvalidParameter);
    EXPECT_THROW(sgd_variance(settings, 1.0), InvalidParameter);
    EXPECT_THROW(sgd_stationary_variance(settings), InvalidParameter);
  };
  refused([](auto& s) { s.learning_rate = 0.0; });
  refused([](auto& s) { s.curvature = 0.0; });
  refused([](auto& s) { s.sigma = 0.0; });
  refused([](auto& s) { s.start = HUGE_VAL; });
  EXPECT_THROW(sgd_mean(example, -1.0), InvalidParameter);
  EXPECT_THROW(sgd_variance(example, std::nan("")), InvalidParameter);
}

}  // namespace
}  // namespace sdelens::theory
