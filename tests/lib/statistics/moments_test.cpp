#include "sdelens/statistics/moments.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace sdelens {
namespace {

std::vector<double> sample(std::size_t count, double shift = 3.0) {
  std::mt19937_64 random(count);
  std::vector<double> values(count);
  for (double& value : values) {
    const double u = std::ldexp(static_cast<double>(random() >> 11) + 0.5, -53);
    value = shift - std::log(u);
  }
  return values;
}

/// Two passes in extended precision.
Moments direct(const std::vector<double>& values) {
  long double mean = 0.0L;
  for (const double value : values) mean += value;
  mean /= static_cast<long double>(values.size());
  long double m2 = 0.0L, m3 = 0.0L, m4 = 0.0L;
  for (const double value : values) {
    const long double d = value - mean;
    m2 += d * d;
    m3 += d * d * d;
    m4 += d * d * d * d;
  }
  return {.count = static_cast<double>(values.size()),
          .mean = static_cast<double>(mean),
          .m2 = static_cast<double>(m2),
          .m3 = static_cast<double>(m3),
          .m4 = static_cast<double>(m4)};
}

// Sums of n terms of one size, updated one by one, round n times at most: n 2^-53, here with room for the dozen
// operations of a step; m3 and m4 inherit the errors of the mean, whose shift is ten times the deviation.
void expect_near(const Moments& a, const Moments& b) {
  const double rounding = 12.0 * std::max(1.0, b.count) * 0x1p-53 * 10.0;
  const double deviation = std::sqrt(b.m2 / std::max(1.0, b.count));
  EXPECT_EQ(a.count, b.count);
  EXPECT_NEAR(a.mean, b.mean, rounding * (std::abs(b.mean) + deviation));
  EXPECT_NEAR(a.m2, b.m2, rounding * b.m2);
  EXPECT_NEAR(a.m3, b.m3, rounding * b.count * std::pow(deviation, 3) + rounding * std::abs(b.m3));
  EXPECT_NEAR(a.m4, b.m4, rounding * b.m4);
}

Moments merged(const std::vector<double>& values) {
  Moments result;
  for (const double value : values) result.merge({.count = 1.0, .mean = value});
  return result;
}

Column column(const std::vector<double>& values) {
  return Eigen::Map<const Column>(values.data(), static_cast<Index>(values.size()));
}

TEST(MomentsTest, OfSinglesMergedAreTheDirectOnes) {
  for (const std::size_t count : {1U, 2U, 3U, 10U, 1000U})
    expect_near(merged(sample(count)), direct(sample(count)));
}

TEST(MomentsTest, MergingIsAssociativeAndCommutativeToRounding) {
  const std::vector<double> values = sample(999);
  const auto part = [&](std::ptrdiff_t from, std::ptrdiff_t to) {
    return direct(std::vector<double>(values.begin() + from, values.begin() + to));
  };
  const Moments a = part(0, 100);
  const Moments b = part(100, 107);
  const Moments c = part(107, 999);
  const auto sum = [](Moments left, const Moments& right) {
    left.merge(right);
    return left;
  };
  for (const Moments& all : {sum(sum(a, b), c), sum(a, sum(b, c)), sum(c, sum(b, a))}) {
    expect_near(all, direct(values));
  }
}

TEST(MomentsTest, MergingNothingChangesNothing) {
  const Moments full = direct(sample(10));
  Moments left = full;
  left.merge({});
  Moments right;
  right.merge(full);
  for (const Moments& m : {left, right}) {
    EXPECT_EQ(m.count, full.count);
    EXPECT_EQ(m.mean, full.mean);
    EXPECT_EQ(m.m2, full.m2);
    EXPECT_EQ(m.m3, full.m3);
    EXPECT_EQ(m.m4, full.m4);
  }
}

// 0, 0, 0, 4: mean 1, deviations -1, -1, -1, 3; sums 12, 24, 84.
TEST(MomentsTest, GiveVarianceSkewnessAndKurtosis) {
  const Moments m = merged({0.0, 0.0, 0.0, 4.0});
  EXPECT_DOUBLE_EQ(m.variance(), 4.0);
  EXPECT_DOUBLE_EQ(m.standard_deviation(), 2.0);
  EXPECT_DOUBLE_EQ(m.skewness(), 6.0 / std::pow(3.0, 1.5));
  EXPECT_DOUBLE_EQ(m.excess_kurtosis(), 21.0 / 9.0 - 3.0);
  EXPECT_TRUE(std::isnan(merged({1.0}).variance()));
  EXPECT_TRUE(std::isnan(Moments{}.variance()));
}

TEST(MomentsTest, KeepNanAndInfinity) {
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_FALSE(std::isfinite(merged({1.0, bad, 2.0}).mean));
    GroupedMoments grouped;
    grouped.observe(0, column({1.0, bad, 2.0}));
    EXPECT_FALSE(std::isfinite(grouped.total().mean));
    EXPECT_FALSE(std::isfinite(grouped.group(1).mean));
    EXPECT_EQ(grouped.group(2).mean, 2.0);
  }
}

