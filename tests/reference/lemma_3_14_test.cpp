#include "reference/theory/lemma_3_14.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>
#include <unsupported/Eigen/KroneckerProduct>

#include "reference/theory/lemma_c_29.hpp"
#include "sdelens/core/check.hpp"
#include "sdelens/exact/mean_field.hpp"
#include "tests/reference/printed.hpp"

namespace sdelens::theory {
namespace {

using sdelens::testing::RoundsTo;

// The stationary variance of X in dX = A (X, M) dt + noise dW, by its Lyapunov equation. The drift of X is
// -(M + eta rho (lambda X - M)) / sigma - gamma X; fresh adds the noise of the fresh gradient to it.
double lyapunov_variance(const AdaptiveCoordinate& c, double beta_1, bool fresh) {
  const double rho = (1.0 - beta_1) / c.learning_rate, root = std::sqrt(c.learning_rate);
  Eigen::Matrix2d a;
  a << -(1.0 - beta_1) * c.curvature / c.sigma - c.weight_decay, -beta_1 / c.sigma, rho * c.curvature, -rho;
  const Eigen::Vector2d noise(fresh ? -root * (1.0 - beta_1) : 0.0, root * rho * c.sigma);
  const Eigen::Matrix2d identity = Eigen::Matrix2d::Identity(), square = noise * noise.transpose();
  const Eigen::Matrix4d system =
      Eigen::kroneckerProduct(identity, a).eval() + Eigen::kroneckerProduct(a, identity).eval();
  return -system.partialPivLu().solve(square.reshaped())(0);
}

TEST(Lemma314, IsNotTheVarianceOfTheSdeAsPrinted) {
  for (const double beta_1 : {0.5, 0.9, 0.99})
    for (const double gamma : {0.0, 1.0, 4.0}) {
      const AdaptiveCoordinate c{1e-3, 2.0, 0.5, gamma};
      // The condition of the system is about rho sigma / lambda or its inverse.
      EXPECT_NEAR(printed_adamw_sde_variance(c, beta_1) / lyapunov_variance(c, beta_1, false), 1.0, 1e-10);
      EXPECT_NEAR(corrected_adamw_sde_variance(c, beta_1) / lyapunov_variance(c, beta_1, true), 1.0, 1e-10);
      // With the noise of the fresh gradient only an error of order eta is left, at any beta_1.
      const auto relative_error = [&](double eta) {
        const AdaptiveCoordinate at{eta, 2.0, 0.5, gamma};
        return lyapunov_variance(at, beta_1, true) / adamw_stationary_variance(at) - 1.0;
      };
      EXPECT_NEAR(relative_error(1e-5) / relative_error(1e-6), 10.0, 0.1) << beta_1 << ' ' << gamma;
      EXPECT_LT(std::abs(relative_error(1e-6)), 2e-6 * (4.0 + gamma) / (1.0 - beta_1));
    }
  EXPECT_THAT(printed_adamw_sde_variance({1e-3, 1.0, 1.0, 0.0}, 0.9) /
                  adamw_stationary_variance({1e-3, 1.0, 1.0, 0.0}),
              RoundsTo(".8092"));
}

// Lemma 3.14 is the limit of the optimizer for eta -> 0.
TEST(Lemma314, IsTheLimitOfTheOptimizer) {
  for (const double beta_1 : {0.0, 0.9})
    for (const double gamma : {0.0, 2.0}) {
      const auto relative_error = [&](double eta) {
        return mean_field({eta, 1.5, 0.8, beta_1, gamma}).variance /
                   adamw_stationary_variance({eta, 1.5, 0.8, gamma}) -
               1.0;
      };
      EXPECT_LT(std::abs(relative_error(1e-5)), 1e-5 * (1.0 + 1.5 * gamma / (1.0 - beta_1)));
      EXPECT_NEAR(relative_error(1e-4) / relative_error(1e-5), 10.0, 0.1) << beta_1 << ' ' << gamma;
    }
}

TEST(Lemma314, GivesTheLossesOfFigure5) {
  const auto loss = [](double gamma, const AdaptiveScaling& scaling) {
    return 0.5 * adamw_stationary_variance({1e-3, 1.0, 1.0, gamma, scaling}) +
           1.5 * adamw_stationary_variance({1e-3, 3.0, 1.0, gamma, scaling});
  };
  const AdaptiveScaling rescaled{1.0, 2.0, 4.0, 2.0}, all_but_gamma{1.0, 2.0, 4.0, 1.0};
  EXPECT_THAT(loss(1.0, {}), RoundsTo("3.1250e-4"));
  EXPECT_THAT(loss(1.0, rescaled), RoundsTo("3.1250e-4"));
  EXPECT_THAT(loss(1.0, all_but_gamma), RoundsTo("3.8095e-4"));
  EXPECT_THAT(loss(4.0, {}), RoundsTo("1.5714e-4"));
  EXPECT_THAT(loss(4.0, rescaled), RoundsTo("1.5714e-4"));
  EXPECT_THAT(loss(4.0, all_but_gamma), RoundsTo("2.3333e-4"));
  EXPECT_THAT(adamw_stationary_variance({1e-3, 1.0, 0.01, 4.0}), RoundsTo("4.8077e-6"));
  EXPECT_THAT(adamw_stationary_variance({1e-3, 3.0, 0.01, 4.0}), RoundsTo("1.6447e-6"));
}

// C.29: without weight decay E f = eta sigma d / 4 whatever H.
TEST(Lemma314, GivesTheLossOfAdam) {
  const AdaptiveScaling scaling{2.0, 3.0, 5.0, 1.0};
  double loss = 0.0;
  for (const double curvature : {0.3, 2.0, 11.0})
    loss += 0.5 * curvature * adamw_stationary_variance({0.01, curvature, 0.4, 0.0, scaling});
  EXPECT_NEAR(loss / adam_asymptotic_loss({0.01, 0.4, 3.0, scaling}), 1.0, 1e-15);
}

TEST(Lemma314, RefusesWhatIsOutOfRange) {
  const AdaptiveCoordinate good{0.01, 1.0, 1.0, 1.0};
  const auto refused = [&](auto change) {
    AdaptiveCoordinate settings = good;
    change(settings);
    EXPECT_THROW(adamw_stationary_variance(settings), InvalidParameter);
    EXPECT_THROW(printed_adamw_sde_variance(settings, 0.9), InvalidParameter);
    EXPECT_THROW(corrected_adamw_sde_variance(settings, 0.9), InvalidParameter);
  };
  refused([](auto& s) { s.learning_rate = 0.0; });
  refused([](auto& s) { s.curvature = 0.0; });
  refused([](auto& s) { s.sigma = 0.0; });
  refused([](auto& s) { s.weight_decay = -1.0; });
  refused([](auto& s) { s.scaling.batch_size = 0.0; });
  refused([](auto& s) { s.scaling.learning_rate_scale = 0.0; });
  refused([](auto& s) { s.scaling.batch_size_scale = 0.0; });
  refused([](auto& s) { s.scaling.weight_decay_scale = 0.0; });
  EXPECT_THROW(printed_adamw_sde_variance(good, 1.0), InvalidParameter);
  EXPECT_THROW(printed_adamw_sde_variance(good, -0.1), InvalidParameter);
  AdaptiveCoordinate scaled = good;
  scaled.scaling.learning_rate_scale = 2.0;
  EXPECT_THROW(printed_adamw_sde_variance(scaled, 0.9), InvalidParameter);
  EXPECT_THROW(corrected_adamw_sde_variance(good, 1.0), InvalidParameter);
  EXPECT_THROW(corrected_adamw_sde_variance(scaled, 0.9), InvalidParameter);
}

}  // namespace
}  // namespace sdelens::theory
