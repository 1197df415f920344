// Each check refuses a correct program with probability 1e-6 at most (goodness_of_fit.hpp); there are about
// 80 in this file, so that a correct program fails here in one of 12000 choices of the seed.
#include <gtest/gtest.h>

#include <boost/math/distributions/students_t.hpp>

#include "sdelens/core/random.hpp"
#include "tests/lib/core/goodness_of_fit.hpp"

namespace sdelens {
namespace {

using test::binomial_count;
using test::equiprobable;
using test::uniformly_distributed;

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

class RandomStudentT : public testing::TestWithParam<double> {};

TEST_P(RandomStudentT, HasItsDistribution) {
  Batch draws(1 << 16, 4);
  Stream(6, "student").student_t(GetParam(), 0, 0, draws);
  const boost::math::students_t law(GetParam());
  expect_uniform(list_of(draws.unaryExpr([&law](double t) { return boost::math::cdf(law, t); })));
}

TEST_P(RandomStudentT, ReplicasOfOneQuadAreIndependent) {
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
