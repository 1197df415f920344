#include <gmock/gmock.h>

#include <bit>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "sdelens/record/store.hpp"

namespace sdelens {
namespace {

using ::testing::HasSubstr;
using Limits = std::numeric_limits<double>;

/// Every member differs from its default, so that a forgotten one is seen.
Record full_record() {
  Check check;
  check.claim = {.id = "stationary-loss/σ=0.1",
                 .statement = "E f → η √(π/2) \"quoted\" \\ <b>",
                 .source = {.paper = "A", .item = "Lemma 3.7"},
                 .relation = Relation::at_least,
                 .margin = {.absolute = 0.1, .relative = 1.0 / 3.0},
                 .margin_reason = "C η",
                 .resolution = {.absolute = 0.2, .relative = 2.0 / 3.0},
                 .expected = Verdict::fail,
                 .family = ErrorFamily::few_runs};
  check.where = "t = 0.5";
  check.points = 7;
  check.prediction = -0.0;
  check.estimate = 0.1 + 0.2;
  check.standard_error = Limits::denorm_min();
  check.lower = -Limits::infinity();
  check.upper = Limits::infinity();
  check.margin = Limits::max();
  check.resolution = 4.9406564584124654e-300;
  check.error_rate = 1e-7;
  check.spent = 1.5e-7;
  check.looks = 3;
  check.verdict = Verdict::unresolved;
  check.reason = "line\nbreak\tand tab";

  Figure figure;
  figure.id = "loss";
  figure.title = "Loss";
  figure.caption = "Band: ± one standard deviation";
  figure.x = {.label = "t", .logarithmic = true, .low = 0.5, .high = std::nullopt};
  figure.y = {.label = "E f", .logarithmic = false, .low = std::nullopt, .high = Limits::infinity()};
  figure.series = {{.label = "SignSGD",
                    .role = Role::sde,
                    .colour = -2,
                    .x = {1.0, 2.0, 3.0},
                    .y = {Limits::quiet_NaN(), Limits::infinity(), 1.0 / 7.0},
                    .low = {0.0, 0.0, -Limits::infinity()},
                    .high = {1.0, 1.0, 2.0}}};

  Record record;
  record.experiment = "fig6-sgd";
  record.title = "Title";
  record.summary = "Summary";
  record.source = {.paper = "B", .item = "Figure 6"};
  record.tier = "smoke";
  record.seed = std::numeric_limits<std::uint64_t>::max();
  record.command = "sdelens run fig6-sgd";
  record.environment = {.revision = "abc",
                        .compiler = "g++",
                        .flags = "-O3",
                        .processor = "one",
                        .instructions = "avx2",
                        .threads = 2,
                        .started = "2024-01-02T03:04:05Z"};
  record.settings = {
      {.name = "eta", .value = {0.01, 0.02}, .printed = true, .note = "rate", .overridden = true}};
  record.simulations = {
      {.name = "SignSGD", .replicas = 1ULL << 40, .steps = 5, .non_finite = 6, .outside = 7}};
  record.checks = {check};
  record.figures = {figure};
  record.tables = {{.id = "end",
                    .title = "Table",
                    .caption = "What stands where",
                    .columns = {{.label = "what", .words = {"E x", "Var x"}},
                                {.label = "value", .numbers = {1.0 / 3.0, Limits::quiet_NaN()}}}}};
  record.outcome = Outcome::partial;
  record.reason = "interrupted";
  record.seconds = 1.25;
  return record;
}

void expect_same_bits(double a, double b) {
  if (std::isnan(a)) {
    EXPECT_TRUE(std::isnan(b));
  } else {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(a), std::bit_cast<std::uint64_t>(b));
  }
}

void expect_error(const std::string& text, const std::string& part) {
  try {
    record_from_json(text);
    FAIL() << "accepted " << text.substr(0, 60);
  } catch (const StorageError& error) {
    EXPECT_THAT(error.what(), HasSubstr(part));
  }
}

/// The record as JSON with one member replaced.
std::string with(const std::string& pointer, const nlohmann::json& value) {
  nlohmann::json json = nlohmann::json::parse(to_json(full_record()));
  json[nlohmann::json::json_pointer(pointer)] = value;
  return json.dump();
}

TEST(Json, EveryMemberSurvives) {
  const Record record = record_from_json(to_json(full_record()));
  EXPECT_EQ(record.experiment, "fig6-sgd");
  EXPECT_EQ(record.title, "Title");
  EXPECT_EQ(record.summary, "Summary");
  EXPECT_EQ(record.source.paper, "B");
  EXPECT_EQ(record.source.item, "Figure 6");
  EXPECT_EQ(record.tier, "smoke");
  EXPECT_EQ(record.seed, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(record.command, "sdelens run fig6-sgd");
  EXPECT_EQ(record.environment.revision, "abc");
  EXPECT_EQ(record.environment.compiler, "g++");
  EXPECT_EQ(record.environment.flags, "-O3");
  EXPECT_EQ(record.environment.processor, "one");
  EXPECT_EQ(record.environment.instructions, "avx2");
  EXPECT_EQ(record.environment.threads, 2);
  EXPECT_EQ(record.environment.started, "2024-01-02T03:04:05Z");
  EXPECT_EQ(record.outcome, Outcome::partial);
  EXPECT_EQ(record.reason, "interrupted");
  EXPECT_EQ(record.seconds, 1.25);

  ASSERT_EQ(record.settings.size(), 1U);
  EXPECT_EQ(record.settings[0].name, "eta");
  EXPECT_EQ(record.settings[0].value, (std::vector<double>{0.01, 0.02}));
  EXPECT_TRUE(record.settings[0].printed);
  EXPECT_EQ(record.settings[0].note, "rate");
  EXPECT_TRUE(record.settings[0].overridden);

  ASSERT_EQ(record.simulations.size(), 1U);
  EXPECT_EQ(record.simulations[0].name, "SignSGD");
  EXPECT_EQ(record.simulations[0].replicas, 1ULL << 40);
  EXPECT_EQ(record.simulations[0].steps, 5U);
  EXPECT_EQ(record.simulations[0].non_finite, 6U);
  EXPECT_EQ(record.simulations[0].outside, 7U);
}

TEST(Json, EveryMemberOfACheckSurvives) {
  const Record record = record_from_json(to_json(full_record()));
  const Check expected = full_record().checks[0];
  ASSERT_EQ(record.checks.size(), 1U);
  const Check& check = record.checks[0];
  EXPECT_EQ(check.claim.id, expected.claim.id);
  EXPECT_EQ(check.claim.statement, expected.claim.statement);
  EXPECT_EQ(check.claim.source.paper, "A");
  EXPECT_EQ(check.claim.source.item, "Lemma 3.7");
  EXPECT_EQ(check.claim.relation, Relation::at_least);
  expect_same_bits(check.claim.margin.absolute, 0.1);
  expect_same_bits(check.claim.margin.relative, 1.0 / 3.0);
  EXPECT_EQ(check.claim.margin_reason, "C η");
  expect_same_bits(check.claim.resolution.absolute, 0.2);
  expect_same_bits(check.claim.resolution.relative, 2.0 / 3.0);
  EXPECT_EQ(check.claim.expected, Verdict::fail);
  EXPECT_EQ(check.claim.family, ErrorFamily::few_runs);
  EXPECT_EQ(check.where, "t = 0.5");
  EXPECT_EQ(check.points, 7U);
  expect_same_bits(check.prediction, expected.prediction);
  expect_same_bits(check.estimate, expected.estimate);
  expect_same_bits(check.standard_error, expected.standard_error);
  expect_same_bits(check.lower, expected.lower);
  expect_same_bits(check.upper, expected.upper);
  expect_same_bits(check.margin, expected.margin);
  expect_same_bits(check.resolution, expected.resolution);
  expect_same_bits(check.error_rate, 1e-7);
  expect_same_bits(check.spent, 1.5e-7);
  EXPECT_EQ(check.looks, 3);
  EXPECT_EQ(check.verdict, Verdict::unresolved);
  EXPECT_EQ(check.reason, expected.reason);
}

TEST(Json, EveryMemberOfATableSurvives) {
  const Record record = record_from_json(to_json(full_record()));
  ASSERT_EQ(record.tables.size(), 1U);
  const DataTable& table = record.tables[0];
  EXPECT_EQ(table.id, "end");
  EXPECT_EQ(table.title, "Table");
  EXPECT_EQ(table.caption, "What stands where");
  ASSERT_EQ(table.columns.size(), 2U);
  EXPECT_EQ(table.columns[0].label, "what");
  EXPECT_EQ(table.columns[0].words, (std::vector<std::string>{"E x", "Var x"}));
  EXPECT_TRUE(table.columns[0].numbers.empty());
  expect_same_bits(table.columns[1].numbers.at(0), 1.0 / 3.0);
  EXPECT_TRUE(std::isnan(table.columns[1].numbers.at(1)));
}

TEST(Json, EveryMemberOfAFigureSurvives) {
  const Record record = record_from_json(to_json(full_record()));
  ASSERT_EQ(record.figures.size(), 1U);
  const Figure& figure = record.figures[0];
  EXPECT_EQ(figure.id, "loss");
  EXPECT_EQ(figure.title, "Loss");
  EXPECT_EQ(figure.caption, "Band: ± one standard deviation");
  EXPECT_EQ(figure.x.label, "t");
  EXPECT_TRUE(figure.x.logarithmic);
  EXPECT_EQ(figure.x.low, 0.5);
  EXPECT_EQ(figure.x.high, std::nullopt);
  EXPECT_FALSE(figure.y.logarithmic);
  EXPECT_EQ(figure.y.low, std::nullopt);
  EXPECT_EQ(figure.y.high, Limits::infinity());
  ASSERT_EQ(figure.series.size(), 1U);
  const Series& series = figure.series[0];
  EXPECT_EQ(series.label, "SignSGD");
  EXPECT_EQ(series.role, Role::sde);
  EXPECT_EQ(series.colour, -2);
  EXPECT_EQ(series.x, (std::vector<double>{1.0, 2.0, 3.0}));
  ASSERT_EQ(series.y.size(), 3U);
  EXPECT_TRUE(std::isnan(series.y[0]));
  EXPECT_EQ(series.y[1], Limits::infinity());
  expect_same_bits(series.y[2], 1.0 / 7.0);
  EXPECT_EQ(series.low, (std::vector<double>{0.0, 0.0, -Limits::infinity()}));
  EXPECT_EQ(series.high, (std::vector<double>{1.0, 1.0, 2.0}));
}

TEST(Json, WritingWhatWasReadGivesTheSameText) {
  const std::string text = to_json(full_record());
  EXPECT_EQ(to_json(record_from_json(text)), text);
}

TEST(Json, EveryWordIsUnderstood) {
  for (const Outcome outcome : {Outcome::completed, Outcome::partial, Outcome::skipped, Outcome::error}) {
    EXPECT_EQ(outcome_from(to_string(outcome)), outcome);
  }
  for (const Role role : {Role::optimizer, Role::sde, Role::theory, Role::bound}) {
    EXPECT_EQ(role_from(to_string(role)), role);
  }
  EXPECT_THROW(outcome_from("done"), std::invalid_argument);
  EXPECT_THROW(role_from("curve"), std::invalid_argument);
}

TEST(Json, BytesThatAreNotUnicodeDoNotCostTheRecord) {
  Record record = full_record();
  record.reason = "bad \xff byte";
  EXPECT_EQ(record_from_json(to_json(record)).reason, "bad \uFFFD byte");
}

TEST(Json, WhatIsNotARecordIsRefused) {
  expect_error("", "parse error");
  expect_error("[1, 2]", "must be an object");
  expect_error("{}", "schema_version");
  const std::string text = to_json(full_record());
  for (const std::size_t length : {1UL, text.size() / 3, text.size() / 2, text.size() - 3}) {
    expect_error(text.substr(0, length), "parse error");
  }
}

TEST(Json, AnotherSchemaVersionIsRefused) {
  expect_error(with("/schema_version", 1), "schema_version is 1, but this program reads 2 to 3");
  expect_error(with("/schema_version", 4), "schema_version is 4, but this program reads 2 to 3");
  expect_error(with("/schema_version", "1"), "schema_version must be a whole number");
}

/// As the first programs of that schema wrote it: without tables.
TEST(Json, TheFormerSchemaIsRead) {
  nlohmann::json json = nlohmann::json::parse(to_json(full_record()));
  json["schema_version"] = 2;
  EXPECT_EQ(record_from_json(json.dump()).tables.size(), 1U);
  json.erase("tables");
  const Record record = record_from_json(json.dump());
  EXPECT_TRUE(record.tables.empty());
  EXPECT_EQ(record.checks.size(), 1U);
  json["schema_version"] = 3;
  expect_error(json.dump(), "tables is missing");
}

TEST(Json, AMissingMemberIsNamed) {
  nlohmann::json json = nlohmann::json::parse(to_json(full_record()));
  json["checks"][0].erase("verdict");
  expect_error(json.dump(), "checks/0/verdict is missing");
}

// Records of claims that share the gate's error rate have the bytes that they had before there was another.
TEST(Json, TheUsualErrorFamilyIsNotWritten) {
  Record record = full_record();
  record.checks[0].claim.family = ErrorFamily::replicas;
  const std::string text = to_json(record);
  EXPECT_EQ(text.find("family"), std::string::npos);
  EXPECT_EQ(record_from_json(text).checks[0].claim.family, ErrorFamily::replicas);
}

TEST(Json, AMemberOfAnotherKindIsRefused) {
  expect_error(with("/seed", -1), "seed must be a whole number, not negative, but is -1");
  expect_error(with("/simulations/0/replicas", 1.5), "replicas must be a whole number");
  expect_error(with("/checks/0/looks", 3e9), "looks must be a whole number");
  expect_error(with("/checks/0/looks", 3000000000), "looks must be a whole number of 32 bits");
  expect_error(with("/checks/0/estimate", "many"), "estimate must be a number");
  expect_error(with("/checks/0/estimate", nullptr), "estimate must be a number");
  expect_error(with("/checks/0/verdict", "perhaps"), "checks/0/verdict: unknown verdict 'perhaps'");
  expect_error(with("/checks/0/claim/family", "networks"),
               "checks/0/claim/family: unknown error family 'networks'");
  expect_error(with("/checks", "none"), "checks must be a list");
  expect_error(with("/figures/0/series/0/x/1", true), "figures/0/series/0/x/1 must be a number");
  expect_error(with("/title", 5), "title must be a text, but is 5");
}

TEST(RecordFromJson, RefusesAVerdictThatItsNumbersContradict) {
  Record record = full_record();
  Check& check = record.checks[0];
  check = {.claim = {.id = "c", .relation = Relation::equal},
           .where = "",
           .prediction = 0.0,
           .estimate = 3.0,
           .standard_error = 0.0,
           .lower = 3.0,
           .upper = 3.0,
           .margin = 1.0,
           .resolution = 1.0,
           .verdict = Verdict::fail,
           .reason = ""};
  EXPECT_NO_THROW(record_from_json(to_json(record)));
  check.verdict = Verdict::pass;
  expect_error(to_json(record),
               "checks/0/verdict is pass, but the interval [3, 3], margin 1 and resolution 1 say fail");
}

// Its members would be read, and quoted in a message, by recursion.
TEST(RecordFromJson, RefusesWhatIsNestedDeeply) {
  const std::string nest = std::string(80'000, '[') + std::string(80'000, ']');
  expect_error(nest, "is nested in more than 64 levels");
  expect_error("{\"schema_version\": " + nest + "}", "is nested in more than 64 levels");
  std::string objects;
  for (int i = 0; i < 80'000; ++i) objects += "{\"a\":";
  expect_error(objects, "is nested in more than 64 levels");
}

TEST(RecordFromJson, QuotesNoMoreThanAReaderCanUse) {
  try {
    record_from_json("{\"title\": \"" + std::string(1'000'000, 'x'));
    ADD_FAILURE() << "no StorageError";
  } catch (const StorageError& error) {
    EXPECT_LE(std::string(error.what()).size(), 400U);
  }
}

}  // namespace
}  // namespace sdelens
