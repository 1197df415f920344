#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sdelens/core/box_muller.hpp"
#include "sdelens/core/philox.hpp"

/// How random bits become the draws of a quad, which is what shares calls of Philox: four draws, its members. A law
/// has a number of calls; it is given bits(call), which returns one block of Philox in each lane of n vectors of
/// quads, and gives put(vector, member, values) the draws.
namespace sdelens::drawing {

inline Words first_half(const PhiloxBlock& block) { return joined_low_halves(block[0], block[1]); }
inline Words second_half(const PhiloxBlock& block) { return joined_low_halves(block[2], block[3]); }

struct Uniform {
  static constexpr std::uint32_t calls = 2;

  template <class Bits, class Put>
  void operator()(const Bits& bits, const Put& put) const {
    for (std::uint32_t call = 0; call < calls; ++call) {
      const auto blocks = bits(call);
      for (std::size_t i = 0; i < blocks.size(); ++i) {
        put(i, 2 * call, uniform(first_half(blocks[i])));
        put(i, 2 * call + 1, uniform(second_half(blocks[i])));
      }
    }
  }
  static Doubles uniform(const Words& word) { return to_doubles(word >> 11) * Doubles(0x1p-53); }
};

/// Four normals from one call: each half of its bits is radius and angle of a pair.
struct SharedNormal {
  static constexpr std::uint32_t calls = 2;

  template <class Bits, class Put>
  void operator()(const Bits& bits, const Put& put) const {
    const auto words = halves(bits(0));
    if (any_at_an_end(words)) [[unlikely]] {
      with_fresh_bits(bits, put);
    } else {
      put_pairs(words, words, put);
    }
  }

 private:
  template <std::size_t n>
  using Halves = std::array<Words, 2 * n>;

  template <std::size_t n>
  static Halves<n> halves(const std::array<PhiloxBlock, n>& blocks) {
    Halves<n> result;
    for (std::size_t i = 0; i < n; ++i) {
      result[2 * i] = first_half(blocks[i]);
      result[2 * i + 1] = second_half(blocks[i]);
    }
    return result;
  }

  static Words from_the_ends(const Words& word) { return word + Words(1ULL << 50); }
  static constexpr std::uint64_t ends = 1ULL << 51;

  template <std::size_t n>
  static bool any_at_an_end(const std::array<Words, n>& words) {
    std::array<Words, n> shifted;
    for (std::size_t i = 0; i < n; ++i) shifted[i] = from_the_ends(words[i]);
    return any_below(shifted, ends);
  }

  template <std::size_t n, class Put>
  static void put_pairs(const std::array<Words, n>& radius_bits, const std::array<Words, n>& angle_bits,
                        const Put& put) {
    for (std::size_t i = 0; i < n; ++i) {
      const Pair pair = box_muller(radius_bits[i], angle_bits[i]);
      put(i / 2, 2 * (i % 2), pair.x);
      put(i / 2, 2 * (i % 2) + 1, pair.y);
    }
  }

  /// At the ends of the uniform the radius takes 32 bits that the angle does not have. Out of the loop, whose
  /// registers it would take.
  template <class Bits, class Put>
  [[gnu::noinline]] static void with_fresh_bits(const Bits& bits, const Put& put) {
    const auto words = halves(bits(0));
    const auto fresh = halves(bits(1));
    auto radius_bits = words;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const Words low(0xFFFFFFFFU);
      const auto at_an_end = from_the_ends(words[i]) < Words(ends);
      radius_bits[i] = xsimd::select(at_an_end, (words[i] & ~low) | (fresh[i] & low), words[i]);
    }
    put_pairs(radius_bits, words, put);
  }
};

/// Two normals from one call: a half of its bits is the radius, the other the angle.
struct StrictNormal {
  static constexpr std::uint32_t calls = 2;

  template <class Bits, class Put>
  void operator()(const Bits& bits, const Put& put) const {
    for (std::uint32_t call = 0; call < calls; ++call) {
      const auto blocks = bits(call);
      for (std::size_t i = 0; i < blocks.size(); ++i) {
        const Pair pair = box_muller(first_half(blocks[i]), second_half(blocks[i]));
        put(i, 2 * call, pair.x);
        put(i, 2 * call + 1, pair.y);
      }
    }
  }
};

/// Sine and cosine of one radius are dependent for Student's t, so each draw has a call of its own.
struct StudentT {
  static constexpr std::uint32_t calls = 4;
  double nu;

  template <class Bits, class Put>
  void operator()(const Bits& bits, const Put& put) const {
    for (std::uint32_t call = 0; call < calls; ++call) {
      const auto blocks = bits(call);
      for (std::size_t i = 0; i < blocks.size(); ++i) {
        const Doubles grown = expm1(minus_two_log(first_half(blocks[i])) * Doubles(1.0 / nu));
        put(i, call, on_circle(xsimd::sqrt(Doubles(nu) * grown), second_half(blocks[i])).x);
      }
    }
  }
};

}  // namespace sdelens::drawing
