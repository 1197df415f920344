#include "suite/study/minima.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "sdelens/core/parameters.hpp"

namespace sdelens {
namespace {

// The coordinates separate: x1 (-1 + x1 (x1 - 0.1)) = 0.
TEST(Minima, OfTheSaddleLandscapeAreTheRootsOfItsGradient) {
  const auto saddle = make_landscape("embedded-saddle", {});
  const Point lowest = lowest_minimum(*saddle, 3.0);
  EXPECT_NEAR(lowest(0), 0.05 + std::sqrt(1.0025), 1e-14);
  EXPECT_NEAR(lowest(1), 0.0, 1e-14);
  EXPECT_NEAR(value_at(*saddle, lowest), -0.285963, 5e-7);
  const Point other = minimum_near(*saddle, Point{{-1.0, 0.2}});
  EXPECT_NEAR(other(0), 0.05 - std::sqrt(1.0025), 1e-14);
  EXPECT_NEAR(value_at(*saddle, other), -0.219046, 5e-7);
}

TEST(Minima, AreRefusedWhereNewtonsMethodMeetsASaddle) {
  const auto saddle = make_landscape("embedded-saddle", {});
  EXPECT_THROW(minimum_near(*saddle, Point{{0.0, 0.0}}), InvalidParameter);
  EXPECT_THROW(lowest_minimum(*make_landscape("quadratic", {{"curvatures", {1.0, 1.0, 1.0}}}), 3.0),
               InvalidParameter);
}

}  // namespace
}  // namespace sdelens
