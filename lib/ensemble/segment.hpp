#pragma once

#include <cstdint>
#include <span>

#include "sdelens/ensemble/block_moments.hpp"

namespace sdelens {

/// 64 consecutive blocks of an ensemble, merged in their order. Segments of one ensemble can be made anywhere and in any
/// order; merged in order they have the same bits as a single run.
///
/// The last block may still be growing: it is kept apart, so that going on with it replica by replica gives the bits of
/// the whole block.
class Segment {
 public:
  static constexpr std::uint64_t blocks = 64;

  /// Segment `number` of its ensemble, without replicas.
  /// @throw InvalidParameter unless blocks have at least one row
  Segment(Origin origin, std::uint64_t number);

  std::uint64_t number() const { return number_; }
  const Origin& origin() const { return whole_.origin; }
  std::uint64_t first_replica() const { return whole_.first_replica; }
  std::uint64_t replicas() const { return whole_.replicas + begun_.replicas; }
  /// Where the segment ends when it is full.
  std::uint64_t end() const { return first_replica() + blocks * origin().rows_per_block; }
  bool full() const { return first_replica() + replicas() == end(); }

  /// The last block as far as it has grown; the next one without replicas if that is full.
  const BlockMoments& begun_block() const { return begun_; }
  /// Adds the next block, or replaces the begun one by what it has grown to.
  /// @throw InvalidParameter if the segment is full, or the block is of another origin, another block than the
  ///        begun one, larger than a block, or smaller than it was
  void add(BlockMoments block);
  /// All blocks.
  BlockMoments total() const;

  /// Version 1 of "a segment": number, full blocks merged, begun block; each as in BlockMoments.
  Bytes bytes() const { return sealed_bytes(*this); }
  /// @throw UnreadableBytes
  static Segment from(std::span<const std::byte> bytes) { return value_of_bytes<Segment>(bytes); }
  static constexpr const char* kind = "a segment";
  static constexpr std::uint64_t version = 1;

  void write(ByteWriter& writer) const;
  static Segment read(ByteReader& reader);

 private:
  std::uint64_t number_;
  BlockMoments whole_, begun_;
};

}  // namespace sdelens
