#include "suite/study/comparison/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "suite/study/comparison/claims.hpp"
#include "suite/study/comparison/deviation.hpp"
#include "suite/study/comparison/figures.hpp"
#include "suite/study/comparison/floors.hpp"
#include "suite/study/minima.hpp"
#include "tests/suite/trial.hpp"

namespace sdelens {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Settings settings_with(const Parameters& values) {
  std::vector<SettingSpecification> specification;
  for (const auto& [name, value] : values)
    specification.push_back(chosen(name, value, Range::finite(), "a setting"));
  return {"trial", specification, {}};
}

TEST(SquaredGradient, IsTheSquareOfEachEntry) {
  const Choice quadratic{.name = "quadratic", .given = {{"curvatures", {10.0, 2.0}}}};
  EXPECT_THAT(squared_gradient_at_start(quadratic, settings_with({{"x0", {1.0, 0.5}}})),
              ElementsAre(100.0, 1.0));
}

TEST(ComparisonOn, TheSaddleEndsAtItsLowestMinimum) {
  const Settings settings = settings_with({{"eta", {1e-3}},
                                           {"sigma", {0.1}},
                                           {"x0", {0.3, 0.6}},
                                           {"iterations", {500}},
                                           {"runs", {64}},
                                           {"curvatures", {-1.0, 2.0}},
                                           {"quartic", {1.0}},
                                           {"cubic", {0.1}}});
  const LandscapePanel panel{.item = "Figure 0", .landscape = saddle_landscape(settings), .end = 0.1};
  const DescribedOptimizer adam{.label = "Adam", .choice = {.name = "adam"}, .approximations = {}};
  const LandscapeComparison comparison = comparison_on(panel, adam, settings);
  EXPECT_EQ(comparison.id(), "adam");
  EXPECT_NEAR(comparison.minimum(0), 0.05 + std::sqrt(1.0025), 1e-14);
  EXPECT_NEAR(comparison.minimum_value, -0.285963, 5e-7);
  EXPECT_EQ(comparison.problem.start(1), 0.6);
}

TEST(ComparisonOn, ALandscapeOfOneDimensionIsRefused) {
  const Settings settings = settings_with(
      {{"eta", {1e-3}}, {"sigma", {0.1}}, {"x0", {0.3}}, {"iterations", {500}}, {"runs", {64}}});
  const LandscapePanel panel{
      .item = "Figure 0", .landscape = {.name = "quadratic", .given = {{"curvatures", {1.0}}}}, .end = 0.1};
  const DescribedOptimizer adam{.label = "Adam", .choice = {.name = "adam"}, .approximations = {}};
  EXPECT_THROW(comparison_on(panel, adam, settings), InvalidParameter);
}

class OnAQuadratic : public testing::Test {
 protected:
  /// RMSprop with the SDE of paper A at dt = eta, which tracks, and that of Malladi et al., whose V forgets the gradient
  /// while the optimizer is still on its way down.
  static DescribedOptimizer rmsprop() {
    const Parameters parameters{{"beta", {0.99}}, {"initial_v", {400.0, 100.0}}};
    const Choice choice{.name = "rmsprop", .given = parameters};
    const Approximation tracking{
        .id = "good", .label = "SDE", .sde = euler_maruyama(choice), .tracks = Verdict::pass};
    Approximation departing = tracking;
    departing.id = "bad";
    departing.label = "Malladi";
    departing.sde = euler_maruyama({.name = "rmsprop-malladi", .given = parameters});
    departing.form = AdaptiveSde::rmsprop_malladi;
    departing.tracks = Verdict::fail;
    departing.settles = false;
    return {.label = "RMSprop", .choice = choice, .approximations = {tracking, departing}};
  }
  static LandscapeComparison comparison() {
    const DescribedOptimizer optimizer = rmsprop();
    return {.item = "Figure 0",
            .problem = quadratic_problem(optimizer.choice, {2.0, 1.0}, 0.5, 0.1, Point{{10.0, 10.0}}),
            .optimizer = optimizer,
            .iterations = 2000,
            .runs = 512,
            .end = 0.25,
            .minimum = Point::Zero(2),
            .minimum_value = 0.0};
  }
};

TEST_F(OnAQuadratic, TheEndIsTheShareThatWasAskedFor) {
  const Recording recording = comparison_recording(comparison(), 4);
  ASSERT_EQ(recording.windows.size(), 1U);
  EXPECT_EQ(recording.windows[0].first, 4U * 1500U);
  EXPECT_EQ(recording.windows[0].last, 4U * 2000U);
  EXPECT_TRUE(std::ranges::is_sorted(recording.steps, std::less_equal<>()));
  EXPECT_EQ(recording.steps.front(), 0U);
  EXPECT_EQ(recording.steps.back(), 4U * 2000U);
  EXPECT_TRUE(std::ranges::all_of(recording.steps, [](std::uint64_t step) { return step % 4 == 0; }));
}

// Half of sum lambda Var x, with Var x the same function of lambda for each coordinate.
TEST_F(OnAQuadratic, FloorsAddTheCoordinates) {
  const LandscapeComparison both = comparison();
  double sum = 0.0;
  for (const double curvature : {2.0, 1.0}) {
    const MeanFieldSettings settings{.learning_rate = 0.1, .curvature = curvature, .sigma = 0.5};
    sum += 0.5 * curvature * mean_field(settings).variance;
  }
  EXPECT_NEAR(optimizer_floor(both) / sum, 1.0, 1e-12);
  EXPECT_NEAR(sde_floor(both, AdaptiveSde::rmsprop, 1) / sum, 1.0, 1e-10);
  EXPECT_LT(sde_floor(both, AdaptiveSde::rmsprop, 0), 0.95 * sum);
}

// The mean rests where lambda s / sqrt(v) + gamma (x* + s) = 0.
TEST(WeightDecay, ShiftsTheFloorAwayFromTheOrigin) {
  const auto saddle = make_landscape("embedded-saddle", {});
  const Point minimum = lowest_minimum(*saddle, 3.0);
  const DescribedOptimizer adamw{
      .label = "AdamW", .choice = {.name = "adamw", .given = {{"gamma", {1.0}}}}, .approximations = {}};
  const Problem problem = make_problem({.optimizer = adamw.choice,
                                        .landscape = {.name = "embedded-saddle"},
                                        .noise = {.name = "gaussian", .given = {{"sigma", {0.1}}}},
                                        .learning_rate = 1e-6,
                                        .start = minimum});
  const LandscapeComparison comparison{.item = "Figure 0",
                                       .problem = problem,
                                       .optimizer = adamw,
                                       .iterations = 100,
                                       .runs = 64,
                                       .end = 0.1,
                                       .minimum = minimum,
                                       .minimum_value = value_at(*saddle, minimum)};
  const double curvature = saddle->hessian(minimum)(0, 0);
  const double shift = minimum(0) / (curvature / 0.1 + 1.0);
  // What remains is the noise, eta sigma d/4 = 5e-8.
  EXPECT_NEAR(optimizer_floor(comparison), 0.5 * curvature * shift * shift, 1e-7);
}

// 512 runs from seed 1: the verdicts are at the gate's error rates, below 1e-7 each.
TEST_F(OnAQuadratic, WhatTracksPassesAndWhatDoesNotIsRefuted) {
  const Experiment experiment = test::trial([](const Settings&, Simulations& simulations) -> Judgement {
    const ComparedEnsembles ensembles = order(comparison(), simulations);
    return [=](Findings& out) {
      judge(ensembles, out);
      show(ensembles, out);
      const double first = largest_deviation(ensembles, 0).measurement.value;
      const double second = largest_deviation(ensembles, 1).measurement.value;
      const LargestDeviation step = deviation_step(ensembles, 0, 1);
      EXPECT_NEAR(step.measurement.value, second - first, 0.02);
      EXPECT_GT(step.bias, 0.0);
      EXPECT_LT(step.bias, 0.1);
      EXPECT_GT(second, 0.3);
    };
  });
  const Record record = test::run(experiment);
  EXPECT_EQ(to_string(record.outcome), "completed") << record.reason;
  EXPECT_EQ(test::check_of(record, "tracks/good").verdict, Verdict::pass);
  EXPECT_EQ(test::check_of(record, "tracks/bad").verdict, Verdict::fail);
  EXPECT_EQ(test::check_of(record, "simulation/rmsprop").verdict, Verdict::pass);
  ASSERT_EQ(record.figures.size(), 3U);
  EXPECT_FALSE(record.figures[0].contours.levels.empty());
  EXPECT_THAT(record.figures[2].caption, HasSubstr("Largest |log₁₀ ratio|"));
  EXPECT_FALSE(record.figures[1].series[0].low.empty()) << "the optimizer has its band";
}

}  // namespace
}  // namespace sdelens
