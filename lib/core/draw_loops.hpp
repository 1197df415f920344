#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "sdelens/core/batch.hpp"
#include "sdelens/core/check.hpp"
#include "sdelens/core/lanes.hpp"
#include "sdelens/core/philox.hpp"

/// The counters of the draws, and the loops over replicas and over coordinates in which a law (draw_laws.hpp) makes
/// draws of them. The counter is (quad, coordinate, step, step); the four replicas of a quad are equal modulo 8 in
/// an aligned group of 32.
namespace sdelens::drawing {

inline constexpr std::size_t width = Words::size;
inline constexpr std::size_t quads = 8;  // a group of 32 replicas: 8 quads, replicas q, q + 8, q + 16, q + 24
inline constexpr std::size_t group = 4 * quads;
inline constexpr std::size_t vectors = quads / width;                              // of a group
inline constexpr std::size_t interleaved = std::max<std::size_t>(1, 4 / vectors);  // groups
constexpr int replica_bits = 34;  // a quad has a word of 32 bits in the counter
static_assert(quads % width == 0, "a group of replicas is a whole number of vectors");

inline std::uint32_t low_word(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
inline std::uint32_t high_word(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }

/// The first bits of the word of the counter that holds the coordinate number the calls of a law.
template <class Law>
inline constexpr int coordinate_bits = Law::calls > 2 ? 30 : 31;

template <class Law>
std::uint32_t coordinate_word(std::uint64_t coordinate, std::uint32_t call) {
  return low_word(coordinate) | call << coordinate_bits<Law>;
}

/// @throw InvalidParameter unless first + count <= 2^bits
inline void require_room(const char* name, std::uint64_t first, std::uint64_t count, int bits) {
  const std::uint64_t most = 1ULL << bits;
  if (count <= most && first <= most - count) return;
  throw InvalidParameter("Stream", name,
                         fmt::format("is {} for the first of {} draws, but must be below 2^{} for the last",
                                     first, count, bits));
}

/// The draws of one coordinate.
template <class Law>
class ColumnOfDraws {
 public:
  ColumnOfDraws(const Law& law, const philox::RoundKeys& keys, std::uint64_t coordinate, std::uint64_t step)
      : law_(law),
        rows_(rows(keys, coordinate, step, std::make_integer_sequence<std::uint32_t, Law::calls>{})) {}

  /// Calls put(place, value) for `count` groups of replicas, of which the first has its draws at `places`.
  template <std::size_t count, class Put>
  void put_groups(std::uint64_t first_group, double* places, const Put& put) const {
    const auto bits = [this, first_group](std::uint32_t call) {
      std::array<Words, count * vectors> numbers;
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        numbers[i] = lane_numbers() + Words(first_group * quads + i * width);
      }
      return rows_[call].blocks(numbers);
    };
    law_(bits, [&](std::size_t vector, std::size_t member, const Doubles& value) {
      put(places + vector / vectors * group + vector % vectors * width + member * quads, value);
    });
  }

 private:
  template <std::uint32_t... call>
  static std::array<PhiloxRow, sizeof...(call)> rows(const philox::RoundKeys& keys, std::uint64_t coordinate,
                                                     std::uint64_t step,
                                                     std::integer_sequence<std::uint32_t, call...>) {
    return {PhiloxRow(keys, coordinate_word<Law>(coordinate, call), low_word(step), high_word(step))...};
  }

  Law law_;
  std::array<PhiloxRow, Law::calls> rows_;
};

/// A group that is cut at an end of the block, whole.
template <class Law, class Put>
void put_part_of_group(const ColumnOfDraws<Law>& column, std::uint64_t replica, std::span<double> wanted,
                       const Put& put) {
  std::array<double, group> whole{};
  double* const part = whole.data() + replica % group;
  std::ranges::copy(wanted, part);
  column.template put_groups<1>(replica / group, whole.data(), put);
  std::copy_n(part, wanted.size(), wanted.data());
}

template <class Law, class Put>
void put_column(const ColumnOfDraws<Law>& column, std::uint64_t first_replica, std::span<double> draws,
                const Put& put) {
  std::size_t i = 0;
  while (i < draws.size()) {
    const std::uint64_t replica = first_replica + i;
    const std::size_t left = draws.size() - i;
    if (replica % group != 0 || left < group) {
      const std::size_t part = std::min(left, static_cast<std::size_t>(group - replica % group));
      put_part_of_group(column, replica, draws.subspan(i, part), put);
      i += part;
    } else if (left < interleaved * group) {
      column.template put_groups<1>(replica / group, draws.data() + i, put);
      i += group;
    } else {
      column.template put_groups<interleaved>(replica / group, draws.data() + i, put);
      i += interleaved * group;
    }
  }
}

/// Calls put_of(column)(place, value) for all the draws of a block.
template <class Law, class PutOf>
void fill(const Law& law, const philox::RoundKeys& keys, std::uint64_t first_replica, std::uint64_t step,
          Out draws, const PutOf& put_of) {
  const auto replicas = static_cast<std::size_t>(draws.rows());
  require_room("replica", first_replica, replicas, replica_bits);
  require_room("coordinate", 0, static_cast<std::uint64_t>(draws.cols()), coordinate_bits<Law>);
  for (Index j = 0; j < draws.cols(); ++j) {
    const ColumnOfDraws<Law> column(law, keys, static_cast<std::uint64_t>(j), step);
    put_column(column, first_replica, {draws.col(j).data(), replicas}, put_of(j));
  }
}

/// Vectors of coordinates of one replica, which is one member of its quad: what the others need is not calculated.
template <class Law, std::size_t member>
void fill_along(const Law& law, const philox::RoundKeys& keys, std::uint64_t quad, std::uint64_t step,
                std::uint64_t first_coordinate, std::span<double> draws) {
  constexpr std::size_t n = 4;
  for (std::size_t i = 0; i < draws.size(); i += n * width) {
    const auto bits = [&](std::uint32_t call) {
      std::array<PhiloxBlock, n> blocks;
      for (std::size_t k = 0; k < n; ++k) {
        const Words coordinates = lane_numbers() + Words(first_coordinate + i + k * width);
        blocks[k] = {Words(quad), coordinates | Words(coordinate_word<Law>(0, call)), Words(low_word(step)),
                     Words(high_word(step))};
      }
      return philox_4x32_10(blocks, keys);
    };
    std::array<double, n * width> values;
    law(bits, [&](std::size_t vector, std::size_t of_quad, const Doubles& value) {
      if (of_quad == member) value.store_unaligned(values.data() + vector * width);
    });
    std::copy_n(values.data(), std::min(values.size(), draws.size() - i), draws.data() + i);
  }
}

/// @throw InvalidParameter unless the counter has room for these draws
template <class Law>
void require_room_along(std::uint64_t replica, std::uint64_t first_coordinate, std::uint64_t coordinates) {
  require_room("replica", replica, 1, replica_bits);
  require_room("coordinate", first_coordinate, coordinates, coordinate_bits<Law>);
}

template <class Law>
void fill_along(const Law& law, const philox::RoundKeys& keys, std::uint64_t replica, std::uint64_t step,
                std::uint64_t first_coordinate, std::span<double> draws) {
  require_room_along<Law>(replica, first_coordinate, draws.size());
  constexpr std::array members{fill_along<Law, 0>, fill_along<Law, 1>, fill_along<Law, 2>,
                               fill_along<Law, 3>};
  const std::uint64_t quad = replica / group * quads + replica % quads;
  members[replica % group / quads](law, keys, quad, step, first_coordinate, draws);
}

}  // namespace sdelens::drawing
