#include "reference/theory/scaled_adaptive_sde.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "sdelens/core/check.hpp"
#include "tests/reference/printed.hpp"

namespace sdelens::theory {
namespace {

using sdelens::testing::RoundsTo;

constexpr ScaledAdaptivePoint example{.learning_rate = 1e-3,
                                      .sigma = 0.8,
                                      .gradient = 0.3,
                                      .x = -1.5,
                                      .first_moment = 0.7,
                                      .second_moment = 0.4,
                                      .beta_1 = 0.9,
                                      .beta_2 = 0.999,
                                      .weight_decay = 0.6,
                                      .first_speed = 5.0,
                                      .second_speed = 7.0,
                                      .scaling = {3.0, 2.0, 4.0, 1.5}};

// A rescaled run is a base run at learning rate kappa eta with noise sigma / sqrt(B delta), weight decay xi gamma and
// beta~, in its own clock t' = k kappa eta = kappa t: the SDEs (86), (113), (124), (174) there, then dt' = kappa dt.
TEST(ScaledAdaptiveSde, IsTheSdeOfTheRescaledRunInTheClockOfTheBaseRun) {
  const double eta = 2e-3, sigma = 0.8 / std::sqrt(12.0), gamma = 0.9;
  const double rho_1 = (1.0 - 0.5) / eta, rho_2 = (1.0 - 0.993) / eta;
  const double v_drift = rho_2 * (0.09 + sigma * sigma - 0.4);
  const ScaledAdaptiveCoefficients rmsprop = scaled_rmsprop_sde(example, Wording::corrected);
  EXPECT_NEAR(rmsprop.x_drift, 2.0 * (-0.3 / std::sqrt(0.4) + gamma * 1.5), 1e-14);
  EXPECT_NEAR(rmsprop.x_noise, std::sqrt(2.0 * eta) * sigma / std::sqrt(0.4), 1e-15);
  EXPECT_NEAR(rmsprop.second_moment_drift, 2.0 * v_drift, 1e-13);
  EXPECT_EQ(rmsprop.first_moment_drift, 0.0);
  const ScaledAdaptiveCoefficients adam = scaled_adam_sde(example, Wording::corrected);
  const double ahead = 0.7 + eta * rho_1 * (0.3 - 0.7);
  EXPECT_NEAR(adam.x_drift, 2.0 * (-ahead / std::sqrt(0.4) + gamma * 1.5), 1e-14);
  // sqrt(eta) (1 - beta_1) sigma / sqrt(v) in its own clock.
  EXPECT_NEAR(adam.x_noise, std::sqrt(2.0 * eta) * 0.5 * sigma / std::sqrt(0.4), 1e-15);
  EXPECT_EQ(scaled_adam_sde(example, Wording::printed).x_noise, 0.0);
  EXPECT_NEAR(adam.first_moment_drift, 2.0 * rho_1 * (0.3 - 0.7), 1e-12);
  EXPECT_NEAR(adam.first_moment_noise, std::sqrt(2.0) * std::sqrt(eta) * rho_1 * sigma, 1e-12);
  EXPECT_NEAR(adam.second_moment_drift, 2.0 * v_drift, 1e-13);
  // As printed M and V stay in the clock of the rescaled run, while X is in that of the base run.
  EXPECT_NEAR(scaled_rmsprop_sde(example, Wording::printed).second_moment_drift, v_drift, 1e-13);
  EXPECT_NEAR(scaled_adam_sde(example, Wording::printed).second_moment_drift, v_drift, 1e-13);
  EXPECT_NEAR(scaled_adam_sde(example, Wording::printed).first_moment_drift, rho_1 * (0.3 - 0.7), 1e-12);
  EXPECT_EQ(scaled_adam_sde(example, Wording::printed).x_drift, adam.x_drift);
  EXPECT_EQ(scaled_rmsprop_sde(example, Wording::printed).x_drift, rmsprop.x_drift);
}

// kappa = 2, beta = 0.999, alpha = kappa^2: V forgets at the rate -ln(beta~) / eta, which is near alpha rho = 4.
TEST(ScaledAdaptiveSde, ForgetsLikeTheRescaledAverage) {
  EXPECT_THAT(-std::log(scaled_beta(0.999, 4.0)) / 1e-3, RoundsTo("4.008"));
  ScaledAdaptivePoint point = example;
  point.second_speed = 4.0;
  const double distance = 0.09 + 0.64 / 12.0 - 0.4;
  EXPECT_NEAR(scaled_rmsprop_sde(point, Wording::corrected).second_moment_drift / distance, 4.0, 1e-12);
  EXPECT_NEAR(scaled_rmsprop_sde(point, Wording::printed).second_moment_drift / distance, 2.0, 1e-12);
}

// kappa = sqrt(delta), xi = kappa, alpha = kappa^2 keep the law near the minimum, where f'^2 is nothing beside
// sigma^2: with delta V for V all speeds are kappa^2 times those of the base run.
TEST(ScaledAdaptiveSde, IsSpedUpByTheSquareRootRule) {
  ScaledAdaptivePoint base = example;
  base.gradient = 1e-9;
  base.first_speed = base.second_speed = 1.0;
  base.scaling = {.batch_size = 3.0};
  ScaledAdaptivePoint scaled = base;
  scaled.scaling = {3.0, 2.0, 4.0, 2.0};
  scaled.first_speed = scaled.second_speed = 4.0;
  scaled.second_moment = base.second_moment / 4.0;
  const auto [x, x_noise, m, m_noise, v] = scaled_rmsprop_sde(base, Wording::corrected);
  const ScaledAdaptiveCoefficients fast = scaled_rmsprop_sde(scaled, Wording::corrected);
  EXPECT_NEAR(fast.x_drift / x, 4.0, 1e-14);
  EXPECT_NEAR(fast.x_noise / x_noise, 2.0, 1e-14);
  EXPECT_NEAR(4.0 * fast.second_moment_drift / v, 4.0, 1e-14);
  EXPECT_NEAR(4.0 * scaled_rmsprop_sde(scaled, Wording::printed).second_moment_drift / v, 2.0, 1e-14);
}

TEST(ScaledAdaptiveSde, RefusesWhatIsOutOfRange) {
  const auto refused = [](auto change) {
    ScaledAdaptivePoint point = example;
    change(point);
    EXPECT_THROW(scaled_rmsprop_sde(point, Wording::corrected), InvalidParameter);
    EXPECT_THROW(scaled_adam_sde(point, Wording::printed), InvalidParameter);
  };
  refused([](auto& p) { p.learning_rate = 0.0; });
  refused([](auto& p) { p.sigma = -1.0; });
  refused([](auto& p) { p.gradient = std::nan(""); });
  refused([](auto& p) { p.x = HUGE_VAL; });
  refused([](auto& p) { p.first_moment = std::nan(""); });
  refused([](auto& p) { p.second_moment = 0.0; });
  refused([](auto& p) { p.beta_1 = 1.0; });
  refused([](auto& p) { p.beta_2 = -0.1; });
  refused([](auto& p) { p.weight_decay = -1.0; });
  refused([](auto& p) { p.first_speed = 11.0; });
  refused([](auto& p) { p.second_speed = 0.0; });
  refused([](auto& p) { p.scaling.batch_size = 0.0; });
  refused([](auto& p) { p.scaling.learning_rate_scale = 0.0; });
  refused([](auto& p) { p.scaling.batch_size_scale = 0.0; });
  refused([](auto& p) { p.scaling.weight_decay_scale = 0.0; });
  EXPECT_THROW(scaled_beta(0.9, 10.1), InvalidParameter);
}

}  // namespace
}  // namespace sdelens::theory
