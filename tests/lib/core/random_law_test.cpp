// Each check refuses a correct program with probability 1e-6 at most (goodness_of_fit.hpp); there are about
// 120 in this file, so that a correct program fails here in one of 8000 choices of the seed.
#include <gtest/gtest.h>

#include <boost/math/distributions/students_t.hpp>
#include <numbers>

#include "sdelens/core/random.hpp"
#include "tests/lib/core/goodness_of_fit.hpp"

namespace sdelens {
namespace {

using test::binomial_count;
using test::equiprobable;
using test::standard_normal;
using test::uniformly_distributed;

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

std::vector<double> counts_of(const std::vector<double>& u, std::size_t bins) {
  std::vector<double> counts(bins, 0.0);
  for (const double value : u) {
    const auto bin = static_cast<std::size_t>(value * static_cast<double>(bins));
    counts[std::min(bin, bins - 1)] += 1.0;
  }
  return counts;
}

void expect_uniform(const std::vector<double>& u) {
  EXPECT_TRUE(uniformly_distributed(u));
  EXPECT_TRUE(equiprobable(counts_of(u, 1000)));
}

std::vector<double> list_of(const Batch& draws) { return {draws.data(), draws.data() + draws.size()}; }

TEST(RandomUniform, IsUniform) {
  Batch draws(1 << 18, 4);
  Stream(1, "law").uniform(0, 0, draws);
  EXPECT_GE(draws.minCoeff(), 0.0);
  EXPECT_LT(draws.maxCoeff(), 1.0);
  expect_uniform(list_of(draws));
}

TEST(RandomUniform, FillsEachOfIts53Bits) {
  Batch draws(1 << 20, 1);
  Stream(1, "law").uniform(0, 0, draws);
  for (int bit = 0; bit < 53; ++bit) {
    double ones = 0.0;
    for (const double u : draws.reshaped()) {
      const auto integer = static_cast<std::uint64_t>(std::ldexp(u, 53));
      ASSERT_EQ(std::ldexp(static_cast<double>(integer), -53), u);
      ones += static_cast<double>((integer >> bit) & 1U);
    }
    EXPECT_TRUE(binomial_count(ones, static_cast<double>(draws.size()), 0.5)) << "bit " << bit;
  }
}

TEST(RandomNormal, IsNormal) {
  Batch draws(1 << 18, 4);
  Stream(1, "law").normal(0, 0, draws);
  expect_uniform(list_of(draws.unaryExpr(&normal_cdf)));
}

// Moments to order 8 of N(0, 1): E z^k = 0 or (k-1)!!; the variance of the mean of z^k is E z^2k - (E z^k)^2.
TEST(RandomNormal, HasTheMomentsToOrder4) {
  Batch draws(1 << 20, 8);
  Stream(2, "law").normal(0, 0, draws);
  const double root = std::sqrt(static_cast<double>(draws.size()));
  EXPECT_TRUE(standard_normal(root * draws.mean()));
  EXPECT_TRUE(standard_normal(root * (draws.square().mean() - 1.0) / std::sqrt(2.0)));
  EXPECT_TRUE(standard_normal(root * draws.cube().mean() / std::sqrt(15.0)));
  EXPECT_TRUE(standard_normal(root * (draws.square().square().mean() - 3.0) / std::sqrt(96.0)));
}

TEST(RandomNormal, HasTheTailsOf4e8Draws) {
  constexpr std::array<double, 4> levels{3.0, 4.0, 5.0, 6.0};
  std::array<double, 4> above{}, below{};
  Batch draws(16384, 16);
  const Stream stream(3, "tails");
  double total = 0.0;
  double largest = 0.0;
  for (std::uint64_t step = 0; total < 4e8; ++step) {
    stream.normal(0, step, draws);
    total += static_cast<double>(draws.size());
    const double* const z = draws.data();
    for (Index i = 0; i < draws.size(); ++i) {
      if (std::abs(z[i]) <= levels[0]) continue;
      largest = std::max(largest, std::abs(z[i]));
      for (std::size_t k = 0; k < levels.size(); ++k) {
        above[k] += z[i] > levels[k] ? 1.0 : 0.0;
        below[k] += z[i] < -levels[k] ? 1.0 : 0.0;
      }
    }
  }
  for (std::size_t k = 0; k < levels.size(); ++k) {
    const double tail = normal_cdf(-levels[k]);
    EXPECT_TRUE(binomial_count(above[k], total, tail)) << above[k] << " above " << levels[k];
    EXPECT_TRUE(binomial_count(below[k], total, tail)) << below[k] << " below " << -levels[k];
  }
  EXPECT_LE(largest, 8.6);
}

TEST(RandomNormal, PairsOfOneCallAreIndependent) {
  constexpr std::size_t side = 32;
  std::vector<double> counts(side * side, 0.0);
  Batch draws(1 << 18, 8);
  Stream(4, "pairs").normal(0, 0, draws);
  const auto bin = [](double z) {
    return std::min(static_cast<std::size_t>(normal_cdf(z) * static_cast<double>(side)), side - 1);
  };
  for (Index j = 0; j < draws.cols(); ++j) {
    for (Index i = 0; i < draws.rows(); ++i) {
      if (i % 16 < 8) counts[bin(draws(i, j)) * side + bin(draws(i + 8, j))] += 1.0;
    }
  }
  EXPECT_TRUE(equiprobable(counts));
}

// The angle of a pair is uniform on the circle, through all the reflections that make it from an eighth.
TEST(RandomNormal, PairsOfOneCallHaveUniformAngles) {
  Batch draws(1 << 20, 1);
  Stream(4, "angles").normal(0, 0, draws);
  std::vector<double> angles;
  for (Index i = 0; i < draws.rows(); ++i) {
    if (i % 16 >= 8) continue;
    angles.push_back(0.5 + std::atan2(draws(i + 8, 0), draws(i, 0)) / (2.0 * std::numbers::pi));
  }
  expect_uniform(angles);
}

class RandomNormalCorrelation : public testing::Test {
 protected:
  // Mean products of independent entries are normal with variance 1/n (4/n for squares less their mean).
  static void expect_uncorrelated(const Batch& a, const Batch& b) {
    const double root = std::sqrt(static_cast<double>(a.size()));
    EXPECT_TRUE(standard_normal(root * (a * b).mean()));
    EXPECT_TRUE(standard_normal(root * ((a.square() - 1.0) * (b.square() - 1.0)).mean() / 2.0));
    EXPECT_TRUE(standard_normal(root * (a * (b.square() - 1.0)).mean() / std::numbers::sqrt2));
  }
  static Batch draw(const char* name, std::uint64_t seed, std::uint64_t step) {
    Batch draws(1 << 19, 4);
    Stream(seed, name).normal(0, step, draws);
    return draws;
  }
};

TEST_F(RandomNormalCorrelation, BetweenCoordinates) {
  const Batch z = draw("correlation", 5, 0);
  expect_uncorrelated(z.leftCols(3), z.rightCols(3));
}

TEST_F(RandomNormalCorrelation, BetweenReplicas) {
  const Batch z = draw("correlation", 5, 0);
  for (const Index lag : {1, 2, 4, 8, 16}) {
    // Blocks of 2 lag rows, so that no draw is used twice.
    const Index pairs = z.rows() / (2 * lag);
    Batch a(pairs * lag, z.cols());
    Batch b(pairs * lag, z.cols());
    for (Index p = 0; p < pairs; ++p) {
      a.middleRows(p * lag, lag) = z.middleRows(2 * p * lag, lag);
      b.middleRows(p * lag, lag) = z.middleRows(2 * p * lag + lag, lag);
    }
    expect_uncorrelated(a, b);
  }
}

TEST_F(RandomNormalCorrelation, BetweenSteps) {
  expect_uncorrelated(draw("correlation", 5, 0), draw("correlation", 5, 1));
  expect_uncorrelated(draw("correlation", 5, 0), draw("correlation", 5, 1ULL << 32));
}

TEST_F(RandomNormalCorrelation, BetweenSeedsAndNames) {
  expect_uncorrelated(draw("correlation", 5, 0), draw("correlation", 6, 0));
  expect_uncorrelated(draw("correlation", 5, 0), draw("correlatioo", 5, 0));
}

class RandomStudentT : public testing::TestWithParam<double> {};

TEST_P(RandomStudentT, HasItsDistribution) {
  Batch draws(1 << 16, 4);
  Stream(6, "student").student_t(GetParam(), 0, 0, draws);
  const boost::math::students_t law(GetParam());
  expect_uniform(list_of(draws.unaryExpr([&law](double t) { return boost::math::cdf(law, t); })));
}

TEST_P(RandomStudentT, ReplicasOfOneChunkAreIndependent) {
  constexpr std::size_t side = 16;
  std::vector<double> counts(side * side, 0.0);
  Batch draws(1 << 17, 1);
  Stream(7, "student").student_t(GetParam(), 0, 0, draws);
  const boost::math::students_t law(GetParam());
  const auto bin = [&law](double t) {
    return std::min(static_cast<std::size_t>(boost::math::cdf(law, t) * static_cast<double>(side)), side - 1);
  };
  for (Index i = 0; i < draws.rows(); ++i) {
    if (i % 16 < 8) counts[bin(draws(i, 0)) * side + bin(draws(i + 8, 0))] += 1.0;
  }
  EXPECT_TRUE(equiprobable(counts));
}

INSTANTIATE_TEST_SUITE_P(DegreesOfFreedom, RandomStudentT,
                         testing::Values(0.5, 1.0, 2.0, 3.0, 5.0, 30.0, 1e8));

}  // namespace
}  // namespace sdelens
