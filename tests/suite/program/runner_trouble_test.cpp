// What a run does with data that cannot be believed, exceptions and stops.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/suite/trial.hpp"

namespace sdelens {
namespace {

using test::check_of;
using test::claim;
using test::expect;
using test::mean_of_normals;
using test::normals;
using test::run;
using test::simulation_of;
using test::trial;
using testing::HasSubstr;
using testing::ThrowsMessage;

Experiment with_process(const std::shared_ptr<const Process>& process, double outside_limit) {
  return trial([=](const Settings&, Simulations& simulations) {
    const auto e =
        simulations.add("broken", process, {test::coordinate(0)}, {.steps = {4}}, 256, outside_limit);
    const auto other = normals(simulations, "e", 256);
    return [=](Findings& out) {
      expect(out, claim("on it", 1.0), {.value = 0.0}, {.value = 0.0, .made_from = {e.get()}});
      expect(out, claim("not on it", 2.0), {.value = 0.0}, mean_of_normals(*other));
    };
  });
}

TEST(RunnerInTrouble, BelievesNothingOfAnEnsembleThatIsNotFinite) {
  const auto one_nan = test::formula([](std::uint64_t replica, std::uint64_t) {
    return replica == 200 ? std::nan("") : static_cast<double>(replica);
  });
  const Record record = run(with_process(one_nan, 0.0));
  EXPECT_EQ(check_of(record, "on it").verdict, Verdict::error);
  EXPECT_EQ(check_of(record, "on it").reason, "1 of 256 replicas of 'broken' are not finite");
  EXPECT_EQ(check_of(record, "not on it").verdict, Verdict::pass);
  EXPECT_EQ(simulation_of(record, "broken").non_finite, 1U);
  EXPECT_EQ(record.outcome, Outcome::completed);
}

TEST(RunnerInTrouble, MakesADivergedMeasurementAnErrorNotADoubling) {
  const Experiment experiment = trial([](const Settings&, Simulations& simulations) {
    const Problem problem = quadratic_problem({.name = "sgd"}, {1.0}, 1.0, 3.0, Point::Zero(1));
    const auto e = simulations.add(
        "diverging", iterates(with_start(problem, Point::Constant(1, 1.0)), simulations.stream("e")),
        coordinates_and_loss(problem.loss), {.steps = {2000}}, 64);
    return [e](Findings& out) { expect(out, claim("c", 1.0), {.value = 0.0}, mean_of_normals(*e)); };
  });
  const Record record = run(experiment);
  EXPECT_EQ(check_of(record, "c").verdict, Verdict::error);
  EXPECT_THAT(check_of(record, "c").reason, HasSubstr("64 of 64 replicas of 'diverging' are not finite"));
  EXPECT_EQ(simulation_of(record, "diverging").replicas, 64U);
}

// From outside of the domain, so every path is.
TEST(RunnerInTrouble, HoldsPathsOutsideAgainstTheirLimit) {
  const Problem problem = quadratic_problem({.name = "sgd"}, {1.0}, 0.1, 0.02, Point::Zero(1));
  const auto process =
      paths(with_start(problem, Point::Constant(1, 0.13)),
            {.sde = {.name = "signsgd-phase-3"}, .integrator = "euler-maruyama", .steps_per_iteration = 2},
            Stream(1, "outside"));
  const Record strict = run(with_process(process, 0.5));
  EXPECT_EQ(check_of(strict, "on it").verdict, Verdict::error);
  EXPECT_EQ(check_of(strict, "on it").reason,
            "256 of 256 replicas of 'broken' left the domain of their equation; the limit is 0.5");
  EXPECT_EQ(check_of(strict, "not on it").verdict, Verdict::pass);
  EXPECT_EQ(simulation_of(strict, "broken").outside, 256U);
  const Record tolerant = run(with_process(process, 1.0));
  EXPECT_EQ(check_of(tolerant, "on it").verdict, Verdict::pass);
  EXPECT_EQ(simulation_of(tolerant, "broken").outside, 256U);
}

TEST(RunnerInTrouble, RefusesMoreClaimsThanAnnounced) {
  for (const ErrorFamily family : error_families) {
    Experiment experiment = trial([family](const Settings&, Simulations&) {
      return [family](Findings& out) {
        for (const char* id : {"a", "b", "c"}) {
          Claim one = claim(id, 1.0);
          one.family = family;
          expect(out, one, {.value = 0.0},
                 {.value = 0.0, .standard_error = 1e-3, .degrees_of_freedom = 63.0});
        }
      };
    });
    experiment.most_claims = {.replicas = 3, .few_runs = 3};
    EXPECT_EQ(run(experiment).outcome, Outcome::completed);
    experiment.most_claims = {.replicas = 2, .few_runs = 2};
    const Record record = run(experiment);
    EXPECT_EQ(record.outcome, Outcome::error);
    EXPECT_EQ(record.reason,
              "'trial' makes 3 claims of family " + to_string(family) + ", but announces at most 2");
  }
}

// Before anything is simulated: nothing but what the experiments announce is asked.
TEST(RequireRoom, RefusesMoreClaimsThanShareAnErrorRate) {
  Experiment one =
      trial([](const Settings&, Simulations&) -> Judgement { throw std::logic_error("designed"); });
  one.most_claims = {.replicas = 6, .few_runs = 5};
  const std::vector<const Experiment*> two{&one, &one};
  EXPECT_NO_THROW(require_room({.replicas = {.claims = 12}, .few_runs = {.claims = 10}}, two));
  EXPECT_THAT(
      [&] { require_room({.replicas = {.claims = 11}, .few_runs = {.claims = 10}}, two); },
      ThrowsMessage<InvalidParameter>("run: experiments announce up to 12 claims of family replicas, but "
                                      "at most 11 share its error rate: run fewer"));
  EXPECT_THAT([&] { require_room({.replicas = {.claims = 12}, .few_runs = {.claims = 9}}, two); },
              ThrowsMessage<InvalidParameter>(HasSubstr("up to 10 claims of family few_runs")));
}

// If this fails, lower MostClaims' default or what is announced before making more room: room widens intervals.
TEST(RequireRoom, HasRoomForEveryRegisteredExperimentInOneRun) {
  std::vector<const Experiment*> all;
  for (const Experiment& experiment : Registry<Experiment>::all().entries()) all.push_back(&experiment);
  EXPECT_NO_THROW(require_room({}, all));
}

TEST(RunnerInTrouble, TurnsAnExceptionIntoAnErrorWithItsMessage) {
  const Record judging = run(trial([](const Settings&, Simulations& simulations) {
    normals(simulations, "e", 64);
    return [](Findings&) { throw std::runtime_error("no such formula"); };
  }));
  EXPECT_EQ(judging.outcome, Outcome::error);
  EXPECT_EQ(judging.reason, "no such formula");
  EXPECT_TRUE(judging.checks.empty());
  EXPECT_EQ(simulation_of(judging, "e").replicas, 64U);

  const Record observing =
      run(trial([](const Settings&, Simulations& simulations) {
            const Observable broken{.name = "x1",
                                    .evaluate = [](In, OutColumn) { throw std::runtime_error("blind"); }};
            simulations.add("e", test::formula([](std::uint64_t, std::uint64_t) { return 0.0; }), {broken},
                            {.steps = {0}}, 64);
            return [](Findings&) {};
          }),
          {.threads = 2});
  EXPECT_EQ(observing.outcome, Outcome::error);
  EXPECT_EQ(observing.reason, "blind");

  const Record twice = run(trial([](const Settings&, Simulations&) {
    return [](Findings& out) {
      for (int i = 0; i < 2; ++i) expect(out, claim("same", 0.0), {.value = 1.0}, exactly(1.0));
    };
  }));
  EXPECT_EQ(twice.outcome, Outcome::error);
  EXPECT_THAT(twice.reason, HasSubstr("two claims of one experiment are called 'same'"));
}

// 1024 replicas are four blocks, each with one report.
TEST(RunnerInTrouble, JudgesTheFinishedBlocksOfAStoppedRun) {
  const Experiment experiment = trial([](const Settings&, Simulations& simulations) {
    const auto e = normals(simulations, "e", 1024);
    return [e](Findings& out) { expect(out, claim("c", 2.0), {.value = 0.0}, mean_of_normals(*e)); };
  });
  std::stop_source stop;
  int reports = 0;
  const Record record = PlannedExperiment(experiment, {})
                            .run(
                                [&](std::uint64_t done) {
                                  EXPECT_EQ(done, 256U);
                                  if (++reports == 2) stop.request_stop();
                                },
                                stop.get_token());
  EXPECT_EQ(record.outcome, Outcome::partial);
  EXPECT_EQ(record.reason, "interrupted");
  EXPECT_EQ(simulation_of(record, "e").replicas, 512U);
  EXPECT_EQ(check_of(record, "c").verdict, Verdict::pass);
}

// More than the 1024 steps between two reports, so that the first block is stopped on its way.
TEST(RunnerInTrouble, SaysThatTooLittleWasFinished) {
  const Experiment experiment = trial([](const Settings&, Simulations& simulations) {
    const auto e = simulations.add("e", test::formula([](std::uint64_t, std::uint64_t) { return 0.0; }),
                                   {test::coordinate(0)}, {.steps = {3000}}, 64);
    return [e](Findings& out) { expect(out, claim("c", 2.0), {.value = 0.0}, mean_of_normals(*e)); };
  });
  std::stop_source stop;
  const Record record = PlannedExperiment(experiment, {})
                            .run([&stop](std::uint64_t) { stop.request_stop(); }, stop.get_token());
  EXPECT_EQ(record.outcome, Outcome::partial);
  EXPECT_THAT(record.reason, HasSubstr("interrupted; too little was finished to be judged"));
  EXPECT_TRUE(record.checks.empty());
  EXPECT_EQ(simulation_of(record, "e").replicas, 0U);
}

TEST(RunnerInTrouble, DoesNotBeginAfterAStop) {
  const Experiment experiment = trial([](const Settings&, Simulations&) {
    return [](Findings&) { FAIL() << "nothing is judged after a stop"; };
  });
  std::stop_source stop;
  stop.request_stop();
  const Record record = run(experiment, {}, stop.get_token());
  EXPECT_EQ(record.outcome, Outcome::partial);
  EXPECT_EQ(record.reason, "interrupted before it began");
}

TEST(RunnerInTrouble, StopsBetweenTwoLooksWithWhatWasDecided) {
  std::stop_source stop;
  const Experiment experiment = trial([&stop](const Settings&, Simulations& simulations) {
    const auto e = normals(simulations, "e", 256);
    return [e, &stop](Findings& out) {
      expect(out, claim("coarse", 2.0), {.value = 0.0}, mean_of_normals(*e));
      expect(out, claim("fine", 1e-6), {.value = 0.0}, mean_of_normals(*e));
      stop.request_stop();
    };
  });
  const Record record = run(experiment, {}, stop.get_token());
  EXPECT_EQ(record.outcome, Outcome::partial);
  EXPECT_EQ(check_of(record, "coarse").verdict, Verdict::pass);
  EXPECT_EQ(check_of(record, "fine").verdict, Verdict::unresolved);
  EXPECT_EQ(simulation_of(record, "e").replicas, 256U);
}

}  // namespace
}  // namespace sdelens
