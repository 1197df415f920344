#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "sdelens/core/check.hpp"
#include "sdelens/core/random.hpp"

namespace sdelens {
namespace {

struct Law {
  const char* name;
  std::function<void(const Stream&, std::uint64_t first_replica, std::uint64_t step, Out draws)> fill;
};

void PrintTo(const Law& law, std::ostream* out) { *out << law.name; }

class RandomPurity : public testing::TestWithParam<Law> {
 protected:
  Batch draw(const Stream& stream, std::uint64_t first_replica, std::uint64_t step, Index rows,
             Index columns) const {
    Batch draws = Batch::Constant(rows, columns, -1e300);
    GetParam().fill(stream, first_replica, step, draws);
    return draws;
  }
  Batch draw(std::uint64_t first_replica, std::uint64_t step, Index rows, Index columns) const {
    return draw(Stream(7, "purity"), first_replica, step, rows, columns);
  }
};

bool same_bits(const Eigen::Ref<const Batch>& a, const Eigen::Ref<const Batch>& b) {
  for (Index j = 0; j < a.cols(); ++j) {
    for (Index i = 0; i < a.rows(); ++i) {
      if (std::bit_cast<std::uint64_t>(a(i, j)) != std::bit_cast<std::uint64_t>(b(i, j))) return false;
    }
  }
  return true;
}

TEST_P(RandomPurity, EveryBlockGivesTheSameBits) {
  constexpr std::uint64_t origin = 48;
  constexpr Index all = 96;
  const Batch whole = draw(origin, 3, all, 3);
  for (Index first = 0; first < 40; ++first) {
    for (const Index rows : {1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 56}) {
      const Batch part = draw(origin + static_cast<std::uint64_t>(first), 3, rows, 3);
      ASSERT_TRUE(same_bits(part, whole.middleRows(first, rows))) << "first " << first << ", rows " << rows;
    }
  }
}

TEST_P(RandomPurity, FewerColumnsGiveTheSameBits) {
  const Batch whole = draw(5, 3, 37, 4);
  EXPECT_TRUE(same_bits(draw(5, 3, 37, 2), whole.leftCols(2)));
}

TEST_P(RandomPurity, WritesIntoAViewOfALargerMatrixOnly) {
  Batch large = Batch::Constant(50, 4, -1e300);
  const Batch small = draw(5, 3, 37, 2);
  GetParam().fill(Stream(7, "purity"), 5, 3, large.block(6, 1, 37, 2));
  EXPECT_TRUE(same_bits(large.block(6, 1, 37, 2), small));
  large.block(6, 1, 37, 2) = -1e300;
  EXPECT_TRUE((large == -1e300).all());
}

TEST_P(RandomPurity, ABlockWithoutRowsIsFine) { EXPECT_EQ(draw(5, 3, 0, 2).size(), 0); }

// Equal draws by chance: each pair of 53-bit numbers has probability 2^-53, so all that follow together <
// 1e-9.
TEST_P(RandomPurity, NoTwoDrawsAreEqual) {
  std::set<double> seen;
  Index drawn = 0;
  const auto add = [&](const Batch& draws) {
    seen.insert(draws.data(), draws.data() + draws.size());
    drawn += draws.size();
  };
  for (const std::uint64_t seed : {0ULL, 1ULL, 1ULL << 32, 1ULL << 63, ~0ULL}) {
    for (const char* name : {"", "a", "b", "gradient noise", "gradient noisf", "ecneidarg"}) {
      for (const std::uint64_t step : {0ULL, 1ULL, 2ULL, 1ULL << 32, (1ULL << 32) + 1, 1ULL << 63}) {
        add(draw(Stream(seed, name), 0, step, 32, 3));
      }
    }
  }
  add(draw(Stream(0, "a"), 1ULL << 31, 0, 32, 3));
  EXPECT_EQ(static_cast<Index>(seen.size()), drawn);
}

TEST_P(RandomPurity, LeavesNoDrawUnwritten) {
  for (const Index rows : {1, 5, 16, 23, 64}) EXPECT_TRUE((draw(11, 0, rows, 2) > -1e300).all());
}

INSTANTIATE_TEST_SUITE_P(Laws, RandomPurity,
                         testing::Values(Law{"uniform", [](const Stream& s, std::uint64_t r, std::uint64_t k,
                                                           Out draws) { s.uniform(r, k, draws); }},
                                         Law{"normal", [](const Stream& s, std::uint64_t r, std::uint64_t k,
                                                          Out draws) { s.normal(r, k, draws); }},
                                         Law{"student_t",
                                             [](const Stream& s, std::uint64_t r, std::uint64_t k,
                                                Out draws) { s.student_t(3.0, r, k, draws); }}),
                         [](const auto& law) { return std::string(law.param.name); });

TEST(Random, RefusesDegreesOfFreedomThatAreNotPositiveAndFinite) {
  Batch draws(4, 1);
  for (const double nu :
       {0.0, -1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW(Stream(1, "t").student_t(nu, 0, 0, draws), InvalidParameter) << nu;
  }
}

TEST(Random, RefusesReplicasBeyondTheCounter) {
  Batch draws(17, 1);
  constexpr std::uint64_t limit = 1ULL << 33;
  EXPECT_NO_THROW(Stream(1, "n").normal(limit - 17, 0, draws));
  EXPECT_THROW(Stream(1, "n").normal(limit - 16, 0, draws), InvalidParameter);
  EXPECT_THROW(Stream(1, "n").uniform(limit, 0, draws), InvalidParameter);
  EXPECT_THROW(Stream(1, "n").student_t(2.0, ~0ULL, 0, draws), InvalidParameter);
}

TEST(Random, TheKeyDependsOnSeedAndName) {
  EXPECT_EQ(Stream(1, "a").key(), Stream(1, "a").key());
  EXPECT_NE(Stream(1, "a").key(), Stream(2, "a").key());
  EXPECT_NE(Stream(1, "a").key(), Stream(1, "b").key());
}

}  // namespace
}  // namespace sdelens
