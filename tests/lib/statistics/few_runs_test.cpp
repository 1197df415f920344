#include "sdelens/statistics/few_runs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

#include "sdelens/core/check.hpp"
#include "sdelens/core/random.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "tests/lib/core/goodness_of_fit.hpp"

namespace sdelens {
namespace {

using Values = std::vector<double>;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::span<const double> span_of(const Eigen::Ref<const Column>& values) {
  return {values.data(), static_cast<std::size_t>(values.size())};
}

// 1, 2, 6: mean 3, squares of deviations 4 + 1 + 9 = 14, error sqrt(14 / 6).
TEST(MeanOfRuns, IsTheTextbookMeanWithStudentsDegreesOfFreedom) {
  const Measurement mean = mean_of_runs(Values{1.0, 2.0, 6.0});
  EXPECT_DOUBLE_EQ(mean.value, 3.0);
  EXPECT_DOUBLE_EQ(mean.standard_error, std::sqrt(14.0 / 6.0));
  EXPECT_EQ(mean.degrees_of_freedom, 2.0);
  EXPECT_EQ(mean.skewness, 0.0);
}

// The other route: the jackknife over groups of one replica each.
TEST(MeanOfRuns, AgreesWithTheJackknifeWhereBothApply) {
  Batch draws(20, 1);
  Stream(31, "jackknife").normal(0, 0, draws);
  const Column values = 5.0 + draws.col(0);
  GroupedMoments grouped;
  grouped.observe(0, values);
  const Measurement expected = mean_of(grouped);
  const Measurement mean = mean_of_runs(span_of(values));
  EXPECT_NEAR(mean.value, expected.value, 1e-14);
  // Pseudo-values multiply rounding by the number of groups.
  EXPECT_NEAR(mean.standard_error, expected.standard_error, 1e-12 * expected.standard_error);
  EXPECT_EQ(mean.degrees_of_freedom, expected.degrees_of_freedom);
}

TEST(MeanOfRuns, OfEqualRunsHasNoError) {
  const Measurement mean = mean_of_runs(Values(10, 0.1));
  EXPECT_EQ(mean.value, 0.1);
  EXPECT_EQ(mean.standard_error, 0.0);
}

TEST(MeanOfRuns, KeepsWhatIsNotFinite) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {std::nan(""), infinity, -infinity}) {
    for (std::size_t place = 0; place < 4; ++place) {
      Values values{1.0, 2.0, 3.0, 5.0};
      values[place] = bad;
      EXPECT_FALSE(std::isfinite(mean_of_runs(values).value)) << bad << " at " << place;
      EXPECT_FALSE(std::isfinite(paired_difference_of_runs(Values(4, 1.0), values).value));
      EXPECT_FALSE(std::isfinite(paired_difference_of_runs(values, values).value)) << "inf - inf is no 0";
    }
  }
}

TEST(MeanOfRuns, RefusesFewerThanTwo) {
  for (const Values& few : {Values{}, Values{1.0}}) {
    const std::string found = "number of runs is " + std::to_string(few.size()) + ", but must be in [2, inf)";
    EXPECT_THAT([&] { mean_of_runs(few); },
                ThrowsMessage<InvalidParameter>(HasSubstr("mean_of_runs: " + found)));
    EXPECT_THAT([&] { paired_difference_of_runs(few, few); },
                ThrowsMessage<InvalidParameter>(HasSubstr("paired_difference_of_runs: " + found)));
  }
  EXPECT_NO_THROW(mean_of_runs(Values{1.0, 2.0}));
}

TEST(PairedDifference, IsTheMeanOfTheDifferences) {
  const Measurement difference =
      paired_difference_of_runs(Values{11.0, 102.0, 1006.0}, Values{10.0, 100.0, 1000.0});
  EXPECT_DOUBLE_EQ(difference.value, 3.0);
  EXPECT_DOUBLE_EQ(difference.standard_error, std::sqrt(14.0 / 6.0));
  EXPECT_EQ(difference.degrees_of_freedom, 2.0);
}

