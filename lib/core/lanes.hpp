#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <xsimd/xsimd.hpp>

/// Vectors of 64-bit lanes, and exact operations on them that xsimd does not offer: the same bits on every
/// instruction set.
namespace sdelens {

using Words = xsimd::batch<std::uint64_t>;
using Doubles = xsimd::batch<double>;
static_assert(Words::size == Doubles::size);

/// 0, 1, 2, ... in the lanes.
inline Words lane_numbers() {
  alignas(Words::arch_type::alignment()) std::array<std::uint64_t, Words::size> lanes{};
  for (std::size_t i = 0; i < lanes.size(); ++i) lanes[i] = i;
  return Words::load_aligned(lanes.data());
}

/// a b + c, rounded once where the instruction set has that.
inline Doubles fused(const Doubles& a, const Doubles& b, const Doubles& c) {
#if defined(__AVX512F__)
  return _mm512_fmadd_pd(a, b, c);  // xsimd 8 leaves it to the compiler whether it fuses for AVX-512
#else
  return xsimd::fma(a, b, c);
#endif
}

/// exp(x) - 1
inline Doubles expm1(const Doubles& x) {
#if defined(__AVX512F__)
  // xsimd 8 rounds differently for AVX-512 than for AVX2.
  using Half = xsimd::batch<double, xsimd::fma3<xsimd::avx2>>;
  const Half low = xsimd::expm1(Half(_mm512_castpd512_pd256(x)));
  const Half high = xsimd::expm1(Half(_mm512_extractf64x4_pd(x, 1)));
  return _mm512_insertf64x4(_mm512_castpd256_pd512(low), high, 1);
#else
  return xsimd::expm1(x);
#endif
}

/// The 64-bit products of the low halves of the lanes; what the high halves hold is ignored.
inline Words multiply_low_halves(const Words& a, const Words& b) {
#if defined(__AVX512F__)
  return _mm512_mul_epu32(a, b);
#elif defined(__AVX2__)
  return _mm256_mul_epu32(a, b);
#elif defined(__SSE2__)
  return _mm_mul_epu32(a, b);
#else
  const Words low(0xFFFFFFFFU);
  return (a & low) * (b & low);
#endif
}

/// a ^ b ^ c
inline Words exclusive_or(const Words& a, const Words& b, const Words& c) {
#if defined(__AVX512F__)
  return _mm512_ternarylogic_epi64(a, b, c, 0x96);
#else
  return a ^ b ^ c;
#endif
}

/// The low halves of `high` above the low halves of `low`.
inline Words joined_low_halves(const Words& high, const Words& low) {
#if defined(__AVX512F__)
  return _mm512_mask_shuffle_epi32(low, 0xAAAA, high, _MM_PERM_CCAA);
#else
  return (high << 32) | (low & Words(0xFFFFFFFFU));
#endif
}

template <int bits>
Words rotated_left(const Words& a) {
#if defined(__AVX512F__)
  return _mm512_rol_epi64(a, bits);
#else
  return (a << bits) | (a >> (64 - bits));
#endif
}

/// `set` in the lanes where that bit of `words` is one, and `clear` in the others.
template <int bit>
Doubles selected_by_bit(const Words& words, const Doubles& set, const Doubles& clear) {
#if defined(__AVX512F__)
  return _mm512_mask_blend_pd(_mm512_test_epi64_mask(words, Words(std::uint64_t{1} << bit)), clear, set);
#elif defined(__AVX2__)
  return _mm256_blendv_pd(clear, set, xsimd::bitwise_cast<Doubles>(words << (63 - bit)));
#else
  const auto mask = xsimd::bitwise_cast<Doubles>(Words(0U) - ((words >> bit) & Words(1U)));
  return clear ^ ((clear ^ set) & mask);
#endif
}

/// Whether a lane of one of the vectors is below `limit`, a power of two.
template <std::size_t n>
bool any_below(const std::array<Words, n>& vectors, std::uint64_t limit) {
#if defined(__AVX512F__)
  Words least = vectors[0];
#pragma GCC unroll 8
  for (std::size_t i = 1; i < n; ++i) least = _mm512_min_epu64(least, vectors[i]);
  return _mm512_cmplt_epu64_mask(least, Words(limit)) != 0;
#else
  const auto below = [&](const Words& a) { return (a & Words(~(limit - 1))) == Words(0U); };
  auto result = below(vectors[0]);
#pragma GCC unroll 8
  for (std::size_t i = 1; i < n; ++i) result = result | below(vectors[i]);
  return xsimd::any(result);
#endif
}

/// The nearest doubles to integers of 64 bits without a sign.
inline Doubles to_doubles(const Words& integers) {
#if defined(__AVX512DQ__)
  return _mm512_cvtepu64_pd(integers);
#else
  // 2^84 + 2^32 high and 2^52 + low are exact, and so is their sum without the powers but for one rounding.
  const auto high = xsimd::bitwise_cast<Doubles>((integers >> 32) | Words(0x4530000000000000U));
  const auto low = xsimd::bitwise_cast<Doubles>((integers & Words(0xFFFFFFFFU)) | Words(0x4330000000000000U));
  return (high - Doubles(0x1p84 + 0x1p52)) + low;
#endif
}

/// The nearest doubles to integers of 64 bits in two's complement.
inline Doubles signed_to_doubles(const Words& integers) {
#if defined(__AVX512DQ__)
  return _mm512_cvtepi64_pd(integers);
#else
  const auto high = xsimd::bitwise_cast<Doubles>((integers >> 32) ^ Words(0x4530000080000000U));
  const auto low = xsimd::bitwise_cast<Doubles>((integers & Words(0xFFFFFFFFU)) | Words(0x4330000000000000U));
  return (high - Doubles(0x1p84 + 0x1p63 + 0x1p52)) + low;
#endif
}

/// The exponents e and the mantissas m in [1, 2) of normal numbers m 2^e > 0.
struct ExponentAndMantissa {
  Doubles exponent, mantissa;
};

inline ExponentAndMantissa split(const Doubles& x) {
#if defined(__AVX512F__)
  return {_mm512_getexp_pd(x), _mm512_getmant_pd(x, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_src)};
#else
  const auto bits = xsimd::bitwise_cast<Words>(x);
  const auto biased = xsimd::bitwise_cast<Doubles>((bits >> 52) | Words(0x4330000000000000U));
  return {biased - Doubles(0x1p52 + 1023.0),
          xsimd::bitwise_cast<Doubles>((bits & Words(0x000FFFFFFFFFFFFFU)) | Words(0x3FF0000000000000U))};
#endif
}

/// A constant table of sixteen pairs of doubles, laid out for look-ups by the lanes of a vector.
class PairTable {
 public:
  using Numbers = std::array<double, 16>;
  constexpr PairTable(const Numbers& first, const Numbers& second) : numbers_{} {
    for (std::size_t i = 0; i < first.size(); ++i) {
      numbers_[by_halves ? i : 2 * i] = first[i];
      numbers_[by_halves ? i + 16 : 2 * i + 1] = second[i];
    }
  }

