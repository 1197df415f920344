#include "sdelens/exact/sde_mean_field.hpp"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <cmath>

#include "sdelens/core/check.hpp"

namespace sdelens {
namespace {

constexpr AdaptiveSde every_sde[] = {AdaptiveSde::rmsprop, AdaptiveSde::rmsprop_malladi, AdaptiveSde::adam,
                                     AdaptiveSde::adam_corrected, AdaptiveSde::adam_malladi};

const MeanFieldSettings settings{
    .learning_rate = 0.01, .curvature = 3.0, .sigma = 0.2, .beta_1 = 0.8, .weight_decay = 0.5};
constexpr double v = 0.06;

// By elimination from the three equations of the covariance, worked by hand. With p = a lambda + gamma, c = 1 - beta_1:
// Adam, noise of M alone: (eta sigma^2 a^2/2) (1-c)^2 rho / (p (rho + a c lambda + gamma)); with fresh noise
// (eta sigma^2 a^2/2) (rho + c^2 p) / (p (rho + a c lambda + gamma)) for gamma = 0.
TEST(FrozenSdeVariance, OfTheEquationsIsTheClosedForm) {
  const double a = 1.0 / std::sqrt(v);
  const double c = 1.0 - settings.beta_1;
  const double rho = c / settings.learning_rate;
  const double p = a * settings.curvature + settings.weight_decay;
  const double scale = 0.5 * settings.learning_rate * settings.sigma * settings.sigma * a * a;
  const double slow = rho + a * c * settings.curvature + settings.weight_decay;
  EXPECT_NEAR(
      frozen_sde_variance(AdaptiveSde::adam, settings, v) / (scale * (1 - c) * (1 - c) * rho / (p * slow)),
      1.0, 1e-12);
  EXPECT_NEAR(frozen_sde_variance(AdaptiveSde::rmsprop, settings, v) / (scale / p), 1.0, 1e-12);
  EXPECT_NEAR(frozen_sde_variance(AdaptiveSde::adam_malladi, settings, v) /
                  (scale * rho / (p * (rho + settings.weight_decay))),
              1.0, 1e-12);
  MeanFieldSettings plain = settings;
  plain.weight_decay = 0.0;
  const double q = a * plain.curvature;
  EXPECT_NEAR(frozen_sde_variance(AdaptiveSde::adam_corrected, plain, v) /
                  (scale * (rho + c * c * q) / (q * (rho + c * q))),
              1.0, 1e-12);
}

// Of the scheme: the recursion of the covariance itself, to its limit.
TEST(FrozenSdeVariance, OfTheSchemeIsTheLimitOfItsCovariance) {
  for (const std::uint64_t steps : {1U, 3U, 16U}) {
    for (const AdaptiveSde sde : every_sde) {
      const double h = settings.learning_rate / static_cast<double>(steps);
      const double a = 1.0 / std::sqrt(v);
      const double c = 1.0 - settings.beta_1;
      const double rho = c / settings.learning_rate;
      const double root = std::sqrt(settings.learning_rate * h) * settings.sigma;
      const double ahead = sde == AdaptiveSde::adam_malladi ? 0.0 : c;
      Eigen::Matrix2d step;
      Eigen::Vector2d noise;
      if (sde == AdaptiveSde::rmsprop || sde == AdaptiveSde::rmsprop_malladi) {
        step << 1.0 - h * (a * settings.curvature + settings.weight_decay), 0.0, 0.0, 0.0;
        noise << root * a, 0.0;
      } else {
        step << 1.0 - h * (a * ahead * settings.curvature + settings.weight_decay), -h * a * (1.0 - ahead),
            h * rho * settings.curvature, 1.0 - h * rho;
        noise << (sde == AdaptiveSde::adam_corrected ? -root * a * c : 0.0), root * rho;
      }
      Eigen::Matrix2d covariance = Eigen::Matrix2d::Zero();
      for (int k = 0; k < 20'000; ++k)
        covariance = (step * covariance * step.transpose() + noise * noise.transpose()).eval();
      EXPECT_NEAR(frozen_sde_variance(sde, settings, v, steps) / covariance(0, 0), 1.0, 1e-10)
          << static_cast<int>(sde) << ", " << steps;
    }
  }
}

// With dt = eta the scheme of the SDE of RMSprop is RMSprop, but for the V that it reads.
TEST(FrozenSdeVariance, WithOneStepInAnIterationIsThatOfRmsProp) {
  MeanFieldSettings rmsprop = settings;
  rmsprop.beta_1 = 0.0;
  EXPECT_NEAR(frozen_sde_variance(AdaptiveSde::rmsprop, rmsprop, v, 1) / frozen_variance(rmsprop, v), 1.0,
              1e-13);
  EXPECT_NEAR(mean_field(AdaptiveSde::rmsprop, rmsprop, 1).variance / mean_field(rmsprop).variance, 1.0,
              1e-11);
}

TEST(SdeMeanField, IsItsOwnMeanSquaredGradient) {
  for (const AdaptiveSde sde : every_sde) {
    const MeanField law = mean_field(sde, settings, 4);
    EXPECT_NEAR(law.variance / frozen_sde_variance(sde, settings, law.squared_gradient, 4), 1.0, 1e-12);
    const bool malladi = sde == AdaptiveSde::rmsprop_malladi || sde == AdaptiveSde::adam_malladi;
    const double seen = malladi ? 0.0 : settings.curvature * settings.curvature * law.variance;
    EXPECT_NEAR(law.squared_gradient / (settings.sigma * settings.sigma + seen), 1.0, 1e-12)
        << static_cast<int>(sde);
  }
}

// eta lambda / sigma -> 0: eta sigma / (2 lambda) of Lemma C.29, but beta_1^2 of it for the printed SDE of Adam.
TEST(SdeMeanField, TendsToTheLimitsForSmallRatios) {
  const MeanFieldSettings small{.learning_rate = 1e-6, .curvature = 2.0, .sigma = 1.0, .beta_1 = 0.9};
  const double limit = 1e-6 / 4.0;
  for (const AdaptiveSde sde : every_sde) {
    const double factor = sde == AdaptiveSde::adam ? 0.81 : 1.0;
    // First order in eta lambda / sigma = 2e-6, with a constant below 1.
    EXPECT_NEAR(mean_field(sde, small).variance / (factor * limit), 1.0, 2e-6) << static_cast<int>(sde);
  }
}

TEST(SdeMeanField, RefusesAnUnstableSchemeAndSettingsOutOfRange) {
  // h lambda / sigma = 2.1
  const MeanFieldSettings steep{.learning_rate = 0.01, .curvature = 2.1, .sigma = 0.01};
  EXPECT_THROW(mean_field(AdaptiveSde::rmsprop_malladi, steep, 1), InvalidParameter);
  EXPECT_NO_THROW(mean_field(AdaptiveSde::rmsprop_malladi, steep, 2));
  EXPECT_GT(mean_field(AdaptiveSde::rmsprop, steep, 1).variance, 0.0) << "V grows until the scheme is stable";
  EXPECT_THROW(frozen_sde_variance(AdaptiveSde::adam, settings, 0.0), InvalidParameter);
  MeanFieldSettings wrong = settings;
  wrong.beta_1 = 1.0;
  EXPECT_THROW(mean_field(AdaptiveSde::adam, wrong), InvalidParameter);
  wrong = settings;
  wrong.sigma = -1.0;
  EXPECT_THROW(mean_field(AdaptiveSde::adam, wrong), InvalidParameter);
}

}  // namespace
}  // namespace sdelens
