#include "suite/study/comparison/figures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sdelens {
namespace {

using testing::ElementsAre;

TEST(NonFinitePoints, AreRemovedWithTheirBandsAndCounted) {
  const double nan = std::nan("");
  const double infinity = std::numeric_limits<double>::infinity();
  Series series{.label = "s",
                .role = Role::sde,
                .colour = 3,
                .x = {1, 2, 3, 4},
                .y = {1, nan, 3, 4},
                .low = {0, 0, 0, 0},
                .high = {2, 2, 4, infinity}};
  EXPECT_EQ(remove_non_finite(series), 2U);
  EXPECT_THAT(series.x, ElementsAre(1, 3));
  EXPECT_THAT(series.y, ElementsAre(1, 3));
  EXPECT_THAT(series.high, ElementsAre(2, 4));
  EXPECT_EQ(series.label, "s");
  EXPECT_EQ(series.colour, 3);
  EXPECT_EQ(remove_non_finite(series), 0U);
}

}  // namespace
}  // namespace sdelens
