// Draws against one draw at a time by another route (scalar_normals.hpp), and the bits of 1e7 draws.
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <string>

#include "sdelens/core/lanes.hpp"
#include "sdelens/core/random.hpp"
#include "tests/lib/core/scalar_normals.hpp"

namespace sdelens {
namespace {

/// Calls check(draw, replica, coordinate, step) for blocks at both ends of replicas and steps.
template <class Fill, class Check>
void for_blocks(Index rows, const Fill& fill, const Check& check) {
  Batch draws(rows, 5);
  const auto count = static_cast<std::uint64_t>(rows);
  for (const std::uint64_t first : std::initializer_list<std::uint64_t>{0, 37, (1ULL << 34) - count}) {
    for (const std::uint64_t step : {0ULL, 1ULL, 1ULL << 32, ~0ULL}) {
      fill(first, step, draws);
      for (Index j = 0; j < draws.cols(); ++j) {
        for (Index i = 0; i < rows; ++i) {
          check(draws(i, j), first + static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(j), step);
        }
      }
    }
  }
}

// Among 5e5 pairs some 60 are at an end of the uniform, where the radius takes fresh bits.
TEST(RandomBits, SharedNormalsAreWhatIsStated) {
  const Stream stream(11, "bits");
  int at_ends = 0;
  double largest = 0.0;
  for_blocks(
      17000, [&](std::uint64_t first, std::uint64_t step, Out draws) { stream.normal(first, step, draws); },
      [&](double z, std::uint64_t replica, std::uint64_t coordinate, std::uint64_t step) {
        const auto words = test::halves(stream.key(), replica, coordinate, step);
        at_ends += test::at_an_end(words[test::member(replica) / 2]) ? 1 : 0;
        const long double exact = test::shared_normal(stream.key(), replica, coordinate, step);
        largest = std::max(largest, std::abs(static_cast<double>(z - exact)));
      });
  EXPECT_LT(largest, 6e-13);
  EXPECT_GT(at_ends, 30);
}

TEST(RandomBits, StrictNormalsAreWhatIsStated) {
  const Stream stream(11, "bits", NormalBits::strict);
  double largest = 0.0;
  for_blocks(
      3000, [&](std::uint64_t first, std::uint64_t step, Out draws) { stream.normal(first, step, draws); },
      [&](double z, std::uint64_t replica, std::uint64_t coordinate, std::uint64_t step) {
        const long double exact = test::strict_normal(stream.key(), replica, coordinate, step);
        largest = std::max(largest, std::abs(static_cast<double>(z - exact)));
      });
  EXPECT_LT(largest, 6e-13);
}

TEST(RandomBits, UniformsAreWhatIsStated) {
  const Stream stream(11, "bits");
  for_blocks(
      3000, [&](std::uint64_t first, std::uint64_t step, Out draws) { stream.uniform(first, step, draws); },
      [&](double u, std::uint64_t replica, std::uint64_t coordinate, std::uint64_t step) {
        ASSERT_EQ(u, test::uniform(stream.key(), replica, coordinate, step)) << replica;
      });
}

// Relative to the radius r, for the cosine has an absolute error; r^2/nu = expm1(E/nu) turns an error of 1e-13 of E
// into one of 1e-13 (1 + E/nu), E < 89, and xsimd's expm1 has one of a few 2^-53.
TEST(RandomBits, StudentsTIsWhatIsStated) {
  const Stream stream(11, "bits");
  for (const double nu : {0.5, 3.0, 1e8}) {
    for_blocks(
        1000,
        [&](std::uint64_t first, std::uint64_t step, Out draws) { stream.student_t(nu, first, step, draws); },
        [&](double t, std::uint64_t replica, std::uint64_t coordinate, std::uint64_t step) {
          const auto words = test::halves(stream.key(), replica,
                                          coordinate | std::uint64_t{test::member(replica)} << 30, step);
          const auto e = static_cast<double>(test::minus_two_log(words[0]));
          const double radius = std::sqrt(nu * std::expm1(e / nu));
          const long double exact = test::student_t(nu, stream.key(), replica, coordinate, step);
          ASSERT_LE(std::abs(static_cast<double>(t - exact)), radius * (1e-13 + 1e-13 * (1.0 + e / nu)))
              << "nu " << nu << ", replica " << replica;
        });
  }
}

/// FNV-1a of the bits, double by double.
class Hash {
 public:
  void add(const Batch& draws) {
    for (const double draw : draws.reshaped())
      value_ = (value_ ^ std::bit_cast<std::uint64_t>(draw)) * 0x100000001B3U;
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xCBF29CE484222325U;
};

/// The hash of 1e7 draws: rows that are no whole number of groups, from a replica that is not the first of one.
template <class Fill>
std::uint64_t hash_of_draws(const Fill& fill) {
  Hash hash;
  Batch draws(12500, 8);
  for (std::uint64_t step = 0; step < 100; ++step) {
    fill(step, draws);
    hash.add(draws);
  }
  return hash.value();
}

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
constexpr bool fused_multiply_add = true;
#else
constexpr bool fused_multiply_add = false;
#endif

// What is pinned here is the same for AVX2 and AVX-512. A change of a draw changes every number of every run.
TEST(RandomBits, TenMillionDrawsHaveTheBitsOfEveryInstructionSet) {
  const Stream stream(1, "h");
  const Stream strict(1, "h", NormalBits::strict);
  EXPECT_EQ(hash_of_draws([&](std::uint64_t step, Out draws) { stream.uniform(3, step, draws); }),
            0x8dc357b17572c40aU);
  if (!fused_multiply_add)
    GTEST_SKIP() << "normals and Student's t have other bits without fused multiply-add";
  EXPECT_EQ(hash_of_draws([&](std::uint64_t step, Out draws) { stream.normal(3, step, draws); }),
            0xa8be1aad914d5c0eU);
  EXPECT_EQ(hash_of_draws([&](std::uint64_t step, Out draws) { strict.normal(3, step, draws); }),
            0x5a5fd4cd5467043cU);
  EXPECT_EQ(hash_of_draws([&](std::uint64_t step, Out draws) { stream.student_t(2.5, 3, step, draws); }),
            0x32224b001e7127edU);
}

}  // namespace
}  // namespace sdelens
