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

const Choice regression{.name = "linear-regression",
                        .given = {{"curvatures", {1.0, 2.0}}, {"residual", {0.5}}, {"batch", {4.0}}}};

TEST(Problem, OfASourceThatDrawsItsOwnGradientsHasItsLossAndNoAdditiveNoise) {
  const Problem found = make_problem(
      {.optimizer = {.name = "sgd"}, .landscape = regression, .learning_rate = 0.5, .start = Point::Ones(2)});
  EXPECT_EQ(found.start_loss(), 1.5);
  EXPECT_FALSE(found.quadratic());
  EXPECT_FALSE(found.noise_covariance());
  EXPECT_THROW(found.sigmas(), std::logic_error);
  EXPECT_EQ(with_learning_rate(found, 0.25).source, found.source);
}

TEST(Problem, RefusesNoiseBesideASourceThatDrawsItsOwn) {
  EXPECT_THROW(make_problem({.optimizer = {.name = "sgd"},
                             .landscape = regression,
                             .noise = {.name = "gaussian", .given = {{"sigma", {1.0}}}},
                             .learning_rate = 0.5,
                             .start = Point::Ones(2)}),
               InvalidParameter);
}

TEST(Problem, NamesTheNearestOfLandscapesAndSources) {
  try {
    make_problem({.optimizer = {.name = "sgd"},
                  .landscape = {.name = "linear-regresion"},
                  .learning_rate = 0.5,
                  .start = Point::Ones(2)});
    FAIL() << "an unknown landscape was taken";
  } catch (const UnknownName& error) {
    EXPECT_NE(std::string(error.what()).find("linear-regression"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace sdelens
