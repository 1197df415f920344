#include "reference/theory/adaptive_descent.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sdelens/core/parameters.hpp"

namespace sdelens::theory {
namespace {

/// (x, v) by the classical Runge-Kutta method.
using State = std::array<double, 2>;
template <class Slope>
State step(const Slope& slope, const State& y, double h) {
  const auto moved = [](const State& from, const State& k, double by) {
    return State{from[0] + by * k[0], from[1] + by * k[1]};
  };
  const State k1 = slope(y), k2 = slope(moved(y, k1, 0.5 * h)), k3 = slope(moved(y, k2, 0.5 * h)),
              k4 = slope(moved(y, k3, h));
  State result = y;
  for (std::size_t i = 0; i < 2; ++i) result[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
  return result;
}

TEST(RmspropMean, SolvesItsEquation) {
  for (const double excess : {-0.75, 0.0, 3.0, 15.0}) {
    const RmspropDescent settings{.start = 0.02, .rate = 10.0, .rho = 5.0, .excess = excess};
    State y{0.02, 1.0 + excess};
    const auto slope = [](const State& s) {
      return State{-10.0 * s[0] / std::sqrt(s[1]), 5.0 * (1.0 - s[1])};
    };
    for (int i = 0; i < 4000; ++i) y = step(slope, y, 1e-4);
    EXPECT_NEAR(rmsprop_mean(settings, 0.4) / y[0], 1.0, 1e-10) << excess;
    EXPECT_EQ(rmsprop_mean(settings, 0.0), 0.02);
  }
}

TEST(RmspropMean, RefusesWhatIsOutOfRange) {
  const RmspropDescent settings{.start = 1.0, .rate = 1.0, .rho = 1.0, .excess = 0.0};
  EXPECT_THROW(rmsprop_mean(settings, -1.0), InvalidParameter);
  RmspropDescent empty = settings;
  empty.excess = -1.0;
  EXPECT_THROW(rmsprop_mean(empty, 1.0), InvalidParameter);
}

/// The amplitude of (x, m / sigma) over a time in which the slowest mode decays, by its largest values in two windows as
/// long as one turn.
double measured_rate(double pull, double rho, double gamma, double turn, double later) {
  State y{1.0, 0.0};
  const double h = turn / 20000.0;
  const auto slope = [=](const State& s) { return State{-s[1] - gamma * s[0], rho * (pull * s[0] - s[1])}; };
  const auto largest = [&](double span) {
    double result = 0.0;
    for (double t = 0.0; t < span; t += h) {
      y = step(slope, y, h);
      result = std::max(result, std::abs(y[0]));
    }
    return result;
  };
  largest(later);
  const double first = largest(turn);
  largest(later - turn);
  return std::log(first / largest(turn)) / later;
}

TEST(AdamwDescentRate, IsThatOfItsEquation) {
  constexpr double pi = 3.14159265358979323846;
  // Complex roots: a turn is 2 pi over their imaginary part.
  const double pull = 20.0, gamma = 0.1, rho = 10.0;
  const double turn = 2.0 * pi / std::sqrt(rho * (pull + gamma) - 0.25 * (rho + gamma) * (rho + gamma));
  EXPECT_NEAR(adamw_descent_rate(pull, rho, gamma) / measured_rate(pull, rho, gamma, turn, 2.0 * turn), 1.0,
              1e-3);
  EXPECT_EQ(adamw_descent_rate(pull, rho, gamma), 0.5 * (rho + gamma));
  // Real roots, the slower mode alone after a while.
  EXPECT_NEAR(adamw_descent_rate(2.0, 100.0, gamma) / measured_rate(2.0, 100.0, gamma, 0.5, 1.0), 1.0, 1e-3);
  // Without momentum's delay x e-folds at lambda / sigma + gamma.
  EXPECT_NEAR(adamw_descent_rate(2.0, 1e9, gamma), 2.0 + gamma, 1e-5);
}

TEST(AdamwDescentRate, RefusesWhatIsOutOfRange) {
  EXPECT_THROW(adamw_descent_rate(0.0, 1.0, 0.0), InvalidParameter);
  EXPECT_THROW(adamw_descent_rate(1.0, -1.0, 0.0), InvalidParameter);
  EXPECT_THROW(adamw_descent_rate(1.0, 1.0, -0.1), InvalidParameter);
}

}  // namespace
}  // namespace sdelens::theory
