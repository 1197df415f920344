#include "reference/theory/lemma_c_14.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "sdelens/core/check.hpp"
#include "sdelens/exact/sign_chain.hpp"
#include "tests/reference/printed.hpp"
#include "tests/reference/runge_kutta.hpp"

namespace sdelens::theory {
namespace {

using sdelens::testing::integrate;
using sdelens::testing::RoundsTo;

constexpr QuadraticCoordinate example{.learning_rate = 0.02, .curvature = 1.5, .sigma = 0.4, .start = 0.3};

TEST(LemmaC14, SolvesTheMomentEquations) {
  const double b = 1.5 / (0.4 * std::numbers::sqrt2);
  for (const double time : {0.05, 0.4, 2.0}) {
    const double mean = integrate([&](double m) { return -b * m; }, 0.3, time, 8000);
    const double square =
        integrate([&](double s) { return -2.0 * b * s + 0.02 * (1.0 - b * b * s); }, 0.09, time, 8000);
    EXPECT_NEAR(student_t_mean(example, 2.0, time), mean, 1e-12);
    EXPECT_NEAR(student_t_variance(example, 2.0, time), square - mean * mean, 1e-12);
  }
  EXPECT_EQ(student_t_variance(example, 2.0, 0.0), 0.0);
  EXPECT_NEAR(student_t_variance(example, 2.0, 1e3), student_t_stationary_variance(example, 2.0), 1e-17);
}

// The distance of t(nu) from the normal law is of order 1 / nu: s_nu = sqrt(2 / pi)(1 - 1 / (4 nu) + ...).
TEST(LemmaC14, TendsToLemma37) {
  const double nu = 1e6;
  EXPECT_NEAR(student_t_mean(example, nu, 0.2) / signsgd_mean(example, 0.2), 1.0, 1.0 / nu);
  EXPECT_NEAR(student_t_variance(example, nu, 0.2) / signsgd_variance(example, 0.2, Wording::corrected), 1.0,
              1.0 / nu);
}

// eta = 1e-3, sigma = 0.1, nu = 2, relative to V0 = (eta / 2) sigma sqrt 2 / lambda.
TEST(LemmaC14, HasTheRatiosOfTheText) {
  for (const auto& [lambda, ratio] : {std::pair{1.0, ".9965"}, std::pair{2.0, ".9930"}}) {
    const double leading = 0.5e-3 * 0.1 * std::numbers::sqrt2 / lambda;
    EXPECT_THAT(student_t_stationary_variance({1e-3, lambda, 0.1, 0.0}, 2.0) / leading, RoundsTo(ratio));
  }
}

TEST(LemmaC14, HasTheMeanOfTheOptimizer) {
  for (const auto& [lambda, gap] : {std::pair{1.0, ".18"}, std::pair{2.0, "1.3"}}) {
    SignChain chain({1e-3, 0.02}, student_t_probability_down({lambda, 0.1}, 2.0));
    chain.advance(50);
    const double mean = student_t_mean({1e-3, lambda, 0.1, 0.02}, 2.0, 0.05);
    EXPECT_THAT(100.0 * std::abs(chain.mean() / mean - 1.0), RoundsTo(gap)) << lambda;
  }
}

TEST(LemmaC14, RefusesWhatIsOutOfRange) {
  const auto refused = [](auto change) {
    QuadraticCoordinate settings = example;
    change(settings);
    EXPECT_THROW(student_t_mean(settings, 2.0, 1.0), InvalidParameter);
    EXPECT_THROW(student_t_variance(settings, 2.0, 1.0), InvalidParameter);
    EXPECT_THROW(student_t_stationary_variance(settings, 2.0), InvalidParameter);
  };
  refused([](auto& s) { s.learning_rate = 0.0; });
  refused([](auto& s) { s.curvature = 0.0; });
  refused([](auto& s) { s.sigma = 0.0; });
  refused([](auto& s) { s.start = HUGE_VAL; });
  EXPECT_THROW(student_t_mean(example, 0.0, 1.0), InvalidParameter);
  EXPECT_THROW(student_t_mean(example, 2.0, -1.0), InvalidParameter);
  EXPECT_THROW(student_t_variance(example, 2.0, -1.0), InvalidParameter);
  EXPECT_THROW(student_t_stationary_variance(example, -1.0), InvalidParameter);
}

}  // namespace
}  // namespace sdelens::theory
