#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suite/study/beside_sdes.hpp"
#include "tests/suite/trial.hpp"

namespace sdelens {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(FigureBuilder, DrawsAlongTheIterationsUnlessAnAxisIsGiven) {
  Findings out;
  out.figure("a", "A").caption("{} and {}", 1, "two").y({.label = "y"});
  out.figure("b", "B").x({.label = "σ", .logarithmic = true});
  ASSERT_EQ(out.figures().size(), 2U);
  EXPECT_EQ(out.figures()[0].title, "A");
  EXPECT_EQ(out.figures()[0].caption, "1 and two");
  EXPECT_EQ(out.figures()[0].x.label, "iteration k");
  EXPECT_EQ(out.figures()[0].y.label, "y");
  EXPECT_EQ(out.figures()[1].x.label, "σ");
}

TEST(FigureBuilder, DrawsFunctionsPredictionsAndValuesAtThePlacesThatWereSaidBefore) {
  Findings out;
  const PredictedCurve predicted = [](double k) -> Prediction { return {.value = -k}; };
  out.figure("a", "A")
      .at({1.0, 2.0})
      .theory([](double x) { return 10.0 * x; }, "function", 3)
      .bound(predicted, "prediction", 4)
      .at({5.0})
      .optimizer(std::vector<double>{7.0}, "values", 0)
      .sde(Series{.x = {0.0, 9.0}, .y = {1.0, 2.0}}, "its own places", 1);
  const std::vector<Series>& series = out.figures().front().series;
  ASSERT_EQ(series.size(), 4U);
  EXPECT_THAT(series[0].y, ElementsAre(10.0, 20.0));
  EXPECT_EQ(series[0].role, Role::theory);
  EXPECT_EQ(series[0].label, "function");
  EXPECT_EQ(series[0].colour, 3);
  EXPECT_THAT(series[1].y, ElementsAre(-1.0, -2.0));
  EXPECT_EQ(series[1].role, Role::bound);
  EXPECT_THAT(series[2].x, ElementsAre(5.0));
  EXPECT_EQ(series[2].role, Role::optimizer);
  EXPECT_THAT(series[3].x, ElementsAre(0.0, 9.0));
  EXPECT_EQ(series[3].role, Role::sde);
}

TEST(FigureBuilder, DrawsMomentsAtTheRecordedIterations) {
  Simulations simulations("trial", Tier::smoke, 5);
  const Simulated simulated(test::normals(simulations, "normals", 256));
  simulations.orders().front().ensemble->extend_to(256, {});
  Findings out;
  out.figure("a", "A").optimizer(simulated.band("x1"), "with a band", 0).sde(simulated.mean(0), "without", 1);
  const std::vector<Series>& series = out.figures().front().series;
  EXPECT_EQ(series[0].x, simulated->iterations());
  EXPECT_EQ(series[0].low.size(), 1U);
  EXPECT_LT(series[0].low.front(), series[0].y.front());
  EXPECT_EQ(series[1].y, series[0].y);
  EXPECT_THAT(series[1].low, IsEmpty());
}

TEST(FigureBuilder, RefusesValuesWithoutPlaces) {
  Findings out;
  try {
    out.figure("loss", "A").at({1.0, 2.0}).theory(std::vector<double>{1.0}, "short", 0);
    ADD_FAILURE();
  } catch (const std::logic_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("curve 'short' of the figure 'loss' has 1 values at 2 places"));
  }
}

TEST(ClaimBuilder, SaysAFormatAndLeavesBracesAlone) {
  Findings out;
  out.claim("gamma={}", 0.5).says("{} keeps it", "Adam");
  out.claim("braces").says("the set {1}");
  EXPECT_EQ(out.expectations()[0].claim.id, "gamma=0.5");
  EXPECT_EQ(out.expectations()[0].claim.statement, "Adam keeps it");
  EXPECT_EQ(out.expectations()[1].claim.statement, "the set {1}");
}

TEST(ClaimBuilder, ResolvesBeyondItsMargin) {
  Findings out;
  out.claim("a").margin({.absolute = 0.5, .relative = 0.25}, "why").resolves_beyond_margin(relative(0.125));
  const Claim& claim = out.expectations().front().claim;
  EXPECT_EQ(claim.resolution.relative, 0.375);
  EXPECT_EQ(claim.resolution.absolute, 0.5);
}

TEST(BesideSdes, OrdersTheSdeInPrintAndTheRepairedOneOnTheSamePath) {
  Simulations simulations("trial", Tier::smoke, 5);
  const Problem adam = quadratic_problem({.name = "adam"}, {1.0}, 1.0, 1e-3);
  BesideSdes beside{.window = "w", .of_sde = "X^2", .of_optimizer = "x^2"};
  order_beside_sdes(beside, "Adam", adam, {.sde = adam.optimizer, .steps_per_iteration = 2},
                    {.recording = averaged("w", 10, 20, 1),
                     .runs = 256,
                     .observables = {squared_column("x^2", 0), squared_column("X^2", 3)}},
                    simulations);
  EXPECT_EQ(beside.printed->name(), "Adam and SDE adam");
  EXPECT_EQ(beside.repaired->name(), "Adam and SDE adam-corrected");
  for (Simulations::Order& order : simulations.orders()) order.ensemble->extend_to(256, {});
  const double ratio = beside.printed_ratio().value;
  EXPECT_NE(ratio, beside.repaired_ratio().value);
  EXPECT_DOUBLE_EQ(beside.printed_through(3.0).value, 3.0 * ratio);
  EXPECT_EQ(beside.printed.mean_of_observable("x^2").over("w").value,
            beside.repaired.mean_of_observable("x^2").over("w").value);
}

}  // namespace
}  // namespace sdelens
