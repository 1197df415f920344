#include "sdelens/exact/sign_chain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Core>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "sdelens/core/check.hpp"
#include "tests/reference/printed.hpp"

namespace sdelens {
namespace {

using sdelens::testing::RoundsTo;

// Rounding: a relative error of one unit for each of the two products of a step.
double rounding(double iterations) { return 2.0 * iterations * std::numeric_limits<double>::epsilon(); }

TEST(ProbabilityDown, IsTheIntegralOfTheDensity) {
  const auto gaussian = gaussian_probability_down({.curvature = 3.0, .sigma = 2.0});
  const auto student = student_t_probability_down({.curvature = 3.0, .sigma = 2.0}, 2.5);
  const auto normal_density = [](double u) {
    return std::exp(-0.5 * u * u) / std::sqrt(2.0 * std::numbers::pi);
  };
  const double constant = std::exp(std::lgamma(1.75) - std::lgamma(1.25)) / std::sqrt(2.5 * std::numbers::pi);
  const auto student_density = [&](double u) { return constant * std::pow(1.0 + u * u / 2.5, -1.75); };
  boost::math::quadrature::tanh_sinh<double> quadrature;
  for (const double x : {-2.0, -0.5, -1e-3, 0.0, 0.02, 0.7, 4.0}) {
    const double y = 1.5 * x;
    EXPECT_NEAR(gaussian(x), 0.5 + quadrature.integrate(normal_density, 0.0, y), 1e-14) << x;
    EXPECT_NEAR(student(x), 0.5 + quadrature.integrate(student_density, 0.0, y), 1e-14) << x;
  }
}

// A density is its own slope at 0, even where y^2 is below the rounding error of 1.
TEST(ProbabilityDown, KeepsItsDigitsNearZero) {
  const auto student = student_t_probability_down({.curvature = 1.0, .sigma = 1.0}, 2.0);
  for (const double y : {1e-3, 1e-6, 1e-9}) {
    EXPECT_NEAR(student(y), 0.5 + 0.5 * y / std::sqrt(2.0 + y * y), 2e-16);
    EXPECT_NEAR(student(-y), 0.5 - 0.5 * y / std::sqrt(2.0 + y * y), 2e-16);
  }
}

TEST(ProbabilityDown, KeepsItsDigitsInTheLowerTail) {
  const auto gaussian = gaussian_probability_down({.curvature = 1.0, .sigma = 1.0});
  const auto student = student_t_probability_down({.curvature = 1.0, .sigma = 1.0}, 2.0);
  // Phi(-10), and F_2(-1e5) = (1 - x / sqrt(2 + x^2)) / 2; mpmath, 50 digits.
  EXPECT_NEAR(gaussian(-10.0) / 7.6198530241605261e-24, 1.0, 1e-13);
  EXPECT_NEAR(student(-1e5) / 4.9999999992500000e-11, 1.0, 1e-13);
}

TEST(SignChain, TakesTheFirstStepsByHand) {
  const auto down = gaussian_probability_down({.curvature = 1.0, .sigma = 0.5});
  SignChain chain({.learning_rate = 0.25, .start = 0.6}, down);
  EXPECT_EQ(chain.mean(), 0.6);
  EXPECT_EQ(chain.variance(), 0.0);
  chain.advance();
  const double p = down(0.6);
  EXPECT_NEAR(chain.mean(), 0.85 - 0.5 * p, 1e-15);
  EXPECT_NEAR(chain.variance(), 0.25 * p * (1.0 - p), 1e-15);
  chain.advance();
  const double low = p * down(0.35), high = (1.0 - p) * (1.0 - down(0.85));
  EXPECT_NEAR(chain.expectation([](double x) { return std::exp(x); }),
              low * std::exp(0.1) + high * std::exp(1.1) + (1.0 - low - high) * std::exp(0.6), 1e-15);
  EXPECT_EQ(chain.iteration(), 2U);
}

TEST(SignChain, IsThePowerOfTheTransitionMatrix) {
  constexpr int points = 81;  // the boundary is reached with probability < 1e-60
  const SignLattice lattice{.learning_rate = 0.125, .start = 0.3};
  const auto down = student_t_probability_down({.curvature = 2.0, .sigma = 0.4}, 3.0);
  Eigen::MatrixXd transition = Eigen::MatrixXd::Zero(points, points);
  Eigen::VectorXd x(points);
  for (int i = 0; i < points; ++i) {
    x(i) = lattice.start + lattice.learning_rate * (i - points / 2);
    if (i > 0) transition(i, i - 1) = down(x(i));
    if (i + 1 < points) transition(i, i + 1) = 1.0 - down(x(i));
  }
  Eigen::RowVectorXd law = Eigen::RowVectorXd::Zero(points);
  law(points / 2) = 1.0;
  SignChain chain(lattice, down);
  for (int k = 1; k <= 30; ++k) {
    law = (law * transition).eval();
    chain.advance();
    EXPECT_NEAR(chain.mean(), law.dot(x), rounding(k)) << k;
    EXPECT_NEAR(chain.second_moment(), law.dot(x.cwiseAbs2()), rounding(k)) << k;
  }
}

TEST(SignChain, AccountsForTheMassThatItCuts) {
  SignChain chain({.learning_rate = 1e-3, .start = 0.5}, gaussian_probability_down({1.0, 0.1}));
  constexpr std::uint64_t iterations = 4000;
  chain.advance(iterations);
  EXPECT_GT(chain.truncated_mass(), 0.0);
  EXPECT_LE(chain.truncated_mass(), 1e-18 * static_cast<double>(iterations));
  const double mass = chain.expectation([](double) { return 1.0; });
  EXPECT_NEAR(mass + chain.truncated_mass(), 1.0, rounding(static_cast<double>(iterations)));
  EXPECT_LT(chain.size(), 400U);  // the window follows the law
}

// Settings of Figure 2 centre-right of Paper A; values of an independent program.
TEST(SignChain, GivesTheVariancesOfFigure2) {
  SignChain one({1e-3, 1e-3}, gaussian_probability_down({1.0, 0.1}));
  SignChain two({1e-3, 1e-3}, gaussian_probability_down({2.0, 0.1}));
  one.advance(5000);
  two.advance(5000);
  EXPECT_THAT(one.variance(), RoundsTo("6.28623e-5"));
  EXPECT_THAT(two.variance(), RoundsTo("3.15296e-5"));
  EXPECT_THAT(0.5 * one.second_moment() + two.second_moment(), RoundsTo("6.29607e-5"));
}

// Figure 2 centre-left from (1, -0.7) and left from (0.25, 0.125), H = diag(1, 2).
TEST(SignChain, GivesTheLossesOfFigure2) {
  SignChain one({1e-3, 1.0}, gaussian_probability_down({1.0, 0.1}));
  SignChain two({1e-3, -0.7}, gaussian_probability_down({2.0, 0.1}));
  one.advance(300);
  two.advance(300);
  EXPECT_THAT(0.5 * one.second_moment() + two.second_moment(), RoundsTo(".4050"));
  one.advance(400);
  two.advance(400);
  EXPECT_THAT(0.5 * one.second_moment() + two.second_moment(), RoundsTo(".0458"));
  SignChain three({1e-3, 0.25}, gaussian_probability_down({1.0, 0.1}));
  SignChain four({1e-3, 0.125}, gaussian_probability_down({2.0, 0.1}));
  three.advance(50);
  four.advance(50);
  EXPECT_THAT(0.5 * three.second_moment() + four.second_moment(), RoundsTo("2.6271e-2"));
}

TEST(SignChain, ForgetsItsStartAndMeetsDetailedBalance) {
  const SignLattice lattice{.learning_rate = 0.01, .start = 0.137};
  const auto down = gaussian_probability_down({1.0, 0.02});
  const StationarySignLaw law(lattice, down);
  SignChain chain(lattice, down);
  chain.advance(3000);  // 0.798 * 0.5 * 3000 relaxation times
  const auto square = [](double x) { return x * x; };
  EXPECT_NEAR(chain.second_moment() / law.expectation(square, Parity::even), 1.0, rounding(3000));
  chain.advance();
  EXPECT_NEAR(chain.second_moment() / law.expectation(square, Parity::odd), 1.0, rounding(3000));
}

TEST(SignChain, ReachesTheWideLawOfLargeNoise) {
  SignChain chain({0.01, 0.1}, gaussian_probability_down({1.0, 100.0}));
  chain.advance(100'000);
  EXPECT_THAT(chain.second_moment(), RoundsTo(".62668"));
}

TEST(SignChain, RefusesWhatItCannotDo) {
  const auto half = [](double) { return 0.5; };
  EXPECT_THROW(SignChain({0.0, 0.0}, half), InvalidParameter);
  EXPECT_THROW(SignChain({-0.1, 0.0}, half), InvalidParameter);
  EXPECT_THROW(SignChain({0.1, std::nan("")}, half), InvalidParameter);
  EXPECT_THROW(SignChain({0.1, 0.0}, ProbabilityDown{}), InvalidParameter);
  for (const double wrong : {-1e-9, 1.0 + 1e-9, std::nan("")}) {
    SignChain chain({0.1, 0.0}, [wrong](double) { return wrong; });
    EXPECT_THROW(chain.advance(), InvalidParameter) << wrong;
  }
  EXPECT_THROW(gaussian_probability_down({1.0, 0.0}), InvalidParameter);
  EXPECT_THROW(gaussian_probability_down({std::nan(""), 1.0}), InvalidParameter);
  EXPECT_THROW(student_t_probability_down({1.0, -1.0}, 2.0), InvalidParameter);
  EXPECT_THROW(student_t_probability_down({1.0, 1.0}, 0.0), InvalidParameter);
}

}  // namespace
}  // namespace sdelens
