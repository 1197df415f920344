#include "sdelens/core/random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <numbers>

#include "sdelens/core/check.hpp"

namespace sdelens {
namespace {

using Doubles = xsimd::batch<double>;
constexpr std::size_t width = Doubles::size;
constexpr std::size_t half_chunk = 8;
constexpr std::size_t chunk = 2 * half_chunk;
constexpr std::uint64_t most_replicas = 1ULL << 33;  // a pair of replicas has a 32-bit word of the counter
static_assert(half_chunk % width == 0, "a chunk of replicas is a whole number of vectors");

/// FNV-1a, the 64-bit hash of Fowler, Noll and Vo.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xCBF29CE484222325U;
  for (const char letter : text) {
    value ^= static_cast<unsigned char>(letter);
    value *= 0x100000001B3U;
  }
  return value;
}

std::uint32_t low_word(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
std::uint32_t high_word(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }

/// A 32-bit integer in each lane as a double, exactly: placed in the fraction of 2^52.
Doubles exact_double(const PhiloxLanes& low_halves) {
  const PhiloxLanes two_to_52(0x4330000000000000U);
  return xsimd::bitwise_cast<Doubles>(low_halves | two_to_52) - Doubles(0x1p52);
}

/// Multiples of 2^-53 in [0, 1) from 64 bits: 32 of one word and 21 of the other.
Doubles uniform_53(const PhiloxLanes& high, const PhiloxLanes& low) {
  const PhiloxLanes word(0xFFFFFFFFU);
  const Doubles leading = exact_double(high & word) * Doubles(0x1p-32);
  return xsimd::fma(exact_double((low & word) >> 11), Doubles(0x1p-53), leading);
}

/// A polynomial in x by Horner's rule, highest power first.
template <std::size_t n>
Doubles horner(const Doubles& x, const std::array<double, n>& coefficients) {
  Doubles value(coefficients[0]);
  for (std::size_t i = 1; i < n; ++i) value = xsimd::fma(value, x, Doubles(coefficients[i]));
  return value;
}

/// Coefficients (-1)^k / (2k + offset)!, k = n-1 ... 0: the series of the sine (offset 1) and cosine (0).
template <std::size_t n>
constexpr std::array<double, n> alternating_series(int offset) {
  std::array<double, n> result{};
  for (std::size_t k = 0; k < n; ++k) {
    double factorial = 1.0;
    for (int i = 2; i <= static_cast<int>(2 * k) + offset; ++i) factorial *= i;
    result[n - 1 - k] = (k % 2 == 0 ? 1.0 : -1.0) / factorial;
  }
  return result;
}

/// Coefficients 1 / (2k + 1), k = n-1 ... 0: the series of atanh(s) / s in s^2.
template <std::size_t n>
constexpr std::array<double, n> inverse_odd_numbers() {
  std::array<double, n> result{};
  for (std::size_t k = 0; k < n; ++k) result[n - 1 - k] = 1.0 / static_cast<double>(2 * k + 1);
  return result;
}

/// A direction, uniform on the circle, from 64 bits: 53 place the angle in an eighth of the circle, where
/// nine terms of either series are exact to 2^-53, and three of the other eleven choose the eighth by
/// reflections.
struct Direction {
  Doubles x, y;
};

Direction direction(const PhiloxLanes& high, const PhiloxLanes& low) {
  constexpr auto sine_series = alternating_series<9>(1);
  constexpr auto cosine_series = alternating_series<9>(0);
  const Doubles angle = uniform_53(high, low) * Doubles(std::numbers::pi / 4.0);
  const Doubles square = angle * angle;
  const auto sine = xsimd::bitwise_cast<PhiloxLanes>(horner(square, sine_series) * angle);
  const auto cosine = xsimd::bitwise_cast<PhiloxLanes>(horner(square, cosine_series));
  const PhiloxLanes sign_bit(0x8000000000000000U);
  const PhiloxLanes one(1U);
  const PhiloxLanes exchange = (sine ^ cosine) & (PhiloxLanes(0U) - ((low >> 2) & one));
  return {xsimd::bitwise_cast<Doubles>(cosine ^ exchange ^ ((low << 63) & sign_bit)),
          xsimd::bitwise_cast<Doubles>(sine ^ exchange ^ ((low << 62) & sign_bit))};
}

struct Counter {
  std::uint32_t coordinate, step_low, step_high;

  /// The bits of `width` draws, one for each pair of replicas.
  PhiloxBlock bits(const PhiloxLanes& replica_pair, const PhiloxKey& key) const {
    return philox_4x32_10(
        {replica_pair, PhiloxLanes(coordinate), PhiloxLanes(step_low), PhiloxLanes(step_high)}, key);
  }
};

PhiloxLanes first_lanes() {
  alignas(PhiloxLanes::arch_type::alignment()) std::array<std::uint64_t, width> lanes{};
  for (std::size_t i = 0; i < width; ++i) lanes[i] = i;
  return PhiloxLanes::load_aligned(lanes.data());
}

/// Calls draw(replica_pairs, counter, key) for every aligned sixteen of the block, and put(place, value, column)
/// with the two vectors it returns and the places of replicas r and r + 8.
template <class Draw, class Put>
void fill(const PhiloxKey& key, std::uint64_t first_replica, std::uint64_t step,
          std::uint32_t counters_per_draw, Out draws, const Draw& draw, const Put& put) {
  const auto rows = static_cast<std::uint64_t>(draws.rows());
  if (rows == 0) return;
  if (first_replica > most_replicas - rows) {
    throw InvalidParameter("Stream", "first_replica",
                           fmt::format("is {}, but the last replica must be below 2^33", first_replica));
  }
  const PhiloxLanes lanes = first_lanes();
  const std::uint64_t first_chunk = first_replica / chunk;
  const std::uint64_t last_chunk = (first_replica + rows - 1) / chunk;
  for (Index column = 0; column < draws.cols(); ++column) {
    double* const out = draws.col(column).data();
    const Counter counter{static_cast<std::uint32_t>(column) * counters_per_draw, low_word(step),
                          high_word(step)};
    const auto put_chunk = [&](std::uint64_t c, double* place) {
      for (std::size_t offset = 0; offset < half_chunk; offset += width) {
        const auto [low, high] = draw(lanes + PhiloxLanes(c * half_chunk + offset), counter, key);
        put(place + offset, low, column);
        put(place + half_chunk + offset, high, column);
      }
    };
    for (std::uint64_t c = first_chunk; c <= last_chunk; ++c) {
      const std::uint64_t begin = std::max(c * chunk, first_replica);
      const std::uint64_t end = std::min((c + 1) * chunk, first_replica + rows);
      if (end - begin == chunk) {
        put_chunk(c, out + (begin - first_replica));
        continue;
      }
      std::array<double, chunk> whole{};
      double* const wanted = whole.data() + (begin - c * chunk);
      std::copy(out + (begin - first_replica), out + (end - first_replica), wanted);
      put_chunk(c, whole.data());
      std::copy(wanted, wanted + (end - begin), out + (begin - first_replica));
    }
  }
}

void store(double* place, const Doubles& value, Index) { value.store_unaligned(place); }

/// The logarithm of a uniform on (0, 1]. With u = 2^e m, m in [sqrt(1/2), sqrt(2)), and s = (m-1)/(m+1):
/// log u = e log 2 + 2 atanh(s), |s| < 0.172. Spares the cases that a general logarithm has to tell apart.
Doubles log_of_uniform(const PhiloxLanes& high, const PhiloxLanes& low) {
  constexpr std::uint64_t bits_of_sqrt_half = 0x3FE6A09E667F3BCDU;
  constexpr std::uint64_t shift = 64;  // keeps the exponent positive
  const auto bits = xsimd::bitwise_cast<PhiloxLanes>(Doubles(1.0) - uniform_53(high, low));
  const PhiloxLanes shifted_exponent = (bits - PhiloxLanes(bits_of_sqrt_half - (shift << 52))) >> 52;
  const Doubles exponent = exact_double(shifted_exponent) - Doubles(static_cast<double>(shift));
  const auto m = xsimd::bitwise_cast<Doubles>(bits + PhiloxLanes(shift << 52) - (shifted_exponent << 52));
  const Doubles s = (m - Doubles(1.0)) / (m + Doubles(1.0));
  constexpr auto series = inverse_odd_numbers<11>();
  return xsimd::fma(exponent, Doubles(std::numbers::ln2), Doubles(2.0) * s * horner(s * s, series));
}

/// Two independent standard normals for each pair of replicas.
std::array<Doubles, 2> box_muller(const PhiloxLanes& pair, const Counter& counter, const PhiloxKey& key) {
  const PhiloxBlock bits = counter.bits(pair, key);
  const Doubles radius = xsimd::sqrt(Doubles(-2.0) * log_of_uniform(bits[0], bits[1]));
  const Direction toward = direction(bits[2], bits[3]);
  return {radius * toward.x, radius * toward.y};
}

}  // namespace

Stream::Stream(std::uint64_t seed, std::string_view name) {
  const std::uint64_t purpose = hash(name);
  const PhiloxBlock mixed = philox_4x32_10({PhiloxLanes(low_word(purpose)), PhiloxLanes(high_word(purpose)),
                                            PhiloxLanes(std::uint64_t{0}), PhiloxLanes(std::uint64_t{0})},
                                           {low_word(seed), high_word(seed)});
  key_ = {low_word(mixed[0].get(0)), low_word(mixed[1].get(0))};
}

void Stream::uniform(std::uint64_t first_replica, std::uint64_t step, Out draws) const {
  const auto draw = [](const PhiloxLanes& pair, const Counter& counter, const PhiloxKey& key) {
    const PhiloxBlock bits = counter.bits(pair, key);
    return std::array{uniform_53(bits[0], bits[1]), uniform_53(bits[2], bits[3])};
  };
  fill(key_, first_replica, step, 1, draws, draw, store);
}

void Stream::normal(std::uint64_t first_replica, std::uint64_t step, Out draws) const {
  fill(key_, first_replica, step, 1, draws, box_muller, store);
}

void Stream::add_normal(const Eigen::ArrayXd& scale, std::uint64_t first_replica, std::uint64_t step,
                        Out sums) const {
  const auto add = [&scale](double* place, const Doubles& value, Index column) {
    xsimd::fma(value, Doubles(scale(column)), Doubles::load_unaligned(place)).store_unaligned(place);
  };
  fill(key_, first_replica, step, 1, sums, box_muller, add);
}

void Stream::student_t(double degrees_of_freedom, std::uint64_t first_replica, std::uint64_t step,
                       Out draws) const {
  const double nu = require_positive("Stream", "degrees_of_freedom", degrees_of_freedom);
  // Sine and cosine of one radius are dependent for Student's t, so each draw has a Philox call of its own.
  const auto polar = [nu](const PhiloxBlock& bits) {
    const Doubles grown = xsimd::expm1(Doubles(-2.0 / nu) * log_of_uniform(bits[0], bits[1]));
    return xsimd::sqrt(Doubles(nu) * grown) * direction(bits[2], bits[3]).x;
  };
  const auto draw = [&](const PhiloxLanes& pair, Counter counter, const PhiloxKey& key) {
    const Doubles low = polar(counter.bits(pair, key));
    counter.coordinate += 1;
    return std::array{low, polar(counter.bits(pair, key))};
  };
  fill(key_, first_replica, step, 2, draws, draw, store);
}

}  // namespace sdelens
