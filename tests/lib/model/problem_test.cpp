#include "sdelens/model/problem.hpp"

#include <gtest/gtest.h>

namespace sdelens {
namespace {

Problem problem() {
  return make_problem({.optimizer = {.name = "signsgd"},
                       .landscape = {.name = "quadratic", .given = {{"curvatures", {1.0, 2.0}}}},
                       .noise = {.name = "gaussian", .given = {{"sigma", {0.1}}}},
                       .learning_rate = 0.5,
                       .start = Point::Ones(2)});
}

TEST(Problem, TakesAnotherScheduleAndKeepsTheRest) {
  const Problem scheduled = with_schedule(problem(), {.name = "polynomial", .given = {{"power", {1.0}}}});
  EXPECT_TRUE(problem().constant_rate());
  EXPECT_FALSE(scheduled.constant_rate());
  EXPECT_EQ(scheduled.rate_factor(3), 0.25);
  EXPECT_EQ(scheduled.learning_rate, 0.5);
  EXPECT_EQ(scheduled.curvatures(), problem().curvatures());
}

TEST(Problem, RefusesAScheduleThatIsNotThereOrOutOfRange) {
  EXPECT_THROW(with_schedule(problem(), {.name = "polynomail"}), UnknownName);
  EXPECT_THROW(with_schedule(problem(), {.name = "polynomial", .given = {{"power", {-1.0}}}}),
               InvalidParameter);
}

}  // namespace
}  // namespace sdelens
