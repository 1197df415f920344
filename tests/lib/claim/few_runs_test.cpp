// Claims from few large runs: their error rate, the fewest runs, their one look.
#include "sdelens/statistics/few_runs.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <limits>

#include "sdelens/claim/check.hpp"
#include "sdelens/core/check.hpp"
#include "sdelens/core/random.hpp"

namespace sdelens {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const ErrorBudget budget{};

Claim few_runs_claim(double margin, double resolution) {
  return {.id = "c",
          .statement = "",
          .source = {},
          .margin = {.absolute = margin},
          .resolution = {.absolute = resolution},
          .family = ErrorFamily::few_runs};
}

/// n runs with mean 0 and standard error 1.
Measurement unit(double runs) {
  return {.value = 0.0, .standard_error = 1.0, .degrees_of_freedom = runs - 1.0};
}

double factor_of(double runs, const ErrorSpending& spending) {
  return interval_factor(unit(runs), spending.at_look(0));
}

TEST(FewRuns, HaveAFactorThatCanDecideAndTheGateHasNone) {
  EXPECT_NEAR(factor_of(10.0, budget.few_runs), 6.81, 0.005);
  EXPECT_NEAR(factor_of(3.0, budget.replicas), 9051.0, 1.0);
}

TEST(FewRuns, SpendAtMostAHundredthInAll) {
  double all = 0.0;
  for (int claims = 0; claims < 128; ++claims) {
    const Check check = sdelens::check(few_runs_claim(1.0, 2.0), {.value = 0.0}, unit(10.0), 0);
    EXPECT_EQ(check.error_rate, check.spent);
    EXPECT_EQ(check.looks, 1);
    all += check.spent;
  }
  EXPECT_LE(all, 1e-2 * (1.0 + 1e-12));
  EXPECT_GT(all, 1e-2 * (1.0 - 1e-12));
}

TEST(FewRuns, DoNotSpendWhatOthersShare) {
  Claim other = few_runs_claim(1.0, 2.0);
  other.family = ErrorFamily::replicas;
  EXPECT_EQ(check(other, {.value = 0.0}, unit(10.0), 0).spent, budget.replicas.at_look(0));
}

// The interval of 9 runs is even given the error that 10 would need: what decides is the number of runs.
TEST(FewRuns, AreJudgedFromTenOn) {
  const auto judged = [](double runs, double estimate) {
    Measurement measurement = unit(runs);
    measurement.standard_error = 0.5 / factor_of(runs, budget.few_runs);
    measurement.value = estimate;
    return check(few_runs_claim(1.0, 2.0), {.value = 0.0}, measurement, 0);
  };
  EXPECT_EQ(judged(10.0, 0.0).verdict, Verdict::pass);
  EXPECT_EQ(judged(10.0, 9.0).verdict, Verdict::fail);
  EXPECT_EQ(judged(10.0, 2.0 - 0.25).verdict, Verdict::fail);
  EXPECT_EQ(judged(10.0, 1.25).verdict, Verdict::pass);
  EXPECT_EQ(judged(10.0, 9.0).reason, "");
  for (const double runs : {2.0, 3.0, 9.0}) {
    for (const double estimate : {0.0, 9.0}) {
      const Check result = judged(runs, estimate);
      EXPECT_EQ(result.verdict, Verdict::unresolved) << runs;
      EXPECT_NEAR(result.upper - result.lower, 1.0, 1e-12) << "the interval is there to be drawn";
      EXPECT_EQ(result.reason, fmt::format("made from {} runs, but at least 10 are needed to judge", runs));
      EXPECT_FALSE(result.as_expected());
    }
  }
}

TEST(FewRuns, OfACurveAreJudgedWhereThereAreTen) {
  const auto at = [](const char* where, double runs, double estimate) {
    Measurement measurement = unit(runs);
    measurement.standard_error = 1e-3;
    measurement.value = estimate;
    return Comparison{.where = where, .prediction = {}, .measurement = measurement};
  };
  const auto judge = [](const std::vector<Comparison>& curve) {
    return check(few_runs_claim(1.0, 2.0), curve, 0);
  };
  EXPECT_EQ(judge({at("a", 10.0, 0.0), at("b", 10.0, 0.0)}).verdict, Verdict::pass);
  const Check unresolved = judge({at("a", 10.0, 0.0), at("b", 9.0, 9.0)});
  EXPECT_EQ(unresolved.verdict, Verdict::unresolved);
  EXPECT_EQ(unresolved.where, "b");
  EXPECT_EQ(judge({at("a", 10.0, 9.0), at("b", 9.0, 0.0)}).verdict, Verdict::fail);
}

TEST(FewRuns, HaveOneLook) {
  const Claim claim = few_runs_claim(1.0, 2.0);
  EXPECT_THAT([&] { check(claim, {.value = 0.0}, unit(10.0), 1); },
              testing::ThrowsMessage<InvalidParameter>("check: look is 1, but must be in [0, 1)"));
  const Check undecided = check(claim, {.value = 0.0}, unit(10.0), 0);
  ASSERT_EQ(undecided.verdict, Verdict::unresolved);
  EXPECT_FALSE(budget.allows_another_look(undecided));
  EXPECT_TRUE(budget.allows_another_look({.claim = {}, .where = "", .looks = 60, .reason = ""}));
  for (const Verdict verdict : {Verdict::pass, Verdict::fail, Verdict::error}) {
    EXPECT_FALSE(
        budget.allows_another_look({.claim = {}, .where = "", .looks = 1, .verdict = verdict, .reason = ""}));
  }
}

TEST(FewRuns, AreNoCalculation) {
  EXPECT_THAT([] { check(few_runs_claim(1.0, 2.0), {.value = 0.0}, {.value = 0.0}, 0); },
              testing::ThrowsMessage<InvalidParameter>(
                  "claim c: degrees_of_freedom is inf, but must be in [1, inf)"));
}

TEST(FewRuns, WithoutSpreadAreUnresolved) {
  const Check result = check(few_runs_claim(1.0, 2.0), {.value = 0.0}, mean_of_runs(std::vector(10, 0.1)), 0);
  EXPECT_EQ(result.verdict, Verdict::unresolved);
  EXPECT_THAT(result.reason, testing::HasSubstr("no spread"));
}

TEST(FewRuns, OfWhichOneIsNotFiniteAreAnError) {
  for (const double bad : {std::nan(""), infinity, -infinity}) {
    for (const std::size_t runs : {9U, 10U}) {
      std::vector<double> values(runs, 0.0);
      values[1] = 1e-3;
      values[5] = bad;
      EXPECT_EQ(check(few_runs_claim(1.0, 2.0), {.value = 0.0}, mean_of_runs(values), 0).verdict,
                Verdict::error);
    }
  }
}

TEST(FewRuns, SpendingIsCheckedForTheirFamily) {
  const auto with = [](const ErrorSpending& spending) {
    return check(few_runs_claim(1.0, 2.0), {.value = 0.0}, unit(10.0), 0, {.few_runs = spending});
  };
  EXPECT_NO_THROW(with({.most_looks = 1}));
  EXPECT_THROW(with({.total = 1.0}), InvalidParameter);
  EXPECT_THROW(with({.claims = 0.0}), InvalidParameter);
  for (const double most : {0.0, -1.0, std::nan("")})
    EXPECT_THROW(with({.most_looks = most}), InvalidParameter);
}

TEST(ErrorSpendingOfFewLooks, SpendsAllAtTheLast) {
  for (const int most : {1, 2, 5}) {
    const ErrorSpending spending{.total = 0.5, .claims = 4.0, .most_looks = static_cast<double>(most)};
    double all = 0.0;
    for (int look = 0; look < most; ++look) all += spending.at_look(look);
    EXPECT_EQ(all, 0.125);
  }
}

// Ten normal runs, judged with one look as they are, at a rate that can be counted. False alarm: 1e-6 for each of five
// counts.
class FewRunsRates : public testing::Test {
 protected:
  static constexpr Index runs = 10;
  static constexpr Index samples = 20000;
  static constexpr double rate = 0.1;

