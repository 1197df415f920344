#pragma once

#include <Random123/philox.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "sdelens/core/philox.hpp"

/// What random.hpp and box_muller.hpp state, one draw at a time: Philox of Random123, long double, the functions of
/// the standard library, no polynomial and no table.
namespace sdelens::test {

/// -2 log(2^-64 u), u the double nearest to the integer without its bit 10 and with its bit 0.
inline long double minus_two_log(std::uint64_t word) {
  const auto u = static_cast<double>((word & ~(std::uint64_t{1} << 10)) | 1U);
  // log1p keeps the digits near u = 2^64; u - 2^64 is exact.
  return -2.0L * (u > 0x1p63 ? std::log1p((static_cast<long double>(u) - 0x1p64L) * 0x1p-64L)
                             : std::log(static_cast<long double>(u) * 0x1p-64L));
}

/// Bits 29 to 0 and 63 to 30 are the angle in a quarter of the circle, bit 31 exchanges the coordinates, bit 30 is the
/// sign.
inline std::array<long double, 2> on_circle(long double radius, std::uint64_t word) {
  const auto v = static_cast<double>(static_cast<std::int64_t>(std::rotl(word, 34)));
  const long double angle = std::numbers::pi_v<long double> / 4.0L * 0x1p-63L * v;
  const bool exchanged = ((word >> 31) & 1U) != 0;
  const bool negative = ((word >> 30) & 1U) != 0;
  const long double signed_radius = negative ? -radius : radius;
  const long double x = signed_radius * std::cos(angle);
  const long double y = signed_radius * std::sin(angle);
  if (exchanged) return {y, x};
  return {x, y};
}

inline std::array<long double, 2> box_muller(std::uint64_t radius_word, std::uint64_t angle_word) {
  return on_circle(std::sqrt(minus_two_log(radius_word)), angle_word);
}

/// The two 64-bit halves of a block of Philox.
inline std::array<std::uint64_t, 2> halves(const PhiloxKey& key, std::uint64_t replica,
                                           std::uint64_t coordinate_word, std::uint64_t step) {
  const std::uint64_t quad = 8 * (replica / 32) + replica % 8;
  const auto low = [](std::uint64_t value) { return static_cast<std::uint32_t>(value); };
  const r123::Philox4x32::ctr_type counter{{low(quad), low(coordinate_word), low(step), low(step >> 32)}};
  const auto words = r123::Philox4x32()(counter, r123::Philox4x32::key_type{{key[0], key[1]}});
  return {std::uint64_t{words[0]} << 32 | words[1], std::uint64_t{words[2]} << 32 | words[3]};
}

inline bool at_an_end(std::uint64_t word) { return word < (1ULL << 50) || word >= ~0ULL - (1ULL << 50) + 1; }

/// The number in its quad of a replica: 0 for r mod 32 < 8, ... 3.
inline std::size_t member(std::uint64_t replica) { return replica % 32 / 8; }

inline constexpr std::uint64_t second_call = 1ULL << 31;

inline long double shared_normal(const PhiloxKey& key, std::uint64_t replica, std::uint64_t coordinate,
                                 std::uint64_t step) {
  const std::size_t half = member(replica) / 2;
  const std::uint64_t word = halves(key, replica, coordinate, step)[half];
  std::uint64_t radius = word;
  if (at_an_end(word)) {
    const std::uint64_t fresh = halves(key, replica, coordinate | second_call, step)[half];
    radius = (word >> 32 << 32) | (fresh & 0xFFFFFFFFU);
  }
  return box_muller(radius, word)[member(replica) % 2];
}

inline long double strict_normal(const PhiloxKey& key, std::uint64_t replica, std::uint64_t coordinate,
                                 std::uint64_t step) {
  const std::uint64_t call = member(replica) / 2;
  const auto words = halves(key, replica, coordinate | call << 31, step);
  return box_muller(words[0], words[1])[member(replica) % 2];
}

inline double uniform(const PhiloxKey& key, std::uint64_t replica, std::uint64_t coordinate,
                      std::uint64_t step) {
  const std::uint64_t call = member(replica) / 2;
  const auto words = halves(key, replica, coordinate | call << 31, step);
  return static_cast<double>(words[member(replica) % 2] >> 11) * 0x1p-53;
}

inline long double student_t(double nu, const PhiloxKey& key, std::uint64_t replica, std::uint64_t coordinate,
                             std::uint64_t step) {
  const auto words = halves(key, replica, coordinate | std::uint64_t{member(replica)} << 30, step);
  return on_circle(std::sqrt(nu * std::expm1(minus_two_log(words[0]) / nu)), words[1])[0];
}

}  // namespace sdelens::test
