#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <boost/math/distributions/students_t.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <numbers>

#include "sdelens/core/linear_algebra.hpp"
#include "sdelens/model/gradient_noise.hpp"
#include "sdelens/model/sde.hpp"
#include "tests/lib/core/goodness_of_fit.hpp"

namespace sdelens {
namespace {

using std::numbers::pi;
const double nan = std::nan("");
constexpr double infinity = std::numeric_limits<double>::infinity();

double mean_sign(const GradientNoise& noise, double y) {
  Batch values = Batch::Constant(1, noise.dimension(), y);
  noise.mean_sign(values);
  EXPECT_TRUE((values == values(0, 0)).all() || std::isnan(values(0, 0)));
  return values(0, 0);
}

std::shared_ptr<const GradientNoise> student(double nu) {
  return make_noise("student-t", 1, {{"nu", {nu}}, {"sigma", {0.5}}});
}

// The steps of the grid end far outside the core of the law.
std::vector<double> grid() {
  std::vector<double> result;
  for (double y = 1e-12; y < 1e12; y *= 1.7) {
    result.push_back(y);
    result.push_back(-y);
  }
  return result;
}

// erf_in_place is stated to 1e-14 relative, and its argument y / sqrt(2) is rounded once.
TEST(GaussianNoise, MeanSignIsErf) {
  const auto noise = make_noise("gaussian", 2, {{"sigma", {0.5}}});
  for (const double y : grid()) {
    const double exact = boost::math::erf(y / std::numbers::sqrt2);
    EXPECT_NEAR(mean_sign(*noise, y), exact, 1.1e-14 * std::abs(exact)) << y;
  }
  EXPECT_DOUBLE_EQ(noise->mean_sign_slope(), 2.0 * boost::math::pdf(boost::math::normal(), 0.0));
}

// Closed forms of 2 F - 1; each rounds a few times.
TEST(StudentTNoise, MeanSignIsTheClosedFormForOneToFourDegreesOfFreedom) {
  const std::vector<std::pair<double, double (*)(double)>> table{
      {1.0, [](double y) { return 2.0 / pi * std::atan(y); }},
      {2.0, [](double y) { return y / std::hypot(std::numbers::sqrt2, y); }},
      {3.0,
       [](double y) {
         const double s = y / std::sqrt(3.0);
         return 2.0 / pi * (s / (1.0 + s * s) + std::atan(s));
       }},
      {4.0, [](double y) {
         const double c = y / std::hypot(2.0, y);
         return c * (1.5 - 0.5 * c * c);
       }}};
  for (const auto& [nu, form] : table) {
    for (const double y : grid()) {
      EXPECT_NEAR(mean_sign(*student(nu), y), form(y), 1e-14 * std::abs(form(y)))
          << "nu " << nu << ", y " << y;
    }
  }
}

// Where the tail is heavy, an argument of the incomplete beta function that rounds to one would lose all digits.
// Boost's own upper tail is wrong by 1e-14 near y = 0, where the other tests of this file look.
TEST(StudentTNoise, MeanSignIsTwiceTheDistributionFunctionLessOne) {
  for (const double nu : {0.1, 0.5, 1.0, 2.0, 2.5, 3.0, 7.0, 30.0, 1e4}) {
    const boost::math::students_t law(nu);
    for (const double y : grid()) {
      if (std::abs(y) < 0.1) continue;
      const double tail = 2.0 * boost::math::cdf(boost::math::complement(law, std::abs(y)));
      EXPECT_NEAR(std::abs(mean_sign(*student(nu), y)), 1.0 - tail, 1e-14) << "nu " << nu << ", y " << y;
      EXPECT_EQ(std::signbit(mean_sign(*student(nu), y)), std::signbit(y));
    }
  }
}

TEST(StudentTNoise, MeanSignIsTheIntegralOfTheDensity) {
  for (const double nu : {0.5, 1.0, 2.0, 3.7, 12.0}) {
    const boost::math::students_t law(nu);
    for (const double y : {1e-3, 0.2, 1.0, 3.0}) {
      double error = 0.0;
      const double integral = boost::math::quadrature::gauss_kronrod<double, 31>::integrate(
          [&law](double u) { return 2.0 * boost::math::pdf(law, u); }, 0.0, y, 10, 1e-13, &error);
      EXPECT_NEAR(mean_sign(*student(nu), y), integral, 2e-13 * integral) << "nu " << nu << ", y " << y;
    }
  }
}

TEST(StudentTNoise, SlopeIsTwiceTheDensityAtZero) {
  for (const double nu : {0.5, 1.0, 2.0, 3.0, 5.0, 30.0, 1e6}) {
    const double exact = 2.0 * boost::math::pdf(boost::math::students_t(nu), 0.0);
    EXPECT_NEAR(student(nu)->mean_sign_slope(), exact, 1e-13 * exact) << nu;
    // E sign(y + U) = slope y (1 + O(y^2))
    EXPECT_NEAR(mean_sign(*student(nu), 1e-8), 1e-8 * exact, 1e-8 * 1e-13) << nu;
  }
}

TEST(MeanSign, SaturatesAtInfinityAndKeepsNan) {
  std::vector<std::shared_ptr<const GradientNoise>> noises{make_noise("gaussian", 1, {{"sigma", {0.5}}})};
  for (const double nu : {0.5, 1.0, 2.0, 3.0}) noises.push_back(student(nu));
  for (const auto& noise : noises) {
    for (const double y : {1e160, 1e300, infinity}) {
      EXPECT_NEAR(mean_sign(*noise, y), 1.0, 4e-16) << y;
      EXPECT_NEAR(mean_sign(*noise, -y), -1.0, 4e-16) << y;
    }
    EXPECT_EQ(mean_sign(*noise, 0.0), 0.0);
    EXPECT_TRUE(std::isnan(mean_sign(*noise, nan)));
  }
}

class NoiseScale : public testing::TestWithParam<std::pair<const char*, Parameters>> {
 protected:
  static std::shared_ptr<const GradientNoise> make(const Parameters& scale, Index dimension) {
    Parameters parameters = scale;
    const std::string name = GetParam().first;
    parameters.insert(GetParam().second.begin(), GetParam().second.end());
    return make_noise(name, dimension, parameters);
  }
};

TEST_P(NoiseScale, OneSigmaIsForAllCoordinates) {
  const auto noise = make({{"sigma", {0.5}}}, 3);
  EXPECT_EQ(noise->scale_matrix(), Eigen::MatrixXd(0.25 * Eigen::MatrixXd::Identity(3, 3)));
  const auto each = make({{"sigma", {0.5, 2.0, 1.0}}}, 3);
  EXPECT_EQ(each->scale_matrix(), Eigen::MatrixXd(Eigen::Vector3d(0.25, 4.0, 1.0).asDiagonal()));
}

TEST_P(NoiseScale, ScalesByTheSymmetricRoot) {
  const Eigen::Matrix3d covariance{{2.0, 0.6, -0.3}, {0.6, 1.0, 0.1}, {-0.3, 0.1, 0.5}};
  const auto noise = make({{"covariance", {2.0, 0.6, -0.3, 0.6, 1.0, 0.1, -0.3, 0.1, 0.5}}}, 3);
  Batch root(3, 3);
  noise->scaled(0.0, Batch::Zero(3, 3), Batch(Eigen::MatrixXd::Identity(3, 3)), root);
  // A product of 3 by 3 matrices of size 2 and an eigendecomposition: some ten roundings of numbers below 4.
  constexpr double rounding = 1e-14;
  EXPECT_LT((root.matrix() * root.matrix() - covariance).cwiseAbs().maxCoeff(), rounding);
  EXPECT_LT((root.matrix() - root.matrix().transpose()).cwiseAbs().maxCoeff(), rounding);
  EXPECT_GT(symmetric_eigenvalues(root.matrix()).minCoeff(), 0.0);
  EXPECT_LT((noise->scale_matrix() - covariance).cwiseAbs().maxCoeff(), rounding);
}

TEST_P(NoiseScale, AddsWhatItScales) {
  for (const auto& noise :
       {make({{"sigma", {0.5, 2.0}}}, 2), make({{"covariance", {2.0, 0.5, 0.5, 1.0}}}, 2)}) {
    Batch u(7, 2);
    noise->draw(Stream(3, "scale"), 5, 1, u);
    Batch z(7, 2);
    noise->scaled(0.0, Batch::Zero(u.rows(), u.cols()), u, z);
    Batch gradient = Batch::Constant(7, 2, 0.25);
    noise->perturb(Stream(3, "scale"), 5, 1, Batch::Zero(7, 2), u, gradient);
    EXPECT_LT((gradient - (z + 0.25)).abs().maxCoeff(), 1e-15 * (1.0 + z.abs().maxCoeff()));
  }
}

TEST_P(NoiseScale, RefusesScalesOfTheWrongShapeOrSign) {
  const std::vector<Parameters> refused{{},
                                        {{"sigma", {0.0}}},
                                        {{"sigma", {-1.0}}},
                                        {{"sigma", {nan}}},
                                        {{"sigma", {infinity}}},
                                        {{"sigma", {1.0, 2.0, 3.0}}},
                                        {{"covariance", {1.0, 0.0, 0.0}}},
                                        {{"covariance", {1.0, nan, nan, 1.0}}},
                                        {{"covariance", {1.0, 0.5, 0.4, 1.0}}},
                                        {{"covariance", {1.0, 1.0, 1.0, 1.0}}},
                                        {{"covariance", {0.1, 0.3, 0.3, 0.9}}},
                                        {{"covariance", {1.0, 2.0, 2.0, 1.0}}},
                                        {{"covariance", {-1.0, 0.0, 0.0, 1.0}}}};
  for (const Parameters& scale : refused) {
    EXPECT_THROW(make(scale, 2), InvalidParameter)
        << (scale.empty() ? "nothing" : fmt::format("{}", fmt::join(scale.begin()->second, " ")));
  }
  EXPECT_THROW(make({{"sigma", {1.0}}, {"covariance", {1.0, 0.0, 0.0, 1.0}}}, 2), UnknownName);
  EXPECT_THROW(make({{"sigma", {1.0}}, {"sgima", {1.0}}}, 2), UnknownName);
}

INSTANTIATE_TEST_SUITE_P(Laws, NoiseScale,
                         testing::Values(std::pair{"gaussian", Parameters{}},
                                         std::pair{"student-t", Parameters{{"nu", {3.0}}}}));

TEST(StudentTNoise, RefusesDegreesOfFreedomThatAreNotPositiveAndFinite) {
  for (const double nu : {0.0, -1.0, infinity, nan}) EXPECT_THROW(student(nu), InvalidParameter) << nu;
  EXPECT_THROW(make_noise("student-t", 1, {{"sigma", {1.0}}}), InvalidParameter);
}

// Each product Z_i Z_j has variance Sigma_ii Sigma_jj + Sigma_ij^2. False alarms: 3 times 1e-6.
TEST(GaussianNoise, HasItsCovariance) {
  const Eigen::Matrix2d covariance{{2.0, -0.9}, {-0.9, 0.5}};
  const auto noise = make_noise("gaussian", 2, {{"covariance", {2.0, -0.9, -0.9, 0.5}}});
  Batch u(1 << 20, 2);
  noise->draw(Stream(8, "covariance"), 0, 0, u);
  Batch z(u.rows(), 2);
  noise->scaled(0.0, Batch::Zero(u.rows(), u.cols()), u, z);
  for (Index i = 0; i < 2; ++i) {
    for (Index j = 0; j <= i; ++j) {
      const double variance = covariance(i, i) * covariance(j, j) + covariance(i, j) * covariance(i, j);
      const double gap = (z.col(i) * z.col(j)).mean() - covariance(i, j);
      EXPECT_TRUE(test::standard_normal(gap / std::sqrt(variance / static_cast<double>(z.rows())))) << i << j;
    }
  }
}

// The mean of sign(y + U) over draws is a binomial count. False alarms: 15 times 1e-6.
TEST(MeanSign, IsTheMeanOfTheSignsOfDraws) {
  std::vector<std::shared_ptr<const GradientNoise>> noises{make_noise("gaussian", 1, {{"sigma", {0.5}}})};
  for (const double nu : {0.5, 1.0, 2.0, 5.0}) noises.push_back(student(nu));
  for (const auto& noise : noises) {
    Batch u(1 << 19, 1);
    noise->draw(Stream(9, "signs"), 0, 0, u);
    for (const double y : {-1.0, 0.1, 0.5}) {
      const auto positive = static_cast<double>((u + y > 0.0).count());
      const double probability = 0.5 * (1.0 + mean_sign(*noise, y));
      EXPECT_TRUE(test::binomial_count(positive, static_cast<double>(u.rows()), probability)) << y;
    }
  }
}

TEST(NoiseNature, OnlyTheGaussianIsGaussian) {
  EXPECT_TRUE(make_noise("gaussian", 1, {{"sigma", {0.5}}})->gaussian());
  EXPECT_FALSE(student(5.0)->gaussian());
}

}  // namespace
}  // namespace sdelens
