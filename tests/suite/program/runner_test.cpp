#include "suite/program/runner.hpp"

#include <gtest/gtest.h>

#include "sdelens/record/store.hpp"
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

// With 256 replicas the half-width is about 6.5 / 16 = 0.4, so a resolution of 2 and an error of 5 are decided.
TEST(Runner, GivesEveryClaimItsVerdictAndTheRecordItsFacts) {
  const Experiment experiment = trial([](const Settings&, Simulations& simulations) {
    const auto e = normals(simulations, "e", 256);
    return [e](Findings& out) {
      expect(out, claim("right", 2.0), {.value = 0.0}, mean_of_normals(*e));
      expect(out, claim("wrong", 2.0, Verdict::fail), {.value = 5.0}, mean_of_normals(*e));
      expect(out, claim("exact", 0.0), {.value = 1.0}, exactly(1.0));
      out.show({.id = "figure"});
    };
  });
  const RunSettings settings{
      .tier = Tier::paper, .seed = 7, .changes = {{"eta", {0.25}}}, .command = "again"};
  const Record record = run(experiment, settings);
  EXPECT_EQ(record.outcome, Outcome::completed);
  EXPECT_EQ(record.reason, "");
  ASSERT_EQ(record.checks.size(), 3U);
  EXPECT_EQ(check_of(record, "right").verdict, Verdict::pass);
  EXPECT_EQ(check_of(record, "wrong").verdict, Verdict::fail);
  EXPECT_TRUE(check_of(record, "wrong").as_expected());
  EXPECT_EQ(check_of(record, "exact").verdict, Verdict::pass);
  EXPECT_EQ(record.experiment, "trial");
  EXPECT_EQ(record.title, "A trial");
  EXPECT_EQ(record.summary, "Of the runner.");
  EXPECT_EQ(record.source.item, "Lemma 0");
  EXPECT_EQ(record.tier, "paper");
  EXPECT_EQ(record.seed, 7U);
  EXPECT_EQ(record.command, "again");
  ASSERT_EQ(record.settings.size(), 1U);
  EXPECT_EQ(record.settings[0].value, std::vector{0.25});
  EXPECT_TRUE(record.settings[0].overridden);
  ASSERT_EQ(record.simulations.size(), 1U);
  EXPECT_EQ(record.simulations[0].replicas, 1024U);
  EXPECT_EQ(record.simulations[0].steps, 1U);
  EXPECT_EQ(record.figures.size(), 1U);
  EXPECT_GE(record.seconds, 0.0);
}

// The half-width 6.5 / sqrt(n) falls below 0.12 at about n = 3000.
TEST(Runner, DoublesOnlyWhatIsBehindUnresolvedClaims) {
  const Experiment experiment = trial([](const Settings&, Simulations& simulations) {
    const auto coarse = normals(simulations, "coarse", 256);
    const auto fine = normals(simulations, "fine", 256);
    const auto bystander = normals(simulations, "bystander", 256);
    return [=](Findings& out) {
      expect(out, claim("coarse", 2.0), {.value = 0.0}, mean_of_normals(*coarse));
      expect(out, claim("fine", 0.12), {.value = 0.0}, mean_of_normals(*fine));
    };
  });
  const Record record = run(experiment);
  const Check& fine = check_of(record, "fine");
  EXPECT_EQ(fine.verdict, Verdict::pass);
  EXPECT_GT(fine.looks, 1);
  EXPECT_EQ(simulation_of(record, "fine").replicas, std::uint64_t{256} << (fine.looks - 1));
  EXPECT_EQ(check_of(record, "coarse").looks, 1);
  EXPECT_EQ(simulation_of(record, "coarse").replicas, 256U);
  EXPECT_EQ(simulation_of(record, "bystander").replicas, 256U);
}

TEST(Runner, SpendsTheErrorRateOfEveryLook) {
  const Experiment experiment = trial([](const Settings&, Simulations& simulations) {
    const auto e = normals(simulations, "e", 64);
    return [e](Findings& out) { expect(out, claim("c", 1e-6), {.value = 0.0}, mean_of_normals(*e)); };
  });
  const ErrorSpending spending{.total = 1e-3, .claims = 10};
  const Record record = run(experiment, {.budget = {.replicas = spending}, .looks = 3});
  const Check& check = check_of(record, "c");
  EXPECT_EQ(check.verdict, Verdict::unresolved) << "a resolution of 1e-6 needs 1e13 replicas";
  EXPECT_EQ(record.outcome, Outcome::completed);
  EXPECT_EQ(check.looks, 3);
  EXPECT_EQ(check.error_rate, spending.at_look(2));
  EXPECT_DOUBLE_EQ(check.spent, 1e-4 * (0.5 + 0.25 + 0.125));
  EXPECT_EQ(simulation_of(record, "e").replicas, 4U * 64U);
}

// Their error rate is for one look: neither they nor the doublings that another claim asks for make it two.
TEST(Runner, LooksOnceAtClaimsFromFewRuns) {
  Experiment experiment = trial([](const Settings&, Simulations& simulations) {
    const auto few = normals(simulations, "few", 12);
    const auto many = normals(simulations, "many", 64);
    return [few, many](Findings& out) {
      Claim runs = claim("runs", 1e-6);
      runs.family = ErrorFamily::few_runs;
      const Measurement measured{.value = 0.1,
                                 .standard_error = 1.0,
                                 .degrees_of_freedom = 11.0,
                                 .made_from = {few.get(), many.get()}};
      expect(out, runs, {.value = 0.0}, measured);
      expect(out, claim("replicas", 1e-6), {.value = 0.0}, mean_of_normals(*many));
    };
  });
  experiment.most_claims.few_runs = 1;
  const Record record = run(experiment, {.looks = 3});
  EXPECT_EQ(record.outcome, Outcome::completed) << record.reason;
  EXPECT_EQ(check_of(record, "replicas").looks, 3);
  EXPECT_EQ(check_of(record, "runs").looks, 1);
  EXPECT_EQ(check_of(record, "runs").verdict, Verdict::unresolved);
  EXPECT_EQ(check_of(record, "runs").spent, ErrorBudget{}.few_runs.at_look(0));
  EXPECT_EQ(simulation_of(record, "few").replicas, 12U);
  EXPECT_EQ(simulation_of(record, "many").replicas, 4U * 64U);
}

