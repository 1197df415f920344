#pragma once

#include <array>
#include <cstdint>
#include <xsimd/xsimd.hpp>

namespace sdelens {

/// Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a
/// bijection of 128-bit counters for each 64-bit key. Here for a vector of counters at once: each word of
/// `PhiloxBlock` holds one 32-bit word per lane in the low half of a 64-bit lane.
using PhiloxKey = std::array<std::uint32_t, 2>;
using PhiloxLanes = xsimd::batch<std::uint64_t>;
using PhiloxBlock = std::array<PhiloxLanes, 4>;

namespace philox {

inline constexpr std::uint64_t multiplier_0 = 0xD2511F53;
inline constexpr std::uint64_t multiplier_1 = 0xCD9E8D57;
inline constexpr std::uint32_t weyl_0 = 0x9E3779B9;
inline constexpr std::uint32_t weyl_1 = 0xBB67AE85;

/// The 64-bit products of the low halves of the lanes; what the high halves hold is ignored.
inline PhiloxLanes multiply_low_halves(const PhiloxLanes& a, const PhiloxLanes& b) {
#if defined(__AVX512F__)
  return _mm512_mul_epu32(a, b);
#elif defined(__AVX2__)
  return _mm256_mul_epu32(a, b);
#elif defined(__SSE2__)
  return _mm_mul_epu32(a, b);
#else
  const PhiloxLanes low(0xFFFFFFFFU);
  return (a & low) * (b & low);
#endif
}

}  // namespace philox

/// Ten rounds of Philox 4x32. The high halves of the lanes of the counter are ignored; those of the result
/// are not zero: mask or shift them away.
inline PhiloxBlock philox_4x32_10(PhiloxBlock counter, PhiloxKey key) {
  const PhiloxLanes multiplier_0(philox::multiplier_0);
  const PhiloxLanes multiplier_1(philox::multiplier_1);
  for (int round = 0; round < 10; ++round) {
    const PhiloxLanes product_0 = philox::multiply_low_halves(multiplier_0, counter[0]);
    const PhiloxLanes product_1 = philox::multiply_low_halves(multiplier_1, counter[2]);
    counter[0] = (product_1 >> 32) ^ counter[1] ^ PhiloxLanes(key[0]);
    counter[2] = (product_0 >> 32) ^ counter[3] ^ PhiloxLanes(key[1]);
    counter[1] = product_1;
    counter[3] = product_0;
    key[0] += philox::weyl_0;
    key[1] += philox::weyl_1;
  }
  return counter;
}

}  // namespace sdelens