TEST(GroupedMomentsTest, ReplicaRBelongsToGroupRMod64) {
  const std::vector<double> values = sample(1000);
  std::vector<std::vector<double>> expected(64);
  for (std::size_t r = 0; r < values.size(); ++r) expected[r % 64].push_back(values[r]);
  // Blocks that start and end anywhere.
  GroupedMoments grouped;
  std::size_t first = 0;
  for (const std::size_t rows : {1U, 63U, 64U, 65U, 5U, 200U, 127U, 128U, 256U, 91U}) {
    grouped.observe(first, column({values.begin() + static_cast<std::ptrdiff_t>(first),
                                   values.begin() + static_cast<std::ptrdiff_t>(first + rows)}));
    first += rows;
  }
  ASSERT_EQ(first, values.size());
  for (Index g = 0; g < 64; ++g) expect_near(grouped.group(g), direct(expected[static_cast<std::size_t>(g)]));
  expect_near(grouped.total(), direct(values));
  std::vector<double> rest;
  for (std::size_t r = 0; r < values.size(); ++r) {
    if (r % 64 != 17) rest.push_back(values[r]);
  }
  expect_near(grouped.without(17), direct(rest));
}

TEST(GroupedMomentsTest, TheBlocksDoNotMatterToTheLastBit) {
  const std::vector<double> values = sample(640);
  GroupedMoments whole;
  whole.observe(128, column(values));
  for (const std::size_t rows : {1U, 7U, 64U, 100U}) {
    GroupedMoments parts;
    for (std::size_t first = 0; first < values.size(); first += rows) {
      const std::size_t end = std::min(first + rows, values.size());
      parts.observe(128 + first, column({values.begin() + static_cast<std::ptrdiff_t>(first),
                                         values.begin() + static_cast<std::ptrdiff_t>(end)}));
    }
    for (Index g = 0; g < 64; ++g) {
      EXPECT_EQ(parts.group(g).mean, whole.group(g).mean);
      EXPECT_EQ(parts.group(g).m4, whole.group(g).m4);
    }
  }
}

TEST(GroupedMomentsTest, MergeIsGroupByGroup) {
  const std::vector<double> values = sample(300);
  GroupedMoments whole, first, second;
  whole.observe(0, column(values));
  first.observe(0, column({values.begin(), values.begin() + 111}));
  second.observe(111, column({values.begin() + 111, values.end()}));
  first.merge(second);
  for (Index g = 0; g < 64; ++g) expect_near(first.group(g), whole.group(g));
}

TEST(GroupedMomentsTest, LateReplicasKeepTheirGroup) {
  GroupedMoments grouped;
  grouped.observe((1ULL << 40) + 63, column({1.0, 2.0}));
  EXPECT_EQ(grouped.group(63).mean, 1.0);
  EXPECT_EQ(grouped.group(0).mean, 2.0);
  EXPECT_EQ(grouped.total().count, 2.0);
}

void expect_same_bits(const GroupedMoments& a, const GroupedMoments& b) {
  for (Index g = 0; g < GroupedMoments::groups; ++g) {
    const Moments left = a.group(g);
    const Moments right = b.group(g);
    EXPECT_EQ(left.count, right.count);
    EXPECT_EQ(left.mean, right.mean);
    EXPECT_EQ(left.m2, right.m2);
    EXPECT_EQ(left.m3, right.m3);
    EXPECT_EQ(left.m4, right.m4);
  }
}

// Rows that end a call are worked on one by one, those within it several at a time.
TEST(GroupedMoments, HaveTheSameBitsHoweverCallsSplitTheReplicas) {
  constexpr std::uint64_t first = 300;
  const Column values = column(sample(1000));
  GroupedMoments whole;
  whole.observe(first, values);
  for (const Index length : {1, 3, 17, 61, 64, 100}) {
    GroupedMoments pieces;
    for (Index row = 0; row < values.size(); row += length) {
      pieces.observe(first + static_cast<std::uint64_t>(row),
                     values.segment(row, std::min(length, 1000 - row)));
    }
    expect_same_bits(whole, pieces);
  }
}

TEST(GroupedMoments, ComeBackFromBytesBitByBit) {
  GroupedMoments moments;
  moments.observe(5, column(sample(100)));
  ByteWriter writer;
  moments.write(writer);
  const Bytes bytes = writer.sealed("moments", 1);
  ByteReader reader("moments", 1, bytes);
  expect_same_bits(GroupedMoments::read(reader), moments);
  EXPECT_NO_THROW(reader.finish());
  EXPECT_THROW(GroupedMoments::read(reader), UnreadableBytes);
}

}  // namespace
}  // namespace sdelens
