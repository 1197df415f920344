#pragma once

#include <array>
#include <cstddef>

#include "sdelens/core/box_muller_constants.hpp"
#include "sdelens/core/lanes.hpp"

/// Box and Muller's normals (Ann. Math. Statist. 29, 1958) from integers of 64 bits, without a division and without
/// a case. Every sum of a product is fused where the instruction set has that (AVX2 with FMA, AVX-512, NEON), and
/// then the results have the same bits on all of them; without it (SSE2) the last bits differ.
namespace sdelens {

/// A polynomial by Horner's rule, coefficients from the lowest power.
template <std::size_t n>
Doubles polynomial(const Doubles& x, const std::array<double, n>& coefficients) {
  Doubles value(coefficients[n - 1]);
#pragma GCC unroll 8
  for (std::size_t i = n - 1; i > 0; --i) value = fused(value, x, Doubles(coefficients[i - 1]));
  return value;
}

/// -2 log(2^-64 u) for the double u nearest to an integer, 0 < u < 2^64; relative error below 1e-13, also where u
/// is near 2^64.
inline Doubles minus_two_log(const Words& bits) {
  static constexpr PairTable cells(box_muller_constants::reciprocals, box_muller_constants::offsets);
  // One cleared bit keeps u from being rounded to 2^64, one that is set from being zero.
  const Doubles u = to_doubles((bits & Words(~(std::uint64_t{1} << 10))) | Words(1U));
  const auto [exponent, mantissa] = split(u);
  const auto [reciprocal, offset] = cells.at(xsimd::bitwise_cast<Words>(u) >> 48);
  const Doubles t = fused(mantissa, reciprocal, Doubles(-1.0));
  const Doubles at_centre = fused(exponent, Doubles(box_muller_constants::slope), offset);
  return fused(t, polynomial(t, box_muller_constants::logarithm), at_centre);
}

/// A pair of numbers in each lane.
struct Pair {
  Doubles x, y;
};

/// radius (cos, sin) of an angle that is uniform on the circle: bits 29 to 0 and then 63 to 30 of the integer place
/// it in a quarter of the circle, bits 31 and 30 choose the quarter by reflections.
inline Pair on_circle(const Doubles& radius, const Words& bits) {
  const Words turned = rotated_left<34>(bits);
  const Doubles angle = signed_to_doubles(turned);
  const Doubles square = angle * angle;
  const Doubles sine = angle * polynomial(square, box_muller_constants::sine);
  const Doubles cosine = polynomial(square, box_muller_constants::cosine);
  const Doubles signed_radius = radius ^ xsimd::bitwise_cast<Doubles>(turned << 63);
  return {signed_radius * selected_by_bit<31>(bits, sine, cosine),
          signed_radius * selected_by_bit<31>(bits, cosine, sine)};
}

/// Two independent standard normals in each lane, |z| <= 9.42. Of the rounded uniforms they are functions with an
/// error below 6e-13.
inline Pair box_muller(const Words& radius_bits, const Words& angle_bits) {
  return on_circle(xsimd::sqrt(minus_two_log(radius_bits)), angle_bits);
}

}  // namespace sdelens
