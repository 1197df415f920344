#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "suite/study/ingredients.hpp"
#include "tests/lib/ensemble/processes.hpp"

namespace sdelens {
namespace {

using testing::HasSubstr;

const std::vector<SettingSpecification> specification{
    printed("eta", {1e-2}, Range::positive(), "learning rate"),
    chosen("x0", {1.0, 2.0}, Range::finite(), "start"),
    chosen("runs", {64.0}, Range::at_least(64), "replicas"),
    chosen("steps", {2.5}, Range::positive(), "any number")};

std::string refused(const Parameters& changes) {
  try {
    const Settings settings("trial", specification, changes);
  } catch (const InvalidParameter& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing was refused";
  return {};
}

TEST(Settings, AreTheSpecificationWithTheChanges) {
  const Settings settings("trial", specification, {{"x0", {-3.0, 4.0}}, {"of another experiment", {1.0}}});
  EXPECT_EQ(settings.scalar("eta"), 1e-2);
  EXPECT_EQ(settings.list("x0"), (std::vector<double>{-3.0, 4.0}));
  EXPECT_EQ(settings.point("x0"), (Point(2) << -3.0, 4.0).finished());
  EXPECT_EQ(settings.count("runs"), 64U);
  ASSERT_EQ(settings.all().size(), 4U);
  EXPECT_TRUE(settings.all()[0].printed);
  EXPECT_FALSE(settings.all()[0].overridden);
  EXPECT_FALSE(settings.all()[1].printed);
  EXPECT_TRUE(settings.all()[1].overridden);
  EXPECT_EQ(settings.all()[1].note, "start");
}

TEST(Settings, RefuseWhatIsOutOfRangeByName) {
  EXPECT_THAT(refused({{"eta", {-1.0}}}), HasSubstr("trial: eta is -1, but must be in (0, inf)"));
  EXPECT_THAT(refused({{"eta", {0.0}}}), HasSubstr("trial: eta is 0"));
  EXPECT_THAT(refused({{"eta", {std::nan("")}}}), HasSubstr("trial: eta is nan"));
  EXPECT_THAT(refused({{"x0", {0.0, std::nan("")}}}), HasSubstr("trial: x0 is nan"));
  EXPECT_THAT(refused({{"x0", {INFINITY, 0.0}}}), HasSubstr("trial: x0 is inf"));
  EXPECT_THAT(refused({{"runs", {63.0}}}), HasSubstr("trial: runs is 63, but must be in [64, inf)"));
}

TEST(Settings, RefuseAnotherNumberOfValues) {
  EXPECT_THAT(refused({{"x0", {1.0}}}), HasSubstr("trial: x0 has 1 values, but must have 2"));
  EXPECT_THAT(refused({{"eta", {1.0, 2.0}}}), HasSubstr("trial: eta has 2 values, but must have 1"));
  EXPECT_THAT(refused({{"eta", {}}}), HasSubstr("trial: eta has 0 values, but must have 1"));
}

TEST(Settings, CountOnlyWhatIsAWholeNumber) {
  for (const double value : {2.5, 0.5, 1e300, 0x1p53 + 2.0}) {
    const Settings settings("trial", specification, {{"steps", {value}}});
    try {
      settings.count("steps");
      ADD_FAILURE() << value << " was counted";
    } catch (const InvalidParameter& error) {
      EXPECT_THAT(error.what(), HasSubstr("but must be a whole number from 1 to 2^53"));
    }
  }
  EXPECT_EQ(Settings("trial", specification, {{"steps", {0x1p53}}}).count("steps"), std::uint64_t{1} << 53);
}

TEST(Settings, DoNotKnowWhatWasNotDeclared) {
  const Settings settings("trial", specification, {});
  EXPECT_THROW(settings.scalar("sigma"), std::logic_error);
  EXPECT_THROW(settings.count("sigma"), std::logic_error);
}

TEST(Tiers, HaveNamesBothWays) {
  for (const Tier tier : {Tier::smoke, Tier::standard, Tier::paper})
    EXPECT_EQ(tier_from(to_string(tier)), tier);
  try {
    tier_from("standart");
    ADD_FAILURE();
  } catch (const UnknownName& error) {
    EXPECT_THAT(error.what(), HasSubstr("unknown tier 'standart'; the nearest: standard"));
  }
  EXPECT_THROW(tier_from(""), UnknownName);
}

std::shared_ptr<const Process> normals(const Simulations& simulations, const std::string& purpose) {
  return iterates(quadratic_problem({.name = "sgd"}, {1.0}, 1.0, 0.1, Point::Zero(1)),
                  simulations.stream(purpose));
}

Simulations::Order ordered(Tier tier, std::uint64_t paper_runs) {
  Simulations simulations("trial", tier, 5);
  simulations.add("e", normals(simulations, "noise"), {test::coordinate(0)}, {.steps = {3}}, paper_runs,
                  0.25);
  return simulations.orders().front();
}

TEST(Tiers, OrderMoreAndMoreReplicas) {
  for (const std::uint64_t runs : {1U, 100U, 256U, 500U, 5000U}) {
    EXPECT_EQ(ordered(Tier::smoke, runs).replicas,
              std::min<std::uint64_t>(runs, std::max<std::uint64_t>(256, runs / 8)));
    EXPECT_EQ(ordered(Tier::standard, runs).replicas, runs);
    EXPECT_EQ(ordered(Tier::paper, runs).replicas, 4 * runs);
  }
  for (const Tier tier : {Tier::smoke, Tier::standard, Tier::paper}) {
    EXPECT_EQ(ordered(tier, 500).most_replicas, 32000U);
  }
  EXPECT_EQ(ordered(Tier::smoke, 500).outside_limit, 0.25);
}

TEST(Tiers, OrderOneReplicaWithoutNoise) {
  for (const Tier tier : {Tier::smoke, Tier::standard, Tier::paper}) {
    Simulations simulations("trial", tier, 5);
    simulations.add_deterministic("e", normals(simulations, "noise"), {test::coordinate(0)}, {.steps = {3}});
    EXPECT_EQ(simulations.orders().front().replicas, 1U);
    EXPECT_EQ(simulations.orders().front().most_replicas, 1U);
  }
}

// 1024 replicas end a block, so the larger tier has the bits of the smaller one extended.
TEST(Tiers, ExtendOneAnother) {
  const Simulations::Order smoke = ordered(Tier::smoke, 1024);
  const Simulations::Order standard = ordered(Tier::standard, 1024);
  const Simulations::Order paper = ordered(Tier::paper, 1024);
  smoke.ensemble->extend_to(smoke.replicas, {});
  smoke.ensemble->extend_to(standard.replicas, {});
  standard.ensemble->extend_to(standard.replicas, {});
  EXPECT_TRUE(test::same_bits(smoke.ensemble->at(0, "x1"), standard.ensemble->at(0, "x1")));
  standard.ensemble->extend_to(paper.replicas, {});
  paper.ensemble->extend_to(paper.replicas, {.threads = 2});
  EXPECT_TRUE(test::same_bits(standard.ensemble->at(0, "x1"), paper.ensemble->at(0, "x1")));
}

TEST(Streams, DependOnExperimentSeedAndPurposeOnly) {
  const auto key = [](const char* experiment, Tier tier, std::uint64_t seed, const char* purpose) {
    return Simulations(experiment, tier, seed).stream(purpose).key();
  };
  const PhiloxKey base = key("a", Tier::smoke, 1, "noise");
  EXPECT_EQ(base, key("a", Tier::paper, 1, "noise"));
  EXPECT_NE(base, key("b", Tier::smoke, 1, "noise"));
  EXPECT_NE(base, key("a", Tier::smoke, 2, "noise"));
  EXPECT_NE(base, key("a", Tier::smoke, 1, "other noise"));
}

TEST(Experiment, OfAStatementThatThePaperDoesNotHaveIsAConflict) {
  Registry<Experiment> registry;
  Experiment experiment;
  experiment.name = "trial";
  experiment.lemmas = {"3.7", "C.12"};
  registry.add(experiment, {"trial.cpp", 8});
  EXPECT_EQ(registry.conflict(), "");
  experiment.name = "other";
  experiment.lemmas.emplace_back("3.77");
  registry.add(experiment, {"trial.cpp", 9});
  EXPECT_THAT(registry.conflict(),
              AllOf(HasSubstr("experiment 'other' at trial.cpp:9"), HasSubstr("'3.77'")));
}

TEST(Findings, RefuseTwoClaimsOfOneName) {
  Findings findings;
  findings.claim("a").equals(1.0, {.value = 1.0});
  findings.claim("b").equals(1.0, {.value = 1.0});
  EXPECT_THROW(findings.claim("a").equals(1.0, {.value = 1.0}), std::logic_error);
  EXPECT_EQ(findings.expectations().size(), 2U);
}

}  // namespace
}  // namespace sdelens
