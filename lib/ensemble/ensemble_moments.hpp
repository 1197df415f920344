#pragma once

#include <cstdint>
#include <span>

#include "sdelens/ensemble/segment.hpp"

namespace sdelens {

/// The moments of an ensemble as it grows: full segments merged in their order, and the segment that is growing. Any
/// split of the same replicas over blocks, segments, processes or days gives the same bits.
class EnsembleMoments {
 public:
  /// @throw InvalidParameter unless blocks have at least one row
  explicit EnsembleMoments(const Origin& origin) : earlier_{.origin = origin}, growing_(origin, 0) {}

  const Origin& origin() const { return growing_.origin(); }
  std::uint64_t replicas() const { return earlier_.replicas + growing_.replicas(); }
  /// The segment that is growing.
  const Segment& growing() const { return growing_; }

  /// Adds the next block, or replaces the begun one by what it has grown to.
  /// @throw InvalidParameter as Segment::add
  void add(BlockMoments block);
  /// Adds the next segment, or replaces the growing one by what it has grown to.
  /// @throw InvalidParameter if it is of another origin, another segment than the growing one, or smaller
  void add(Segment segment);
  /// All replicas.
  BlockMoments total() const;

  /// Version 1 of "ensemble moments": full segments merged (as in BlockMoments), growing segment (as in Segment).
  Bytes bytes() const { return sealed_bytes(*this); }
  /// @throw UnreadableBytes
  static EnsembleMoments from(std::span<const std::byte> bytes) {
    return value_of_bytes<EnsembleMoments>(bytes);
  }
  static constexpr const char* kind = "ensemble moments";
  static constexpr std::uint64_t version = 1;

  void write(ByteWriter& writer) const;
  static EnsembleMoments read(ByteReader& reader);

 private:
  void merge_if_full();

  BlockMoments earlier_;
  Segment growing_;
};

}  // namespace sdelens
