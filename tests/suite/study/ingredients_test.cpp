#include "suite/study/ingredients.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace sdelens {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
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

TEST(Numbers, AreEvenOrStepped) {
  EXPECT_THAT(evenly(-1.0, 1.0, 4), ElementsAre(-1.0, -0.5, 0.0, 0.5, 1.0));
  EXPECT_THAT(stepped(0.0, 1.25, 0.5), ElementsAre(0.0, 0.5, 1.0));
}

TEST(Each, IsWhatTheFunctionMakesInOrder) {
  EXPECT_THAT(each(std::vector<int>{1, 2}, [](int i) { return 0.5 * i; }), ElementsAre(0.5, 1.0));
  EXPECT_THAT(each(std::vector<int>{}, [](int i) { return i; }), IsEmpty());
}

TEST(Distinct, IsTheListOrRefused) {
  const std::vector<SettingSpecification> specification{
      chosen("one", {2.0, 1.0}, Range::finite(), ""), chosen("twice", {1.0, 2.0, 1.0}, Range::finite(), "")};
  const Settings settings("trial", specification, {});
  EXPECT_THAT(require_distinct(settings, "one"), ElementsAre(2.0, 1.0));
  EXPECT_THROW(require_distinct(settings, "twice"), InvalidParameter);
}

TEST(Quadratic, StartsFromTheMinimumUnlessSaidOtherwise) {
  const std::vector<SettingSpecification> specification{
      chosen("curvatures", {1.0, 3.0}, Range::positive(), ""), chosen("sigma", {0.5}, Range::positive(), ""),
      chosen("eta", {0.1}, Range::positive(), ""), chosen("x0", {1.0, 2.0}, Range::finite(), "")};
  const Settings settings("trial", specification, {});
  const Problem problem = quadratic_of(settings, {.name = "sgd"});
  EXPECT_EQ(problem.curvatures(), (Eigen::VectorXd(2) << 1.0, 3.0).finished());
  EXPECT_EQ(problem.sigmas()(1), 0.5);
  EXPECT_EQ(problem.learning_rate, 0.1);
  EXPECT_EQ(problem.start, settings.point("x0"));
  EXPECT_EQ(quadratic_of(settings, {.name = "sgd"}, {4.0, 5.0}).curvatures()(1), 5.0);
  EXPECT_EQ(quadratic_problem({.name = "sgd"}, {1.0, 1.0}, 1.0, 0.1).start, Point::Zero(2));
}

TEST(Slope, InTheLearningRateIsThePower) {
  const Problem problem = quadratic_problem({.name = "sgd"}, {1.0}, 1.0, 0.1);
  const auto departure = [](const Problem& at) { return -3.0 * at.learning_rate * at.learning_rate; };
  EXPECT_NEAR(slope_in_learning_rate(problem, departure), 2.0, 1e-12);
}

TEST(SecondMoment, IsTheVarianceAndTheSquareOfTheMean) {
  const Problem problem = quadratic_problem({.name = "sgd"}, {1.0}, 1.0, 0.1, Point::Constant(1, 2.0));
  // One step of SGD: mean 0.9 * 2, variance 0.1^2.
  EXPECT_DOUBLE_EQ(second_moment_curve(Asked("exact-recursion", problem), 0)(1.0).value, 3.24 + 0.01);
}

TEST(Curve, HasTheIterationsForItsAbscissae) {
  const Series series = curve("c", Role::theory, 2, {1, 4},
                              [](std::size_t place) { return 10.0 * static_cast<double>(place); });
  EXPECT_THAT(series.x, ElementsAre(1.0, 4.0));
  EXPECT_THAT(series.y, ElementsAre(0.0, 10.0));
  EXPECT_EQ(series.label, "c");
  EXPECT_EQ(series.colour, 2);
}

TEST(Contours, AreTheLandscapeOnAGrid) {
  const auto landscape = make_landscape("quadratic", {{"curvatures", {2.0, 8.0}}});
  const Contours contours = contours_of(*landscape, {-1.0, 1.0}, {0.0, 2.0}, 5);
  EXPECT_THAT(contours.x, ElementsAre(-1.0, -0.5, 0.0, 0.5, 1.0));
  EXPECT_THAT(contours.y, ElementsAre(0.0, 0.5, 1.0, 1.5, 2.0));
  ASSERT_EQ(contours.value.size(), 25U);
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j < 5; ++j) {
      const double x = contours.x[i];
      const double y = contours.y[j];
      EXPECT_DOUBLE_EQ(contours.value[i + j * 5], x * x + 4.0 * y * y) << x << ", " << y;
    }
  }
  ASSERT_EQ(contours.levels.size(), 10U);
  EXPECT_DOUBLE_EQ(contours.levels.back(), 17.0 / 2.0);
  EXPECT_DOUBLE_EQ(contours.levels.front(), 17.0 / 1024.0);
}

TEST(Contours, BeginAtTheSmallestValueEvenIfItIsNegative) {
  const auto saddle = make_landscape("embedded-saddle", {});
  const Contours contours = contours_of(*saddle, {-1.5, 1.5}, {-1.5, 1.5}, 61);
  EXPECT_LT(contours.levels.front(), -0.27);
  EXPECT_TRUE(std::ranges::is_sorted(contours.levels, std::less_equal<>()));
}

TEST(Contours, NeedTwoDimensionsAndIntervalsWithALength) {
  const auto plane = make_landscape("quadratic", {{"curvatures", {1.0, 1.0}}});
  const auto space = make_landscape("quadratic", {{"curvatures", {1.0, 1.0, 1.0}}});
  const auto reason = [](const Landscape& landscape, Interval x, Interval y,
                         std::size_t points) -> std::string {
    try {
      contours_of(landscape, x, y, points);
    } catch (const InvalidParameter& problem) {
      return problem.what();
    }
    return "none";
  };
  EXPECT_THAT(reason(*space, {0, 1}, {0, 1}, 5), HasSubstr("is 3, but must be 2"));
  EXPECT_THAT(reason(*plane, {0, 1}, {0, 1}, 1), HasSubstr("points"));
  EXPECT_THAT(reason(*plane, {1, 1}, {0, 1}, 5), HasSubstr("x runs from 1 to 1"));
  EXPECT_THAT(reason(*plane, {0, 1}, {0, std::nan("")}, 5), HasSubstr("y runs from 0 to nan"));
}

}  // namespace
}  // namespace sdelens
