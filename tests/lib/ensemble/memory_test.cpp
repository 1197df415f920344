// The memory of an ensemble grows with what is recorded, and with neither steps nor replicas.
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>

#include "tests/lib/ensemble/processes.hpp"

namespace sdelens {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool own_allocator = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool own_allocator = true;
#else
constexpr bool own_allocator = false;
#endif
#else
constexpr bool own_allocator = false;
#endif

std::size_t bytes_in_use() {
  const struct mallinfo2 information = ::mallinfo2();
  return information.uordblks + information.hblkhd;
}

struct Load {
  std::uint64_t steps, replicas, recorded;
};

/// The most bytes in use beyond those at the start, seen a hundred times in each block and at the end.
std::size_t peak(const Load& load) {
  std::size_t most = 0;
  const Observable watch{.name = "x1", .evaluate = [&most](In x, OutColumn value) {
                           value = x.col(0);
                           most = std::max(most, bytes_in_use());
                         }};
  std::vector<std::uint64_t> steps;
  for (std::uint64_t i = 1; i <= load.recorded; ++i) steps.push_back(i * load.steps / load.recorded);
  Ensemble ensemble(
      "e",
      iterate({.source = additive(make_landscape("quadratic", {{"curvatures", {1.0, 2.0}}}),
                                  make_noise("gaussian", 2, {{"covariance", {0.3, 0.1, 0.1, 0.2}}})),
               .optimizer = make_optimizer("adam", {}),
               .schedule = make_schedule("constant"),
               .learning_rate = 0.01,
               .start = Point::Zero(2),
               .stream = Stream(1, "memory")}),
      {watch},
      {.steps = steps,
       .windows = {{.name = "w", .first = 0, .last = load.steps, .every = load.steps / 100}}});
  const std::size_t before = bytes_in_use();
  EXPECT_TRUE(ensemble.extend_to(load.replicas, {}));
  most = std::max(most, bytes_in_use());
  return most - before;
}

class Memory : public testing::Test {
 protected:
  void SetUp() override {
    if (own_allocator) GTEST_SKIP() << "a sanitizer's allocator keeps no such account";
    peak({.steps = 100, .replicas = 256, .recorded = 4});  // What is allocated once and kept.
  }
  // Differently aligned pieces of the heap.
  static constexpr std::size_t slack = 1024;
  static constexpr std::size_t one_record = sizeof(GroupedMoments);
};

TEST_F(Memory, DoesNotGrowWithSteps) {
  const std::size_t few = peak({.steps = 1000, .replicas = 256, .recorded = 4});
  const std::size_t many = peak({.steps = 100'000, .replicas = 256, .recorded = 4});
  EXPECT_GT(few, 256 * sizeof(double)) << "the account must see at least one column of the block";
  EXPECT_LE(many, few + slack);
}

// One full segment and some blocks of the next, against four: a list of blocks or segments would be seen.
TEST_F(Memory, DoesNotGrowWithReplicas) {
  constexpr std::uint64_t segment = Segment::blocks * Process::usual_rows_per_block;
  const std::size_t few = peak({.steps = 100, .replicas = segment + 700, .recorded = 4});
  const std::size_t many = peak({.steps = 100, .replicas = 4 * segment + 700, .recorded = 4});
  EXPECT_LE(many, few + slack);
}

// Twice for each record, in what can be gone on with and in the answer; both are given whole pages.
TEST_F(Memory, GrowsWithRecordedSteps) {
  const std::size_t few = peak({.steps = 1000, .replicas = 256, .recorded = 100});
  const std::size_t many = peak({.steps = 1000, .replicas = 256, .recorded = 200});
  constexpr std::size_t page = 4096;
  EXPECT_GE(many - few, 2 * (100 * one_record - page));
  EXPECT_LE(many - few, 2 * (100 * one_record + page));
}

}  // namespace
}  // namespace sdelens
