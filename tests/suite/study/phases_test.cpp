#include "suite/study/phases.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "sdelens/claim/check.hpp"
#include "suite/predictions/sign_lemmas.hpp"

namespace sdelens {
namespace {

Problem problem(double eta) {
  return quadratic_problem({.name = "signsgd"}, {1.0}, 0.1, eta, Point::Zero(1));
}

TEST(Phases, DivideAnIntervalEvenly) {
  EXPECT_EQ(evenly(-1.0, 1.0, 4), (std::vector<double>{-1.0, -0.5, 0.0, 0.5, 1.0}));
  for (const double y : both_sides_of_phase_2()) EXPECT_TRUE(std::abs(y) >= 1.0 && std::abs(y) <= 1.5);
}

// The first step is +-eta with the mean sign at the start: everything about it by hand.
TEST(Phases, BeginTheWayThroughPhase2WithOneStep) {
  const double eta = 1e-3, y = 1.4;
  const std::vector<WayThroughPhase2> ways = ways_through_phase_2(problem(eta), {0.35, 0.9});
  ASSERT_EQ(ways.size(), 4U);
  for (const WayThroughPhase2& way : ways) {
    const double mean_sign = std::erf(y);
    EXPECT_EQ(way.iterations.front(), 1.0);
    EXPECT_NEAR(way.variance.front() / (eta * eta * (1.0 - mean_sign * mean_sign)), 1.0, 1e-9);
    // |x - E x| is eta (1 + E sign) with probability (1 - E sign) / 2: far less than sqrt(a) = sqrt(0.35 eta).
    EXPECT_EQ(way.probability.front(), 0.0);
    EXPECT_LT(way.variance.back(), way.variance_bound.back());
  }
  EXPECT_EQ(deviations(ways).size(), variances(ways).size());
  EXPECT_EQ(ways[0].variance, ways[2].variance) << "the distance says nothing about the law";
}

TEST(Phases, RefuseAStepThroughPhase2) {
  try {
    ways_through_phase_2(problem(0.1), {0.35});
    FAIL() << "one step leads from |Y| = 1.4 to 0.73";
  } catch (const InvalidParameter& error) {
    EXPECT_NE(std::string(error.what()).find("eta"), std::string::npos);
  }
}

TEST(Phases, HoldThePathOfPhase1ToItsError) {
  const Problem sign = problem(1e-3);
  EXPECT_NEAR(signal(sign, 0, far_out(sign)), 4.0, 1e-14);
  const Claim claim{.id = "path", .margin = absolute(1e-12)};
  std::vector<Comparison> path = path_through_phase_1(sign);
  EXPECT_EQ(check(claim, path, 0).verdict, Verdict::pass);
  for (Comparison& point : path) point.measurement.value *= 1.02;
  EXPECT_EQ(check(claim, path, 0).verdict, Verdict::fail);
}

}  // namespace
}  // namespace sdelens
