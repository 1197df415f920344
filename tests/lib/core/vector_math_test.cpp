#include "sdelens/core/vector_math.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <limits>
#include <vector>

namespace sdelens {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Both signs of a grid that is fine near every place where an approximation may change, and geometric
/// elsewhere.
std::vector<double> arguments(double largest) {
  std::vector<double> result{0.0, -0.0};
  for (double x = 1e-300; x < largest; x *= x < 1e-3 || x > 1e3 ? 10.0 : 1.0003) {
    result.push_back(x);
    result.push_back(-x);
  }
  return result;
}

Batch batch_of(const std::vector<double>& values) {
  return Eigen::Map<const Eigen::ArrayXd>(values.data(), static_cast<Index>(values.size()));
}

/// The bound that the header states.
constexpr double stated = 1e-14;

TEST(VectorMath, ErfHasTheStatedRelativeError) {
  const std::vector<double> x = arguments(1e308);
  Batch y = batch_of(x);
  erf_in_place(y);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double exact = std::erf(x[i]);
    ASSERT_LE(std::abs(y(static_cast<Index>(i)) - exact), stated * std::abs(exact)) << "at " << x[i];
    ASSERT_NEAR(exact, boost::math::erf(x[i]), 1e-15 * std::abs(exact)) << "at " << x[i];
  }
}

// The SDE of SignSGD takes the root of 1 - Erf^2.
TEST(VectorMath, ErfIsNeverBeyondOne) {
  Batch y = batch_of(arguments(1e308));
  erf_in_place(y);
  EXPECT_LE(y.abs().maxCoeff(), 1.0);
}

TEST(VectorMath, AtanHasTheStatedRelativeError) {
  const std::vector<double> x = arguments(1e308);
  Batch y = batch_of(x);
  atan_in_place(y);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double exact = std::atan(x[i]);
    ASSERT_LE(std::abs(y(static_cast<Index>(i)) - exact), stated * std::abs(exact)) << "at " << x[i];
  }
}

TEST(VectorMath, KeepsNanAndInfinity) {
  Batch y(4, 1);
  y << nan, infinity, -infinity, 0.5;
  Batch erf = y;
  erf_in_place(erf);
  EXPECT_TRUE(std::isnan(erf(0)));
  EXPECT_EQ(erf(1), 1.0);
  EXPECT_EQ(erf(2), -1.0);
  Batch atan = y;
  atan_in_place(atan);
  EXPECT_TRUE(std::isnan(atan(0)));
  EXPECT_DOUBLE_EQ(atan(1), std::atan(infinity));
  EXPECT_DOUBLE_EQ(atan(2), -std::atan(infinity));
}

TEST(VectorMath, ARowHasTheSameBitsWhereverItStands) {
  constexpr Index rows = 37;
  Batch x(rows, 2);
  for (Index i = 0; i < rows; ++i) x.row(i) = 0.31 * static_cast<double>(i) - 3.0;
  for (const auto function : {&erf_in_place, &atan_in_place}) {
    Batch whole = x;
    function(whole);
    for (Index first = 0; first < rows; ++first) {
      for (const Index count : {1, 3, 8, 11}) {
        if (first + count > rows) continue;
        Batch part = x.middleRows(first, count);
        function(part);
        for (Index i = 0; i < count; ++i) {
          ASSERT_EQ(std::bit_cast<std::uint64_t>(part(i, 1)),
                    std::bit_cast<std::uint64_t>(whole(first + i, 1)))
              << "row " << i << " of " << count << " from " << first;
        }
      }
    }
  }
}

TEST(VectorMath, WritesIntoAViewOnly) {
  Batch large = Batch::Constant(20, 3, 0.7);
  erf_in_place(large.block(3, 1, 11, 1));
  EXPECT_EQ((large == 0.7).count(), 60 - 11);
}

}  // namespace
}  // namespace sdelens