TEST(PairedDifference, RefusesRunsWithoutAPartner) {
  EXPECT_THAT([] { paired_difference_of_runs(Values(10, 1.0), Values(9, 1.0)); },
              ThrowsMessage<InvalidParameter>(HasSubstr(
                  "paired_difference_of_runs: second has 9 runs, but must have as many as first: 10")));
  EXPECT_THROW(paired_difference_of_runs(Values(2, 1.0), Values{}), InvalidParameter);
}

constexpr Index samples = 20000;

/// How many of the samples, one a column of n standardised values, have an interval of the given probability that
/// covers 0.
double covered(const Batch& values, double probability) {
  const boost::math::students_t law(static_cast<double>(values.rows() - 1));
  const double factor = boost::math::quantile(law, 0.5 + 0.5 * probability);
  double result = 0.0;
  for (Index sample = 0; sample < values.cols(); ++sample) {
    const Measurement mean = mean_of_runs(span_of(values.col(sample)));
    result += std::abs(mean.value) <= factor * mean.standard_error ? 1.0 : 0.0;
  }
  return result;
}

class Coverage : public testing::TestWithParam<std::tuple<Index, double>> {};

// Exact for normal values, however few. False alarm: 1e-6 for each of 9 counts.
TEST_P(Coverage, OfNormalRunsIsWhatItSays) {
  const auto [runs, probability] = GetParam();
  Batch draws(runs, samples);
  Stream(32, "coverage").normal(0, static_cast<std::uint64_t>(runs), draws);
  const double count = covered(draws, probability);
  EXPECT_TRUE(test::binomial_count(count, static_cast<double>(samples), probability)) << count;
}

INSTANTIATE_TEST_SUITE_P(Runs, Coverage,
                         testing::Combine(testing::Values(2, 3, 10), testing::Values(0.5, 0.9, 0.99)));

// Pairs share a draw ten times as large as their own: the difference is covered as often as it should be, from an
// error of its own size. False alarm: 1e-6 for the count.
TEST(PairedDifferenceCoverage, CancelsSharedDraws) {
  constexpr Index runs = 10;
  Batch shared(runs, samples), first(runs, samples), second(runs, samples);
  const Stream stream(33, "pairs");
  stream.normal(0, 0, shared);
  stream.normal(0, 1, first);
  stream.normal(0, 2, second);
  first += 10.0 * shared + 0.5;
  second += 10.0 * shared;
  const double factor = boost::math::quantile(boost::math::students_t(9.0), 0.95);
  double count = 0.0;
  double variance = 0.0;
  for (Index sample = 0; sample < samples; ++sample) {
    const Measurement d = paired_difference_of_runs(span_of(first.col(sample)), span_of(second.col(sample)));
    count += std::abs(d.value - 0.5) <= factor * d.standard_error ? 1.0 : 0.0;
    variance += d.standard_error * d.standard_error / static_cast<double>(samples);
  }
  EXPECT_TRUE(test::binomial_count(count, static_cast<double>(samples), 0.9)) << count;
  // E s^2 / n = 2 / 10; the mean of 20000 chi-squares with 9 degrees of freedom has relative error sqrt(2/9/20000).
  EXPECT_NEAR(variance, 0.2, 6.0 * 0.2 * std::sqrt(2.0 / 9.0 / static_cast<double>(samples)));
}

// What the comment of mean_of_runs warns of: ten exponential values miss 4.6 times as often as 1e-2 (of 2e6 samples),
// so that 20000 samples have 918 misses, and fewer than 700 or more than 1150 with probability below 1e-12.
TEST(CoverageOfSkewedRuns, IsLessThanItSays) {
  constexpr Index runs = 10;
  Batch draws(runs, samples);
  Stream(34, "exponential").uniform(0, 0, draws);
  const double missed = static_cast<double>(samples) - covered(-(1.0 - draws).log() - 1.0, 0.99);
  EXPECT_GT(missed, 700.0);
  EXPECT_LT(missed, 1150.0);
}

}  // namespace
}  // namespace sdelens
