#include "sdelens/exact/mean_field.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Core>
#include <cmath>
#include <vector>

#include "sdelens/core/check.hpp"
#include "tests/reference/printed.hpp"

namespace sdelens {
namespace {

using sdelens::testing::RoundsTo;

// Var x of the recursion of (x, m) at constant v, by iterating its covariance matrix.
double recursion_variance(const MeanFieldSettings& s, double v) {
  const double h = s.learning_rate / std::sqrt(v), g = s.learning_rate * s.weight_decay;
  const double fresh = 1.0 - s.beta_1;
  Eigen::Matrix2d step;
  step << 1.0 - g - h * fresh * s.curvature, -h * s.beta_1, fresh * s.curvature, s.beta_1;
  const Eigen::Vector2d noise(-h * fresh * s.sigma, fresh * s.sigma);
  Eigen::Matrix2d covariance = Eigen::Matrix2d::Zero();
  for (int k = 0; k < 40'000; ++k)
    covariance = (step * covariance * step.transpose() + noise * noise.transpose()).eval();
  return covariance(0, 0);
}

TEST(FrozenVariance, IsTheFixedPointOfTheCovarianceRecursion) {
  for (const double beta_1 : {0.0, 0.5, 0.9, 0.99})
    for (const double weight_decay : {0.0, 1.0, 8.0})
      for (const double curvature : {0.5, 3.0}) {
        const MeanFieldSettings settings{.learning_rate = 0.01,
                                         .curvature = curvature,
                                         .sigma = 0.2,
                                         .beta_1 = beta_1,
                                         .weight_decay = weight_decay};
        const double v = 0.06;
        // The slowest mode has decayed by e^-100 or more; 4e4 rounding errors that contract at rate >= 0.01.
        EXPECT_NEAR(frozen_variance(settings, v) / recursion_variance(settings, v), 1.0, 1e-12)
            << beta_1 << ' ' << weight_decay << ' ' << curvature;
      }
}

TEST(MeanField, IsSelfConsistent) {
  for (const double r : {1e-4, 0.1, 1.0, 1.9, 3.0, 50.0, 1000.0})
    for (const double beta_1 : {0.0, 0.9}) {
      const MeanFieldSettings settings{
          .learning_rate = 0.1, .curvature = 10.0 * r, .sigma = 1.0, .beta_1 = beta_1, .weight_decay = 0.5};
      const MeanField result = mean_field(settings);
      const double implied = 1.0 + std::pow(settings.curvature, 2) * result.variance;
      EXPECT_GT(result.variance, 0.0);
      // Near the pole of the variance an error of v is enlarged by at most (r / 4)^2.
      EXPECT_NEAR(result.squared_gradient / implied, 1.0, 1e-14 * (1.0 + r * r)) << r << ' ' << beta_1;
    }
}

// Paper A, Figure 6: H = I_2, eta = 0.01, beta_1 = 0.9, so that E f = Var x.
TEST(MeanField, GivesTheLossesOfFigure6) {
  struct Row {
    double sigma;
    const char *adam, *adamw;
  };
  for (const Row& row : {Row{0.01, "4.2786e-5", "3.9303e-5"}, Row{0.1, "4.8945e-4", "4.0915e-4"},
                         Row{1.0, "4.9889e-3", "2.2909e-3"}, Row{10.0, "4.9989e-2", "4.1712e-3"},
                         Row{100.0, ".49999", "4.5429e-3"}}) {
    const MeanFieldSettings adam{.learning_rate = 0.01, .curvature = 1.0, .sigma = row.sigma, .beta_1 = 0.9};
    MeanFieldSettings adamw = adam;
    adamw.weight_decay = 1.0;
    EXPECT_THAT(mean_field(adam).variance, RoundsTo(row.adam));
    EXPECT_THAT(mean_field(adamw).variance, RoundsTo(row.adamw));
  }
}

// Paper A, Figure 5 left: H = diag(1, 3); the base run, all rescaled by kappa = 2, all but gamma.
TEST(MeanField, GivesTheLossesOfFigure5) {
  const auto loss = [](double eta, double sigma, double beta_1, double gamma) {
    return 0.5 * mean_field({eta, 1.0, sigma, beta_1, gamma}).variance +
           1.5 * mean_field({eta, 3.0, sigma, beta_1, gamma}).variance;
  };
  EXPECT_THAT(loss(0.001, 1.0, 0.9, 1.0), RoundsTo("3.096e-4"));
  EXPECT_THAT(loss(0.002, 0.5, 0.6, 2.0), RoundsTo("3.105e-4"));
  EXPECT_THAT(loss(0.002, 0.5, 0.6, 1.0), RoundsTo("3.795e-4"));
  EXPECT_THAT(loss(0.001, 1.0, 0.9, 4.0), RoundsTo("1.5165e-4"));
  EXPECT_THAT(loss(0.002, 0.5, 0.6, 8.0), RoundsTo("1.5373e-4"));
  EXPECT_THAT(loss(0.002, 0.5, 0.6, 4.0), RoundsTo("2.3065e-4"));
}

TEST(MeanField, GivesTheVariancesOfFigure5) {
  EXPECT_THAT(mean_field({0.001, 1.0, 0.01, 0.9, 4.0}).variance, RoundsTo("4.5469e-6"));
  EXPECT_THAT(mean_field({0.001, 3.0, 0.01, 0.9, 4.0}).variance, RoundsTo("1.5002e-6"));
  EXPECT_THAT(mean_field({0.001, 1.0, 0.01, 0.0, 4.0}).variance, RoundsTo("4.9398e-6"));
  EXPECT_THAT(mean_field({0.001, 3.0, 0.01, 0.0, 4.0}).variance, RoundsTo("1.7766e-6"));
}

// Relative to eta sigma / (2 lambda): RMSprop 1 + r / 4, Adam 1 - r / 4 + (r / 2)(1 - beta_1) / (1 + beta_1).
TEST(MeanField, HasItsLeadingBias) {
  for (const double beta_1 : {0.0, 0.6, 0.9}) {
    const double slope = -0.25 + 0.5 * (1.0 - beta_1) / (1.0 + beta_1);
    for (const double r : {1e-3, 1e-2}) {
      const double ratio =
          mean_field({.learning_rate = r, .curvature = 1.0, .sigma = 1.0, .beta_1 = beta_1}).variance /
          (0.5 * r);
      EXPECT_NEAR((ratio - 1.0) / r, slope, r) << beta_1;  // the next coefficient is below 1
    }
  }
}

// E x^2 and v of the SDE of RMSpropW, by integrating d E x^2 / dt = -2 (lambda / sqrt(v) + gamma) E x^2 +
// eta sigma^2 / v and dv / dt = rho (lambda^2 E x^2 + sigma^2 - v) until they rest.
TEST(MeanFieldOfSde, IsWhereTheMomentEquationsRest) {
  for (const double gamma : {0.0, 4.0})
    for (const double curvature : {1.0, 3.0, 30.0}) {
      const MeanFieldSettings s{
          .learning_rate = 0.001, .curvature = curvature, .sigma = 0.01, .weight_decay = gamma};
      const double noise = s.sigma * s.sigma, rho = 10.0;
      double square = 0.0, v = 2.0 * noise;
      // The slowest rate is rho, so the rest is e^-50; the fastest, at most 6000, times the step is 0.6.
      for (int k = 0; k < 50'000; ++k) {
        const auto slope_square = [&](double x2, double w) {
          return -2.0 * (curvature / std::sqrt(w) + gamma) * x2 + s.learning_rate * noise / w;
        };
        const auto slope_v = [&](double x2, double w) {
          return rho * (curvature * curvature * x2 + noise - w);
        };
        const double h = 1e-4;
        const double half_square = square + 0.5 * h * slope_square(square, v);
        const double half_v = v + 0.5 * h * slope_v(square, v);
        const double new_square = square + h * slope_square(half_square, half_v);
        v += h * slope_v(half_square, half_v);
        square = new_square;
      }
      const MeanField rest = mean_field_of_sde(s);
      EXPECT_NEAR(rest.variance / square, 1.0, 1e-12) << gamma << ' ' << curvature;
      EXPECT_NEAR(rest.squared_gradient / v, 1.0, 1e-12) << gamma << ' ' << curvature;
    }
}

TEST(MeanFieldOfSde, HasItsLeadingBias) {
  for (const double r : {1e-3, 1e-2}) {
    const double variance = mean_field_of_sde({.learning_rate = r, .curvature = 1.0, .sigma = 1.0}).variance;
    EXPECT_NEAR((variance / (0.5 * r) - 1.0) / r, -0.25, r);  // the next coefficient is below 1
  }
}

TEST(MeanFieldOfSde, RefusesWhatIsOutOfRange) {
  EXPECT_THROW(mean_field_of_sde({.learning_rate = 0.0, .curvature = 1.0, .sigma = 1.0}), InvalidParameter);
  EXPECT_THROW(mean_field_of_sde({.learning_rate = 0.01, .curvature = 1.0, .sigma = 1.0, .beta_1 = 0.9}),
               InvalidParameter);
}

TEST(MeanField, RefusesWhatIsOutOfRange) {
  const MeanFieldSettings good{.learning_rate = 0.01, .curvature = 1.0, .sigma = 1.0};
  const auto refused = [&](auto change) {
    MeanFieldSettings settings = good;
    change(settings);
    EXPECT_THROW(mean_field(settings), InvalidParameter);
    EXPECT_THROW(frozen_variance(settings, 1.0), InvalidParameter);
  };
  refused([](auto& s) { s.learning_rate = 0.0; });
  refused([](auto& s) { s.curvature = -1.0; });
  refused([](auto& s) { s.sigma = 0.0; });
  refused([](auto& s) { s.sigma = 1e-6; });
  refused([](auto& s) { s.beta_1 = 1.0; });
  refused([](auto& s) { s.weight_decay = -1.0; });
  refused([](auto& s) { s.weight_decay = 100.0; });
  refused([](auto& s) { s.sigma = std::nan(""); });
  EXPECT_THROW(frozen_variance(good, 0.0), InvalidParameter);
  EXPECT_THROW(frozen_variance(good, 2.5e-5), InvalidParameter);  // (eta lambda / 2)^2
  EXPECT_GT(frozen_variance(good, 2.6e-5), 0.0);
}

}  // namespace
}  // namespace sdelens
