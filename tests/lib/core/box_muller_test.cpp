// The formulas in long double: on x86 it holds every integer of 64 bits.
#include "sdelens/core/box_muller.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "tests/lib/core/scalar_normals.hpp"

namespace sdelens {
namespace {

using Numbers = std::vector<std::uint64_t>;

/// Both ends, each power of two, the ends of the cells of the table below 2^64, and then random integers.
Numbers integers() {
  Numbers result;
  for (int bit = 0; bit < 64; ++bit) {
    for (const std::uint64_t near : {1ULL << bit, ~0ULL >> bit, ~0ULL << bit}) {
      for (std::uint64_t offset = 0; offset < 4; ++offset) {
        result.push_back(near + offset);
        result.push_back(near - offset);
      }
      result.push_back(near - (near >> 53));
    }
  }
  for (std::uint64_t cell = 16; cell < 32; ++cell) {
    for (int bit = 0; bit < 60; ++bit) {
      result.push_back(cell << bit);
      result.push_back((cell << bit) - 1);
    }
  }
  std::mt19937_64 random(20261124);
  while (result.size() < 1'000'000) result.push_back(random());
  return result;
}

Words lanes(const Numbers& numbers, std::size_t first) {
  return Words::load_unaligned(numbers.data() + first);
}

struct Lanes {
  alignas(Doubles::arch_type::alignment()) std::array<double, Doubles::size> values;
  explicit Lanes(const Doubles& vector) { vector.store_aligned(values.data()); }
  double operator[](std::size_t i) const { return values[i]; }
};

/// Calls check(number, lane) for all integers, with use(vector of integers) once for all lanes.
template <class Evaluate, class Check>
void for_all_integers(const Evaluate& evaluate, const Check& check) {
  const Numbers numbers = integers();
  for (std::size_t first = 0; first + Words::size <= numbers.size(); first += Words::size) {
    const auto results = evaluate(lanes(numbers, first));
    for (std::size_t i = 0; i < Words::size; ++i) check(numbers[first + i], results, i);
  }
}

TEST(BoxMuller, TheLogarithmHasTheStatedRelativeError) {
  double largest = 0.0;
  for_all_integers([](const Words& words) { return Lanes(minus_two_log(words)); },
                   [&](std::uint64_t word, const Lanes& results, std::size_t i) {
                     const auto exact = static_cast<double>(test::minus_two_log(word));
                     ASSERT_GT(results[i], 0.0) << word;
                     largest = std::max(largest, std::abs(results[i] - exact) / exact);
                   });
  EXPECT_LT(largest, 1e-13);
}

TEST(BoxMuller, NormalsHaveTheStatedError) {
  double largest = 0.0;
  double error = 0.0;
  const auto evaluate = [](const Words& words) {
    const Pair pair = box_muller(words, words);
    return std::array{Lanes(pair.x), Lanes(pair.y)};
  };
  for_all_integers(evaluate, [&](std::uint64_t word, const std::array<Lanes, 2>& results, std::size_t i) {
    const std::array<long double, 2> exact = test::box_muller(word, word);
    for (std::size_t member = 0; member < 2; ++member) {
      const double z = results[member][i];
      ASSERT_TRUE(std::isfinite(z)) << word;
      largest = std::max(largest, std::abs(z));
      error = std::max(error, std::abs(static_cast<double>(static_cast<long double>(z) - exact[member])));
    }
  });
  EXPECT_LT(error, 6e-13);
  EXPECT_GT(error, 1e-14) << "the polynomials have errors that this comparison must see";
  EXPECT_LE(largest, std::sqrt(128.0 * std::numbers::ln2));
  EXPECT_LT(largest, 9.42);
}

// The largest radius with every angle of a grid, for the error of the cosine is multiplied by it.
TEST(BoxMuller, TheExtremesHaveTheStatedError) {
  double largest = 0.0;
  for (std::uint64_t k = 0; k < 100'000; ++k) {
    const std::uint64_t angle = k * 0x9E3779B97F4A7C15U;
    for (const std::uint64_t radius : {0ULL, 1ULL << 20, 1ULL << 50, ~0ULL - (1ULL << 50), ~0ULL}) {
      const Pair pair = box_muller(Words(radius), Words(angle));
      const std::array<long double, 2> exact = test::box_muller(radius, angle);
      largest = std::max({largest, std::abs(pair.x.get(0) - static_cast<double>(exact[0])),
                          std::abs(pair.y.get(0) - static_cast<double>(exact[1]))});
    }
  }
  EXPECT_LT(largest, 6e-13);
}

TEST(BoxMuller, EveryAngleIsOnTheCircleAndEachEighthIsReached) {
  std::array<int, 8> eighths{};
  for (std::uint64_t k = 0; k < 1000; ++k) {
    const Pair pair = on_circle(Doubles(1.0), Words(k * 0x9E3779B97F4A7C15U));
    const double x = pair.x.get(0);
    const double y = pair.y.get(0);
    EXPECT_NEAR(x * x + y * y, 1.0, 1e-12);
    ++eighths[(x < 0.0 ? 1U : 0U) + (y < 0.0 ? 2U : 0U) + (std::abs(x) < std::abs(y) ? 4U : 0U)];
  }
  EXPECT_GT(*std::ranges::min_element(eighths), 0);
}

TEST(Lanes, ConvertEvery64BitIntegerToItsNearestDouble) {
  for_all_integers(
      [](const Words& words) {
        return std::array{Lanes(to_doubles(words)), Lanes(signed_to_doubles(words))};
      },
      [](std::uint64_t word, const std::array<Lanes, 2>& results, std::size_t i) {
        ASSERT_EQ(results[0][i], static_cast<double>(word)) << word;
        ASSERT_EQ(results[1][i], static_cast<double>(static_cast<std::int64_t>(word))) << word;
      });
}

TEST(Lanes, SplitNumbersAsFrexpDoes) {
  for_all_integers(
      [](const Words& words) {
        const auto [exponent, mantissa] = split(to_doubles(words | Words(1U)));
        return std::array{Lanes(exponent), Lanes(mantissa)};
      },
      [](std::uint64_t word, const std::array<Lanes, 2>& results, std::size_t i) {
        int exponent = 0;
        const double mantissa = std::frexp(static_cast<double>(word | 1U), &exponent);
        ASSERT_EQ(results[0][i], exponent - 1) << word;
        ASSERT_EQ(results[1][i], 2.0 * mantissa) << word;
      });
}

}  // namespace
}  // namespace sdelens
