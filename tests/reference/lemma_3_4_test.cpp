#include "reference/theory/lemma_3_4.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <numbers>

#include "reference/theory/lemma_3_3.hpp"
#include "sdelens/core/check.hpp"
#include "sdelens/exact/sign_chain.hpp"
#include "tests/reference/printed.hpp"

namespace sdelens::theory {
namespace {

using sdelens::testing::RoundsTo;

// The drift of the full SDE as a function of Y = y / sqrt 2.
double full_drift(double y) { return gaussian_drift(y * std::numbers::sqrt2); }

TEST(Lemma34, HasTheConstantsOfTheText) {
  const PhaseConstants constants = phase_constants();
  EXPECT_THAT(constants.slope, RoundsTo("0.2468087"));
  EXPECT_THAT(constants.low_intercept, RoundsTo("0.5958921"));
  EXPECT_THAT(constants.high_intercept, RoundsTo("0.6144779"));
  EXPECT_THAT(constants.tangent_point, RoundsTo("1.2328520"));
  // mpmath 1.3, 50 digits
  EXPECT_NEAR(constants.slope, 0.24680870705119172, 5e-16);
  EXPECT_NEAR(constants.low_intercept, 0.59589208589852315, 5e-16);
  EXPECT_NEAR(constants.high_intercept, 0.61447787324329006, 5e-16);
  EXPECT_NEAR(constants.tangent_point, 1.2328519560038174, 2e-15);
}

TEST(Lemma34, HasTheClosestTangent) {
  const PhaseConstants constants = phase_constants();
  const auto below = [&](double y) { return constants.slope * y - std::erf(y); };
  const auto [point, value] = boost::math::tools::brent_find_minima(below, 1.0, 1.5, 52);
  EXPECT_NEAR(-value, constants.high_intercept, 1e-15);
  EXPECT_NEAR(point, constants.tangent_point, 1e-7);  // a minimum is found to half of the digits
}

TEST(Lemma34, EnclosesTheDriftInPhase2) {
  for (int i = 0; i <= 500; ++i) {
    for (const double side : {-1.0, 1.0}) {
      const double y = side * (1.0 + 0.001 * i);
      const DriftBounds corrected = mixed_phase_drift(y, Wording::corrected);
      const DriftBounds printed = mixed_phase_drift(y, Wording::printed);
      const double drift = full_drift(y);
      EXPECT_GE(drift, corrected.low - 1e-15) << y;
      EXPECT_LE(drift, corrected.high + 1e-15) << y;
      EXPECT_TRUE(drift < printed.low || drift > printed.high) << y;
      EXPECT_EQ(printed.low, -corrected.high);
    }
  }
}

TEST(Lemma34, DistinguishesThePhases) {
  EXPECT_EQ(phase(-1.6), Phase::signal);
  EXPECT_EQ(phase(1.5), Phase::mixed);
  EXPECT_EQ(phase(-1.2), Phase::mixed);
  EXPECT_EQ(phase(1.0), Phase::noise);
  EXPECT_EQ(phase(0.0), Phase::noise);
  EXPECT_EQ(phase(-HUGE_VAL), Phase::signal);
  EXPECT_THROW(phase(std::nan("")), InvalidParameter);
}

TEST(Lemma34, NeglectsWhatTheTextSaysInPhase1) {
  EXPECT_EQ(signal_phase_drift(2.0), -1.0);
  EXPECT_EQ(signal_phase_drift(-2.0), 1.0);
  const double y = kSignalBoundary;
  EXPECT_THAT(100.0 * (full_drift(y) - signal_phase_drift(y)), RoundsTo("3.4"));
  EXPECT_THAT(gaussian_diffusion(y * std::numbers::sqrt2, 1.0), RoundsTo(".258"));
  EXPECT_THROW(signal_phase_drift(std::nan("")), InvalidParameter);
}

TEST(Lemma34, IsLinearInPhase3) {
  for (const double y : {-0.1, 1e-3, 0.1}) {
    // Erf(y) = (2 / sqrt pi)(y - y^3 / 3 + ...), an alternating series
    EXPECT_NEAR(noise_phase_drift(y), full_drift(y), 0.38 * std::abs(y * y * y));
    EXPECT_NEAR(noise_phase_diffusion(y, 1.0), gaussian_diffusion(y * std::numbers::sqrt2, 1.0),
                std::pow(y, 4));
  }
  EXPECT_THAT(100.0 * (noise_phase_drift(1.0) / full_drift(1.0) - 1.0), RoundsTo("34"));
  EXPECT_NEAR(noise_phase_diffusion(0.5 * std::sqrt(std::numbers::pi), 1.0), 0.0, 1e-7);
  EXPECT_NO_THROW(noise_phase_diffusion(-0.8862, 1.0));
  EXPECT_THROW(noise_phase_diffusion(0.8863, 1.0), InvalidParameter);
  EXPECT_THROW(noise_phase_diffusion(0.1, 0.0), InvalidParameter);
  EXPECT_THROW(noise_phase_drift(1.01), InvalidParameter);
}

TEST(Lemma34, BoundsTheDeviationOfPhase2) {
  const MixedPhaseDeviation settings{.learning_rate = 1.0, .distance = 1.0};
  // A square above Erf(Y)^2 makes the bound too small: at Y = -1.2 it is, as printed.
  EXPECT_THAT(1.0 - mixed_phase_deviation(settings, {-1.2}, Wording::printed), RoundsTo(".82928"));
  EXPECT_THAT(std::pow(std::erf(1.2), 2), RoundsTo(".82867"));
  for (double y = 1.0; y <= 1.5; y += 0.01) {
    const double left = 1.0 - std::pow(std::erf(y), 2);
    EXPECT_GE(mixed_phase_deviation(settings, {-y}, Wording::corrected), left - 1e-15);
    EXPECT_EQ(mixed_phase_deviation(settings, {y}, Wording::printed),
              mixed_phase_deviation(settings, {y}, Wording::corrected));
  }
  const double one = mixed_phase_deviation(settings, {1.3}, Wording::corrected);
  EXPECT_NEAR(
      mixed_phase_deviation({.learning_rate = 0.01, .distance = 0.5}, {1.3, -1.3}, Wording::corrected),
      0.04 * one, 1e-16);
}

// Chebyshev's inequality with the exact variance is far below the bound during phase 2.
TEST(Lemma34, BoundsTheDeviationOfTheOptimizer) {
  const double sigma = 0.1, eta = 1e-3;
  SignChain chain({eta, 1.5 * sigma * std::numbers::sqrt2}, gaussian_probability_down({1.0, sigma}));
  double largest = 0.0;
  while (true) {
    chain.advance();
    const double y = chain.mean() / (sigma * std::numbers::sqrt2);
    if (y < 1.0) break;
    const double bound =
        mixed_phase_deviation({.learning_rate = eta, .distance = 1.0}, {y}, Wording::corrected);
    largest = std::max(largest, chain.variance() / bound);
  }
  EXPECT_GT(chain.iteration(), 70U);
  EXPECT_THAT(largest, RoundsTo(".037"));
}

TEST(Lemma34, RefusesWhatIsOutsidePhase2) {
  EXPECT_THROW(mixed_phase_drift(0.99, Wording::corrected), InvalidParameter);
  EXPECT_THROW(mixed_phase_drift(-1.51, Wording::printed), InvalidParameter);
  EXPECT_THROW(mixed_phase_deviation({0.0, 1.0}, {1.2}, Wording::corrected), InvalidParameter);
  EXPECT_THROW(mixed_phase_deviation({1.0, 0.0}, {1.2}, Wording::corrected), InvalidParameter);
  EXPECT_THROW(mixed_phase_deviation({1.0, 1.0}, {}, Wording::corrected), InvalidParameter);
  EXPECT_THROW(mixed_phase_deviation({1.0, 1.0}, {1.2, 2.0}, Wording::corrected), InvalidParameter);
}

}  // namespace
}  // namespace sdelens::theory
