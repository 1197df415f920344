// Several experiments in one queue: each has the record that it has alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <mutex>

#include "sdelens/record/store.hpp"
#include "tests/suite/trial.hpp"

namespace sdelens {
namespace {

using test::claim;
using test::expect;
using test::mean_of_normals;
using test::normals;
using test::trial;

std::string json(Record record) {
  record.seconds = 0.0;
  return to_json(record);
}

/// One whose claim is decided after some doublings, one that calculates, one that throws, one whose paths are not
/// finite, and one that is decided at once.
std::vector<Experiment> experiments() {
  std::vector<Experiment> result;
  result.push_back(trial([](const Settings&, Simulations& simulations) {
    const auto coarse = normals(simulations, "coarse", 700);
    const auto fine = normals(simulations, "fine", 300);
    return [=](Findings& out) {
      expect(out, claim("coarse", 2.0), {.value = 0.0}, mean_of_normals(*coarse));
      expect(out, claim("fine", 0.12), {.value = 0.0}, mean_of_normals(*fine));
    };
  }));
  result.push_back(trial([](const Settings&, Simulations&) {
    return [](Findings& out) { expect(out, claim("calculated", 0.0), {.value = 1.0}, exactly(1.0)); };
  }));
  result.push_back(trial([](const Settings&, Simulations& simulations) {
    const Observable broken{.name = "x1", .evaluate = [](In x, OutColumn value) {
                              value = x.col(0);
                              if (x(0, 0) >= 512.0) throw std::runtime_error("blind");
                            }};
    simulations.add("broken",
                    test::formula([](std::uint64_t r, std::uint64_t) { return static_cast<double>(r); }),
                    {broken}, {.steps = {0}}, 2000);
    normals(simulations, "whole", 2000);
    return [](Findings&) { FAIL() << "what failed is not judged"; };
  }));
  result.push_back(trial([](const Settings&, Simulations& simulations) {
    const auto e =
        simulations.add("not finite", test::formula([](std::uint64_t, std::uint64_t) { return NAN; }),
                        {test::coordinate(0)}, {.steps = {0}}, 600);
    return [=](Findings& out) { expect(out, claim("c", 2.0), {.value = 0.0}, mean_of_normals(*e)); };
  }));
  result.push_back(trial([](const Settings&, Simulations& simulations) {
    const auto e = normals(simulations, "e", 256);
    return [=](Findings& out) { expect(out, claim("c", 2.0), {.value = 0.0}, mean_of_normals(*e)); };
  }));
  for (std::size_t i = 0; i < result.size(); ++i) result[i].name = fmt::format("trial {}", i);
  return result;
}

std::vector<std::string> in_one_queue(const std::vector<Experiment>& experiments, int threads) {
  std::vector<std::unique_ptr<PlannedExperiment>> plan;
  std::vector<std::string> result(experiments.size());
  std::vector<int> began(experiments.size(), 0);
  std::mutex mutex;
  WorkQueue queue;
  for (std::size_t i = 0; i < experiments.size(); ++i) {
    plan.push_back(std::make_unique<PlannedExperiment>(experiments[i], RunSettings{.seed = 3}));
    queue.add(plan[i]->job(
        [&, i] {
          const std::lock_guard lock(mutex);
          ++began[i];
        },
        [&, i](Record record) {
          const std::lock_guard lock(mutex);
          EXPECT_EQ(result[i], "");
          result[i] = json(std::move(record));
          plan[i].reset();
        }));
  }
  EXPECT_TRUE(queue.run({.threads = threads}));
  EXPECT_EQ(began, std::vector<int>(experiments.size(), 1));
  return result;
}

TEST(RunnerQueue, GivesEveryExperimentTheRecordThatItHasAloneForEveryNumberOfThreads) {
  const std::vector<Experiment> all = experiments();
  std::vector<std::string> alone;
  for (const Experiment& experiment : all) {
    alone.push_back(json(PlannedExperiment(experiment, {.seed = 3}).run([](std::uint64_t) {}, {})));
  }
  for (const int threads : {1, 2, 3, 7}) {
    for (int repetition = 0; repetition < 5; ++repetition) EXPECT_EQ(in_one_queue(all, threads), alone);
  }
}

TEST(RunnerQueue, LetsAnExceptionFailItsOwnExperimentOnly) {
  const std::vector<Experiment> all = experiments();
  const std::vector<std::string> records = in_one_queue(all, 2);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Record record = record_from_json(records[i]);
    EXPECT_EQ(record.outcome, i == 2 ? Outcome::error : Outcome::completed);
    EXPECT_EQ(record.reason, i == 2 ? "blind" : "");
  }
  const Record failed = record_from_json(records[2]);
  EXPECT_EQ(test::simulation_of(failed, "broken").replicas, 512U) << "the blocks before the one that threw";
  EXPECT_EQ(test::simulation_of(failed, "whole").replicas, 2000U);
  const Record fine = record_from_json(records[0]);
  EXPECT_GT(test::check_of(fine, "fine").looks, 1) << "doublings went back into the queue";
}

// The first experiment stops the run while it is judged; the second has not begun.
TEST(RunnerQueue, LeavesWhatHasNotBegunWhenItIsStopped) {
  std::stop_source stop;
  const Experiment stopping = trial([&stop](const Settings&, Simulations& simulations) {
    const auto e = normals(simulations, "e", 256);
    return [&stop, e](Findings& out) {
      stop.request_stop();
      expect(out, claim("c", 2.0), {.value = 0.0}, mean_of_normals(*e));
    };
  });
  const Experiment next = trial([](const Settings&, Simulations& simulations) {
    normals(simulations, "e", 256);
    return [](Findings&) { FAIL() << "it has not begun"; };
  });
  PlannedExperiment first(stopping, {});
  PlannedExperiment second(next, {});
  std::vector<Record> records;
  const auto keep = [&records](Record record) { records.push_back(std::move(record)); };
  WorkQueue queue;
  queue.add(first.job([] {}, keep));
  queue.add(second.job([] { FAIL() << "it must not begin"; }, keep));
  EXPECT_FALSE(queue.run({.stop = stop.get_token()}));
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].outcome, Outcome::completed);
  EXPECT_EQ(test::check_of(records[0], "c").verdict, Verdict::pass);
}

}  // namespace
}  // namespace sdelens
