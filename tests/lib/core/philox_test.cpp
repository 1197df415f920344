#include "sdelens/core/philox.hpp"

#include <Random123/philox.h>
#include <gtest/gtest.h>

#include <array>
#include <random>

namespace sdelens {
namespace {

using FourWords = std::array<std::uint32_t, 4>;
constexpr std::size_t width = Words::size;

std::uint32_t word(const Words& lanes, std::size_t lane) {
  alignas(Words::arch_type::alignment()) std::array<std::uint64_t, width> values;
  lanes.store_aligned(values.data());
  return static_cast<std::uint32_t>(values[lane]);
}

FourWords words(const PhiloxBlock& block, std::size_t lane) {
  return {word(block[0], lane), word(block[1], lane), word(block[2], lane), word(block[3], lane)};
}

FourWords ours(const FourWords& counter, const PhiloxKey& key) {
  return words(philox_4x32_10({Words(std::uint64_t{counter[0]}), Words(std::uint64_t{counter[1]}),
                               Words(std::uint64_t{counter[2]}), Words(std::uint64_t{counter[3]})},
                              key),
               width - 1);
}

FourWords random_123(const FourWords& counter, const PhiloxKey& key) {
  const r123::Philox4x32::ctr_type c{{counter[0], counter[1], counter[2], counter[3]}};
  const r123::Philox4x32::key_type k{{key[0], key[1]}};
  const auto result = r123::Philox4x32()(c, k);
  return {result[0], result[1], result[2], result[3]};
}

// The lines "philox4x32 10" of kat_vectors in the distribution of Random123.
TEST(Philox, GivesTheKnownAnswersOfRandom123) {
  EXPECT_EQ(ours({0, 0, 0, 0}, {0, 0}), (FourWords{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(ours({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}),
            (FourWords{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(ours({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (FourWords{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// Every lane has a counter of its own, and the high halves of the lanes are filled to show that they are
// ignored.
TEST(Philox, AgreesWithRandom123InEveryLane) {
  std::mt19937_64 random(20240607);
  constexpr int counters = 100000;
  for (int checked = 0; checked < counters; checked += static_cast<int>(width)) {
    alignas(Words::arch_type::alignment()) std::array<std::array<std::uint64_t, width>, 4> counter;
    for (auto& lanes : counter) {
      for (auto& lane : lanes) lane = random();
    }
    const std::uint64_t bits = random();
    const PhiloxKey key{static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32)};
    const PhiloxBlock block = philox_4x32_10(
        PhiloxBlock{Words::load_aligned(counter[0].data()), Words::load_aligned(counter[1].data()),
                    Words::load_aligned(counter[2].data()), Words::load_aligned(counter[3].data())},
        key);
    for (std::size_t lane = 0; lane < width; ++lane) {
      const FourWords low_halves{
          static_cast<std::uint32_t>(counter[0][lane]), static_cast<std::uint32_t>(counter[1][lane]),
          static_cast<std::uint32_t>(counter[2][lane]), static_cast<std::uint32_t>(counter[3][lane])};
      ASSERT_EQ(words(block, lane), random_123(low_halves, key))
          << "counter " << checked << ", lane " << lane;
    }
  }
}

// Several vectors in turn, with the first two rounds shared by a row, are the same function.
TEST(Philox, RowsAgreeWithRandom123) {
  constexpr std::size_t n = 3;
  std::mt19937_64 random(20261124);
  const auto word_of = [&random] { return static_cast<std::uint32_t>(random()); };
  for (int checked = 0; checked < 1000; ++checked) {
    const PhiloxKey key{word_of(), word_of()};
    const std::array<std::uint32_t, 3> rest{word_of(), word_of(), word_of()};
    std::array<std::uint32_t, n> first{word_of(), word_of(), word_of()};
    std::array<Words, n> vectors;
    for (std::size_t i = 0; i < n; ++i) vectors[i] = Words(std::uint64_t{first[i]}) + lane_numbers();
    const philox::RoundKeys keys(key);
    const auto blocks = PhiloxRow(keys, rest[0], rest[1], rest[2]).blocks(vectors);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t lane = 0; lane < width; ++lane) {
        const auto counter = static_cast<std::uint32_t>(first[i] + lane);
        ASSERT_EQ(words(blocks[i], lane), random_123({counter, rest[0], rest[1], rest[2]}, key))
            << "vector " << i << ", lane " << lane;
      }
    }
  }
}

}  // namespace
}  // namespace sdelens
