#include "reference/theory/lemma_c_8.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "reference/theory/lemma_3_3.hpp"
#include "sdelens/core/check.hpp"
#include "tests/reference/printed.hpp"

namespace sdelens::theory {
namespace {

using sdelens::testing::RoundsTo;

// The integral of the density of t(nu) from 0 to x, by mpmath 1.3 with 50 digits.
struct Row {
  double nu, x, xi;
};
constexpr Row table[] = {
    {1, 0.125, 0.039583424160565542},   {1, 1, 0.25},
    {1, 3, 0.39758361765043327},        {1, 10, 0.46827448256944643},
    {2, 0.125, 0.044022545316281191},   {2, 1, 0.28867513459481288},
    {2, 3, 0.45226701686664543},        {2, 10, 0.49507377148833715},
    {2.5, 0.125, 0.045062049195724653}, {2.5, 1, 0.29796948636086327},
    {2.5, 3, 0.46371195222548408},      {2.5, 10, 0.49777925211634629},
    {3, 0.125, 0.045785290678708404},   {3, 1, 0.30449889052211468},
    {3, 3, 0.47116555718878135},        {3, 10, 0.49893580047079292},
    {5, 0.125, 0.047303106367909853},   {5, 1, 0.31839126617543869},
    {5, 3, 0.48495037605126871},        {5, 10, 0.49991452621212852},
    {30, 0.125, 0.049321286061453966},  {30, 1, 0.33734569228698505},
    {30, 3, 0.49730501796717403},       {30, 10, 0.49999999997712374},
};

// "A few 1e-15", as its comment says.
constexpr double kAccuracy = 5e-15;

TEST(LemmaC8, AgreesWithTheTable) {
  for (const Row& row : table) {
    EXPECT_NEAR(student_t_xi(row.x, row.nu) / row.xi, 1.0, kAccuracy) << row.nu << ' ' << row.x;
    EXPECT_NEAR(student_t_xi_by_beta(row.x, row.nu) / row.xi, 1.0, kAccuracy) << row.nu << ' ' << row.x;
    EXPECT_EQ(student_t_xi(-row.x, row.nu), -student_t_xi(row.x, row.nu));
    EXPECT_NEAR(student_t_drift(row.x, row.nu), -2.0 * row.xi, 3e-15);
  }
}

TEST(LemmaC8, HasTwoRoutesThatAgree) {
  for (const double nu : {0.5, 1.0, 2.0, 2.5, 3.0, 5.0, 30.0})
    for (double x = 1e-8; x < 100.0 * std::sqrt(nu); x *= 1.9)
      EXPECT_NEAR(student_t_xi(x, nu) / student_t_xi_by_beta(x, nu), 1.0, kAccuracy) << nu << ' ' << x;
}

// The shortest series lost half of its digits at nu = 100.
TEST(LemmaC8, HasTwoRoutesThatAgreeForManyDegreesOfFreedom) {
  for (const double nu : {24.9, 25.1, 50.0, 100.0, 1000.0, 1e5})
    for (double x = 1e-8; x < 100.0 * std::sqrt(nu); x *= 1.3)
      EXPECT_NEAR(student_t_xi(x, nu) / student_t_xi_by_beta(x, nu), 1.0, 1e-14) << nu << ' ' << x;
  EXPECT_THROW(student_t_xi(1.0, 2e5), InvalidParameter);
}

TEST(LemmaC8, HasElementaryForms) {
  for (const double x : {1e-8, 0.01, 0.9, 1.1, 5.0, 90.0}) {
    EXPECT_NEAR(student_t_xi(x, 1.0) / (std::atan(x) * std::numbers::inv_pi), 1.0, kAccuracy);
    EXPECT_NEAR(student_t_xi(x, 2.0) / (0.5 * x / std::sqrt(2.0 + x * x)), 1.0, kAccuracy);
  }
  // 1 - 4 Xi^2 = 2 / (2 + x^2) for nu = 2: no digit is lost far out.
  for (const double x : {0.0, 0.5, 1.5, 100.0, 1e8, 1e100})
    EXPECT_NEAR(student_t_diffusion(x, 2.0, 0.01) * std::hypot(std::numbers::sqrt2, x),
                0.1 * std::numbers::sqrt2, 1e-15)
        << x;
  EXPECT_NEAR(student_t_diffusion(1e4, 3.0, 1.0) / 2.1001502338134661e-6, 1.0, 3e-15);
}

TEST(LemmaC8, HasTheSlopesOfTheText) {
  EXPECT_THAT(student_t_slope(1.0), RoundsTo(".636620"));
  EXPECT_THAT(student_t_slope(2.0), RoundsTo(".707107"));
  EXPECT_THAT(student_t_slope(3.0), RoundsTo(".735105"));
  EXPECT_THAT(student_t_slope(5.0), RoundsTo(".759213"));
  EXPECT_THAT(gaussian_slope(), RoundsTo(".797885"));
  EXPECT_THAT(student_t_slope(2.0) / gaussian_slope(), RoundsTo(".886"));
  EXPECT_NEAR(student_t_slope(0.5), 0.53935260118837936, 1e-15);
  EXPECT_NEAR(student_t_slope(1000.0), 0.79768511462771631, 1e-14);
  for (const double nu : {0.5, 2.5, 7.0})  // Xi is odd
    EXPECT_NEAR(2.0 * student_t_xi(1e-6, nu) / 1e-6, student_t_slope(nu), 1e-11);
}

TEST(LemmaC8, TendsToTheGaussianCase) {
  for (const double y : {0.1, 1.0, 2.5}) {
    // The distance is of order 1 / nu, with a factor below 1 / 4.
    EXPECT_NEAR(student_t_drift(y, 1e6), gaussian_drift(y), 0.5e-6);
    EXPECT_NEAR(student_t_diffusion(y, 1e6, 1.0), gaussian_diffusion(y, 1.0), 2e-6);
  }
}

TEST(LemmaC8, RefusesWhatIsOutOfRange) {
  EXPECT_THROW(student_t_xi(1.0, 0.0), InvalidParameter);
  EXPECT_THROW(student_t_xi(101.0, 1.0), InvalidParameter);
  EXPECT_THROW(student_t_xi(std::nan(""), 1.0), InvalidParameter);
  EXPECT_THROW(student_t_xi_by_beta(HUGE_VAL, 1.0), InvalidParameter);
  EXPECT_THROW(student_t_xi_by_beta(1.0, -1.0), InvalidParameter);
  EXPECT_THROW(student_t_drift(std::nan(""), 2.0), InvalidParameter);
  EXPECT_THROW(student_t_drift(1.0, 0.0), InvalidParameter);
  EXPECT_THROW(student_t_diffusion(std::nan(""), 2.0, 1.0), InvalidParameter);
  EXPECT_THROW(student_t_diffusion(1.0, 0.0, 1.0), InvalidParameter);
  EXPECT_THROW(student_t_diffusion(1.0, 2.0, 0.0), InvalidParameter);
  EXPECT_THROW(student_t_slope(0.0), InvalidParameter);
}

}  // namespace
}  // namespace sdelens::theory
