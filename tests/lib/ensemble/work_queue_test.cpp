#include "sdelens/ensemble/work_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <mutex>
#include <set>
#include <thread>

#include "tests/lib/ensemble/processes.hpp"

namespace sdelens {
namespace {

using test::same_bits;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr Index rows = 4;

Ensemble sines(std::uint64_t shift, Index rows_per_block = rows) {
  return {fmt::format("sines {}", shift),
          test::formula(
              [shift](std::uint64_t r, std::uint64_t) { return std::sin(static_cast<double>(r + shift)); },
              rows_per_block),
          {test::coordinate(0)},
          {.steps = {0, 3}}};
}

Ensemble failing(double from) {
  const Observable observable{.name = "x1", .evaluate = [from](In x, OutColumn value) {
                                value = x.col(0);
                                if (x(0, 0) >= from) throw std::runtime_error(fmt::format("at {}", x(0, 0)));
                              }};
  return {"failing",
          test::formula([](std::uint64_t r, std::uint64_t) { return static_cast<double>(r); }, rows),
          {observable},
          {.steps = {0}}};
}

std::vector<Extension> none(const Ending&) { return {}; }

std::string text_of(const std::exception_ptr& failure) {
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const std::exception& thrown) {
    return thrown.what();
  }
  return {};
}

// Each job wants its ensembles twice over after the first look, until a limit; alone each has the bits expected.
TEST(WorkQueue, GivesEveryJobWhatItGetsAloneForEveryNumberOfThreads) {
  constexpr std::size_t count = 9;
  static constexpr std::uint64_t limit = 1500;
  for (const int threads : {1, 2, 3, 7}) {
    std::vector<Ensemble> ensembles;
    for (std::size_t i = 0; i < 2 * count; ++i) ensembles.push_back(sines(i, i % 3 == 0 ? 1 : rows));
    std::vector<std::atomic<int>> looks(count);
    WorkQueue queue;
    for (std::size_t i = 0; i < count; ++i) {
      Ensemble* const first = &ensembles[2 * i];
      Ensemble* const second = &ensembles[2 * i + 1];
      queue.add({.wanted = {{first, 10 * i + 1}, {second, 100}},
                 .finish = [&looks, i, first](const Ending& ending) {
                   EXPECT_TRUE(ending.complete);
                   EXPECT_EQ(first->at(0, "x1").total().count, static_cast<double>(first->replicas()));
                   ++looks[i];
                   const std::uint64_t next = std::min<std::uint64_t>(limit, 2 * first->replicas());
                   return next > first->replicas() ? std::vector<Extension>{{first, next}}
                                                   : std::vector<Extension>{};
                 }});
    }
    EXPECT_TRUE(queue.run({.threads = threads}));
    for (std::size_t i = 0; i < ensembles.size(); ++i) {
      Ensemble alone = sines(i, i % 3 == 0 ? 1 : rows);
      alone.extend_to(i % 2 == 0 ? limit : 100, {});
      EXPECT_TRUE(same_bits(ensembles[i].moments().total(), alone.moments().total()))
          << threads << " threads";
    }
    for (std::size_t i = 0; i < count; ++i) {
      const double doublings =
          std::ceil(std::log2(static_cast<double>(limit) / static_cast<double>(10 * i + 1)));
      EXPECT_EQ(looks[i], 1 + static_cast<int>(doublings));
    }
  }
}

TEST(WorkQueue, BeginsAJobOnceAndInOrder) {
  for (const int threads : {1, 4}) {
    std::vector<Ensemble> ensembles;
    for (std::uint64_t i = 0; i < 20; ++i) ensembles.push_back(sines(i));
    std::mutex mutex;
    std::vector<std::size_t> begun;
    std::multiset<std::size_t> finished;
    WorkQueue queue;
    for (std::size_t i = 0; i < ensembles.size(); ++i) {
      queue.add({.wanted = {{&ensembles[i], 40}},
                 .begin =
                     [&, i] {
                       EXPECT_EQ(ensembles[i].replicas(), 0U);
                       const std::lock_guard lock(mutex);
                       begun.push_back(i);
                     },
                 .finish =
                     [&, i](const Ending&) {
                       EXPECT_EQ(ensembles[i].replicas(), 40U);
                       const std::lock_guard lock(mutex);
                       finished.insert(i);
                       return std::vector<Extension>{};
                     }});
    }
    EXPECT_TRUE(queue.run({.threads = threads}));
    EXPECT_EQ(begun.size(), 20U);
    EXPECT_EQ(std::set(begun.begin(), begun.end()).size(), 20U);
    EXPECT_TRUE(threads > 1 || std::ranges::is_sorted(begun));
    EXPECT_EQ(finished.size(), 20U);
    EXPECT_EQ(std::set(finished.begin(), finished.end()).size(), 20U);
  }
}

TEST(WorkQueue, FinishesJobsThatLackNothing) {
  Ensemble there = sines(1);
  there.extend_to(40, {});
  int finished = 0;
  const auto count = [&finished](const Ending& ending) {
    EXPECT_TRUE(ending.complete);
    ++finished;
    return std::vector<Extension>{};
  };
  WorkQueue queue;
  EXPECT_TRUE(queue.run({}));
  queue.add({.wanted = {}, .finish = count});
  queue.add({.wanted = {{&there, 40}, {&there, 3}}, .finish = count});
  EXPECT_TRUE(queue.run({.threads = 3}));
  EXPECT_EQ(finished, 2);
  EXPECT_EQ(there.replicas(), 40U);
}

// Two runs of a block each, neither of which ends before the other has begun: one thread would wait for ever, and
// gives up after a while.
TEST(WorkQueue, SpreadsTheBlocksOfOneSegmentOverTheThreads) {
  std::atomic<int> begun = 0;
  const auto meet = [&begun](std::uint64_t, std::uint64_t step) {
    if (step != 1) return 0.0;
    ++begun;
    for (int i = 0; i < 10'000 && begun < 2; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return static_cast<double>(begun);
  };
  Ensemble few("few large runs", test::formula(meet, 1), {test::coordinate(0)}, {.steps = {1}});
  few.extend_to(2, {.threads = 2});
  EXPECT_EQ(few.at(0, "x1").total().mean, 2.0);
}

// The only thread that has nothing left to do in the first job, whose block waits for it, takes the second job's.
TEST(WorkQueue, GoesOnWithTheNextJobWhileOneIsStillAtWork) {
  std::atomic<bool> second_ran = false;
  const auto wait = [&second_ran](std::uint64_t, std::uint64_t) {
    for (int i = 0; i < 10'000 && !second_ran; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return second_ran ? 1.0 : 0.0;
  };
  Ensemble first("first", test::formula(wait, rows), {test::coordinate(0)}, {.steps = {0}});
  Ensemble second = sines(0);
  WorkQueue queue;
  queue.add({.wanted = {{&first, 1}}, .finish = none});
  queue.add({.wanted = {{&second, 1}}, .finish = [&second_ran](const Ending&) {
               second_ran = true;
               return std::vector<Extension>{};
             }});
  EXPECT_TRUE(queue.run({.threads = 2}));
  EXPECT_EQ(first.at(0, "x1").total().mean, 1.0);
}

TEST(WorkQueue, LetsAnExceptionFailItsOwnEnsembleOnly) {
  for (const int threads : {1, 2, 7}) {
    for (int repetition = 0; repetition < 20; ++repetition) {
      Ensemble good = sines(0);
      Ensemble early = failing(20.0);
      Ensemble late = failing(100.0);
      Ensemble other = sines(1);
      std::string failure;
      bool other_complete = false;
      int calls = 0;
      WorkQueue queue;
      queue.add({.wanted = {{&late, 200}, {&early, 200}, {&good, 500}}, .finish = [&](const Ending& ending) {
                   ++calls;
                   EXPECT_FALSE(ending.complete);
                   failure = text_of(ending.failure);
                   return std::vector<Extension>{{&good, 1000}};
                 }});
      queue.add({.wanted = {{&other, 500}}, .finish = [&](const Ending& ending) {
                   other_complete = ending.complete;
                   return std::vector<Extension>{};
                 }});
      EXPECT_TRUE(queue.run({.threads = threads}));
      EXPECT_EQ(failure, "at 100") << "of the first ensemble in the job, whichever was first in time";
      EXPECT_EQ(calls, 1);
      EXPECT_EQ(late.replicas(), 100U);
      EXPECT_EQ(early.replicas(), 20U);
      EXPECT_EQ(good.replicas(), 500U);
      EXPECT_TRUE(other_complete);
      EXPECT_EQ(other.replicas(), 500U);
    }
  }
}

TEST(WorkQueue, FinishesWhatHasBegunWhenItIsStoppedAndKeepsTheRest) {
  Ensemble first = sines(0);
  Ensemble second = sines(1);
  std::stop_source stop;
  std::uint64_t done = 0;
  std::vector<bool> complete;
  const auto note = [&complete](const Ending& ending) {
    EXPECT_FALSE(ending.failure);
    complete.push_back(ending.complete);
    return std::vector<Extension>{};
  };
  WorkQueue queue;
  queue.add({.wanted = {{&first, 100}}, .finish = note});
  queue.add({.wanted = {{&second, 100}}, .finish = note});
  EXPECT_FALSE(queue.run({.stop = stop.get_token(), .progress = [&](std::uint64_t more) {
                            done += more;
                            if (done == 3 * 40) stop.request_stop();
                          }}));
  EXPECT_EQ(complete, std::vector{false});
  EXPECT_EQ(first.replicas(), 40U);
  EXPECT_EQ(second.replicas(), 0U);
  EXPECT_TRUE(queue.run({}));
  EXPECT_EQ(complete, (std::vector{false, true}));
  EXPECT_EQ(second.replicas(), 100U);
}

// Stopped by the judge that asks for more: it is asked once more, of the same replicas.
TEST(WorkQueue, StopsBetweenTwoLooks) {
  Ensemble ensemble = sines(0);
  std::stop_source stop;
  std::vector<bool> complete;
  WorkQueue queue;
  queue.add({.wanted = {{&ensemble, 100}}, .finish = [&](const Ending& ending) {
               complete.push_back(ending.complete);
               stop.request_stop();
               return std::vector<Extension>{{&ensemble, 200}};
             }});
  EXPECT_FALSE(queue.run({.stop = stop.get_token()}));
  EXPECT_EQ(complete, (std::vector{true, false}));
  EXPECT_EQ(ensemble.replicas(), 100U);
}

TEST(WorkQueue, EndsWithWhatAFunctionOfAJobThrows) {
  for (const int threads : {1, 3}) {
    for (const bool in_begin : {true, false}) {
      Ensemble first = sines(0);
      Ensemble second = sines(1);
      WorkQueue queue;
      queue.add({.wanted = {{&first, 40}},
                 .begin =
                     [in_begin] {
                       if (in_begin) throw std::runtime_error("of the job");
                     },
                 .finish = [](const Ending&) -> std::vector<Extension> {
                   throw std::runtime_error("of the job");
                 }});
      queue.add({.wanted = {{&second, 40'000}}, .finish = none});
      EXPECT_THAT([&] { queue.run({.threads = threads}); }, ThrowsMessage<std::runtime_error>("of the job"));
      EXPECT_EQ(first.replicas(), in_begin ? 0U : 40U);
      EXPECT_LT(second.replicas(), 40'000U);
    }
  }
}

TEST(WorkQueue, RefusesLessThanOneThread) {
  for (const int threads : {0, -1}) {
    WorkQueue queue;
    EXPECT_THAT([&] { queue.run({.threads = threads}); },
                ThrowsMessage<InvalidParameter>(HasSubstr(
                    fmt::format("work queue: execution.threads is {}, but must be in [1, inf)", threads))));
  }
}

}  // namespace
}  // namespace sdelens
