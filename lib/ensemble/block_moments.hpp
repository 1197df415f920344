#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sdelens/core/bytes.hpp"
#include "sdelens/statistics/moments.hpp"

namespace sdelens {

/// What moments are of. Moments of one origin belong together, those of another are refused. That the process has the
/// same settings and the same seed is for the caller to know.
struct Origin {
  std::string ensemble;
  /// A checksum of what is recorded: observables, steps and windows.
  std::uint64_t recording = 0;
  std::uint64_t rows_per_block = 0;

  bool operator==(const Origin&) const = default;
  /// "ensemble 'SGD' in blocks of 256 with recording 0123abcd"
  std::string description() const;
};

/// Moments of consecutive replicas of an ensemble: what one block adds, or blocks merged.
struct BlockMoments {
  Origin origin{};
  std::uint64_t first_replica = 0;
  std::uint64_t replicas = 0;
  /// Replicas with an observable that was not finite when it was recorded.
  std::uint64_t non_finite = 0;
  /// Replicas that left the domain of their equation.
  std::uint64_t outside = 0;
  /// [recorded step, then window][observable]; empty without replicas.
  std::vector<GroupedMoments> moments{};

  std::uint64_t end() const { return first_replica + replicas; }

  /// Adds the replicas that follow: to nothing the same bits, otherwise with the roundings of Moments::merge.
  /// @throw InvalidParameter unless they are of the same origin and follow
  void merge(BlockMoments next);

  /// Version 1 of "block moments": origin (ensemble, recording, rows_per_block), first_replica, replicas, non_finite,
  /// outside, the number of moments, and the moments.
  Bytes bytes() const { return sealed_bytes(*this); }
  /// @throw UnreadableBytes
  static BlockMoments from(std::span<const std::byte> bytes) { return value_of_bytes<BlockMoments>(bytes); }
  static constexpr const char* kind = "block moments";
  static constexpr std::uint64_t version = 1;

  void write(ByteWriter& writer) const;
  static BlockMoments read(ByteReader& reader);
};

}  // namespace sdelens
