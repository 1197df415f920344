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

TEST_P(EveryProcess, HasTheSameBitsExtendedFromAMultipleOfTheBlock) {
  EXPECT_TRUE(same(run({700}, 2), run({256, 512, 700}, 2)));
}

INSTANTIATE_TEST_SUITE_P(Registered, EveryProcess, testing::ValuesIn(every_process()),
                         [](const auto& parameter) { return parameter.param.name; });

// Extended from within a block, the same values are merged in another order. A group holds n <= 16 of the
// values, |x| <= X. A merge rounds the mean by at most 4 eps X, and there are at most n; so the means of the two
// orders differ by d <= 8 n eps X. With |delta| <= 2 X a merge then changes m2 by at most 2 |delta| d n / 4, and
// n merges by 8 n^3 eps X^2.
TEST(Extension, FromWithinABlockAgreesToRounding) {
  const auto landscape = make_landscape("quadratic", {{"curvatures", {1.0}}});
  const auto process = iterate({.landscape = landscape,
                                .noise = make_noise("gaussian", 1, {{"sigma", {1.0}}}),
                                .optimizer = make_optimizer("sgd", {}),
                                .schedule = make_schedule("constant"),
                                .learning_rate = 0.1,
                                .start = Point::Constant(1, 0.5),
                                .stream = Stream(5, "extension")});
  Ensemble whole("e", process, coordinates_and_loss(landscape), {.steps = {30}});
  Ensemble pieces = whole;
  whole.extend_to(1000, {});
  for (const std::uint64_t replicas : {1U, 300U, 301U, 777U, 1000U}) pieces.extend_to(replicas, {});
  double largest = 0.0;
  const auto paths = process->start(0, 1000);
  for (int step = 0; step < 30; ++step) paths->advance();
  largest = paths->state().abs().maxCoeff();
  constexpr double epsilon = 0x1p-53;
  for (Index g = 0; g < GroupedMoments::groups; ++g) {
    const Moments a = whole.at(0, "x1").group(g);
    const Moments b = pieces.at(0, "x1").group(g);
    ASSERT_LE(a.count, 16.0);
    EXPECT_EQ(a.count, b.count);
    EXPECT_NEAR(a.mean, b.mean, 8.0 * a.count * epsilon * largest);
    EXPECT_NEAR(a.m2, b.m2, 8.0 * std::pow(a.count, 3) * epsilon * largest * largest);
  }
  EXPECT_GT(whole.at(0, "x1").total().m2, 1.0);
}

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
