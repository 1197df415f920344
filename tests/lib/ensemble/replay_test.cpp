// The path of a replica is a pure function of the process and the replica's number: not of its block, its row
// or the number of threads.
#include <gtest/gtest.h>

#include "tests/lib/ensemble/processes.hpp"

namespace sdelens {
namespace {

using test::every_process;
using test::NamedProcess;
using test::same_bits;

class EveryProcess : public testing::TestWithParam<NamedProcess> {
 protected:
  static const Process& process() { return *GetParam().process; }

  static std::vector<Observable> observables() {
    std::vector<Observable> result;
    for (Index i = 0; i < process().dimension(); ++i) result.push_back(test::coordinate(i));
    return result;
  }
  static Ensemble ensemble() {
    return {"e",
            GetParam().process,
            observables(),
            {.steps = {0, 1, 17, 40}, .windows = {{.name = "w", .first = 10, .last = 40, .every = 3}}}};
  }
  static bool same(const Ensemble& a, const Ensemble& b) {
    bool result =
        a.replicas() == b.replicas() && a.non_finite() == b.non_finite() && a.outside() == b.outside();
    for (const Observable& observable : observables()) {
      for (std::size_t i = 0; i < a.recorded_steps().size(); ++i) {
        result = result && same_bits(a.at(i, observable.name), b.at(i, observable.name));
      }
      result = result && same_bits(a.average("w", observable.name), b.average("w", observable.name));
    }
    return result;
  }
  static Ensemble run(std::initializer_list<std::uint64_t> replicas, int threads) {
    Ensemble result = ensemble();
    for (const std::uint64_t count : replicas) {
      EXPECT_TRUE(result.extend_to(count, {.threads = threads}));
      EXPECT_EQ(result.replicas(), count);
    }
    return result;
  }
};

TEST_P(EveryProcess, GivesAReplicaAloneTheBitsOfItsBlock) {
  constexpr int steps = 60;
  const auto block = process().start(256, 256);
  const auto shifted = process().start(259, 38);
  const std::vector<std::uint64_t> replicas{256, 257, 263, 264, 271, 272, 300, 383, 504, 510, 511};
  std::vector<std::unique_ptr<Paths>> alone;
  for (const std::uint64_t replica : replicas) alone.push_back(process().start(replica, 1));
  for (int step = 0; step <= steps; ++step) {
    for (std::size_t i = 0; i < replicas.size(); ++i) {
      const auto row = static_cast<Index>(replicas[i] - 256);
      for (Index column = 0; column < process().dimension(); ++column) {
        ASSERT_TRUE(same_bits(alone[i]->state()(0, column), block->state()(row, column)))
            << "replica " << replicas[i] << ", step " << step << ", column " << column;
      }
      alone[i]->advance();
    }
    for (Index row = 0; row < 38; ++row) {
      for (Index column = 0; column < process().dimension(); ++column) {
        ASSERT_TRUE(same_bits(shifted->state()(row, column), block->state()(row + 3, column)))
            << "replica " << 259 + row << ", step " << step << ", column " << column;
      }
    }
    block->advance();
    shifted->advance();
  }
}

TEST_P(EveryProcess, HasTheSameMomentsForEveryNumberOfThreads) {
  const Ensemble one = run({700}, 1);
  EXPECT_TRUE(same(one, run({700}, 2)));
  EXPECT_TRUE(same(one, run({700}, 7)));
}

TEST_P(EveryProcess, HasTheSameBitsHoweverItIsExtended) {
  const Ensemble one = run({700}, 2);
  EXPECT_TRUE(same(one, run({256, 512, 700}, 2)));
  EXPECT_TRUE(same(one, run({1, 300, 301, 523, 700}, 2)));
}

TEST_P(EveryProcess, GoesOnFromSavedPathsToTheSameBits) {
  const auto whole = process().start(259, 38);
  const auto saved = process().start(259, 38);
  for (int step = 0; step < 30; ++step) whole->advance();
  for (int step = 0; step < 17; ++step) saved->advance();
  ByteWriter writer;
  saved->save(writer);
  const Bytes bytes = writer.sealed("paths", 1);
  const auto restored = process().start(259, 38);
  ByteReader reader("paths", 1, bytes);
  restored->restore(reader);
  reader.finish();
  EXPECT_TRUE((restored->state() == saved->state()).all());
  for (int step = 17; step < 30; ++step) restored->advance();
  EXPECT_TRUE((restored->state() == whole->state()).all());
  EXPECT_EQ(restored->outside(), whole->outside());
  const auto fewer = process().start(259, 37);
  ByteReader again("paths", 1, bytes);
  EXPECT_THROW(fewer->restore(again), UnreadableBytes);
}

INSTANTIATE_TEST_SUITE_P(Registered, EveryProcess, testing::ValuesIn(every_process()),
                         [](const auto& parameter) { return parameter.param.name; });

TEST(Extension, ToFewerReplicasKeepsThoseThatExist) {
  Ensemble ensemble("e", test::formula([](std::uint64_t r, std::uint64_t) { return static_cast<double>(r); }),
                    {test::coordinate(0)}, {.steps = {0}});
  EXPECT_TRUE(ensemble.extend_to(300, {}));
  EXPECT_TRUE(ensemble.extend_to(10, {}));
  EXPECT_EQ(ensemble.replicas(), 300U);
  EXPECT_EQ(ensemble.at(0, "x1").total().count, 300.0);
}

}  // namespace
}  // namespace sdelens
