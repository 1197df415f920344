#include "sdelens/ensemble/block_moments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/lib/ensemble/processes.hpp"

namespace sdelens {
namespace {

using test::same_bits;
using testing::HasSubstr;
using testing::ThrowsMessage;

const Origin origin{.ensemble = "SGD", .recording = 0x0123abcd, .rows_per_block = 256};

/// Replicas r with the values sin r and, every tenth, NaN.
BlockMoments block(std::uint64_t first, std::uint64_t replicas) {
  const Ensemble ensemble("SGD", test::formula([](std::uint64_t r, std::uint64_t step) {
                            return step == 1 && r % 10 == 3 ? std::nan("") : std::sin(static_cast<double>(r));
                          }),
                          {test::coordinate(0)},
                          {.steps = {0, 1}, .windows = {{.name = "w", .first = 0, .last = 4}}});
  return *ensemble.extended({.origin = ensemble.moments().origin(), .first_replica = first}, first + replicas,
                            {});
}

TEST(BlockMoments, AreWhatTheReplicasOfABlockAdd) {
  const BlockMoments result = block(512, 200);
  EXPECT_EQ(result.first_replica, 512U);
  EXPECT_EQ(result.replicas, 200U);
  EXPECT_EQ(result.end(), 712U);
  EXPECT_EQ(result.non_finite, 20U);
  EXPECT_EQ(result.moments.size(), 3U) << "two steps and a window of one observable";
  EXPECT_EQ(result.moments[0].total().count, 200.0);
}

TEST(BlockMoments, ComeBackFromBytesBitByBit) {
  const BlockMoments written = block(512, 200);
  ASSERT_TRUE(std::isnan(written.moments[1].group(3).mean));
  const BlockMoments read = BlockMoments::from(written.bytes());
  EXPECT_TRUE(same_bits(read, written));
  EXPECT_EQ(read.bytes(), written.bytes()) << "the NaN's bits too";
  const BlockMoments empty{.origin = origin, .first_replica = 256};
  EXPECT_TRUE(same_bits(BlockMoments::from(empty.bytes()), empty));
}

TEST(BlockMoments, OfOtherBytesAreRefused) {
  const Bytes bytes = block(512, 200).bytes();
  EXPECT_THAT(
      [&] { BlockMoments::from(std::span(bytes).first(100)); },
      ThrowsMessage<UnreadableBytes>(HasSubstr("bytes of block moments are 100 with a content of 80, but")));
  Bytes damaged = bytes;
  damaged[1000] ^= std::byte{16};
  EXPECT_THAT(
      [&] { BlockMoments::from(damaged); },
      ThrowsMessage<UnreadableBytes>(HasSubstr("bytes of block moments are damaged: their checksum")));
  EXPECT_THAT([&] { BlockMoments::from(Segment(origin, 0).bytes()); },
              ThrowsMessage<UnreadableBytes>(HasSubstr("bytes of block moments are those of a segment")));
  ByteWriter more;
  block(512, 200).write(more);
  more.whole(0);
  EXPECT_THAT([&] { BlockMoments::from(more.sealed("block moments", 1)); },
              ThrowsMessage<UnreadableBytes>(HasSubstr("go on for 8 where they should end")));
}

TEST(BlockMoments, MergeWithThoseThatFollow) {
  BlockMoments merged = block(512, 256);
  merged.merge(block(768, 100));
  EXPECT_EQ(merged.first_replica, 512U);
  EXPECT_EQ(merged.replicas, 356U);
  EXPECT_EQ(merged.moments[0].total().count, 356.0);
  BlockMoments of_nothing{.origin = merged.origin, .first_replica = 512};
  of_nothing.merge(block(512, 256));
  EXPECT_TRUE(same_bits(of_nothing, block(512, 256)));
}

TEST(BlockMoments, DoNotMergeWithOthers) {
  BlockMoments moments = block(512, 256);
  EXPECT_THAT([&] { moments.merge(block(1024, 256)); },
              ThrowsMessage<InvalidParameter>(
                  HasSubstr("block moments: first_replica of 'SGD' is 1024, but 768 follows")));
  EXPECT_THAT(
      [&] { moments.merge({.origin = origin, .first_replica = 768}); },
      ThrowsMessage<InvalidParameter>(HasSubstr(
          "origin is ensemble 'SGD' in blocks of 256 with recording 0123abcd, but must be ensemble 'SGD'")));
  EXPECT_TRUE(same_bits(moments, block(512, 256)));
}

}  // namespace
}  // namespace sdelens
