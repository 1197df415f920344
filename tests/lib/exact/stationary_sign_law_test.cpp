#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "sdelens/core/check.hpp"
#include "sdelens/exact/sign_chain.hpp"
#include "tests/reference/printed.hpp"

namespace sdelens {
namespace {

using sdelens::testing::RoundsTo;

double square(double x) { return x * x; }

// V0 = (eta / 2) sqrt(pi / 2) sigma / lambda, so that V0 = eta^2 sqrt(pi / 8) / r.
StationarySignLaw law_at(double r, double phase) {
  return {{.learning_rate = 1.0, .start = phase}, gaussian_probability_down({.curvature = r, .sigma = 1.0})};
}
double leading(double r) { return std::sqrt(std::numbers::pi / 8.0) / r; }

TEST(StationarySignLaw, IsInvariantUnderAStep) {
  for (const double phase : {0.0, 0.3, 0.5}) {
    for (const double r : {0.05, 0.5, 1.0, 4.0}) {
      const auto down = gaussian_probability_down({r, 1.0});
      const StationarySignLaw law({1.0, phase}, down);
      for (const double frequency : {0.1, 0.7, 2.0}) {
        const auto g = [frequency](double x) { return std::cos(frequency * x + 0.4); };
        const auto after = [&](double x) { return down(x) * g(x - 1.0) + (1.0 - down(x)) * g(x + 1.0); };
        EXPECT_NEAR(law.expectation(after), law.expectation(g), 1e-13) << r << ' ' << phase;
      }
    }
  }
}

TEST(StationarySignLaw, IsTheAverageOfItsParities) {
  for (const double r : {0.2, 1.0}) {
    const StationarySignLaw law = law_at(r, 0.2);
    EXPECT_NEAR(law.expectation([](double) { return 1.0; }), 1.0, 1e-14);
    // (-1)^j: each parity has half of the mass.
    const auto sign = [](double x) { return std::cos(std::numbers::pi * (x - 0.2)); };
    EXPECT_NEAR(law.expectation(sign), 0.0, 1e-13);
    EXPECT_NEAR(law.expectation(sign, Parity::even), 1.0, 1e-12);
    EXPECT_NEAR(law.expectation(sign, Parity::odd), -1.0, 1e-12);
    EXPECT_NEAR(law.expectation(square),
                0.5 * (law.expectation(square, Parity::even) + law.expectation(square, Parity::odd)), 1e-13);
  }
}

TEST(StationarySignLaw, DoesNotDependOnWhereTheRecursionBegins) {
  const SignLattice lattice{.learning_rate = 0.01, .start = 5.003};
  const auto down = student_t_probability_down({1.0, 0.05}, 2.0);
  const StationarySignLaw at_minimum(lattice, down), far(lattice, down, 0.06);
  EXPECT_NEAR(far.second_moment() / at_minimum.second_moment(), 1.0, 1e-12);
  EXPECT_NEAR(far.mean(), at_minimum.mean(), 1e-14);
  EXPECT_NEAR(far.variance() + far.mean() * far.mean(), far.second_moment(), 1e-14);
}

TEST(StationarySignLaw, GivesTheRatiosToTheLeadingVariance) {
  const std::pair<double, const char*> expected[] = {
      {0.001, "1.000313"}, {0.01, "1.003136"}, {0.02, "1.006279"}, {0.1, "1.031637"},
      {0.2, "1.063850"},   {0.5, "1.16353"},   {1.0, "1.3377"}};
  for (const auto& [r, text] : expected)
    EXPECT_THAT(law_at(r, 0.0).second_moment() / leading(r), RoundsTo(text)) << r;
}

TEST(StationarySignLaw, HasTheParitiesOfTheLattice) {
  const StationarySignLaw law = law_at(1.0, 0.0);
  EXPECT_THAT(law.expectation(square, Parity::even) / leading(1.0), RoundsTo("1.0326"));
  EXPECT_THAT(law.expectation(square, Parity::odd) / leading(1.0), RoundsTo("1.6428"));
  const StationarySignLaw odd_start = law_at(1.0, 1.0);
  EXPECT_NEAR(odd_start.expectation(square, Parity::even), law.expectation(square, Parity::odd), 1e-14);
  // Half way between lattice points the parities are reflections of each other.
  const StationarySignLaw between = law_at(1.0, 0.5);
  EXPECT_NEAR(between.expectation(square, Parity::even), between.expectation(square, Parity::odd), 1e-14);
  EXPECT_NEAR(between.mean(), 0.0, 1e-14);
}

// Paper A, Figure 6: H = I_2, so that E f = E x^2 of one coordinate.
TEST(StationarySignLaw, GivesTheLossesOfFigure6) {
  const std::pair<double, const char*> expected[] = {
      {0.01, "8.3828e-5"}, {0.1, "6.4648e-4"}, {1.0, "6.2862e-3"}, {10.0, "6.2685e-2"}, {100.0, ".62668"}};
  for (const auto& [sigma, text] : expected) {
    const StationarySignLaw law({0.01, 0.1}, gaussian_probability_down({1.0, sigma}));
    EXPECT_THAT(law.second_moment(), RoundsTo(text)) << sigma;
  }
}

TEST(StationarySignLaw, GivesTheVariancesOfHeavyTails) {
  struct Row {
    double nu, slope, lambda;
    const char* ratio;
  };
  // slope = 2 Xi'(0): 2 / pi and 1 / sqrt 2.
  for (const Row& row : {Row{1.0, 2.0 * std::numbers::inv_pi, 1.0, "1.0078"},
                         Row{1.0, 2.0 * std::numbers::inv_pi, 2.0, "1.0156"},
                         Row{2.0, 0.5 * std::numbers::sqrt2, 1.0, "1.0053"},
                         Row{2.0, 0.5 * std::numbers::sqrt2, 2.0, "1.0106"}}) {
    const StationarySignLaw law({1e-3, 1e-3}, student_t_probability_down({row.lambda, 0.1}, row.nu));
    EXPECT_THAT(law.variance() / (0.5e-3 * 0.1 / (row.slope * row.lambda)), RoundsTo(row.ratio)) << row.nu;
  }
}

TEST(StationarySignLaw, RefusesWhatHasNone) {
  const auto half = [](double) { return 0.5; };
  EXPECT_THROW(StationarySignLaw({1.0, 0.0}, half), std::runtime_error);
  const auto outward = gaussian_probability_down({-1.0, 1.0});
  EXPECT_THROW(StationarySignLaw({1.0, 0.0}, outward), std::runtime_error);
  EXPECT_THROW(StationarySignLaw({0.0, 0.0}, half), InvalidParameter);
  EXPECT_THROW(StationarySignLaw({1.0, std::nan("")}, half), InvalidParameter);
  EXPECT_THROW(StationarySignLaw({1.0, 0.0}, half, HUGE_VAL), InvalidParameter);
  EXPECT_THROW(StationarySignLaw({1.0, 0.0}, ProbabilityDown{}), InvalidParameter);
  EXPECT_THROW(StationarySignLaw({1.0, 0.0}, [](double) { return 2.0; }), InvalidParameter);
}

}  // namespace
}  // namespace sdelens
