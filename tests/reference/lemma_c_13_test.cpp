#include "reference/theory/lemma_c_13.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "reference/theory/lemma_3_5.hpp"
#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

const std::vector<QuadraticCoordinate> coordinates{
    {0.01, 1.0, 0.1, 0.3}, {0.01, 2.0, 0.1, -0.2}, {0.01, 0.5, 0.3, 0.1}};

double loss_of_moments(double time, Wording form) {
  double loss = 0.0;
  for (const QuadraticCoordinate& c : coordinates) {
    const double mean = signsgd_mean(c, time);
    loss += 0.5 * c.curvature * (signsgd_variance(c, time, form) + mean * mean);
  }
  return loss;
}

// With the covariance of Lemma 3.7 as printed the two statements of the paper contradict each other.
TEST(LemmaC13, IsTheLossOfTheCorrectedMoments) {
  for (const double time : {0.0, 0.1, 0.3, 2.0, 50.0}) {
    const double loss = signsgd_expected_loss(coordinates, time);
    EXPECT_NEAR(loss_of_moments(time, Wording::corrected) / loss, 1.0, 1e-14) << time;
  }
  EXPECT_GT(loss_of_moments(0.3, Wording::printed) / signsgd_expected_loss(coordinates, 0.3), 1.01);
}

TEST(LemmaC13, TendsToItsLimit) {
  const double limit = signsgd_stationary_loss(coordinates);
  EXPECT_NEAR(signsgd_expected_loss(coordinates, 1e4) / limit, 1.0, 1e-15);
  double trace = 0.0;
  for (const QuadraticCoordinate& c : coordinates)
    trace += 0.5 * c.curvature * signsgd_stationary_variance(c, Wording::corrected);
  EXPECT_NEAR(limit / trace, 1.0, 1e-15);
}

TEST(LemmaC13, IsTheBoundOfPhase3ForIsotropicProblems) {
  const std::vector<QuadraticCoordinate> isotropic(3, {0.02, 1.5, 0.4, 0.1});
  const LossBound bound =
      noise_phase_bound({0.02, 1.5, 4.5, 0.4, 3.0, signsgd_expected_loss(isotropic, 0.0)}, Wording::printed);
  for (const double time : {0.05, 0.5, 5.0})
    EXPECT_NEAR(signsgd_expected_loss(isotropic, time) / bound.at(time), 1.0, 1e-14);
}

TEST(LemmaC13, RefusesWhatIsOutOfRange) {
  EXPECT_THROW(signsgd_expected_loss({}, 1.0), InvalidParameter);
  EXPECT_THROW(signsgd_stationary_loss({}), InvalidParameter);
  EXPECT_THROW(signsgd_expected_loss(coordinates, -1.0), InvalidParameter);
  EXPECT_THROW(signsgd_stationary_loss({{0.01, 1.0, 0.1, 0.0}, {0.02, 1.0, 0.1, 0.0}}), InvalidParameter);
  EXPECT_THROW(signsgd_stationary_loss({{0.0, 1.0, 0.1, 0.0}}), InvalidParameter);
  EXPECT_THROW(signsgd_stationary_loss({{0.01, -1.0, 0.1, 0.0}}), InvalidParameter);
  EXPECT_THROW(signsgd_stationary_loss({{0.01, 1.0, 0.0, 0.0}}), InvalidParameter);
  EXPECT_THROW(signsgd_stationary_loss({{0.01, 1.0, 0.1, std::nan("")}}), InvalidParameter);
}

}  // namespace
}  // namespace sdelens::theory
