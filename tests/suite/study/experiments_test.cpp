// What every registered experiment keeps; none is named here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <regex>
#include <set>

#include "reference/papers/statements.hpp"
#include "sdelens/record/store.hpp"
#include "suite/program/runner.hpp"
#include "tests/conformance/names.hpp"

namespace sdelens {
namespace {

class EveryExperiment : public testing::TestWithParam<std::string> {
 protected:
  static const Experiment& experiment() { return Registry<Experiment>::all().at(GetParam()); }

  /// The shortest run with the fewest replicas that the settings allow.
  static Parameters smallest() {
    Parameters changes;
    for (const SettingSpecification& setting : experiment().settings) {
      if (setting.name == "iterations" || setting.name == "runs") changes[setting.name] = {setting.range.low};
    }
    return changes;
  }
};

template <class Items, class Name>
bool all_different(const Items& items, const Name& name) {
  std::set<std::string> seen;
  return std::ranges::all_of(items, [&](const auto& item) { return seen.insert(name(item)).second; });
}

TEST_P(EveryExperiment, SaysWhatItIs) {
  EXPECT_TRUE(std::regex_match(experiment().name, std::regex("[a-z][a-z0-9]*([-.][a-z0-9]+)*")));
  EXPECT_FALSE(experiment().title.empty());
  EXPECT_FALSE(experiment().summary.empty());
  EXPECT_TRUE(experiment().source.paper == "A" || experiment().source.paper == "B");
  EXPECT_FALSE(experiment().source.item.empty());
}

TEST_P(EveryExperiment, HasSettingsThatAreValidAndExplained) {
  EXPECT_TRUE(all_different(experiment().settings, [](const auto& s) { return s.name; }));
  for (const SettingSpecification& setting : experiment().settings) {
    EXPECT_TRUE(std::regex_match(setting.name, std::regex("[a-z][a-z0-9_]*"))) << setting.name;
    EXPECT_FALSE(setting.value.empty()) << setting.name;
    EXPECT_FALSE(setting.note.empty()) << setting.name;
    for (const double value : setting.value) EXPECT_TRUE(setting.range.contains(value)) << setting.name;
    EXPECT_FALSE(setting.range.contains(std::nan(""))) << setting.name;
  }
}

TEST_P(EveryExperiment, IsDesignedAtEveryTierWithoutASimulation) {
  for (const Tier tier : {Tier::smoke, Tier::standard, Tier::paper}) {
    Simulations simulations(experiment().name, tier, 1);
    const Settings settings(experiment().name, experiment().settings, {});
    const Judgement judgement = experiment().design(settings, simulations);
    EXPECT_TRUE(judgement);
    EXPECT_TRUE(
        all_different(simulations.orders(), [](const auto& order) { return order.ensemble->name(); }));
    for (const Simulations::Order& order : simulations.orders()) {
      EXPECT_EQ(order.ensemble->replicas(), 0U);
      EXPECT_GT(order.replicas, 0U);
      EXPECT_GE(order.outside_limit, 0.0);
      EXPECT_LT(order.outside_limit, 1.0);
    }
  }
}

// With so few replicas a claim may be unresolved, but none is an error.
void expect_claims_that_can_be_judged(const Record& record) {
  EXPECT_FALSE(record.checks.empty());
  EXPECT_TRUE(all_different(record.checks, [](const Check& check) { return check.claim.id; }));
  for (const Check& check : record.checks) {
    const Claim& claim = check.claim;
    EXPECT_TRUE(std::regex_match(claim.id, std::regex("[A-Za-z0-9][-A-Za-z0-9./=_]*"))) << claim.id;
    EXPECT_FALSE(claim.statement.empty()) << claim.id;
    EXPECT_TRUE(claim.source.paper == "A" || claim.source.paper == "B") << claim.id;
    EXPECT_FALSE(claim.source.item.empty()) << claim.id;
    EXPECT_NE(check.verdict, Verdict::error) << claim.id << ": " << check.reason;
    EXPECT_TRUE(claim.expected == Verdict::pass || claim.expected == Verdict::fail) << claim.id;
    const bool has_margin = claim.margin.absolute > 0.0 || claim.margin.relative > 0.0;
    EXPECT_EQ(has_margin, !claim.margin_reason.empty()) << claim.id << ": " << claim.margin_reason;
    const bool resolves = claim.resolution.absolute > 0.0 || claim.resolution.relative > 0.0;
    const bool two_sided = claim.relation == Relation::equal || claim.relation == Relation::order;
    if (check.standard_error > 0.0 && two_sided) {
      EXPECT_TRUE(resolves) << claim.id << ": what was sampled needs a resolution";
    }
  }
}

void expect_figures_that_can_be_drawn(const Record& record) {
  EXPECT_FALSE(record.figures.empty());
  EXPECT_TRUE(all_different(record.figures, [](const Figure& figure) { return figure.id; }));
  for (const Figure& figure : record.figures) {
    EXPECT_FALSE(figure.title.empty()) << figure.id;
    EXPECT_FALSE(figure.caption.empty()) << figure.id;
    EXPECT_FALSE(figure.x.label.empty()) << figure.id;
    EXPECT_FALSE(figure.y.label.empty()) << figure.id;
    EXPECT_FALSE(figure.series.empty()) << figure.id;
    EXPECT_TRUE(all_different(figure.series, [](const Series& series) { return series.label; })) << figure.id;
    for (const Series& series : figure.series) {
      EXPECT_FALSE(series.label.empty()) << figure.id;
      EXPECT_FALSE(series.x.empty()) << figure.id << ", " << series.label;
      EXPECT_EQ(series.x.size(), series.y.size()) << figure.id << ", " << series.label;
      EXPECT_TRUE(series.low.empty() || series.low.size() == series.y.size()) << figure.id;
      EXPECT_EQ(series.low.size(), series.high.size()) << figure.id << ", " << series.label;
      for (const double y : series.y) EXPECT_TRUE(std::isfinite(y)) << figure.id << ", " << series.label;
    }
  }
}

// Every test is a process of its own, so what needs a run shares one.
TEST_P(EveryExperiment, MakesClaimsAndFiguresInTheShortestRun) {
  PlannedExperiment planned(experiment(),
                            {.tier = Tier::smoke, .seed = 1, .changes = smallest(), .looks = 1});
  const Record record = planned.run([](std::uint64_t) {}, {});
  EXPECT_EQ(to_string(record.outcome), "completed") << record.reason;
  expect_claims_that_can_be_judged(record);
  expect_figures_that_can_be_drawn(record);
  EXPECT_EQ(to_json(record_from_json(to_json(record))), to_json(record));
}

// The runner sees to it that no claim decides a lemma that is not announced.
TEST_P(EveryExperiment, AnnouncesLemmasThatThereAreAndDecidesEachOfThem) {
  PlannedExperiment planned(experiment(),
                            {.tier = Tier::smoke, .seed = 3, .changes = smallest(), .looks = 1});
  const Record record = planned.run([](std::uint64_t) {}, {});
  EXPECT_TRUE(all_different(experiment().lemmas, [](const std::string& lemma) { return lemma; }));
  for (const std::string& lemma : experiment().lemmas) {
    const papers::Statement* const statement = papers::find_statement(lemma);
    ASSERT_NE(statement, nullptr) << lemma << " is not in reference/papers/statements_of_*.cpp";
    EXPECT_EQ(statement->number, lemma) << "of a statement's numbers the first is used";
    EXPECT_TRUE(std::ranges::any_of(record.checks,
                                    [&lemma](const Check& check) {
                                      return std::ranges::find(check.claim.lemmas, lemma) !=
                                             check.claim.lemmas.end();
                                    }))
        << "no claim decides " << lemma;
  }
}

INSTANTIATE_TEST_SUITE_P(Registered, EveryExperiment, test::registered<Experiment>(), test::identifier);

TEST(ExperimentRegistry, IsNotEmptyAndHasNoTwoOfOneName) {
  const auto names = Registry<Experiment>::all().names();
  EXPECT_FALSE(names.empty());
  EXPECT_TRUE(all_different(names, [](const std::string& name) { return name; }));
}

}  // namespace
}  // namespace sdelens
