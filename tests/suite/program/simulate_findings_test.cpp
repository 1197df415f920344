// Measured moments at settings that no experiment uses, against calculations. All numbers of a test are compared at an
// error rate of 1e-6 together, by the intervals of the gate (Student's t with a term for skewness).
#include "suite/program/simulate/simulate_findings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "sdelens/claim/check.hpp"
#include "sdelens/exact/linear_recursion.hpp"
#include "sdelens/exact/mean_field.hpp"
#include "sdelens/exact/sign_chain.hpp"
#include "tests/suite/predictions/problems.hpp"

namespace sdelens {
namespace {

using test::Asked;
using test::planned;
using testing::HasSubstr;

constexpr double false_alarms = 1e-6;

SimulatePlan simulated(const Asked& asked) {
  SimulatePlan plan = planned(asked);
  const Execution execution{.threads = 2};
  plan.optimizer->extend_to(plan.replicas, execution);
  if (plan.sde) plan.sde->extend_to(plan.replicas, execution);
  return plan;
}

/// The row of a quantity whose `what` begins with a text.
const ComparisonRow& row_of(const ComparisonTable& table, const std::string& quantity,
                            const std::string& what) {
  for (const ComparisonRow& row : table.rows) {
    if (row.quantity == quantity && row.what.starts_with(what)) return row;
  }
  throw std::logic_error("no row " + quantity + ", " + what);
}

/// What a moment of `count` replicas in 64 groups is off by at most, in standard errors: Student's t of 63 degrees of
/// freedom at the rate shared by the numbers of a test, and half as much again for the skewness of squares.
double errors_allowed(double numbers) {
  return 1.5 * interval_factor({.value = 0.0, .standard_error = 1.0, .degrees_of_freedom = 63.0},
                               false_alarms / numbers);
}

void expect_measured(const ComparisonTable& table, const std::string& quantity, const std::string& of,
                     double truth, double numbers, double relative = 0.0) {
  const ComparisonRow& row = row_of(table, quantity, of + ", measured");
  ASSERT_TRUE(row.error);
  EXPECT_LT(*row.error, 0.3 * std::abs(truth) + 0.02)
      << quantity << " is measured too badly to test anything";
  EXPECT_LE(std::abs(row.value - truth), errors_allowed(numbers) * *row.error + relative * std::abs(truth))
      << table.title << ' ' << quantity;
}

TEST(SimulateFindings, MeasureDenseSgdWInDimensionFive) {
  const Asked asked{
      .optimizer = "sgdw",
      .landscape = "quadratic:hessian=3/.5/.2/0/0/.5/2/.4/.1/0/.2/.4/1/.3/.1/0/.1/.3/2/.6/0/0/.1/.6/4",
      .noise = "gaussian:0.1,0.5,1,2,0.3",
      .set = {{"eta", {0.1}}, {"gamma", {0.8}}},
      .x0 = {1.0, -2.0, 0.5, 0.0, 3.0},
      .steps = 12,
      .runs = 20000};
  const SimulatePlan plan = simulated(asked);
  const SimulateFindings found = find(plan);
  EXPECT_TRUE(found.damages.empty());
  LinearRecursion exact({.hessian = plan.problem.hessian(),
                         .noise_covariance = Eigen::VectorXd{{0.01, 0.25, 1.0, 4.0, 0.09}}.asDiagonal(),
                         .learning_rate = 0.1,
                         .weight_decay = 0.8},
                        plan.problem.start);
  exact.advance(12);
  for (Index i = 0; i < 5; ++i) {
    expect_measured(found.tables[0], fmt::format("E x{}", i + 1), "sgdw", exact.mean()(i), 11.0);
    expect_measured(found.tables[0], fmt::format("Var x{}", i + 1), "sgdw", exact.covariance()(i, i), 11.0);
  }
  expect_measured(found.tables[0], "E f", "sgdw", exact.expected_loss(), 11.0);
  const ComparisonRow& predicted = row_of(found.tables[0], "E f", "Exact recursion");
  EXPECT_NEAR(predicted.value / exact.expected_loss(), 1.0, 1e-14);
  EXPECT_EQ(predicted.optimizer->agreement, Agreement::consistent);
}

TEST(SimulateFindings, MeasureSignSgdWithInfiniteVariance) {
  const Asked asked{.optimizer = "signsgd",
                    .landscape = "quadratic:1,5",
                    .noise = "student-t:nu=1.5,sigma=0.3/0.05",
                    .set = {{"eta", {0.02}}},
                    .x0 = {0.11, -0.07},
                    .steps = 90,
                    .runs = 20000};
  const SimulateFindings found = find(simulated(asked));
  EXPECT_TRUE(found.notes.empty()) << "the moments of SignSGD are finite";
  double loss = 0.0;
  for (const auto& [i, curvature, sigma, start] :
       {std::tuple{1, 1.0, 0.3, 0.11}, std::tuple{2, 5.0, 0.05, -0.07}}) {
    SignChain chain({.learning_rate = 0.02, .start = start},
                    student_t_probability_down({.curvature = curvature, .sigma = sigma}, 1.5));
    chain.advance(90);
    expect_measured(found.tables[0], fmt::format("E x{}", i), "signsgd", chain.mean(), 5.0);
    expect_measured(found.tables[0], fmt::format("Var x{}", i), "signsgd", chain.variance(), 5.0);
    loss += 0.5 * curvature * chain.second_moment();
  }
  expect_measured(found.tables[0], "E f", "signsgd", loss, 5.0);
}

TEST(SimulateFindings, MeasureAdamWAtMixedSigma) {
  const Asked asked{.optimizer = "adamw",
                    .landscape = "quadratic:1,4",
                    .noise = "gaussian:0.5,2",
                    .set = {{"eta", {5e-3}}, {"gamma", {3.0}}, {"beta_1", {0.8}}},
                    .x0 = {0.05},
                    .steps = 26000,
                    .runs = 256};
  const SimulateFindings found = find(simulated(asked));
  const ComparisonTable& window = found.tables[1];
  double loss = 0.0;
  for (const auto& [i, curvature, sigma] : {std::tuple{1, 1.0, 0.5}, std::tuple{2, 4.0, 2.0}}) {
    const double variance = mean_field({5e-3, curvature, sigma, 0.8, 3.0}).variance;
    // The closure is right within 0.3%.
    expect_measured(window, fmt::format("Var x{}", i), "adamw", variance, 5.0, 0.003);
    expect_measured(window, fmt::format("E x{}", i), "adamw", 0.0, 5.0);
    loss += 0.5 * curvature * variance;
    EXPECT_EQ(row_of(window, fmt::format("Var x{}", i), "Mean field").optimizer->agreement,
              Agreement::consistent);
    EXPECT_EQ(row_of(window, fmt::format("Var x{}", i), "Lemma 3.14, printed").optimizer->agreement,
              Agreement::consistent);
  }
  expect_measured(window, "E f", "adamw", loss, 5.0, 0.003);
}

TEST(SimulateFindings, MeasureTheSdeBesideTheOptimizer) {
  const Asked asked{.optimizer = "sgd",
                    .landscape = "quadratic:1,3",
                    .noise = "gaussian:0.4,0.7",
                    .set = {{"eta", {0.25}}},
                    .x0 = {0.5},
                    .steps = 40,
                    .sde = "ours",
                    .runs = 20000};
  const SimulateFindings found = find(simulated(asked));
  // The stationary variances differ: eta s^2 / (lambda (2 - eta lambda)) and eta s^2 / (2 lambda); the second by weak
  // order 2 with eta / 4: relative error below (lambda eta / 4)^2.
  expect_measured(found.tables[0], "Var x2", "sgd", 0.25 * 0.49 / (3.0 * (2.0 - 0.75)), 2.0);
  expect_measured(found.tables[0], "Var x2", "SDE sgd", 0.25 * 0.49 / 6.0, 2.0, 0.0352);
  const ComparisonRow& lemma = row_of(found.tables[0], "Var x2", "Lemma 3.8");
  ASSERT_TRUE(lemma.optimizer && lemma.sde);
  EXPECT_GT(lemma.optimizer->in_errors, 10.0);
  EXPECT_FALSE(row_of(found.tables[0], "Var x2", "Exact recursion").sde) << "it is about the optimizer";
}

// The lemma is right of the optimizer; read of the SDE that it is derived from, which has 0.81 of its variance at
// beta_1 = 0.9, it is not.
TEST(SimulateFindings, JudgeLemma314OfTheOptimizerAndReadOfTheSde) {
  const SimulateFindings found =
      find(simulated({.optimizer = "adamw",
                      .landscape = "quadratic:1",
                      .noise = "gaussian:0.5",
                      .set = {{"eta", {5e-3}}, {"gamma", {3.0}}, {"beta_1", {0.9}}},
                      .x0 = {0.05},
                      .steps = 26000,
                      .sde = "adamw",
                      .runs = 256}));
  const ComparisonTable& window = found.tables[1];
  const ComparisonRow& of_sde = row_of(window, "Var x1", "Lemma 3.14, read of the SDE, printed");
  EXPECT_FALSE(of_sde.optimizer) << "it is about the SDE";
  ASSERT_TRUE(of_sde.sde);
  // beta_1^2 rho / (rho + (1 - beta_1) lambda / sigma + gamma) with rho = 20: 0.698 of the lemma.
  const ComparisonRow& lemma = row_of(window, "Var x1", "Lemma 3.14, printed");
  EXPECT_FALSE(lemma.sde) << "it is about the optimizer";
  EXPECT_EQ(lemma.value, of_sde.value);
  EXPECT_EQ(lemma.optimizer->agreement, Agreement::consistent);
  expect_measured(window, "Var x1", "SDE adamw", 0.81 * 20.0 / 23.2 * lemma.value, 1.0, 0.02);
  EXPECT_LT(*of_sde.sde->in_percent, -20.0);
  EXPECT_LT(of_sde.sde->in_errors, -10.0);
}

TEST(SimulateFindings, CatchAPredictionThatIsWrong) {
  // SignSGD at eta lambda / sigma = 0.25: the printed and the corrected form of 3.7 differ from the chain by 8 and 15%.
  const SimulateFindings found = find(simulated({.optimizer = "signsgd",
                                                 .landscape = "quadratic:1",
                                                 .noise = "gaussian:0.04",
                                                 .set = {{"eta", {0.01}}},
                                                 .x0 = {0.015},
                                                 .steps = 400,
                                                 .runs = 20000}));
  const ComparisonRow& lemma = row_of(found.tables[1], "Var x1", "Lemma 3.7, corrected");
  EXPECT_GT(lemma.optimizer->in_errors, 10.0);
  EXPECT_GT(*lemma.optimizer->in_percent, 10.0);
  EXPECT_EQ(row_of(found.tables[1], "Var x1", "Exact chain").optimizer->agreement, Agreement::consistent);
}

TEST(SimulateFindings, SayWhatTheNumbersCannot) {
  const SimulateFindings infinite = find(simulated({.optimizer = "sgd",
                                                    .landscape = "quadratic:1",
                                                    .noise = "student-t:nu=1.5,sigma=0.1",
                                                    .set = {{"eta", {0.1}}},
                                                    .steps = 50}));
  ASSERT_EQ(infinite.notes.size(), 1U);
  EXPECT_THAT(infinite.notes[0], HasSubstr("nu = 1.5 has an infinite variance"));
  const SimulateFindings outside = find(simulated({.optimizer = "signsgd",
                                                   .landscape = "quadratic:1",
                                                   .noise = "gaussian:0.1",
                                                   .x0 = {0.3},
                                                   .steps = 50,
                                                   .sde = "signsgd-phase-3"}));
  ASSERT_EQ(outside.notes.size(), 1U);
  EXPECT_THAT(outside.notes[0], HasSubstr("64 of 64 paths of SDE signsgd-phase-3 left the domain"));
}

TEST(SimulateFindings, OfADivergingRunAreAMessage) {
  const SimulateFindings found = find(simulated({.optimizer = "sgd",
                                                 .landscape = "quadratic:1,30",
                                                 .noise = "gaussian:1",
                                                 .set = {{"eta", {0.1}}},
                                                 .steps = 2000}));
  EXPECT_TRUE(found.tables.empty());
  ASSERT_EQ(found.damages.size(), 1U);
  EXPECT_THAT(
      found.damages[0],
      testing::AllOf(HasSubstr("64 of 64 replicas of 'sgd' are not finite, from recorded iteration k = "),
                     HasSubstr("all are)"), HasSubstr("2 / (lambda + gamma) = 0.06667")));
}

TEST(SimulateFindings, OfADivergingRunThatIsStillFiniteSaySo) {
  const SimulateFindings found = find(simulated({.optimizer = "sgd",
                                                 .landscape = "quadratic:1,30",
                                                 .noise = "gaussian:1",
                                                 .set = {{"eta", {0.1}}},
                                                 .steps = 10}));
  EXPECT_EQ(found.tables.size(), 2U);
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_THAT(found.notes[0],
              HasSubstr("sgd has no stationary law: eta (lambda + gamma) = 3 is not below 2"));
}

// A replica's path does not depend on how many there are.
TEST(SimulateFindings, OfAnInterruptedRunAreThoseOfAShorterOne) {
  Asked asked{.optimizer = "sgd",
              .landscape = "quadratic:1,3",
              .noise = "gaussian:0.5",
              .x0 = {0.1},
              .steps = 2000,
              .sde = "ours",
              .runs = 512};
  const SimulatePlan interrupted = planned(asked);
  std::stop_source source;
  std::uint64_t work = 0;
  const Execution execution{.threads = 1, .stop = source.get_token(), .progress = [&](std::uint64_t done) {
                              work += done;
                              if (work > Process::usual_rows_per_block * 2000) source.request_stop();
                            }};
  ASSERT_FALSE(interrupted.optimizer->extend_to(interrupted.replicas, execution));
  ASSERT_EQ(interrupted.optimizer->replicas(), 256U);
  const SimulateFindings found = find(interrupted);
  EXPECT_TRUE(found.damages.empty());

  asked.runs = 256;
  asked.sde = "none";
  const SimulateFindings shorter = find(simulated(asked));
  ASSERT_EQ(found.tables.size(), shorter.tables.size());
  for (std::size_t i = 0; i < found.tables.size(); ++i) {
    for (const ComparisonRow& expected : shorter.tables[i].rows) {
      const ComparisonRow& row = row_of(found.tables[i], expected.quantity, expected.what);
      EXPECT_EQ(row.value, expected.value) << expected.quantity << ' ' << expected.what;
      EXPECT_EQ(row.error, expected.error) << expected.quantity << ' ' << expected.what;
      EXPECT_FALSE(row.sde) << "no path of the SDE was finished";
    }
  }
}

}  // namespace
}  // namespace sdelens
