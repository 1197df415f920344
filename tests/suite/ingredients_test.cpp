#include "suite/ingredients.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sdelens {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Steps, AreEvenWithBothEnds) {
  EXPECT_THAT(even_steps(10, 5), ElementsAre(0, 2, 4, 6, 8, 10));
  EXPECT_THAT(even_steps(11, 5), ElementsAre(0, 2, 4, 6, 8, 10, 11));
  EXPECT_THAT(even_steps(3, 100), ElementsAre(0, 1, 2, 3));
}

TEST(Steps, AreLogarithmicDifferentAndWithBothEnds) {
  EXPECT_THAT(logarithmic_steps(1000, 4), ElementsAre(1, 10, 100, 1000));
  for (const std::uint64_t last : {2U, 7U, 1000U, 1'000'000U}) {
    const std::vector<std::uint64_t> steps = logarithmic_steps(last, 90);
    EXPECT_EQ(steps.front(), 1U);
    EXPECT_EQ(steps.back(), last);
    EXPECT_TRUE(std::ranges::is_sorted(steps, std::less_equal<>())) << last;
  }
}

TEST(Steps, OfAFinerProcessAreMultiples) { EXPECT_THAT(scaled({0, 3, 5}, 4), ElementsAre(0, 12, 20)); }

TEST(Spread, LeavesTheFirstOutAndEndsWithTheLast) {
  EXPECT_THAT(spread(11, 5), ElementsAre(2, 4, 6, 8, 10));
  EXPECT_THAT(spread(3, 8), ElementsAre(1, 2));
  EXPECT_THAT(spread(1, 8), IsEmpty());
  EXPECT_THAT(spread(0, 8), IsEmpty());
}

TEST(Curve, HasTheIterationsForItsAbscissae) {
  const Series series = curve("c", Role::theory, 2, {1, 4},
                              [](std::size_t place) { return 10.0 * static_cast<double>(place); });
  EXPECT_THAT(series.x, ElementsAre(1.0, 4.0));
  EXPECT_THAT(series.y, ElementsAre(0.0, 10.0));
  EXPECT_EQ(series.label, "c");
  EXPECT_EQ(series.colour, 2);
}

}  // namespace
}  // namespace sdelens
