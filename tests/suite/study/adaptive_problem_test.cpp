#include "suite/study/adaptive_problem.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace sdelens {
namespace {

using testing::ElementsAre;

Problem on_line(const std::string& optimizer) {
  return adaptive_problem(optimizer, {0.9, 0.999, 2.0}, {3.0}, 0.5, 1e-3, Point::Constant(1, 0.25));
}

TEST(AdaptiveProblem, GivesEachMethodWhatIsItsOwn) {
  EXPECT_EQ(on_line("rmsprop").optimizer.given, (Parameters{{"beta", {0.999}}, {"initial_v", {0.25}}}));
  EXPECT_EQ(on_line("rmspropw").optimizer.given,
            (Parameters{{"beta", {0.999}}, {"initial_v", {0.25}}, {"gamma", {2.0}}}));
  EXPECT_EQ(on_line("adam").optimizer.given, (Parameters{{"beta_1", {0.9}}, {"beta_2", {0.999}}}));
  EXPECT_EQ(on_line("adamw").weight_decay(), 2.0);
}

TEST(AdaptiveProblem, IsCalledAsInThePaper) {
  EXPECT_EQ(label_of("rmspropw"), "RMSpropW");
  EXPECT_EQ(number_of_sde("adam"), "(124)");
  EXPECT_THROW(label_of("sgd"), UnknownName);
}

TEST(AdaptiveProblem, IsStationaryFromItsMeanField) {
  const Problem problem =
      in_stationary_law(adaptive_problem("adamw", {0.9, 0.999, 2.0}, {1.0, 3.0}, 0.5, 1e-3, Point::Zero(2)));
  const auto& initial = problem.optimizer.given.at("initial_v");
  ASSERT_EQ(initial.size(), 2U);
  for (const Index i : problem.coordinates()) {
    // v = sigma^2 + lambda^2 Var x, and Var x is the recursion's with that v.
    const double v = initial[static_cast<std::size_t>(i)], variance = problem.start(i) * problem.start(i);
    EXPECT_NEAR(v / (0.25 + std::pow(problem.curvatures()(i), 2) * variance), 1.0, 1e-12);
    EXPECT_NEAR(frozen_variance(mean_field_settings(problem, i), v) / variance, 1.0, 1e-9);
  }
  EXPECT_THAT(problem.optimizer.given.at("bias_correction"), ElementsAre(0.0));
}

TEST(AdaptiveProblem, IsRescaledByTheRule) {
  const theory::AdaptiveScaling scaling{
      .learning_rate_scale = 2.0, .batch_size_scale = 4.0, .weight_decay_scale = 3.0};
  const Problem adamw = rescaled(on_line("adamw"), scaling);
  EXPECT_EQ(adamw.learning_rate, 2e-3);
  EXPECT_EQ(adamw.sigmas()(0), 0.25);
  EXPECT_EQ(adamw.weight_decay(), 6.0);
  EXPECT_NEAR(adamw.beta_1(), 0.6, 1e-15);
  EXPECT_NEAR(adamw.beta_2(), 0.996, 1e-15);
  EXPECT_THAT(rescaled(on_line("rmsprop"), scaling).optimizer.given.at("initial_v"), ElementsAre(0.0625));
}

TEST(AdaptiveProblem, RefusesABetaThatLeavesItsRange) {
  EXPECT_THROW(rescaled(on_line("adam"), {.learning_rate_scale = 4.0}), InvalidParameter);
}

}  // namespace
}  // namespace sdelens
