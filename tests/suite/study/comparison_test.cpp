#include "suite/study/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/suite/trial.hpp"

namespace sdelens {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

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

TEST(SquaredGradient, IsTheSquareOfEachEntry) {
  const auto quadratic = make_landscape("quadratic", {{"curvatures", {10.0, 2.0}}});
  EXPECT_THAT(squared_gradient_at(*quadratic, Point{{1.0, 0.5}}), ElementsAre(100.0, 1.0));
}

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

class OnAQuadratic : public testing::Test {
 protected:
  static LandscapeComparison problem() {
    return {.item = "Figure 0",
            .model = quadratic_with_gaussian_noise({2.0, 1.0}, 0.5, 0.1),
            .sigma = 0.5,
            .start = Point{{10.0, 10.0}},
            .iterations = 2000,
            .runs = 512,
            .end = 0.25,
            .minimum = Point::Zero(2),
            .minimum_value = 0.0};
  }
  /// The SDE of paper A at dt = eta, which tracks, and that of Malladi et al., whose V forgets the gradient while the
  /// optimizer is still on its way down.
  static DescribedOptimizer rmsprop() {
    const Parameters parameters{{"beta", {0.99}}, {"initial_v", {400.0, 100.0}}};
    const Approximation tracking{
        .id = "good", .label = "SDE", .sde = "rmsprop", .parameters = parameters, .tracks = Verdict::pass};
    Approximation departing = tracking;
    departing.id = "bad";
    departing.label = "Malladi";
    departing.sde = "rmsprop-malladi";
    departing.form = AdaptiveSde::rmsprop_malladi;
    departing.tracks = Verdict::fail;
    departing.settles = false;
    return {.id = "rmsprop",
            .label = "RMSprop",
            .optimizer = "rmsprop",
            .parameters = parameters,
            .beta_2 = 0.99,
            .approximations = {tracking, departing}};
  }
};

TEST_F(OnAQuadratic, TheEndIsTheShareThatWasAskedFor) {
  const Recording recording = comparison_recording(problem(), 4);
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
  const LandscapeComparison both = problem();
  double sum = 0.0;
  for (const double curvature : {2.0, 1.0}) {
    const MeanFieldSettings settings{.learning_rate = 0.1, .curvature = curvature, .sigma = 0.5};
    sum += 0.5 * curvature * mean_field(settings).variance;
  }
  EXPECT_NEAR(optimizer_floor(both, rmsprop()) / sum, 1.0, 1e-12);
  EXPECT_NEAR(sde_floor(both, rmsprop(), AdaptiveSde::rmsprop, 1) / sum, 1.0, 1e-10);
  EXPECT_LT(sde_floor(both, rmsprop(), AdaptiveSde::rmsprop, 0), 0.95 * sum);
}

// The mean rests where lambda s / sqrt(v) + gamma (x* + s) = 0.
TEST(WeightDecay, ShiftsTheFloorAwayFromTheOrigin) {
  const auto saddle = make_landscape("embedded-saddle", {});
  const Point minimum = lowest_minimum(*saddle, 3.0);
  const LandscapeComparison problem{.item = "Figure 0",
                                    .model = {.landscape = saddle,
                                              .noise = make_noise("gaussian", 2, {{"sigma", {0.1}}}),
                                              .learning_rate = 1e-6},
                                    .sigma = 0.1,
                                    .start = minimum,
                                    .iterations = 100,
                                    .runs = 64,
                                    .end = 0.1,
                                    .minimum = minimum,
                                    .minimum_value = value_at(*saddle, minimum)};
  const DescribedOptimizer adamw{.id = "adamw",
                                 .label = "AdamW",
                                 .optimizer = "adamw",
                                 .parameters = {},
                                 .beta_1 = 0.9,
                                 .beta_2 = 0.999,
                                 .gamma = 1.0,
                                 .approximations = {}};
  const double curvature = saddle->hessian(minimum)(0, 0);
  const double shift = minimum(0) / (curvature / 0.1 + 1.0);
  // What remains is the noise, eta sigma d/4 = 5e-8.
  EXPECT_NEAR(optimizer_floor(problem, adamw), 0.5 * curvature * shift * shift, 1e-7);
}

// 512 runs from seed 1: the verdicts are at the gate's error rates, below 1e-7 each.
TEST_F(OnAQuadratic, WhatTracksPassesAndWhatDoesNotIsRefuted) {
  const Experiment experiment = test::trial([](const Settings&, Simulations& simulations) -> Judgement {
    const ComparedEnsembles ensembles = order(problem(), rmsprop(), simulations);
    return [=](Findings& out) {
      judge(problem(), ensembles, out);
      show(problem(), ensembles, out);
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
