// Blocks are merged in segments and segments in order, so that any split of the replicas has the same bits.
#include "sdelens/ensemble/ensemble_moments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tests/lib/ensemble/processes.hpp"

namespace sdelens {
namespace {

using test::same_bits;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr Index rows = 4;
constexpr std::uint64_t size = Segment::blocks * rows;
// Four full segments, and one with full blocks and a begun one.
constexpr std::uint64_t replicas = 4 * size + 103;

Ensemble sines(const std::string& name = "sines", std::uint64_t last = 3, Index rows_per_block = rows) {
  return {name,
          test::formula([](std::uint64_t r, std::uint64_t k) { return std::sin(static_cast<double>(r + k)); },
                        rows_per_block),
          {test::coordinate(0)},
          {.steps = {0, last}, .windows = {{.name = "w", .first = 1, .last = 3}}}};
}

BlockMoments single_run() {
  Ensemble ensemble = sines();
  EXPECT_TRUE(ensemble.extend_to(replicas, {}));
  return ensemble.moments().total();
}

TEST(EnsembleMoments, AreTheSegmentsMergedInOrder) {
  Ensemble ensemble = sines();
  BlockMoments merged{.origin = ensemble.moments().origin()};
  for (std::uint64_t number = 0; number < 5; ++number) {
    Segment segment = ensemble.segment(number);
    EXPECT_TRUE(ensemble.extend(segment, replicas, {}));
    merged.merge(segment.total());
  }
  EXPECT_EQ(merged.replicas, replicas);
  EXPECT_TRUE(same_bits(single_run(), merged));
}

TEST(EnsembleMoments, HaveTheSameBitsForEveryNumberOfThreads) {
  const BlockMoments one = single_run();
  for (const int threads : {2, 3, 7}) {
    for (int repetition = 0; repetition < 5; ++repetition) {
      Ensemble ensemble = sines();
      EXPECT_TRUE(ensemble.extend_to(replicas, {.threads = threads}));
      EXPECT_TRUE(same_bits(ensemble.moments().total(), one)) << threads << " threads";
    }
  }
}

TEST(EnsembleMoments, HaveTheSameBitsHoweverTheyAreExtended) {
  Ensemble pieces = sines();
  for (const std::uint64_t count : {1U, 2U, 255U, 256U, 300U, 301U, 1000U, 1024U}) {
    EXPECT_TRUE(pieces.extend_to(count, {.threads = 2}));
    EXPECT_EQ(pieces.replicas(), count);
    EXPECT_EQ(pieces.at(0, "x1").total().count, static_cast<double>(count));
  }
  EXPECT_TRUE(pieces.extend_to(replicas, {.threads = 3}));
  EXPECT_TRUE(same_bits(pieces.moments().total(), single_run()));
}

// Each segment as by a process of its own, in two steps with bytes between them.
TEST(EnsembleMoments, HaveTheSameBitsFromSegmentsMadeInAnyOrderAndSentAsBytes) {
  std::map<std::uint64_t, Bytes> sent;
  for (const std::uint64_t number : {3U, 0U, 4U, 2U, 1U}) {
    Segment first = sines().segment(number);
    EXPECT_TRUE(sines().extend(first, first.first_replica() + 42, {}));
    Segment second = Segment::from(first.bytes());
    EXPECT_TRUE(sines().extend(second, replicas, {}));
    sent[number] = second.bytes();
  }
  Ensemble ensemble = sines();
  EnsembleMoments moments = ensemble.moments();
  for (const auto& [number, bytes] : sent) moments.add(Segment::from(bytes));
  EXPECT_TRUE(same_bits(moments.total(), single_run()));
  ensemble.resume_from(moments);
  EXPECT_EQ(ensemble.replicas(), replicas);
  EXPECT_EQ(ensemble.at(0, "x1").total().count, static_cast<double>(replicas));
}

TEST(EnsembleMoments, ComeBackFromBytesAndGoOnToTheSameBits) {
  for (const std::uint64_t count : {0U, 3U, 103U, 256U, 700U, 1024U}) {
    Ensemble yesterday = sines();
    EXPECT_TRUE(yesterday.extend_to(count, {}));
    const Bytes kept = yesterday.moments().bytes();
    Ensemble today = sines();
    today.resume_from(EnsembleMoments::from(kept));
    EXPECT_EQ(today.replicas(), count);
    EXPECT_EQ(today.moments().bytes(), kept);
    EXPECT_TRUE(today.extend_to(replicas, {.threads = 2}));
    EXPECT_TRUE(same_bits(today.moments().total(), single_run()));
  }
}

TEST(EnsembleMoments, OfOtherBytesAreRefused) {
  Ensemble ensemble = sines();
  EXPECT_TRUE(ensemble.extend_to(300, {}));
  const Bytes bytes = ensemble.moments().bytes();
  EXPECT_THAT([&] { EnsembleMoments::from(std::span(bytes).first(200)); },
              ThrowsMessage<UnreadableBytes>(HasSubstr("bytes of ensemble moments are 200")));
  EXPECT_THAT([&] { EnsembleMoments::from(ensemble.segment(0).bytes()); },
              ThrowsMessage<UnreadableBytes>(HasSubstr("bytes of ensemble moments are those of a segment")));
  ByteWriter gap;
  BlockMoments{.origin = ensemble.moments().origin()}.write(gap);
  ensemble.segment(1).write(gap);
  EXPECT_THAT([&] { EnsembleMoments::from(gap.sealed("ensemble moments", 1)); },
              ThrowsMessage<UnreadableBytes>(HasSubstr("have 0 replicas before segment 1")));
}

TEST(EnsembleMoments, RefuseSegmentsThatDoNotFollow) {
  Ensemble ensemble = sines();
  EXPECT_TRUE(ensemble.extend_to(size + 10, {}));
  EnsembleMoments moments = ensemble.moments();
  EXPECT_THAT(
      [&] { moments.add(ensemble.segment(0)); },
      ThrowsMessage<InvalidParameter>(HasSubstr("moments of 'sines': segment.number is 0, but 1 follows")));
  EXPECT_THAT([&] { moments.add(ensemble.segment(2)); },
              ThrowsMessage<InvalidParameter>(HasSubstr("segment.number is 2, but 1 follows")));
  EXPECT_THAT([&] { moments.add(ensemble.segment(1)); },
              ThrowsMessage<InvalidParameter>(HasSubstr("segment.replicas is 0, but 10 are there")));
  EXPECT_THAT([&] { moments.add(sines("others").segment(1)); },
              ThrowsMessage<InvalidParameter>(HasSubstr("segment.origin is ensemble 'others'")));
  EXPECT_TRUE(same_bits(moments.total(), ensemble.moments().total()));
}

TEST(EnsembleMoments, OfAnotherEnsembleRecordingOrBlockAreRefused) {
  Ensemble ensemble = sines();
  for (const Ensemble& other : {sines("others"), sines("sines", 4), sines("sines", 3, 8)}) {
    EXPECT_THAT([&] { ensemble.resume_from(other.moments()); },
                ThrowsMessage<InvalidParameter>(HasSubstr("ensemble sines: origin of the moments is " +
                                                          other.moments().origin().description())));
  }
  EXPECT_EQ(ensemble.replicas(), 0U);
}

}  // namespace
}  // namespace sdelens
