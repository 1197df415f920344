#include "sdelens/ensemble/segment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/lib/ensemble/processes.hpp"

namespace sdelens {
namespace {

using test::same_bits;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr Index rows = 4;
constexpr std::uint64_t size = Segment::blocks * rows;

Ensemble sines(const std::string& name = "sines", Index rows_per_block = rows) {
  return {name,
          test::formula([](std::uint64_t r, std::uint64_t k) { return std::sin(static_cast<double>(r + k)); },
                        rows_per_block),
          {test::coordinate(0)},
          {.steps = {0, 3}, .windows = {{.name = "w", .first = 1, .last = 3}}}};
}

BlockMoments block(std::uint64_t first, std::uint64_t replicas = rows) {
  const Ensemble ensemble = sines();
  return *ensemble.extended({.origin = ensemble.moments().origin(), .first_replica = first}, first + replicas,
                            {});
}

Segment segment(std::uint64_t number, std::uint64_t replicas) {
  const Ensemble ensemble = sines();
  Segment result = ensemble.segment(number);
  EXPECT_TRUE(ensemble.extend(result, result.first_replica() + replicas, {}));
  return result;
}

TEST(Segment, IsItsBlocksMergedInOrder) {
  Segment result = sines().segment(2);
  EXPECT_EQ(result.first_replica(), 2 * size);
  EXPECT_EQ(result.replicas(), 0U);
  BlockMoments merged{.origin = result.origin(), .first_replica = 2 * size};
  for (std::uint64_t i = 0; i < Segment::blocks; ++i) {
    EXPECT_FALSE(result.full());
    result.add(block(2 * size + i * rows));
    merged.merge(block(2 * size + i * rows));
    EXPECT_TRUE(same_bits(result.total(), merged));
  }
  EXPECT_TRUE(result.full());
  EXPECT_EQ(result.end(), 3 * size);
  EXPECT_TRUE(same_bits(segment(2, size).total(), merged));
}

TEST(Segment, GoesOnWithItsLastBlock) {
  Segment pieces = sines().segment(1);
  for (const std::uint64_t replicas : {1U, 3U, 4U, 6U, 101U, 102U, 256U}) {
    const bool done = sines().extend(pieces, size + replicas, {});
    EXPECT_TRUE(done);
    EXPECT_EQ(pieces.replicas(), replicas);
    EXPECT_TRUE(same_bits(pieces.total(), segment(1, replicas).total()));
  }
  EXPECT_TRUE(sines().extend(pieces, 5 * size, {}));
  EXPECT_EQ(pieces.replicas(), size) << "a segment does not grow beyond its end";
}

TEST(Segment, KeepsItsFinishedBlocksWhenItIsStopped) {
  const Ensemble ensemble = sines();
  Segment stopped = ensemble.segment(1);
  std::stop_source stop;
  int reports = 0;
  const Execution execution{.stop = stop.get_token(), .progress = [&](std::uint64_t) {
                              if (++reports == 5) stop.request_stop();
                            }};
  EXPECT_FALSE(ensemble.extend(stopped, 2 * size, execution));
  EXPECT_TRUE(same_bits(stopped.total(), segment(1, 5 * rows).total()));
  EXPECT_TRUE(ensemble.extend(stopped, 2 * size, {}));
  EXPECT_TRUE(same_bits(stopped.total(), segment(1, size).total()));
}

TEST(Segment, ComesBackFromBytesAndGoesOnToTheSameBits) {
  for (const std::uint64_t replicas : {0U, 2U, 4U, 103U, 256U}) {
    const Segment written = segment(3, replicas);
    Segment read = Segment::from(written.bytes());
    EXPECT_EQ(read.number(), 3U);
    EXPECT_EQ(read.replicas(), replicas);
    EXPECT_EQ(read.bytes(), written.bytes());
    EXPECT_TRUE(same_bits(read.total(), written.total()));
    EXPECT_TRUE(sines().extend(read, 4 * size, {}));
    EXPECT_TRUE(same_bits(read.total(), segment(3, size).total()));
  }
}

TEST(Segment, OfOtherBytesIsRefused) {
  const Bytes bytes = segment(3, 103).bytes();
  Bytes damaged = bytes;
  damaged[500] ^= std::byte{1};
  EXPECT_THAT([&] { Segment::from(damaged); },
              ThrowsMessage<UnreadableBytes>(HasSubstr("bytes of a segment are damaged")));
  EXPECT_THAT([&] { Segment::from(block(0).bytes()); },
              ThrowsMessage<UnreadableBytes>(HasSubstr("bytes of a segment are those of block moments")));
  // Undamaged bytes of blocks that are no segment: the second does not follow the first.
  const auto wrong = [](std::uint64_t number, const BlockMoments& whole, const BlockMoments& begun) {
    ByteWriter writer;
    writer.whole(number);
    whole.write(writer);
    begun.write(writer);
    return writer.sealed("a segment", 1);
  };
  const auto refused = ThrowsMessage<UnreadableBytes>(HasSubstr("have blocks that do not make up segment "));
  EXPECT_NO_THROW(Segment::from(wrong(0, block(0), block(4, 1))));
  EXPECT_THAT([&] { Segment::from(wrong(0, block(0), block(8, 1))); }, refused);
  EXPECT_THAT([&] { Segment::from(wrong(1, block(0), block(4, 1))); }, refused);
  EXPECT_THAT([&] { Segment::from(wrong(0, block(0, 3), block(3, 1))); }, refused);
  EXPECT_THAT([&] { Segment::from(wrong(0, block(0), block(4))); }, refused) << "a full block is merged";
}

TEST(Segment, RefusesBlocksThatAreNotTheNext) {
  Segment some = segment(1, 6);
  const auto refused = [](const std::string& problem) {
    return ThrowsMessage<InvalidParameter>(HasSubstr("segment 1 of 'sines': block" + problem));
  };
  EXPECT_THAT([&] { some.add(block(size + 8)); }, refused(".first_replica is 264, but 260 follows"));
  EXPECT_THAT([&] { some.add(block(size)); }, refused(".first_replica is 256, but 260 follows"));
  EXPECT_THAT([&] { some.add(block(size + 4, 1)); }, refused(".replicas is 1, but must be in [2, 4]"));
  const Ensemble others = sines("others");
  EXPECT_THAT([&] { some.add({.origin = others.moments().origin(), .first_replica = size + 4}); },
              refused(".origin is ensemble 'others' in blocks of 4"));
  EXPECT_THAT(
      [&] { others.extend(some, 2 * size, {}); },
      ThrowsMessage<InvalidParameter>(HasSubstr(
          "ensemble others: origin of the moments is ensemble 'sines' in blocks of 4 with recording ")));
  Segment full = segment(1, size);
  EXPECT_THAT([&] { full.add(block(2 * size)); }, refused(" comes after the segment is full"));
  EXPECT_TRUE(same_bits(some.total(), segment(1, 6).total()));
}

TEST(Segment, RefusesBlocksWithoutRows) {
  EXPECT_THAT([] { Segment({.ensemble = "e", .rows_per_block = 0}, 0); },
              ThrowsMessage<InvalidParameter>(HasSubstr("segment of 'e': rows_per_block is 0")));
  for (const Index wrong : {0, -1}) {
    EXPECT_THAT([&] { sines("e", wrong); },
                ThrowsMessage<InvalidParameter>(HasSubstr(
                    fmt::format("ensemble e: rows_per_block is {}, but must be in [1, inf)", wrong))));
  }
}

}  // namespace
}  // namespace sdelens
