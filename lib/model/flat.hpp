#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace sdelens {

/// Arrays of one length, one for each number of a coordinate.
using FlatArrays = std::span<const std::span<float>>;
using ConstFlatArrays = std::span<const std::span<const float>>;

/// How many entries of flat arrays are treated together.
inline constexpr std::size_t flat_width = 64;

/// Calls advance(in, out) on pointers to flat_width entries of each array at a time. The last entries go through the
/// same code on padded copies, so that an entry's bits do not depend on its place, however long arrays are split.
/// All arrays have one length; `out` is read and written.
template <std::size_t reads, std::size_t writes, class Advance>
void for_each_chunk(std::size_t size, const std::array<const float*, reads>& read,
                    const std::array<float*, writes>& written, const Advance& advance) {
  std::array<std::array<float, flat_width>, reads + writes> padded{};
  for (std::size_t first = 0; first < size; first += flat_width) {
    const std::size_t left = std::min(flat_width, size - first);
    std::array<const float*, reads> in;
    std::array<float*, writes> out;
    for (std::size_t j = 0; j < reads; ++j) in[j] = read[j] + first;
    for (std::size_t j = 0; j < writes; ++j) out[j] = written[j] + first;
    if (left < flat_width) {
      for (std::size_t j = 0; j < reads; ++j) in[j] = std::copy_n(in[j], left, padded[j].data()) - left;
      for (std::size_t j = 0; j < writes; ++j)
        out[j] = std::copy_n(out[j], left, padded[reads + j].data()) - left;
    }
    advance(in, out);
    if (left == flat_width) continue;
    for (std::size_t j = 0; j < writes; ++j) std::copy_n(out[j], left, written[j] + first);
  }
}

}  // namespace sdelens
