#include "sdelens/ensemble/ensemble_moments.hpp"

#include <fmt/format.h>

#include <utility>

#include "sdelens/core/check.hpp"

namespace sdelens {

void EnsembleMoments::add(BlockMoments block) {
  growing_.add(std::move(block));
  merge_if_full();
}

void EnsembleMoments::add(Segment segment) {
  const std::string owner = "moments of '" + origin().ensemble + "'";
  if (segment.origin() != origin()) {
    throw InvalidParameter(
        owner, "segment.origin",
        fmt::format("is {}, but must be {}", segment.origin().description(), origin().description()));
  }
  if (segment.number() != growing_.number()) {
    throw InvalidParameter(owner, "segment.number",
                           fmt::format("is {}, but {} follows", segment.number(), growing_.number()));
  }
  if (segment.replicas() < growing_.replicas()) {
    throw InvalidParameter(owner, "segment.replicas",
                           fmt::format("is {}, but {} are there", segment.replicas(), growing_.replicas()));
  }
  growing_ = std::move(segment);
  merge_if_full();
}

void EnsembleMoments::merge_if_full() {
  if (!growing_.full()) return;
  Segment next(origin(), growing_.number() + 1);
  earlier_.merge(std::exchange(growing_, std::move(next)).total());
}

BlockMoments EnsembleMoments::total() const {
  BlockMoments result = earlier_;
  result.merge(growing_.total());
  return result;
}

void EnsembleMoments::write(ByteWriter& writer) const {
  earlier_.write(writer);
  growing_.write(writer);
}

EnsembleMoments EnsembleMoments::read(ByteReader& reader) {
  BlockMoments earlier = BlockMoments::read(reader);
  Segment growing = Segment::read(reader);
  if (earlier.origin != growing.origin() || earlier.first_replica != 0 ||
      earlier.end() != growing.first_replica()) {
    reader.refuse(fmt::format("have {} replicas before segment {}", earlier.end(), growing.number()));
  }
  EnsembleMoments result(earlier.origin);
  result.earlier_ = std::move(earlier);
  result.growing_ = std::move(growing);
  return result;
}

}  // namespace sdelens
