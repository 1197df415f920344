#include "sdelens/exact/scalar_diffusion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <tuple>

#include "sdelens/core/check.hpp"
#include "sdelens/exact/sign_chain.hpp"
#include "tests/reference/printed.hpp"

namespace sdelens {
namespace {

using sdelens::testing::RoundsTo;
using Function = std::function<double(double)>;

double identity(double x) { return x; }
double square(double x) { return x * x; }
double cosine(double x) { return std::cos(x); }

ScalarDiffusion ornstein_uhlenbeck(double s) {
  return {[](double x) { return -x; }, [s](double) { return s; }};
}

TEST(ScalarDiffusion, GivesTheNormalLawOfOrnsteinAndUhlenbeck) {
  const double s = 0.1, start = 0.7, step = 0.25;
  const Collocation collocation{.low = -2.0, .high = 2.0};
  const auto values =
      expectations(ornstein_uhlenbeck(s), collocation,
                   {identity, square, [](double x) { return std::cos(3.0 * x); }}, start, step, 8);
  // Converged, a value is off by rounding only: N^2 units of the largest |f| by differentiation, and by that of the
  // generator, whose second derivatives on [-2, 2] have the norm N^4/3 / 2^2, in the relaxation time 1. The error
  // counts it once for the value and twice for each of the two that it compares.
  const double n_squared = collocation.nodes * collocation.nodes;
  const double rounding =
      std::numeric_limits<double>::epsilon() * (n_squared + 0.5 * s * s * n_squared * n_squared / 12.0);
  const double largest[] = {2.0, 4.0, 1.0};
  for (std::size_t k = 0; k <= 8; ++k) {
    const double t = step * static_cast<double>(k);
    const double mean = start * std::exp(-t);
    const double variance = -0.5 * s * s * std::expm1(-2.0 * t);
    const double exact[] = {mean, variance + mean * mean, std::exp(-4.5 * variance) * std::cos(3.0 * mean)};
    for (std::size_t f = 0; f < 3; ++f) {
      EXPECT_NEAR(values[f][k].value, exact[f], values[f][k].error) << f << ' ' << k;
      EXPECT_LE(values[f][k].error, 5.0 * rounding * largest[f]) << f << " " << k;
    }
  }
}

// dX = -b X dt + sqrt(eta) sqrt(1 - b^2 X^2) dW: the diffusion vanishes at the ends +-1/b.
TEST(ScalarDiffusion, GivesTheMomentsOfAnEquationThatLivesOnTheInterval) {
  const double b = 1.6, eta = 0.1, start = 0.5, step = 0.1;
  const ScalarDiffusion equation{
      [b](double x) { return -b * x; },
      [b, eta](double x) { return std::sqrt(eta * std::max(0.0, 1.0 - b * b * x * x)); }};
  const auto values =
      expectations(equation, {.low = -1.0 / b, .high = 1.0 / b}, {identity, square}, start, step, 20);
  for (std::size_t k = 0; k <= 20; ++k) {
    const double t = step * static_cast<double>(k);
    const double rate = 2.0 * b + eta * b * b;
    EXPECT_NEAR(values[0][k].value, start * std::exp(-b * t), 1e-12);
    EXPECT_NEAR(values[1][k].value, eta / rate + (start * start - eta / rate) * std::exp(-rate * t), 1e-12);
  }
}

TEST(ScalarDiffusion, StepsAsEulerMaruyamaDoes) {
  const double s = 0.05, h = 0.2;
  const auto values = expectations(ornstein_uhlenbeck(s), {.low = -2.0, .high = 2.0}, {identity, square}, 0.7,
                                   h, 10, Stepping::euler_maruyama);
  double mean = 0.7, variance = 0.0;
  for (std::size_t k = 0; k <= 10; ++k) {
    EXPECT_NEAR(values[0][k].value, mean, 1e-12) << k;
    EXPECT_NEAR(values[1][k].value, variance + mean * mean, 1e-12) << k;
    mean *= 1.0 - h;
    variance = (1.0 - h) * (1.0 - h) * variance + h * s * s;
  }
}

TEST(ScalarDiffusion, KnowsWhenItHasTooFewPoints) {
  const ScalarDiffusion steep{[](double x) { return -std::tanh(20.0 * x); },
                              [](double x) { return 0.3 / std::cosh(20.0 * x); }};
  const auto poor =
      expectations(steep, {.low = -1.0, .high = 1.0, .nodes = 24, .fewer_nodes = 18}, {square}, 0.2, 0.05, 6);
  const auto good = expectations(steep, {.low = -1.0, .high = 1.0, .nodes = 260, .fewer_nodes = 220},
                                 {square}, 0.2, 0.05, 6);
  EXPECT_GT(poor[0][6].error, 1e-6);
  EXPECT_LT(good[0][6].error, 1e-9);
}

// lambda = 1, sigma = 1/2, t <= 1: what separates SignSGD from an equation, max over k of |E g(x_k) - E g(X)|.
struct Problem {
  double eta, start;
  double nu = 0.0;  // 0: normal noise
  std::uint64_t steps() const { return static_cast<std::uint64_t>(std::llround(1.0 / eta)); }
  ProbabilityDown down() const {
    return nu > 0.0 ? student_t_probability_down({1.0, 0.5}, nu) : gaussian_probability_down({1.0, 0.5});
  }
};

std::vector<double> errors(const Problem& problem, const ScalarDiffusion& equation, double end,
                           Stepping stepping = Stepping::exact) {
  const std::vector<Function> functions{identity, square, cosine};
  const auto values = expectations(equation, {.low = -end, .high = end}, functions, problem.start,
                                   problem.eta, problem.steps(), stepping);
  SignChain chain({.learning_rate = problem.eta, .start = problem.start}, problem.down());
  std::vector<double> result(3, 0.0);
  for (std::uint64_t k = 0; k <= problem.steps(); ++k) {
    for (std::size_t f = 0; f < 3; ++f) {
      result[f] = std::max(result[f], std::abs(chain.expectation(functions[f]) - values[f][k].value));
    }
    chain.advance();
  }
  return result;
}

const double slope = std::numbers::sqrt2;  // lambda / (sigma sqrt 2)
double gaussian_drift(double x) { return -std::erf(slope * x); }
Function gaussian_diffusion(double eta) {
  return [eta](double x) {
    return std::sqrt(eta * std::erfc(std::abs(slope * x)) * (1.0 + std::erf(std::abs(slope * x))));
  };
}
constexpr double end = 2.6;

TEST(ScalarDiffusion, GivesTheWeakErrorsOfSignSgd) {
  struct Row {
    int exponent;
    const char *full[3], *ode[3], *second[2], *euler[2];
  };
  const Row rows[] = {{3,
                       {"2.232e-2", "1.512e-2", "7.48e-3"},
                       {"1.516e-2", "2.352e-2", "1.111e-2"},
                       {"2.61e-3", "2.49e-3"},
                       {"6.81e-4", "2.04e-3"}},
                      {5,
                       {"5.426e-3", "3.660e-3", "1.780e-3"},
                       {"3.483e-3", "5.436e-3", "2.584e-3"},
                       {"1.64e-4", "1.35e-4"},
                       {"4.67e-5", "1.32e-4"}},
                      {7,
                       {"1.349e-3", "9.162e-4", "4.444e-4"},
                       {"8.543e-4", "1.333e-3", "6.350e-4"},
                       {"1.03e-5", "8.05e-6"},
                       {"2.99e-6", "8.35e-6"}},
                      {9,
                       {"3.368e-4", "2.293e-4", "1.111e-4"},
                       {"2.126e-4", "3.318e-4", "1.581e-4"},
                       {"6.44e-7", "4.97e-7"},
                       {"1.88e-7", "5.24e-7"}}};
  for (const Row& row : rows) {
    const double eta = std::ldexp(1.0, -row.exponent);
    const Problem problem{.eta = eta, .start = 1.0};
    const ScalarDiffusion full{gaussian_drift, gaussian_diffusion(eta)};
    const ScalarDiffusion ode{gaussian_drift, [](double) { return 0.0; }};
    const ScalarDiffusion second{[eta](double x) {
                                   const double density = std::exp(-slope * slope * x * x);
                                   const double derivative = 2.0 * std::numbers::inv_sqrtpi * slope * density;
                                   return -std::erf(slope * x) * (1.0 + 0.5 * eta * derivative);
                                 },
                                 gaussian_diffusion(eta)};
    const auto of_full = errors(problem, full, end);
    const auto of_ode = errors(problem, ode, end);
    const auto of_second = errors(problem, second, end);
    const auto of_euler = errors(problem, full, end, Stepping::euler_maruyama);
    for (std::size_t f = 0; f < 3; ++f) {
      EXPECT_THAT(of_full[f], RoundsTo(row.full[f])) << eta << ' ' << f;
      EXPECT_THAT(of_ode[f], RoundsTo(row.ode[f])) << eta << ' ' << f;
      if (f == 2) continue;
      EXPECT_THAT(of_second[f], RoundsTo(row.second[f])) << eta << ' ' << f;
      EXPECT_THAT(of_euler[f], RoundsTo(row.euler[f])) << eta << ' ' << f;
    }
  }
}

TEST(ScalarDiffusion, TellsTheEquationFromItsDriftAtTheMinimum) {
  const double eta = std::ldexp(1.0, -9);
  const Problem problem{.eta = eta, .start = 0.0};
  EXPECT_THAT(errors(problem, {gaussian_drift, gaussian_diffusion(eta)}, end)[1], RoundsTo("1.08e-6"));
  EXPECT_THAT(errors(problem, {gaussian_drift, [](double) { return 0.0; }}, end)[1], RoundsTo("5.88e-4"));
}

TEST(ScalarDiffusion, GivesTheWeakErrorsUnderStudentTNoise) {
  const auto of = [](int exponent) {
    const double eta = std::ldexp(1.0, -exponent);
    const Problem problem{.eta = eta, .start = 1.0, .nu = 2.0};
    // nu = 2: 2 Xi(y) = y / sqrt(2 + y^2), y = 2 x.
    const ScalarDiffusion equation{
        [](double x) { return -2.0 * x / std::hypot(std::numbers::sqrt2, 2.0 * x); },
        [eta](double x) { return std::sqrt(eta * 2.0 / (2.0 + 4.0 * x * x)); }};
    return errors(problem, equation, 4.0);
  };
  EXPECT_THAT(of(3)[0], RoundsTo("1.789e-2"));
  EXPECT_THAT(of(3)[1], RoundsTo("1.176e-2"));
  EXPECT_THAT(of(9)[0], RoundsTo("2.650e-4"));
  EXPECT_THAT(of(9)[1], RoundsTo("1.974e-4"));
}

// nu = 1: the noise falls off like 1 / x only, and the drift is singular at x = +-i sigma / lambda.
TEST(ScalarDiffusion, ReachesFarOutWithStretchedPoints) {
  const double eta = 1.0 / 32.0;
  const ScalarDiffusion equation{[](double x) { return -2.0 * std::numbers::inv_pi * std::atan(2.0 * x); },
                                 [eta](double x) {
                                   const double mean = 2.0 * std::numbers::inv_pi * std::atan(2.0 * x);
                                   return std::sqrt(eta * (1.0 - mean * mean));
                                 }};
  const std::vector<Function> functions{identity, square, cosine};
  const auto of = [&](const Collocation& collocation) {
    return expectations(equation, collocation, functions, 1.0, eta, 32);
  };
  const auto stretched = of({.low = -10.0, .high = 10.0, .core = 0.5});
  const auto wider = of({.low = -20.0, .high = 20.0, .nodes = 160, .fewer_nodes = 120, .core = 0.4});
  const auto even = of({.low = -6.0, .high = 6.0, .nodes = 180, .fewer_nodes = 160});
  for (std::size_t f = 0; f < 3; ++f) {
    EXPECT_LT(stretched[f][32].error, 1e-9);
    EXPECT_NEAR(stretched[f][32].value, wider[f][32].value, 1e-9) << f;
    EXPECT_LT(even[f][32].error, 1e-3);
    EXPECT_NEAR(stretched[f][32].value, even[f][32].value, even[f][32].error) << f;
  }
}

TEST(ScalarDiffusion, RefusesAnIntervalThatIsNotClosed) {
  const std::vector<Function> g{identity};
  const auto of = [&](const ScalarDiffusion& equation, const Collocation& collocation, double start,
                      double step, Stepping stepping = Stepping::exact) {
    return expectations(equation, collocation, g, start, step, 2, stepping);
  };
  const ScalarDiffusion good = ornstein_uhlenbeck(0.1);
  EXPECT_NO_THROW(of(good, {.low = -2.0, .high = 2.0}, 0.0, 0.1));
  EXPECT_THROW(of({[](double x) { return x; }, good.diffusion}, {.low = -2.0, .high = 2.0}, 0.0, 0.1),
               InvalidParameter);
  EXPECT_THROW(of(good, {.low = 1.0, .high = 2.0}, 1.5, 0.1), InvalidParameter);
  EXPECT_THROW(of(ornstein_uhlenbeck(1.0), {.low = -2.0, .high = 2.0}, 0.0, 0.1), InvalidParameter);
  EXPECT_THROW(of(good, {.low = -2.0, .high = 2.0, .core = -1.0}, 0.0, 0.1), InvalidParameter);
  EXPECT_THROW(of(good, {.low = 2.0, .high = -2.0}, 0.0, 0.1), InvalidParameter);
  EXPECT_THROW(of(good, {.low = -2.0, .high = 2.0}, 2.5, 0.1), InvalidParameter);
  EXPECT_THROW(of(good, {.low = -2.0, .high = 2.0}, std::nan(""), 0.1), InvalidParameter);
  EXPECT_THROW(of(good, {.low = -2.0, .high = 2.0}, 0.0, 0.0), InvalidParameter);
  EXPECT_THROW(of(good, {.low = -2.0, .high = 2.0, .nodes = 20, .fewer_nodes = 20}, 0.0, 0.1),
               InvalidParameter);
  EXPECT_THROW(of(good, {.low = -2.0, .high = 2.0, .nodes = 20, .fewer_nodes = 8}, 0.0, 0.1),
               InvalidParameter);
  EXPECT_THROW(of(good, {.low = -2.0, .high = 2.0}, 0.0, 3.0, Stepping::euler_maruyama), InvalidParameter);
}

}  // namespace
}  // namespace sdelens
