#include "sdelens/ensemble/segment.hpp"

#include <fmt/format.h>

#include <utility>

#include "sdelens/core/check.hpp"

namespace sdelens {

Segment::Segment(Origin origin, std::uint64_t number) : number_(number) {
  if (origin.rows_per_block == 0) {
    throw InvalidParameter("segment of '" + origin.ensemble + "'", "rows_per_block",
                           "is 0, but must be at least 1");
  }
  whole_.first_replica = number * blocks * origin.rows_per_block;
  begun_.first_replica = whole_.first_replica;
  begun_.origin = origin;
  whole_.origin = std::move(origin);
}

void Segment::add(BlockMoments block) {
  const auto refuse = [this](std::string_view name, const std::string& problem) {
    throw InvalidParameter(fmt::format("segment {} of '{}'", number_, origin().ensemble), name, problem);
  };
  if (block.origin != origin()) {
    refuse("block.origin",
           fmt::format("is {}, but must be {}", block.origin.description(), origin().description()));
  }
  if (full()) refuse("block", "comes after the segment is full");
  if (block.first_replica != begun_.first_replica) {
    refuse("block.first_replica",
           fmt::format("is {}, but {} follows", block.first_replica, begun_.first_replica));
  }
  if (block.replicas < begun_.replicas || block.replicas > origin().rows_per_block) {
    refuse("block.replicas", fmt::format("is {}, but must be in [{}, {}]", block.replicas, begun_.replicas,
                                         origin().rows_per_block));
  }
  begun_ = std::move(block);
  if (begun_.replicas < origin().rows_per_block) return;
  const std::uint64_t next = begun_.end();
  whole_.merge(std::exchange(begun_, {.origin = origin(), .first_replica = next}));
}

BlockMoments Segment::total() const {
  BlockMoments result = whole_;
  result.merge(begun_);
  return result;
}

void Segment::write(ByteWriter& writer) const {
  writer.whole(number_);
  whole_.write(writer);
  begun_.write(writer);
}

Segment Segment::read(ByteReader& reader) {
  const std::uint64_t number = reader.whole();
  BlockMoments whole = BlockMoments::read(reader);
  BlockMoments begun = BlockMoments::read(reader);
  if (whole.origin.rows_per_block == 0) reader.refuse("have blocks without rows");
  Segment result(whole.origin, number);
  const std::uint64_t rows = whole.origin.rows_per_block;
  if (begun.origin != whole.origin || whole.first_replica != result.first_replica() ||
      whole.replicas % rows != 0 || whole.end() > result.end() || begun.first_replica != whole.end() ||
      begun.replicas >= rows) {
    reader.refuse(fmt::format("have blocks that do not make up segment {}", number));
  }
  result.whole_ = std::move(whole);
  result.begun_ = std::move(begun);
  return result;
}

}  // namespace sdelens