TEST(Runner, LetsTheFirstDecisionStand) {
  auto looks = std::make_shared<int>(0);
  const Experiment experiment = trial([looks](const Settings&, Simulations& simulations) {
    const auto e = normals(simulations, "e", 64);
    return [e, looks](Findings& out) {
      expect(out, claim("passed", 1.0), {.value = 0.0}, exactly(*looks == 0 ? 0.5 : 9.0));
      expect(out, claim("failed", 1.0), {.value = 0.0}, exactly(*looks == 0 ? 9.0 : 0.5));
      expect(out, claim("undecided", 1e-6), {.value = 0.0}, mean_of_normals(*e));
      ++*looks;
    };
  });
  const Record record = run(experiment, {.looks = 4});
  EXPECT_EQ(*looks, 4);
  EXPECT_EQ(check_of(record, "undecided").looks, 4);
  EXPECT_EQ(check_of(record, "failed").verdict, Verdict::fail);
  EXPECT_EQ(check_of(record, "failed").estimate, 9.0);
  EXPECT_EQ(check_of(record, "failed").looks, 1);
}

TEST(Runner, LeavesAnEnsembleWithoutNoiseAlone) {
  const Experiment experiment = trial([](const Settings&, Simulations& simulations) {
    const auto e = normals(simulations, "e", 64);
    const Problem flat = quadratic_problem({.name = "sgd"}, {0.0}, 1.0, 1.0, Point::Zero(1));
    const auto one = simulations.add_deterministic(
        "one",
        iterates(with_start(with_optimizer(flat, {.name = "sgd"}), Point::Zero(1)),
                 simulations.stream("one")),
        {test::coordinate(0)}, {.steps = {1}});
    return [=](Findings& out) {
      Measurement measured = mean_of_normals(*e);
      measured.made_from.push_back(one.get());
      expect(out, claim("c", 1e-6), {.value = 0.0}, measured);
    };
  });
  const Record record = run(experiment, {.looks = 2});
  EXPECT_EQ(simulation_of(record, "e").replicas, 128U);
  EXPECT_EQ(simulation_of(record, "one").replicas, 1U);
}

TEST(Runner, SaysWhyItSkipped) {
  const Experiment experiment = trial([](const Settings&, Simulations& simulations) {
    normals(simulations, "e", 64);
    return [](Findings&) {};
  });
  const PlannedExperiment planned(experiment, {});
  const Record record = planned.unfinished("no time");
  EXPECT_EQ(record.outcome, Outcome::partial);
  EXPECT_EQ(record.reason, "no time");
  EXPECT_EQ(record.experiment, "trial");
  EXPECT_TRUE(record.checks.empty());
}

TEST(Runner, RefusesBadSettingsBeforeItRuns) {
  const Experiment experiment = trial([](const Settings&, Simulations&) -> Judgement { return {}; });
  EXPECT_THROW(PlannedExperiment(experiment, {.changes = {{"eta", {-1.0}}}}), InvalidParameter);
  const Experiment misspelt = trial([](const Settings& settings, Simulations&) -> Judgement {
    settings.scalar("etaa");
    return {};
  });
  EXPECT_THROW(PlannedExperiment(misspelt, {}), std::logic_error);
}

TEST(Runner, KnowsItsWork) {
  const Experiment experiment = trial([](const Settings&, Simulations& simulations) {
    normals(simulations, "a", 1000);
    simulations.add("b", test::formula([](std::uint64_t, std::uint64_t) { return 0.0; }),
                    {test::coordinate(0)}, {.steps = {7}}, 300);
    return [](Findings&) {};
  });
  EXPECT_EQ(PlannedExperiment(experiment, {}).work(), 1000U * 1U + 300U * 7U);
  EXPECT_EQ(PlannedExperiment(experiment, {.tier = Tier::smoke}).work(), 256U * 1U + 256U * 7U);
  std::uint64_t done = 0;
  PlannedExperiment(experiment, {}).run([&](std::uint64_t more) { done += more; }, {});
  EXPECT_EQ(done, 3100U);
}

TEST(Runner, WritesTheSameRecordForEveryNumberOfThreadsAndAnotherForAnotherSeed) {
  const Experiment experiment = trial([](const Settings&, Simulations& simulations) {
    const auto e = normals(simulations, "e", 700);
    return [e](Findings& out) { expect(out, claim("c", 0.12), {.value = 0.0}, mean_of_normals(*e)); };
  });
  const auto json = [&](int threads, std::uint64_t seed) {
    Record record = run(experiment, {.seed = seed, .threads = threads});
    record.seconds = 0.0;
    record.seed = 0;
    return to_json(record);
  };
  const std::string one = json(1, 3);
  EXPECT_EQ(one, json(2, 3));
  EXPECT_EQ(one, json(7, 3));
  EXPECT_NE(one, json(1, 4));
}

}  // namespace
}  // namespace sdelens
