// How often check() errs, at rates large enough to count. Every test refuses a correct program with probability 1e-6
// for each count; there are 24 counts.
#include <gtest/gtest.h>

#include <boost/math/distributions/binomial.hpp>
#include <cmath>

#include "sdelens/claim/check.hpp"
#include "sdelens/core/random.hpp"
#include "sdelens/statistics/jackknife.hpp"

namespace sdelens {
namespace {

constexpr Index runs = 20000;
constexpr Index replicas = 500;
constexpr ErrorSpending spending{.total = 0.2, .claims = 1.0};

/// Whether errors are no more frequent than the rate, as far as so many runs can tell.
void expect_at_most(double errors, double rate) {
  const boost::math::binomial law(static_cast<double>(runs), rate);
  EXPECT_LE(errors, boost::math::quantile(boost::math::complement(law, 1e-6)));
}

Claim claim(Relation relation, double margin, double resolution) {
  return {.id = "rate",
          .statement = "",
          .source = {},
          .relation = relation,
          .margin = {.absolute = margin},
          .margin_reason = "",
          .resolution = {.absolute = resolution},
          .expected = Verdict::pass};
}

/// Means of samples with mean 1 and variance 1, measured as an experiment measures them.
const std::vector<Measurement>& measurements(bool exponential) {
  const auto measure = [](bool skewed) {
    std::vector<Measurement> result;
    Batch draws(replicas, 1);
    const Stream stream(41, skewed ? "exponential" : "normal");
    for (Index run = 0; run < runs; ++run) {
      const auto step = static_cast<std::uint64_t>(run);
      if (skewed) {
        stream.uniform(0, step, draws);
        draws = -(1.0 - draws).log();
      } else {
        stream.normal(0, step, draws);
        draws += 1.0;
      }
      GroupedMoments moments;
      moments.observe(0, draws.col(0));
      result.push_back(mean_of(moments));
    }
    return result;
  };
  if (exponential) {
    static const std::vector<Measurement> of_exponential = measure(true);
    return of_exponential;
  }
  static const std::vector<Measurement> of_normal = measure(false);
  return of_normal;
}

double count(const Claim& statement, double prediction, bool exponential, int look, Verdict verdict) {
  double result = 0.0;
  for (const Measurement& measurement : measurements(exponential)) {
    if (check(statement, {.value = prediction}, measurement, look, {.replicas = spending}).verdict == verdict)
      result += 1.0;
  }
  return result;
}

class CheckRates : public testing::TestWithParam<std::tuple<bool, int>> {
 protected:
  bool exponential() const { return std::get<0>(GetParam()); }
  int look() const { return std::get<1>(GetParam()); }
  double rate() const { return spending.at_look(look()); }
};

TEST_P(CheckRates, ATrueEqualityFailsNoMoreOftenThanTheRate) {
  expect_at_most(count(claim(Relation::equal, 0.0, 1.0), 1.0, exponential(), look(), Verdict::fail), rate());
}

TEST_P(CheckRates, ATrueInequalityAtItsEdgeFailsNoMoreOftenThanHalfTheRate) {
  expect_at_most(count(claim(Relation::at_most, 0.0, 1.0), 1.0, exponential(), look(), Verdict::fail),
                 0.5 * rate());
  expect_at_most(count(claim(Relation::at_least, 0.0, 1.0), 1.0, exponential(), look(), Verdict::fail),
                 0.5 * rate());
}

// The truth is wrong by just the resolution, which is wide enough for passes to happen.
TEST_P(CheckRates, AFalseEqualityAtTheResolutionPassesNoMoreOftenThanTheRate) {
  const Claim statement = claim(Relation::equal, 0.0, 0.5);
  expect_at_most(count(statement, 1.5, exponential(), look(), Verdict::pass), 0.5 * rate());
  expect_at_most(count(statement, 0.5, exponential(), look(), Verdict::pass), 0.5 * rate());
}

// The twin: wrong by much more than the interval is wide, the claim must fail, and right within it, pass.
TEST_P(CheckRates, LargeErrorsAreCaught) {
  EXPECT_EQ(count(claim(Relation::equal, 0.0, 1.0), 1.5, exponential(), look(), Verdict::fail), runs);
  EXPECT_EQ(count(claim(Relation::equal, 0.5, 1.0), 1.0, exponential(), look(), Verdict::pass), runs);
}

INSTANTIATE_TEST_SUITE_P(Looks, CheckRates, testing::Combine(testing::Bool(), testing::Values(0, 3, 6)));

// The rate is spent, not hoarded: the interval of normal data is exact, so that false fails come at the rate, here
// above half of it, except that the correction for the estimated skewness widens it a little.
TEST(CheckRatesOfNormalData, AreUsed) {
  const double fails = count(claim(Relation::equal, 0.0, 1.0), 1.0, false, 0, Verdict::fail);
  EXPECT_GT(fails, 0.5 * spending.at_look(0) * static_cast<double>(runs));
}

}  // namespace
}  // namespace sdelens
