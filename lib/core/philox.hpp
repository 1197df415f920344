#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sdelens/core/lanes.hpp"
#include "sdelens/core/philox_key.hpp"

namespace sdelens {

/// Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a
/// bijection of 128-bit counters for each 64-bit key. Here for a vector of counters at once: each word of
/// `PhiloxBlock` holds one 32-bit word per lane in the low half of a 64-bit lane. The high halves of a counter are
/// ignored; those of a result are not zero: mask or shift them away.
using PhiloxBlock = std::array<Words, 4>;

namespace philox {

inline constexpr std::uint64_t multiplier_0 = 0xD2511F53;
inline constexpr std::uint64_t multiplier_1 = 0xCD9E8D57;
inline constexpr std::uint32_t weyl_0 = 0x9E3779B9;
inline constexpr std::uint32_t weyl_1 = 0xBB67AE85;

/// The keys of the ten rounds, each word in a lane's width, so that it is broadcast from memory.
class RoundKeys {
 public:
  explicit RoundKeys(const PhiloxKey& key) {
    for (std::uint32_t i = 0; i < keys_.size(); ++i) keys_[i] = {key[0] + i * weyl_0, key[1] + i * weyl_1};
  }
  const std::array<std::uint64_t, 2>& operator[](std::size_t round) const { return keys_[round]; }

 private:
  std::array<std::array<std::uint64_t, 2>, 10> keys_;
};

/// The rounds from `first` to the tenth, on n vectors of counters in turn: the processor works on n chains of
/// products.
template <std::size_t first, std::size_t n>
inline void rounds_from(std::array<PhiloxBlock, n>& counters, const RoundKeys& keys) {
#pragma GCC unroll 10
  for (std::size_t round = first; round < 10; ++round) {
#pragma GCC unroll 8
    for (PhiloxBlock& c : counters) {
      const Words product_0 = multiply_low_halves(Words(multiplier_0), c[0]);
      const Words product_1 = multiply_low_halves(Words(multiplier_1), c[2]);
      c = {exclusive_or(product_1 >> 32, c[1], Words(keys[round][0])), product_1,
           exclusive_or(product_0 >> 32, c[3], Words(keys[round][1])), product_0};
    }
  }
}

}  // namespace philox

/// Ten rounds on any counters.
template <std::size_t n>
inline std::array<PhiloxBlock, n> philox_4x32_10(std::array<PhiloxBlock, n> counters,
                                                 const philox::RoundKeys& keys) {
  philox::rounds_from<0>(counters, keys);
  return counters;
}

inline PhiloxBlock philox_4x32_10(const PhiloxBlock& counter, const PhiloxKey& key) {
  return philox_4x32_10(std::array<PhiloxBlock, 1>{counter}, philox::RoundKeys(key))[0];
}

/// Counters that differ in their first word alone: what the others contribute to the first two rounds is
/// calculated once.
class PhiloxRow {
 public:
  PhiloxRow(const philox::RoundKeys& keys, std::uint32_t word_1, std::uint32_t word_2, std::uint32_t word_3)
      : keys_(keys) {
    const std::uint64_t product_1 = philox::multiplier_1 * word_2;
    const std::uint64_t product_0 =
        philox::multiplier_0 * (static_cast<std::uint32_t>(product_1 >> 32) ^ word_1 ^ keys[0][0]);
    after_one_ = word_3 ^ keys[0][1];
    after_two_ = {product_1 ^ keys[1][0], (product_0 >> 32) ^ keys[1][1], product_0};
  }

  /// philox_4x32_10({first_words[i], word_1, word_2, word_3}, keys) for each i.
  template <std::size_t n>
  std::array<PhiloxBlock, n> blocks(const std::array<Words, n>& first_words) const {
    std::array<PhiloxBlock, n> counters;
#pragma GCC unroll 8
    for (std::size_t i = 0; i < n; ++i) {
      const Words product_0 = multiply_low_halves(Words(philox::multiplier_0), first_words[i]);
      const Words product_1 =
          multiply_low_halves(Words(philox::multiplier_1), (product_0 >> 32) ^ Words(after_one_));
      counters[i] = {(product_1 >> 32) ^ Words(after_two_[0]), product_1, product_0 ^ Words(after_two_[1]),
                     Words(after_two_[2])};
    }
    philox::rounds_from<2>(counters, keys_);
    return counters;
  }

 private:
  const philox::RoundKeys& keys_;
  std::uint64_t after_one_;
  std::array<std::uint64_t, 3> after_two_;
};

}  // namespace sdelens