  struct Entries {
    Doubles first, second;
  };

  /// The pairs whose numbers are in the low four bits of the lanes.
  Entries at(const Words& rows) const {
    const double* const p = numbers_.data();
#if defined(__AVX512F__)
    return {_mm512_permutex2var_pd(_mm512_load_pd(p), rows, _mm512_load_pd(p + 8)),
            _mm512_permutex2var_pd(_mm512_load_pd(p + 16), rows, _mm512_load_pd(p + 24))};
#else
    alignas(64) std::array<std::uint64_t, Words::size> places;
    ((rows & Words(15U)) << 1).store_aligned(places.data());
#if defined(__AVX2__)
    const auto two_rows = [&](std::size_t a, std::size_t b) {
      return _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_load_pd(p + places[a])),
                                  _mm_load_pd(p + places[b]), 1);
    };
    const __m256d even = two_rows(0, 2);
    const __m256d odd = two_rows(1, 3);
    return {_mm256_unpacklo_pd(even, odd), _mm256_unpackhi_pd(even, odd)};
#else
    alignas(64) std::array<double, Words::size> first, second;
    for (std::size_t i = 0; i < places.size(); ++i) {
      first[i] = p[places[i]];
      second[i] = p[places[i] + 1];
    }
    return {Doubles::load_aligned(first.data()), Doubles::load_aligned(second.data())};
#endif
#endif
  }

 private:
#if defined(__AVX512F__)
  static constexpr bool by_halves = true;
#else
  static constexpr bool by_halves = false;
#endif
  alignas(64) std::array<double, 32> numbers_;
};

}  // namespace sdelens
