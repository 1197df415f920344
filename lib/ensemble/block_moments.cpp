#include "sdelens/ensemble/block_moments.hpp"

#include <fmt/format.h>

#include <utility>

#include "sdelens/core/check.hpp"

namespace sdelens {

std::string Origin::description() const {
  return fmt::format("ensemble '{}' in blocks of {} with recording {:08x}", ensemble, rows_per_block,
                     recording);
}

void BlockMoments::merge(BlockMoments next) {
  if (next.origin != origin) {
    throw InvalidParameter(
        kind, "origin",
        fmt::format("is {}, but must be {}", next.origin.description(), origin.description()));
  }
  if (next.first_replica != end()) {
    throw InvalidParameter(
        kind, "first_replica",
        fmt::format("of '{}' is {}, but {} follows", origin.ensemble, next.first_replica, end()));
  }
  if (next.replicas == 0) return;
  replicas += next.replicas;
  non_finite += next.non_finite;
  outside += next.outside;
  if (moments.empty()) {
    moments = std::move(next.moments);
    return;
  }
  for (std::size_t i = 0; i < moments.size(); ++i) moments[i].merge(next.moments.at(i));
}

void BlockMoments::write(ByteWriter& writer) const {
  writer.text(origin.ensemble);
  writer.whole(origin.recording);
  writer.whole(origin.rows_per_block);
  for (const std::uint64_t count : {first_replica, replicas, non_finite, outside}) writer.whole(count);
  writer.whole(moments.size());
  for (const GroupedMoments& entry : moments) entry.write(writer);
}

BlockMoments BlockMoments::read(ByteReader& reader) {
  BlockMoments result;
  result.origin.ensemble = reader.text();
  result.origin.recording = reader.whole();
  result.origin.rows_per_block = reader.whole();
  for (std::uint64_t* const count :
       {&result.first_replica, &result.replicas, &result.non_finite, &result.outside}) {
    *count = reader.whole();
  }
  for (std::uint64_t left = reader.whole(); left > 0; --left) {
    result.moments.push_back(GroupedMoments::read(reader));
  }
  return result;
}

}  // namespace sdelens
