#include "sdelens/exact/student_t_sgd.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numbers>

#include "sdelens/core/check.hpp"

namespace sdelens {
namespace {

double two_sided(double c, double nu) {
  return 2.0 * boost::math::cdf(boost::math::complement(boost::math::students_t(nu), c));
}

TEST(StudentTSgd, HasTheCharacteristicFunction) {
  for (const double t : {1e-6, 0.1, 1.0, 7.0}) {
    EXPECT_NEAR(student_t_log_characteristic(t, 1.0), -t, 1e-15);
    // nu = 3: (1 + sqrt3 t) exp(-sqrt3 t)
    const double z = std::sqrt(3.0) * t;
    EXPECT_NEAR(student_t_log_characteristic(t, 3.0), std::log1p(z) - z, 2e-15 + 1e-14 * z) << t;
    EXPECT_EQ(student_t_log_characteristic(-t, 3.0), student_t_log_characteristic(t, 3.0));
  }
  EXPECT_EQ(student_t_log_characteristic(0.0, 2.0), 0.0);
  // The polynomials of odd nu against Bessel's functions beside them.
  for (const double nu : {1.0, 3.0, 5.0, 7.0, 49.0})
    for (const double t : {1e-3, 0.3, 4.0})
      EXPECT_NEAR(student_t_log_characteristic(t, nu), student_t_log_characteristic(t, nu + 1e-9), 1e-8)
          << nu;
}

// One step is the noise itself.
TEST(StudentTSgd, IsTheNoiseAfterOneIteration) {
  for (const double nu : {1.0, 1.5, 2.0, 3.0, 5.0, 30.0}) {
    const StudentTSgd law({.learning_rate = 0.5, .curvature = 1.0, .sigma = 2.0, .nu = nu, .start = 0.6}, 1);
    EXPECT_NEAR(law.centre(), 0.3, 1e-16);
    EXPECT_NEAR(law.tail_scale(), 1.0, 1e-15);
    for (const double c : {0.2, 1.0, 4.0, 30.0}) {
      const double exact = 0.5 * (two_sided(c - 0.3, nu) + two_sided(c + 0.3, nu));
      const double below = c < 0.3 ? 1.0 - 0.5 * two_sided(0.3 - c, nu) : 0.5 * two_sided(c - 0.3, nu);
      const double expected = c < 0.3 ? below + 0.5 * two_sided(c + 0.3, nu) : exact;
      EXPECT_NEAR(law.exceedance(c), expected, 1e-10) << nu << ' ' << c;
    }
  }
}

TEST(StudentTSgd, IsCauchysLawForOneDegreeOfFreedom) {
  const double eta = 0.1, sigma = 0.7, start = 0.4;
  for (const std::uint64_t k : {std::uint64_t{3}, std::uint64_t{20}, std::uint64_t{1000}}) {
    const StudentTSgd law({.learning_rate = eta, .curvature = 1.0, .sigma = sigma, .nu = 1.0, .start = start},
                          k);
    const double decay = std::pow(0.9, static_cast<double>(k));
    const double scale = sigma * (1.0 - decay);
    EXPECT_NEAR(law.tail_scale(), scale, 1e-14);
    for (const double c : {0.5, 5.0, 100.0}) {
      const double inside =
          (std::atan((c - decay * start) / scale) + std::atan((c + decay * start) / scale)) *
          std::numbers::inv_pi;
      EXPECT_NEAR(law.exceedance(c), 1.0 - inside, 1e-10) << k << ' ' << c;
    }
  }
}

// Far out a single draw decides; in the bulk of many small draws the law is nearly normal.
TEST(StudentTSgd, HasTheTailOfASingleDrawAndANormalBulk) {
  const StudentTSgd law({.learning_rate = 0.1, .curvature = 1.0, .sigma = 1.0, .nu = 2.0, .start = 0.0}, 400);
  const double far = 300.0 * law.tail_scale();
  EXPECT_NEAR(law.exceedance(far) / two_sided(300.0, 2.0), 1.0, 1e-2);
  const StudentTSgd light({.learning_rate = 0.01, .curvature = 1.0, .sigma = 1.0, .nu = 50.0, .start = 0.0},
                          2000);
  const double variance = 0.01 / (2.0 - 0.01) * 50.0 / 48.0;
  EXPECT_NEAR(light.exceedance(1.5 * std::sqrt(variance)), std::erfc(1.5 / std::numbers::sqrt2), 1e-4);
}

TEST(StudentTSgd, RefusesWhatIsOutOfRange) {
  const StudentTSgdSettings good{
      .learning_rate = 0.1, .curvature = 1.0, .sigma = 1.0, .nu = 2.0, .start = 0.0};
  const auto refused = [&](auto change) {
    StudentTSgdSettings settings = good;
    change(settings);
    EXPECT_THROW(StudentTSgd(settings, 3), InvalidParameter);
  };
  refused([](auto& s) { s.learning_rate = 2.0; });
  refused([](auto& s) { s.curvature = 0.0; });
  refused([](auto& s) { s.sigma = -1.0; });
  refused([](auto& s) { s.nu = 51.0; });
  refused([](auto& s) { s.nu = 0.9; });
  refused([](auto& s) { s.start = HUGE_VAL; });
  EXPECT_THROW(StudentTSgd(good, 0), InvalidParameter);
  EXPECT_THROW(StudentTSgd(good, 3).exceedance(0.0), InvalidParameter);
  EXPECT_THROW(student_t_log_characteristic(HUGE_VAL, 1.0), InvalidParameter);
  EXPECT_THROW(student_t_log_characteristic(1.0, 0.0), InvalidParameter);
}

}  // namespace
}  // namespace sdelens
