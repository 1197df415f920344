#include "sdelens/claim/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "sdelens/core/check.hpp"

namespace sdelens {
namespace {

const double nan = std::nan("");
constexpr double infinity = std::numeric_limits<double>::infinity();

Claim claim(Relation relation, double margin, double resolution) {
  return {.id = "c",
          .statement = "",
          .source = {},
          .relation = relation,
          .margin = {.absolute = margin},
          .margin_reason = "",
          .resolution = {.absolute = resolution},
          .expected = Verdict::pass};
}

const std::vector<Relation> two_sided{Relation::equal, Relation::order, Relation::identity};
const std::vector<Relation> all_relations{Relation::equal, Relation::at_most,  Relation::at_least,
                                          Relation::order, Relation::ordering, Relation::identity};

/// The verdict on an interval [low, high] for truth - prediction, from a measurement of that centre and an error
/// that makes the interval: half-width / interval factor.
Verdict verdict_on(const Claim& statement, double low, double high) {
  constexpr double prediction = 10.0;
  const ErrorSpending spending{};
  const double unit = interval_factor({.value = 0.0, .standard_error = 1.0}, spending.at_look(0));
  const Measurement measurement{.value = prediction + 0.5 * (low + high),
                                .standard_error = 0.5 * (high - low) / unit};
  return check(statement, {.value = prediction}, measurement, 0, {.replicas = spending}).verdict;
}

struct Row {
  double low, high;
  Verdict equal, at_most, at_least;
};

// Margin 1, resolution 2.
const std::vector<Row> table{
    {-0.5, 0.5, Verdict::pass, Verdict::pass, Verdict::pass},
    {-1.9, 1.9, Verdict::pass, Verdict::pass, Verdict::pass},
    {0.9, 1.9, Verdict::pass, Verdict::pass, Verdict::pass},
    {0.9, 2.1, Verdict::unresolved, Verdict::unresolved, Verdict::pass},
    {1.1, 1.9, Verdict::fail, Verdict::fail, Verdict::pass},
    {1.1, 9.0, Verdict::fail, Verdict::fail, Verdict::pass},
    {-1.9, -0.9, Verdict::pass, Verdict::pass, Verdict::pass},
    {-2.1, -0.9, Verdict::unresolved, Verdict::pass, Verdict::unresolved},
    {-1.9, -1.1, Verdict::fail, Verdict::pass, Verdict::fail},
    {-9.0, -1.1, Verdict::fail, Verdict::pass, Verdict::fail},
    {-2.1, 2.1, Verdict::unresolved, Verdict::unresolved, Verdict::unresolved},
    {-9.0, 0.5, Verdict::unresolved, Verdict::pass, Verdict::unresolved},
    {-0.5, 9.0, Verdict::unresolved, Verdict::unresolved, Verdict::pass},
    {5.0, 5.0, Verdict::fail, Verdict::fail, Verdict::pass},
    {-5.0, -5.0, Verdict::fail, Verdict::pass, Verdict::fail},
    {0.0, 0.0, Verdict::pass, Verdict::pass, Verdict::pass},
};

TEST(CheckVerdict, ComesFromTheIntervalMarginAndResolution) {
  for (const Row& row : table) {
    SCOPED_TRACE(testing::Message() << "[" << row.low << ", " << row.high << "]");
    for (const Relation relation : two_sided)
      EXPECT_EQ(verdict_on(claim(relation, 1.0, 2.0), row.low, row.high), row.equal);
    EXPECT_EQ(verdict_on(claim(Relation::at_most, 1.0, 2.0), row.low, row.high), row.at_most);
    EXPECT_EQ(verdict_on(claim(Relation::at_least, 1.0, 2.0), row.low, row.high), row.at_least);
    EXPECT_EQ(verdict_on(claim(Relation::ordering, 1.0, 2.0), row.low, row.high), row.at_least);
  }
}

TEST(CheckVerdict, WithoutAResolutionThePassIsEquivalenceWithinTheMargin) {
  EXPECT_EQ(verdict_on(claim(Relation::equal, 1.0, 0.0), -0.9, 0.9), Verdict::pass);
  EXPECT_EQ(verdict_on(claim(Relation::equal, 1.0, 0.0), -0.9, 1.1), Verdict::unresolved);
  EXPECT_EQ(verdict_on(claim(Relation::equal, 1.0, 0.5), -0.9, 0.9), Verdict::pass);
  EXPECT_EQ(verdict_on(claim(Relation::equal, 1.0, 0.0), 1.1, 1.2), Verdict::fail);
}

TEST(CheckVerdict, ExactStatementsNeedNoSlackIfTheyAreOneSidedOrExactlyMeasured) {
  EXPECT_EQ(verdict_on(claim(Relation::at_most, 0.0, 0.0), -2.0, -1.0), Verdict::pass);
  EXPECT_EQ(verdict_on(claim(Relation::at_most, 0.0, 0.0), -2.0, 1.0), Verdict::unresolved);
  EXPECT_EQ(verdict_on(claim(Relation::at_most, 0.0, 0.0), 1.0, 2.0), Verdict::fail);
  EXPECT_EQ(verdict_on(claim(Relation::at_least, 0.0, 0.0), 1.0, 2.0), Verdict::pass);
  EXPECT_EQ(verdict_on(claim(Relation::identity, 0.0, 0.0), 0.0, 0.0), Verdict::pass);
  EXPECT_EQ(verdict_on(claim(Relation::identity, 0.0, 0.0), 0x1p-48, 0x1p-48), Verdict::fail);
  for (const Relation relation : two_sided) {
    EXPECT_THROW(verdict_on(claim(relation, 0.0, 0.0), -1.0, 1.0), InvalidParameter);
  }
}

TEST(CheckVerdict, TheEndsBelongToMarginAndResolution) {
  for (const Relation relation : all_relations) {
    for (const double d : {-1.0, 1.0}) EXPECT_EQ(verdict_on(claim(relation, 1.0, 1.0), d, d), Verdict::pass);
  }
}

TEST(CheckVerdict, ThePredictionsErrorWidensTheMargin) {
  const Claim exact = claim(Relation::equal, 1.0, 0.0);
  EXPECT_EQ(check(exact, {.value = 10.0, .error = 0.5}, {.value = 11.4}, 0).verdict, Verdict::pass);
  EXPECT_EQ(check(exact, {.value = 10.0, .error = 0.5}, {.value = 11.6}, 0).verdict, Verdict::fail);
  EXPECT_EQ(check(exact, {.value = 10.0, .error = 0.5}, {.value = 8.4}, 0).verdict, Verdict::fail);
}

TEST(CheckVerdict, BoundsAreAbsolutePlusRelative) {
  Claim relative = claim(Relation::equal, 0.5, 0.0);
  relative.margin.relative = 0.1;
  const Check result = check(relative, {.value = -10.0}, {.value = -11.4}, 0);
  EXPECT_DOUBLE_EQ(result.margin, 1.5);
  EXPECT_DOUBLE_EQ(result.resolution, 1.5);
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(check(relative, {.value = -10.0}, {.value = -11.6}, 0).verdict, Verdict::fail);
}

// Whatever the relation, a number that is none is an error and never a pass or a fail.
TEST(CheckVerdict, NanAndInfinityAnywhereAreErrors) {
  const Measurement good{.value = 10.0, .standard_error = 0.1, .degrees_of_freedom = 63.0, .skewness = 0.0};
  for (const Relation relation : all_relations) {
    Claim statement = claim(relation, 1.0, 2.0);
    statement.margin.relative = 0.1;
    const auto expect_error = [&](const Prediction& prediction, const Measurement& measurement) {
      const Check result = check(statement, prediction, measurement, 0);
      EXPECT_EQ(result.verdict, Verdict::error) << to_string(relation);
      EXPECT_FALSE(result.reason.empty());
      EXPECT_FALSE(result.as_expected());
    };
    ASSERT_EQ(check(statement, {.value = 10.0}, good, 0).verdict, Verdict::pass);
    for (const double bad : {nan, infinity, -infinity}) {
      expect_error({.value = bad}, good);
      expect_error({.value = 10.0, .error = bad}, good);
      Measurement measurement = good;
      measurement.value = bad;
      expect_error({.value = 10.0}, measurement);
      measurement = good;
      measurement.standard_error = bad;
      expect_error({.value = 10.0}, measurement);
      measurement = good;
      measurement.skewness = bad;
      expect_error({.value = 10.0}, measurement);
    }
    Measurement measurement = good;
    measurement.standard_error = -0.1;
    expect_error({.value = 10.0}, measurement);
    for (const double freedom : {nan, -infinity, -1.0, 0.0, 0.5}) {
      measurement = good;
      measurement.degrees_of_freedom = freedom;
      expect_error({.value = 10.0}, measurement);
    }
    expect_error({.value = 10.0, .error = -0.1}, good);
    expect_error({.value = 1e308}, {.value = -1e308});
  }
}

TEST(CheckErrors, NameBoundsThatAreNotNumbersOrNegative) {
  for (const double bad : {nan, infinity, -1.0}) {
    for (int where = 0; where < 4; ++where) {
      Claim statement = claim(Relation::equal, 1.0, 1.0);
      double* const places[] = {&statement.margin.absolute, &statement.margin.relative,
                                &statement.resolution.absolute, &statement.resolution.relative};
      *places[where] = bad;
      EXPECT_THAT([&] { check(statement, {.value = 1.0}, {.value = 1.0}, 0); },
                  testing::ThrowsMessage<InvalidParameter>(testing::StartsWith("claim c: ")));
    }
  }
}

TEST(CheckErrors, RefuseNoComparisonBadLooksAndBadSpending) {
  const Claim good = claim(Relation::equal, 1.0, 1.0);
  EXPECT_THROW(check(good, std::span<const Comparison>(), 0), InvalidParameter);
  const auto with = [&](int look, const ErrorSpending& spending) {
    return check(good, {.value = 1.0}, {.value = 1.0}, look, {.replicas = spending});
  };
  EXPECT_NO_THROW(with(3, {}));
  EXPECT_THROW(with(-1, {}), InvalidParameter);
  for (const double total : {0.0, 1.0, -0.1, nan}) EXPECT_THROW(with(0, {.total = total}), InvalidParameter);
  for (const double claims : {0.0, 0.5, nan, infinity})
    EXPECT_THROW(with(0, {.claims = claims}), InvalidParameter);
}

class CurveCheck : public testing::Test {
 protected:
  static Comparison at(const char* where, double d, double standard_error = 0.0) {
    return {.where = where,
            .prediction = {.value = 0.0},
            .measurement = {.value = d, .standard_error = standard_error}};
  }
  static Check judge(const std::vector<Comparison>& curve, Relation relation = Relation::equal) {
    return check(claim(relation, 1.0, 2.0), curve, 0);
  }
};

TEST_F(CurveCheck, PassesOnlyIfAllPointsPass) {
  EXPECT_EQ(judge({at("a", 0.1), at("b", -0.2), at("c", 0.9)}).verdict, Verdict::pass);
  const Check unresolved = judge({at("a", 0.1), at("b", 0.0, 10.0), at("c", 0.2)});
  EXPECT_EQ(unresolved.verdict, Verdict::unresolved);
  EXPECT_EQ(unresolved.where, "b");
  const Check fail = judge({at("a", 0.1), at("b", 0.0, 10.0), at("c", 1.2)});
  EXPECT_EQ(fail.verdict, Verdict::fail);
  EXPECT_EQ(fail.where, "c");
  const Check error = judge({at("a", nan), at("b", 0.0, 10.0), at("c", 1.2)});
  EXPECT_EQ(error.verdict, Verdict::error);
  EXPECT_EQ(error.where, "a");
}

TEST_F(CurveCheck, ReportsTheWorstPointWhereverItStands) {
  const Comparison small = at("small", 0.1);
  const Comparison middle = at("middle", -0.8);
  const Comparison large = at("large", 0.9);
  for (const auto& curve : {std::vector{small, middle, large}, std::vector{large, middle, small},
                            std::vector{middle, large, small}}) {
    const Check result = judge(curve);
    EXPECT_EQ(result.where, "large");
    EXPECT_EQ(result.estimate, 0.9);
    EXPECT_EQ(result.points, 3U);
    EXPECT_EQ(judge(curve, Relation::at_least).where, "middle");
  }
}

TEST_F(CurveCheck, SharesTheErrorRateBetweenItsPoints) {
  const Comparison point = at("x", 0.0, 0.1);
  const ErrorSpending spending{.total = 0.01, .claims = 1.0};
  const Check result =
      check(claim(Relation::equal, 1.0, 2.0), std::vector(8, point), 1, {.replicas = spending});
  EXPECT_EQ(result.error_rate, 0.0025);
  const double half = interval_factor(point.measurement, 0.0025 / 8.0) * 0.1;
  EXPECT_DOUBLE_EQ(result.upper, half);
  EXPECT_DOUBLE_EQ(result.lower, -half);
}

TEST(CheckReport, HoldsWhatWasFound) {
  Claim statement = claim(Relation::equal, 0.5, 1.0);
  statement.expected = Verdict::fail;
  const Measurement measurement{
      .value = 3.0, .standard_error = 0.01, .degrees_of_freedom = 63.0, .skewness = 0.1};
  const ErrorSpending spending{.total = 1e-4, .claims = 10.0};
  const Check result =
      check(statement, {.value = 2.0, .error = 0.25}, measurement, 2, {.replicas = spending});
  EXPECT_EQ(result.prediction, 2.0);
  EXPECT_EQ(result.estimate, 3.0);
  EXPECT_EQ(result.standard_error, 0.01);
  EXPECT_EQ(result.margin, 0.75);
  EXPECT_EQ(result.resolution, 1.0);
  EXPECT_EQ(result.looks, 3);
  EXPECT_DOUBLE_EQ(result.error_rate, 1e-5 / 8.0);
  EXPECT_DOUBLE_EQ(result.spent, 1e-5 * 7.0 / 8.0);
  EXPECT_DOUBLE_EQ(result.upper - result.lower, 0.02 * interval_factor(measurement, 1e-5 / 8.0));
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_TRUE(result.as_expected());
}

TEST(ErrorSpendingTest, NeverSpendsMoreThanTheTotal) {
  const ErrorSpending spending{.total = 1e-4, .claims = 200.0};
  double all = 0.0;
  for (int claims = 0; claims < 200; ++claims) {
    for (int look = 0; look < 60; ++look) all += spending.at_look(look);
  }
  EXPECT_LE(all, 1e-4 * (1.0 + 1e-9));
  EXPECT_GT(all, 0.999e-4);
  EXPECT_EQ(spending.at_look(1), 0.5 * spending.at_look(0));
}

// What room for 4096 claims costs: with 1024 the factor of 64 groups would be 6.20.
TEST(ErrorSpendingTest, HasRoomForManyClaims) {
  const auto factor = [](const ErrorSpending& spending) {
    return interval_factor({.degrees_of_freedom = 63.0}, spending.at_look(0));
  };
  EXPECT_EQ(ErrorBudget{}.replicas.claims, 4096.0);
  EXPECT_NEAR(factor({}), 6.55, 0.005);
  EXPECT_NEAR(factor({.claims = 1024.0}), 6.20, 0.005);
}

TEST(IntervalFactor, IsTheQuantileOfStudentOrNormal) {
  using boost::math::complement;
  for (const double rate : {0.2, 1e-2, 1e-6, 1e-12, 1e-20}) {
    const double z = boost::math::quantile(complement(boost::math::normal(), 0.5 * rate));
    EXPECT_DOUBLE_EQ(interval_factor({}, rate), z);
    const double t = boost::math::quantile(complement(boost::math::students_t(63.0), 0.5 * rate));
    EXPECT_DOUBLE_EQ(interval_factor({.degrees_of_freedom = 63.0}, rate), t);
    EXPECT_GT(t, z);
    for (const double skewness : {-0.2, 0.2}) {
      const double widened = interval_factor({.degrees_of_freedom = 63.0, .skewness = skewness}, rate);
      EXPECT_NEAR(widened, t + 0.2 * (2.0 * z * z + 1.0) / 6.0, 1e-13 * widened);
    }
  }
  // The tail beyond the factor is half the rate, by the other function of Boost.
  const double factor = interval_factor({.degrees_of_freedom = 20.0}, 1e-7);
  EXPECT_NEAR(boost::math::cdf(complement(boost::math::students_t(20.0), factor)), 0.5e-7, 1e-16);
}

TEST(ClaimNames, GoBothWays) {
  for (const Relation relation : all_relations) EXPECT_EQ(relation_from(to_string(relation)), relation);
  for (const Verdict verdict : {Verdict::pass, Verdict::fail, Verdict::unresolved, Verdict::error}) {
    EXPECT_EQ(verdict_from(to_string(verdict)), verdict);
  }
  EXPECT_EQ(to_string(Relation::at_most), "at_most");
  EXPECT_EQ(to_string(Verdict::unresolved), "unresolved");
  for (const ErrorFamily family : error_families) {
    EXPECT_EQ(error_family_from(to_string(family)), family);
  }
  EXPECT_THROW(relation_from("about"), std::invalid_argument);
  EXPECT_THROW(verdict_from(""), std::invalid_argument);
  EXPECT_THROW(error_family_from("networks"), std::invalid_argument);
}

}  // namespace
}  // namespace sdelens
