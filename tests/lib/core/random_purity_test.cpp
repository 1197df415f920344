#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "sdelens/core/check.hpp"
#include "sdelens/core/random.hpp"

namespace sdelens {
namespace {

struct Law {
  const char* name;
  std::function<void(const Stream&, std::uint64_t first_replica, std::uint64_t step, Out draws)> fill;
  NormalBits bits = NormalBits::shared;
};

void PrintTo(const Law& law, std::ostream* out) { *out << law.name; }

class RandomPurity : public testing::TestWithParam<Law> {
 protected:
  static Stream stream(std::uint64_t seed = 7, const char* name = "purity") {
    return {seed, name, GetParam().bits};
  }
  Batch draw(const Stream& stream, std::uint64_t first_replica, std::uint64_t step, Index rows,
             Index columns) const {
    Batch draws = Batch::Constant(rows, columns, -1e300);
    GetParam().fill(stream, first_replica, step, draws);
    return draws;
  }
  Batch draw(std::uint64_t first_replica, std::uint64_t step, Index rows, Index columns) const {
    return draw(stream(), first_replica, step, rows, columns);
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

// Rows that are one or several groups of 32, in turn or one by one, whole or cut at either end.
TEST_P(RandomPurity, EveryBlockGivesTheSameBits) {
  constexpr std::uint64_t origin = 96;
  constexpr Index all = 400;
  const Batch whole = draw(origin, 3, all, 3);
  for (Index first = 0; first < 70; ++first) {
    for (const Index rows : {1, 2, 7, 8, 9, 31, 32, 33, 63, 64, 65, 127, 128, 129, 161, 288, 330}) {
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
  GetParam().fill(stream(), 5, 3, large.block(6, 1, 37, 2));
  EXPECT_TRUE(same_bits(large.block(6, 1, 37, 2), small));
  large.block(6, 1, 37, 2) = -1e300;
  EXPECT_TRUE((large == -1e300).all());
}

TEST_P(RandomPurity, ABlockWithoutRowsIsFine) { EXPECT_EQ(draw(5, 3, 0, 2).size(), 0); }

// Equal draws by chance: each of 1.5e8 pairs with a probability of about 2^-53, so all together < 1e-6.
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
        add(draw(stream(seed, name), 0, step, 32, 3));
      }
    }
  }
  add(draw(stream(0, "a"), 1ULL << 31, 0, 32, 3));
  EXPECT_EQ(static_cast<Index>(seen.size()), drawn);
}

TEST_P(RandomPurity, LeavesNoDrawUnwritten) {
  for (const Index rows : {1, 5, 16, 23, 64}) EXPECT_TRUE((draw(11, 0, rows, 2) > -1e300).all());
}

const std::vector<Law> laws{
    {"uniform", [](const Stream& s, std::uint64_t r, std::uint64_t k, Out draws) { s.uniform(r, k, draws); }},
    {"normal", [](const Stream& s, std::uint64_t r, std::uint64_t k, Out draws) { s.normal(r, k, draws); }},
    {"strict_normal",
     [](const Stream& s, std::uint64_t r, std::uint64_t k, Out draws) { s.normal(r, k, draws); },
     NormalBits::strict},
    {"add_normal",
     [](const Stream& s, std::uint64_t r, std::uint64_t k, Out draws) {
       draws.setZero();
       s.add_normal(Eigen::ArrayXd::LinSpaced(draws.cols(), 1.0, static_cast<double>(draws.cols())), r, k,
                    draws);
     }},
    {"student_t",
     [](const Stream& s, std::uint64_t r, std::uint64_t k, Out draws) { s.student_t(3.0, r, k, draws); }}};

INSTANTIATE_TEST_SUITE_P(Laws, RandomPurity, testing::ValuesIn(laws),
                         [](const auto& law) { return std::string(law.param.name); });

TEST(Random, AddsTheNormalsTimesTheScale) {
  Batch sums = Batch::Constant(300, 2, 0.25);
  Batch z(300, 2);
  const Stream stream(7, "sums");
  stream.normal(9, 4, z);
  stream.add_normal(Eigen::Array2d(2.0, 0.5), 9, 4, sums);
  // Products with powers of two are exact, so that fused or not there is one rounding.
  EXPECT_TRUE(same_bits(sums.col(0), 0.25 + 2.0 * z.col(0)));
  EXPECT_TRUE(same_bits(sums.col(1), 0.25 + 0.5 * z.col(1)));
}

class RandomAlong : public testing::TestWithParam<NormalBits> {
 protected:
  Stream stream{7, "along", GetParam()};
  Batch block(std::uint64_t replica, Index coordinates) const {
    Batch draws(1, coordinates);
    stream.normal(replica, step, draws);
    return draws;
  }
  static constexpr std::uint64_t step = (5ULL << 32) + 3;
};

TEST_P(RandomAlong, OneReplicaHasTheBitsOfTheBlock) {
  constexpr Index all = 5000;
  for (const std::uint64_t replica : {0ULL, 7ULL, 8ULL, 17ULL, 31ULL, 32ULL, 1000ULL, (1ULL << 34) - 1}) {
    const Batch expected = block(replica, all);
    for (const Index first : {0, 1, 7, 8, 100}) {
      for (const Index count : {0, 1, 3, 16, 31, 32, 33, 4900}) {
        Batch draws(1, count);
        stream.normal_along(replica, step, static_cast<std::uint64_t>(first),
                            std::span(draws.data(), draws.size()));
        ASSERT_TRUE(same_bits(draws, expected.middleCols(first, count)))
            << "replica " << replica << ", first " << first << ", count " << count;
      }
    }
  }
}

TEST_P(RandomAlong, FloatsAreTheRoundedDoubles) {
  const Batch expected = block(77, 2000);
  std::vector<float> draws(1990);
  stream.normal_along(77, step, 10, std::span(draws));
  for (std::size_t i = 0; i < draws.size(); ++i) {
    ASSERT_EQ(draws[i], static_cast<float>(expected(0, static_cast<Index>(i) + 10))) << i;
  }
}

TEST_P(RandomAlong, RefusesWhatTheCounterHasNoRoomFor) {
  std::vector<double> draws(2, -1e300);
  std::vector<float> floats(1000, -1e30F);
  constexpr std::uint64_t coordinates = 1ULL << 31;
  EXPECT_NO_THROW(stream.normal_along(0, 0, coordinates - 2, std::span(draws)));
  EXPECT_THROW(stream.normal_along(0, 0, coordinates - 1, std::span(draws)), InvalidParameter);
  EXPECT_THROW(stream.normal_along(0, 0, ~0ULL, std::span(draws)), InvalidParameter);
  EXPECT_THROW(stream.normal_along(1ULL << 34, 0, 0, std::span(draws)), InvalidParameter);
  EXPECT_THROW(stream.normal_along(0, 0, coordinates - 999, std::span(floats)), InvalidParameter);
  EXPECT_THROW(stream.normal_along(1ULL << 34, 0, 0, std::span(floats)), InvalidParameter);
  EXPECT_EQ(floats[0], -1e30F) << "refused before the first is written";
}

INSTANTIATE_TEST_SUITE_P(Bits, RandomAlong, testing::Values(NormalBits::shared, NormalBits::strict),
                         [](const auto& bits) {
                           return std::string(bits.param == NormalBits::shared ? "shared" : "strict");
                         });

TEST(Random, RefusesDegreesOfFreedomThatAreNotPositiveAndFinite) {
  Batch draws(4, 1);
  for (const double nu :
       {0.0, -1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW(Stream(1, "t").student_t(nu, 0, 0, draws), InvalidParameter) << nu;
  }
}

TEST_P(RandomPurity, RefusesReplicasBeyondTheCounter) {
  constexpr std::uint64_t limit = 1ULL << 34;
  EXPECT_NO_THROW(draw(limit - 17, 0, 17, 1));
  EXPECT_THROW(draw(limit - 16, 0, 17, 1), InvalidParameter);
  EXPECT_THROW(draw(~0ULL, 0, 17, 1), InvalidParameter);
  try {
    draw(limit, 0, 1, 1);
    FAIL() << "a replica of 2^34 was not refused";
  } catch (const InvalidParameter& error) {
    EXPECT_STREQ(
        error.what(),
        "Stream: replica is 17179869184 for the first of 1 draws, but must be below 2^34 for the last");
  }
}

TEST(Random, RefusesCoordinatesBeyondTheCounter) {
  Batch none(0, (Index{1} << 31) + 1);
  const Stream stream(1, "n");
  EXPECT_THROW(stream.uniform(0, 0, none), InvalidParameter);
  EXPECT_THROW(stream.normal(0, 0, none), InvalidParameter);
  EXPECT_THROW(stream.add_normal(Eigen::ArrayXd::Ones(1), 0, 0, none), InvalidParameter);
  EXPECT_THROW(Stream(1, "n", NormalBits::strict).normal(0, 0, none), InvalidParameter);
}

TEST(Random, StudentsTHasRoomForFewerCoordinates) {
  Batch none(0, (Index{1} << 30) + 1);
  EXPECT_THROW(Stream(1, "t").student_t(3.0, 0, 0, none), InvalidParameter);
  EXPECT_NO_THROW(Stream(1, "t").uniform(0, 0, none.leftCols(1000)));
}

TEST(Random, TheKeyDependsOnSeedAndName) {
  EXPECT_EQ(Stream(1, "a").key(), Stream(1, "a").key());
  EXPECT_NE(Stream(1, "a").key(), Stream(2, "a").key());
  EXPECT_NE(Stream(1, "a").key(), Stream(1, "b").key());
}

}  // namespace
}  // namespace sdelens