  static double count(const Claim& claim, double prediction, Verdict verdict) {
    static const Batch draws = [] {
      Batch result(runs, samples);
      Stream(51, "few-runs").normal(0, 0, result);
      return result;
    }();
    const ErrorBudget spent{.few_runs = {.total = rate, .claims = 1.0, .most_looks = 1.0}};
    double result = 0.0;
    for (Index sample = 0; sample < samples; ++sample) {
      const Measurement mean = mean_of_runs({&draws(0, sample), static_cast<std::size_t>(runs)});
      if (check(claim, {.value = prediction}, mean, 0, spent).verdict == verdict) result += 1.0;
    }
    return result;
  }
  static double quantile(double probability, double tail) {
    const boost::math::binomial law(static_cast<double>(samples), probability);
    return tail < 0.5 ? boost::math::quantile(law, tail)
                      : boost::math::quantile(boost::math::complement(law, 1.0 - tail));
  }
};

TEST_F(FewRunsRates, FailATrueEqualityAtTheRate) {
  const double fails = count(few_runs_claim(0.0, 5.0), 0.0, Verdict::fail);
  EXPECT_GE(fails, quantile(rate, 0.5e-6));
  EXPECT_LE(fails, quantile(rate, 1.0 - 0.5e-6));
}

TEST_F(FewRunsRates, PassAFalseEqualityAtTheResolutionNoMoreOftenThanTheRate) {
  const double most = quantile(0.5 * rate, 1.0 - 1e-6);
  EXPECT_LE(count(few_runs_claim(0.0, 1.5), 1.5, Verdict::pass), most);
  EXPECT_LE(count(few_runs_claim(0.0, 1.5), -1.5, Verdict::pass), most);
}

// The twins: 20 standard errors away a claim fails, and passes within a resolution of 20. The error of ten runs is a
// chi with 9 degrees of freedom; 20 / 1.83 times larger it is with probability below 1e-40.
TEST_F(FewRunsRates, CatchLargeErrors) {
  const double far = 20.0 / std::sqrt(10.0);
  EXPECT_EQ(count(few_runs_claim(0.0, 5.0), far, Verdict::fail), samples);
  EXPECT_EQ(count(few_runs_claim(0.5 * far, far), 0.0, Verdict::pass), samples);
}

}  // namespace
}  // namespace sdelens
