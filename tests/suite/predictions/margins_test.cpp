// The margins that more than one statement has: where they come from, and that each is one number.
#include "suite/predictions/margins.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "sdelens/exact/mean_field.hpp"
#include "suite/predictions/prediction.hpp"
#include "suite/predictions/theory_settings.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

struct Setting {
  double learning_rate, curvature, sigma, weight_decay;
};

/// With eta gamma from 0.001 to 0.2 and r = eta lambda / sigma at most a tenth of it.
constexpr Setting decay_leads[] = {
    {1e-3, 1e-3, 1.0, 1.0}, {1e-3, 0.1, 1.0, 4.0}, {1e-2, 0.01, 0.5, 10.0}, {5e-2, 0.01, 2.0, 4.0}};

Problem problem_of(const std::string& optimizer, const Setting& at, double beta_1) {
  return adaptive_problem(optimizer, {beta_1, 0.999, at.weight_decay}, {at.curvature}, at.sigma,
                          at.learning_rate, Point::Zero(1));
}

/// The stationary variance of the optimizer with V held at sigma^2, exactly, over that of the lemma, less 1.
double departure(const Problem& problem) {
  const double v = problem.scale_matrix()(0, 0);
  return frozen_variance(mean_field_settings(problem, 0), v) /
             theory::adamw_stationary_variance(adaptive_coordinate(problem, 0)) -
         1.0;
}

TEST(Margins, OfTheMeanFieldAreOneNumber) {
  EXPECT_EQ(mean_field_margin().bound.relative, 3e-3);
  EXPECT_EQ(mean_field_margin().bound.absolute, 0.0);
  const PredictionEntry& entry = Registry<PredictionEntry>::all().at("mean-field");
  for (const std::string optimizer : {"rmsprop", "rmspropw", "adam", "adamw"}) {
    const Problem problem = problem_of(optimizer, {1e-3, 1.0, 1.0, 1.0}, 0.9);
    const PredictedMoments moments = entry.limit(Question{problem}, {.name = "limit", .iterations = {}});
    EXPECT_EQ(moments.variance[0].margin, mean_field_margin().bound.at(moments.variance[0].value))
        << optimizer;
  }
}

TEST(Margins, OfDecayWithoutMomentumAreEtaGamma) {
  for (const Setting& at : decay_leads) {
    const Problem problem = problem_of("rmspropw", at, 0.0);
    const double decay = at.learning_rate * at.weight_decay;
    const double margin = adaptive_margin(problem).bound.relative;
    EXPECT_NEAR(margin, 0.35 * problem.ratio(0) + decay, 1e-15);
    // With V held, the recursion's variance is 1 / (1 - (eta gamma + r) / 2) of the lemma's: 1.2 eta gamma would cover
    // nothing that eta gamma does not.
    const double found = departure(problem);
    EXPECT_NEAR(found, 1.0 / (1.0 - 0.5 * (decay + problem.ratio(0))) - 1.0, 1e-12);
    EXPECT_LT(found, decay) << "eta gamma covers it";
    EXPECT_GT(found, 0.45 * decay) << "and is no more than twice of what there is";
  }
}

TEST(Margins, OfDecayWithMomentumNeedItsLag) {
  for (const Setting& at : decay_leads) {
    const double decay = at.learning_rate * at.weight_decay;
    const Problem problem = problem_of("adamw", at, 0.8);
    const double found = std::abs(departure(problem));
    EXPECT_LT(found, adaptive_margin(problem).bound.relative);
    EXPECT_GT(found, 1.5 * decay) << "eta gamma alone would not cover it";
  }
}

TEST(Margins, OfAdamWithoutDecayAreThoseOfItsSecondMoment) {
  const Problem problem = problem_of("adam", {1e-3, 2.0, 0.5, 0.0}, 0.9);
  EXPECT_EQ(adaptive_margin(problem).bound.relative, second_moment_margin(problem).bound.relative);
  EXPECT_NEAR(second_moment_margin(problem).bound.relative, 0.35 * 4e-3, 1e-15);
}

TEST(Margins, OfTheDescentAreTheSquaredSignal) {
  const Problem problem =
      adaptive_problem("rmsprop", {0.0, 0.999, 0.0}, {1.0, 3.0}, 0.5, 1e-3, Point::Constant(2, -0.1));
  EXPECT_NEAR(descent_margin(problem).bound.relative, std::pow(3.0 * 0.1 / 0.5, 2), 1e-14);
}

TEST(Margins, OfARescalingAreOfWhatBothRunsDoNotShare) {
  const auto margin = [](const std::string& optimizer, double weight_decay) {
    const Problem base = problem_of(optimizer, {1e-3, 3.0, 1.0, weight_decay}, 0.9);
    const Problem scaled =
        rescaled(base, {.learning_rate_scale = 2.0, .batch_size_scale = 4.0, .weight_decay_scale = 2.0});
    return adaptive_rescaling_margin(base, scaled).bound.relative;
  };
  // r is kappa^2 r, eta gamma is kappa^2 eta gamma; 1 - beta_1 is kappa^2 (1 - beta_1).
  const double ratio = 0.35 * 4.0 * 3e-3;
  EXPECT_NEAR(margin("rmsprop", 0.0), ratio, 1e-15);
  EXPECT_NEAR(margin("rmspropw", 1.0), ratio + 4e-3, 1e-15);
  EXPECT_NEAR(margin("adamw", 1.0), ratio + 1.2 * 1e-2 * (0.9 - 0.6), 1e-13);
}

TEST(Margins, OfSgdAreOfItsSteps) {
  const Problem base =
      quadratic_problem({.name = "sgdw", .given = {{"gamma", {0.5}}}}, {1.0, 3.0}, 1.0, 1e-2, Point::Zero(2));
  EXPECT_NEAR(linear_margin(base).bound.relative, 0.6 * 1e-2 * 3.5, 1e-15);
  EXPECT_NEAR(linear_rescaling_margin(base, with_learning_rate(base, 3e-2)).bound.relative, 0.6 * 2e-2 * 3.5,
              1e-15);
}

TEST(Margins, OfARescalingAreThoseOfItsOptimizer) {
  const Problem sgd = quadratic_problem({.name = "sgd"}, {1.0}, 1.0, 1e-2);
  const Problem adam = problem_of("adam", {1e-3, 3.0, 1.0, 0.0}, 0.9);
  const Problem faster = with_learning_rate(sgd, 3e-2), larger = with_learning_rate(adam, 2e-3);
  EXPECT_EQ(rescaling_margin(sgd, faster).reason, linear_rescaling_margin(sgd, faster).reason);
  EXPECT_EQ(rescaling_margin(adam, larger).reason, adaptive_rescaling_margin(adam, larger).reason);
  EXPECT_EQ(asymptotic_margin().bound.relative, 1.0);
}

TEST(Margins, OfTwoReasonsAreTheirSum) {
  const Margin sum = Margin{relative(0.1), "one"} + Margin{{.absolute = 2.0, .relative = 0.2}, "two"};
  EXPECT_NEAR(sum.bound.relative, 0.3, 1e-15);
  EXPECT_EQ(sum.bound.absolute, 2.0);
  EXPECT_EQ(sum.reason, "one; two");
}

}  // namespace
}  // namespace sdelens
