#include "reference/theory/lemma_3_7.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "reference/theory/lemma_3_4.hpp"
#include "reference/theory/lemma_c_13.hpp"
#include "sdelens/core/check.hpp"
#include "sdelens/exact/sign_chain.hpp"
#include "tests/reference/printed.hpp"
#include "tests/reference/runge_kutta.hpp"

namespace sdelens::theory {
namespace {

using sdelens::testing::integrate;
using sdelens::testing::RoundsTo;

constexpr QuadraticCoordinate examples[] = {
    {.learning_rate = 0.02, .curvature = 1.5, .sigma = 0.4, .start = 0.3},
    {.learning_rate = 0.4, .curvature = 1.0, .sigma = 2.0, .start = -1.0},
    {.learning_rate = 0.1, .curvature = 2.0, .sigma = 1.0, .start = 0.2},
};

// Moments of the phase-3 SDE by Ito's formula from its own drift and diffusion, integrated numerically.
TEST(Lemma37, SolvesTheMomentEquations) {
  for (const QuadraticCoordinate& c : examples) {
    const double y_of_x = c.curvature / (c.sigma * std::numbers::sqrt2);
    const double speed = -noise_phase_drift(0.5) / 0.5 * y_of_x;
    const double rate_at_0 = std::pow(noise_phase_diffusion(0.0, c.learning_rate), 2);
    const double rate_at_half = std::pow(noise_phase_diffusion(0.5, c.learning_rate), 2);
    const double noise_slope = (rate_at_half - rate_at_0) / (0.25 / (y_of_x * y_of_x));
    for (const double time : {0.05, 0.4, 2.0}) {
      const double mean = integrate([&](double m) { return -speed * m; }, c.start, time, 8000);
      const double square =
          integrate([&](double s) { return -2.0 * speed * s + rate_at_0 + noise_slope * s; },
                    c.start * c.start, time, 8000);
      EXPECT_NEAR(signsgd_mean(c, time), mean, 1e-12);
      EXPECT_NEAR(signsgd_variance(c, time, Wording::corrected), square - mean * mean, 1e-12);
    }
    EXPECT_NEAR(signsgd_stationary_variance(c, Wording::corrected), rate_at_0 / (2.0 * speed - noise_slope),
                1e-15);
  }
}

TEST(Lemma37, IsRightAsPrintedForUnitNoiseOnly) {
  for (const QuadraticCoordinate& c : examples) {
    const double corrected = signsgd_variance(c, 0.3, Wording::corrected);
    const double printed = signsgd_variance(c, 0.3, Wording::printed);
    if (c.sigma == 1.0)
      EXPECT_EQ(printed, corrected);
    else
      EXPECT_GT(std::abs(printed / corrected - 1.0), 0.01) << c.sigma;
  }
}

TEST(Lemma37, BeginsAndEndsWhereItShould) {
  for (const QuadraticCoordinate& c : examples)
    for (const Wording form : {Wording::printed, Wording::corrected}) {
      EXPECT_EQ(signsgd_variance(c, 0.0, form), 0.0);
      EXPECT_NEAR(signsgd_variance(c, 1e4, form) / signsgd_stationary_variance(c, form), 1.0, 1e-15);
      EXPECT_EQ(signsgd_mean(c, 0.0), c.start);
    }
}

TEST(Lemma37, GivesTheRatiosToTheLeadingVariance) {
  struct Row {
    double eta, sigma;
    const char *corrected, *printed;
  };
  for (const Row& row : {Row{0.02, 0.1, ".92611", ".99208"}, Row{0.4, 2.0, ".92611", ".86238"},
                         Row{0.01, 0.1, ".96164", ".99603"}}) {
    const QuadraticCoordinate c{row.eta, 1.0, row.sigma, 0.0};
    const double leading = signsgd_leading_variance(c);
    EXPECT_THAT(signsgd_stationary_variance(c, Wording::corrected) / leading, RoundsTo(row.corrected));
    EXPECT_THAT(signsgd_stationary_variance(c, Wording::printed) / leading, RoundsTo(row.printed));
    const double r = row.eta / row.sigma;
    EXPECT_NEAR(leading / signsgd_stationary_variance(c, Wording::corrected), 1.0 + 0.3989422804014327 * r,
                1e-15);
  }
}

// Paper A, Figure 2 centre-right.
TEST(Lemma37, GivesTheVariancesOfFigure2) {
  const QuadraticCoordinate one{1e-3, 1.0, 0.1, 1e-3}, two{1e-3, 2.0, 0.1, 1e-3};
  EXPECT_THAT(signsgd_stationary_variance(one, Wording::corrected), RoundsTo("6.24167e-5"));
  EXPECT_THAT(signsgd_stationary_variance(one, Wording::printed), RoundsTo("6.26407e-5"));
  EXPECT_THAT(signsgd_leading_variance(one), RoundsTo("6.26657e-5"));
  SignChain chain_one({1e-3, 1e-3}, gaussian_probability_down({1.0, 0.1}));
  SignChain chain_two({1e-3, 1e-3}, gaussian_probability_down({2.0, 0.1}));
  double low_one = 0.0, high_one = -HUGE_VAL, low_two = 0.0, high_two = -HUGE_VAL, mean_one = 0.0,
         mean_two = 0.0;
  for (int k = 1; k <= 5000; ++k) {
    chain_one.advance();
    chain_two.advance();
    const double t = 1e-3 * k;
    const double gap_one =
        100.0 * (signsgd_variance(one, t, Wording::corrected) / chain_one.variance() - 1.0);
    const double gap_two =
        100.0 * (signsgd_variance(two, t, Wording::corrected) / chain_two.variance() - 1.0);
    low_one = std::min(low_one, gap_one);
    high_one = std::max(high_one, gap_one);
    low_two = std::min(low_two, gap_two);
    high_two = std::max(high_two, gap_two);
    mean_one = std::max(mean_one, std::abs(signsgd_mean(one, t) - chain_one.mean()));
    mean_two = std::max(mean_two, std::abs(signsgd_mean(two, t) - chain_two.mean()));
  }
  // Whole curve; the values are those of a second program, in another language.
  EXPECT_THAT(low_one, RoundsTo("-.7968"));
  EXPECT_THAT(high_one, RoundsTo("-.6815"));
  EXPECT_THAT(low_two, RoundsTo("-1.591"));
  EXPECT_THAT(high_two, RoundsTo("-1.360"));
  EXPECT_THAT(mean_one, RoundsTo("8.869e-7"));
  EXPECT_THAT(mean_two, RoundsTo("1.777e-6"));
  const auto gap = [](double value, double exact) { return 100.0 * (value / exact - 1.0); };
  EXPECT_THAT(gap(signsgd_stationary_variance(one, Wording::corrected), chain_one.variance()),
              RoundsTo("-.71"));
  EXPECT_THAT(gap(signsgd_stationary_variance(one, Wording::printed), chain_one.variance()),
              RoundsTo("-.35"));
  EXPECT_THAT(gap(signsgd_leading_variance(one), chain_one.variance()), RoundsTo("-.31"));
  EXPECT_THAT(gap(signsgd_stationary_variance(two, Wording::corrected), chain_two.variance()),
              RoundsTo("-1.41"));
  EXPECT_THAT(gap(signsgd_stationary_variance(two, Wording::printed), chain_two.variance()),
              RoundsTo("-.70"));
  EXPECT_THAT(gap(signsgd_leading_variance(two), chain_two.variance()), RoundsTo("-.62"));
  const double loss = 0.5 * chain_one.second_moment() + chain_two.second_moment();
  EXPECT_THAT(gap(signsgd_stationary_loss({one, two}), loss), RoundsTo("-1.06"));
}

TEST(Lemma37, RefusesWhatIsOutOfRange) {
  const auto refused = [](auto change) {
    QuadraticCoordinate settings = examples[0];
    change(settings);
    EXPECT_THROW(signsgd_mean(settings, 1.0), InvalidParameter);
    EXPECT_THROW(signsgd_variance(settings, 1.0, Wording::corrected), InvalidParameter);
    EXPECT_THROW(signsgd_stationary_variance(settings, Wording::printed), InvalidParameter);
    EXPECT_THROW(signsgd_leading_variance(settings), InvalidParameter);
  };
  refused([](auto& s) { s.learning_rate = 0.0; });
  refused([](auto& s) { s.curvature = 0.0; });
  refused([](auto& s) { s.sigma = -1.0; });
  refused([](auto& s) { s.start = std::nan(""); });
  EXPECT_THROW(signsgd_mean(examples[0], -1.0), InvalidParameter);
  EXPECT_THROW(signsgd_variance(examples[0], std::nan(""), Wording::printed), InvalidParameter);
}

}  // namespace
}  // namespace sdelens::theory
