// Stops and exceptions: what is finished stays, and a later call goes on to the same bits.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "tests/lib/ensemble/processes.hpp"

namespace sdelens {
namespace {

using test::coordinate;
using test::formula;
using test::same_bits;

// One report for each block of 700 replicas in blocks of 256, unless there are more than 1024 steps.
constexpr std::uint64_t replicas = 700;

std::shared_ptr<const Process> sgd() {
  return iterate({.source = additive(make_landscape("quadratic", {{"curvatures", {1.0}}}),
                                     make_noise("gaussian", 1, {{"sigma", {1.0}}})),
                  .optimizer = make_optimizer("sgd", {}),
                  .schedule = make_schedule("constant"),
                  .learning_rate = 0.1,
                  .start = Point::Constant(1, 0.5),
                  .stream = Stream(3, "interruption")});
}

Ensemble short_runs() { return {"e", sgd(), {coordinate(0)}, {.steps = {10, 20}}}; }
Ensemble long_runs() { return {"e", sgd(), {coordinate(0)}, {.steps = {10, 3000}}}; }

void expect_resumes(Ensemble stopped, Ensemble fresh) {
  EXPECT_TRUE(fresh.extend_to(replicas, {}));
  EXPECT_TRUE(stopped.extend_to(replicas, {.threads = 2}));
  EXPECT_EQ(stopped.replicas(), replicas);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_TRUE(same_bits(stopped.at(i, "x1"), fresh.at(i, "x1")));
}

TEST(Stop, KeepsFinishedBlocks) {
  for (const std::uint64_t reports : {1U, 2U}) {
    Ensemble ensemble = short_runs();
    std::stop_source stop;
    std::uint64_t seen = 0;
    const bool complete =
        ensemble.extend_to(replicas, {.stop = stop.get_token(), .progress = [&](std::uint64_t) {
                                        if (++seen == reports) stop.request_stop();
                                      }});
    EXPECT_FALSE(complete);
    EXPECT_EQ(ensemble.replicas(), reports * Process::usual_rows_per_block);
    EXPECT_EQ(ensemble.at(0, "x1").total().count,
              static_cast<double>(reports * Process::usual_rows_per_block));
    expect_resumes(ensemble, short_runs());
  }
}

TEST(Stop, InTheLastBlockAtItsEndIsNone) {
  Ensemble ensemble = short_runs();
  std::stop_source stop;
  std::uint64_t seen = 0;
  EXPECT_TRUE(ensemble.extend_to(replicas, {.stop = stop.get_token(), .progress = [&](std::uint64_t) {
                                              if (++seen == 3) stop.request_stop();
                                            }}));
  EXPECT_EQ(ensemble.replicas(), replicas);
}

TEST(Stop, BeforeTheBeginRunsNothing) {
  Ensemble ensemble = short_runs();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(ensemble.extend_to(replicas, {.threads = 2, .stop = stop.get_token()}));
  EXPECT_EQ(ensemble.replicas(), 0U);
  EXPECT_THROW(ensemble.at(0, "x1"), InvalidParameter);
  expect_resumes(ensemble, short_runs());
}

TEST(Stop, WithinABlockDropsItWhole) {
  Ensemble ensemble = long_runs();
  std::stop_source stop;
  std::uint64_t seen = 0;
  const bool complete =
      ensemble.extend_to(replicas, {.stop = stop.get_token(), .progress = [&](std::uint64_t) {
                                      if (++seen == 4) stop.request_stop();
                                    }});
  EXPECT_FALSE(complete);
  EXPECT_EQ(seen, 4U) << "three reports of the first block, one of the second";
  EXPECT_EQ(ensemble.replicas(), 256U);
  expect_resumes(ensemble, long_runs());
}

TEST(Stop, OnSeveralThreadsLeavesABeginningOfTheReplicas) {
  for (std::uint64_t reports = 1; reports <= 8; ++reports) {
    Ensemble ensemble = long_runs();
    std::stop_source stop;
    std::uint64_t seen = 0;
    ensemble.extend_to(replicas, {.threads = 3, .stop = stop.get_token(), .progress = [&](std::uint64_t) {
                                    if (++seen == reports) stop.request_stop();
                                  }});
    EXPECT_TRUE(ensemble.replicas() % 256 == 0 || ensemble.replicas() == replicas);
    if (ensemble.replicas() > 0) {
      EXPECT_EQ(ensemble.at(1, "x1").total().count, static_cast<double>(ensemble.replicas()));
    }
    expect_resumes(ensemble, long_runs());
  }
}

TEST(Progress, CountsEveryReplicaStepOneThreadAtATime) {
  Ensemble ensemble = long_runs();
  std::uint64_t sum = 0;
  std::atomic<int> inside = 0;
  ensemble.extend_to(replicas, {.threads = 7, .progress = [&](std::uint64_t done) {
                                  EXPECT_EQ(inside++, 0);
                                  // Long enough for another thread to come in, if one could.
                                  std::this_thread::sleep_for(std::chrono::milliseconds(2));
                                  sum += done;
                                  --inside;
                                }});
  EXPECT_EQ(sum, replicas * 3000);
}

class Thrown : public std::runtime_error {
 public:
  explicit Thrown(double replica) : std::runtime_error(fmt::format("replica {}", replica)) {}
};

/// Throws in the blocks from `from` on, naming the block's first replica.
Observable throwing(std::atomic<bool>& enabled, double from) {
  return {.name = "x1", .evaluate = [&enabled, from](In x, OutColumn value) {
            value = x.col(0);
            if (enabled && x(0, 0) >= from) throw Thrown(x(0, 0));
          }};
}

TEST(Exception, OfAnObservableArrivesFromTheEarliestBlockWhateverTheThread) {
  const auto number =
      formula([](std::uint64_t replica, std::uint64_t) { return static_cast<double>(replica); });
  for (const int threads : {1, 2, 7}) {
    for (int repetition = 0; repetition < 20; ++repetition) {
      std::atomic<bool> enabled = true;
      Ensemble ensemble("e", number, {throwing(enabled, 512.0)}, {.steps = {0, 3}});
      try {
        ensemble.extend_to(5000, {.threads = threads});
        FAIL() << "nothing was thrown";
      } catch (const Thrown& thrown) {
        EXPECT_STREQ(thrown.what(), Thrown(512.0).what());
      }
      EXPECT_EQ(ensemble.replicas(), 512U);
      enabled = false;
      EXPECT_TRUE(ensemble.extend_to(5000, {.threads = threads}));
      Ensemble fresh("e", number, {coordinate(0)}, {.steps = {0, 3}});
      fresh.extend_to(5000, {});
      EXPECT_TRUE(same_bits(ensemble.at(1, "x1"), fresh.at(1, "x1")));
    }
  }
}

TEST(Exception, KeepsLaterBlocksFromBeginning) {
  const auto number =
      formula([](std::uint64_t replica, std::uint64_t) { return static_cast<double>(replica); });
  std::uint64_t blocks = 0;
  const Observable counting{.name = "x1", .evaluate = [&blocks](In x, OutColumn) {
                              ++blocks;
                              throw Thrown(x(0, 0));
                            }};
  Ensemble ensemble("e", number, {counting}, {.steps = {0}});
  EXPECT_THROW(ensemble.extend_to(100 * 256, {}), Thrown);
  EXPECT_EQ(blocks, 1U);
  EXPECT_EQ(ensemble.replicas(), 0U);
}

TEST(Exception, OfTheProgressArrivesToo) {
  Ensemble ensemble = short_runs();
  EXPECT_THROW(
      ensemble.extend_to(replicas, {.threads = 2, .progress = [](std::uint64_t) { throw Thrown(0.0); }}),
      Thrown);
  EXPECT_EQ(ensemble.replicas(), 0U);
}

}  // namespace
}  // namespace sdelens
