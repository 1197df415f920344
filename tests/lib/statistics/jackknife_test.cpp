#include "sdelens/statistics/jackknife.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

#include "sdelens/core/check.hpp"
#include "sdelens/core/random.hpp"
#include "tests/lib/core/goodness_of_fit.hpp"

namespace sdelens {
namespace {

Batch normals(Index rows, Index columns, const char* name) {
  Batch draws(rows, columns);
  Stream(21, name).normal(0, 0, draws);
  return draws;
}

GroupedMoments grouped(const Eigen::Ref<const Column>& values) {
  GroupedMoments result;
  result.observe(0, values);
  return result;
}

Eigen::Map<const Eigen::ArrayXXd> by_group(const Column& values) {
  return {values.data(), 64, values.size() / 64};
}

double ratio_of(std::span<const Moments> m) { return m[0].mean / m[1].mean; }

Measurement measure_ratio(const GroupedMoments& a, const GroupedMoments& b) {
  const Sample samples[] = {a, b};
  return jackknife(samples, ratio_of);
}

constexpr double rounding = 1e-11;  // relative: pseudo-values multiply rounding by n / n_g = 64 or more

TEST(Jackknife, OfTheMeanIsTheTextbookErrorOfGroupMeans) {
  const Column x = normals(640, 1, "mean").col(0) + 5.0;
  const Measurement mean = mean_of(grouped(x));
  EXPECT_NEAR(mean.value, x.mean(), 1e-14 * 5.0);
  const Eigen::ArrayXd groups = by_group(x).rowwise().mean();
  const Eigen::ArrayXd d = groups - groups.mean();
  const double variance = d.square().sum() / 63.0;
  EXPECT_NEAR(mean.standard_error, std::sqrt(variance / 64.0), rounding * mean.standard_error);
  EXPECT_EQ(mean.degrees_of_freedom, 63.0);
  const double skewness = d.cube().mean() / std::pow(d.square().mean(), 1.5);
  EXPECT_NEAR(mean.skewness, skewness / 8.0, 1e-9);
}

// One replica a group: the textbook error of the mean, and of any function by leaving one out.
TEST(Jackknife, OfOneReplicaAGroupLeavesOneOut) {
  const Column x = normals(64, 1, "one").col(0) + 2.0;
  const Measurement variance = variance_of(grouped(x));
  Eigen::ArrayXd left_out(64);
  for (Index g = 0; g < 64; ++g) {
    Column rest(63);
    rest << x.head(g), x.tail(63 - g);
    left_out(g) = (rest - rest.mean()).square().sum() / 62.0;
  }
  const double textbook = std::sqrt(63.0 / 64.0 * (left_out - left_out.mean()).square().sum());
  EXPECT_NEAR(variance.value, (x - x.mean()).square().sum() / 63.0, 1e-14);
  EXPECT_NEAR(variance.standard_error, textbook, rounding * textbook);
}

TEST(Jackknife, OfTheRatioIsTheDeltaMethodToFirstOrder) {
  const Batch z = normals(64 * 1000, 2, "ratio");
  const Column a = 10.0 + z.col(0);
  const Column b = 5.0 + 0.6 * z.col(0) + 0.8 * z.col(1);
  const Measurement ratio = measure_ratio(grouped(a), grouped(b));
  EXPECT_NEAR(ratio.value, a.mean() / b.mean(), 1e-14 * ratio.value);
  const Eigen::ArrayXd residual = by_group(Column((a - ratio.value * b) / b.mean())).rowwise().mean();
  const double delta = std::sqrt((residual - residual.mean()).square().sum() / 63.0 / 64.0);
  // The next order is relatively (standard error of b / b) = 1 / (5 sqrt(64000)) = 8e-4.
  EXPECT_NEAR(ratio.standard_error, delta, 8e-4 * delta);
}

// Groups of one and two replicas: Busing, Meijer and van der Leeden, whose error of the mean is
// (1/g) sum_j (n_j^2 / (n (n - n_j))) ... = (1/g) sum_j (x_j - x)^2 n_j / (n - n_j).
TEST(Jackknife, OfGroupsOfUnequalSize) {
  const Column x = normals(100, 1, "unequal").col(0);
  const GroupedMoments sample = grouped(x);
  const Measurement mean = mean_of(sample);
  double variance = 0.0;
  for (Index g = 0; g < 64; ++g) {
    const double n = sample.group(g).count;
    EXPECT_EQ(n, g < 36 ? 2.0 : 1.0);
    variance += std::pow(sample.group(g).mean - x.mean(), 2) * n / (100.0 - n) / 64.0;
  }
  EXPECT_NEAR(mean.value, x.mean(), 1e-14);
  EXPECT_NEAR(mean.standard_error, std::sqrt(variance), rounding);
  EXPECT_EQ(mean.degrees_of_freedom, 63.0);
}

TEST(Jackknife, OfFewerGroupsCountsTheFilledOnes) {
  const Column x = normals(20, 1, "few").col(0);
  const Measurement mean = mean_of(grouped(x));
  EXPECT_EQ(mean.degrees_of_freedom, 19.0);
  EXPECT_NEAR(mean.standard_error, std::sqrt((x - x.mean()).square().sum() / 19.0 / 20.0), rounding);
}

TEST(Jackknife, OfAConstantHasNoError) {
  const Measurement mean = mean_of(grouped(Column::Constant(128, 0.5)));
  EXPECT_EQ(mean.value, 0.5);
  EXPECT_EQ(mean.standard_error, 0.0);
  EXPECT_EQ(mean.skewness, 0.0);
}

TEST(Jackknife, ScalesWithTheUnit) {
  const Column x = normals(640, 1, "unit").col(0);
  const Measurement large = mean_of(grouped(x));
  const Measurement small = mean_of(grouped(Column(x * 0x1p-400)));
  EXPECT_DOUBLE_EQ(std::ldexp(small.standard_error, 400), large.standard_error);
  EXPECT_NEAR(small.skewness, large.skewness, 1e-12);
}

TEST(Jackknife, KeepsNan) {
  Column x = normals(640, 1, "nan").col(0);
  x(3) = std::nan("");
  EXPECT_TRUE(std::isnan(mean_of(grouped(x)).value));
  EXPECT_TRUE(std::isnan(mean_of(grouped(x)).standard_error));
}

TEST(JointJackknife, HasTheErrorsOfEachAndTheirCovariance) {
  const Batch z = normals(640, 2, "joint");
  const GroupedMoments a = grouped(z.col(0));
  const GroupedMoments b = grouped(z.col(0) + 0.5 * z.col(1));
  const Sample samples[] = {a, b};
  const JointMeasurement joint = joint_jackknife(samples, [](std::span<const Moments> m) {
    return Eigen::VectorXd{{m[0].mean, m[1].mean, m[1].mean - m[0].mean}};
  });
  EXPECT_EQ(joint.degrees_of_freedom, 63.0);
  EXPECT_EQ(joint.values(0), mean_of(a).value);
  const double variance = std::pow(mean_of(a).standard_error, 2);
  EXPECT_NEAR(joint.covariance(0, 0), variance, rounding * variance);
  EXPECT_EQ(joint.covariance, joint.covariance.transpose());
  const double difference = joint.covariance(0, 0) + joint.covariance(1, 1) - 2.0 * joint.covariance(0, 1);
  EXPECT_NEAR(joint.covariance(2, 2), difference, rounding * variance);
}

TEST(Jackknife, RefusesTooFewGroupsAndSamplesThatDoNotMatch) {
  const GroupedMoments full = grouped(Column::LinSpaced(64, 0.0, 1.0));
  const GroupedMoments part = grouped(Column::LinSpaced(32, 0.0, 1.0));
  EXPECT_THAT(
      [] { mean_of(grouped(Column::LinSpaced(15, 0.0, 1.0))); },
      testing::ThrowsMessage<InvalidParameter>(testing::HasSubstr("fill 15 groups, but at least 16")));
  EXPECT_NO_THROW(mean_of(grouped(Column::LinSpaced(16, 0.0, 1.0))));
  EXPECT_THROW(mean_of(GroupedMoments{}), InvalidParameter);
  EXPECT_THROW(measure_ratio(full, part), InvalidParameter);
  EXPECT_THROW(jackknife({}, ratio_of), InvalidParameter);
  const Sample samples[] = {full};
  int calls = 0;
  EXPECT_THROW(joint_jackknife(
                   samples, [&](std::span<const Moments>) { return Eigen::VectorXd::Zero(++calls).eval(); }),
               InvalidParameter);
}

// The studentised mean of normal data over equal groups is exactly Student's t with 63 degrees of freedom; 20000
// intervals of probability 0.9. False alarm: 1e-6.
TEST(Jackknife, CoversTheMeanOfNormalDataAsOftenAsItSays) {
  constexpr Index runs = 20000;
  const Batch z = normals(128, runs, "coverage");
  const double factor = boost::math::quantile(boost::math::students_t(63.0), 0.95);
  double covered = 0.0;
  for (Index run = 0; run < runs; ++run) {
    const Measurement mean = mean_of(grouped(z.col(run)));
    covered += std::abs(mean.value) <= factor * mean.standard_error ? 1.0 : 0.0;
  }
  EXPECT_TRUE(test::binomial_count(covered, static_cast<double>(runs), 0.9)) << covered;
}

}  // namespace
}  // namespace sdelens
