#include "sdelens/record/run_description.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "sdelens/record/store.hpp"
#include "tests/lib/record/temporary_folder.hpp"

namespace sdelens {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Every member differs from its default, so that a forgotten one is seen.
RunDescription full_description() {
  return {.title = "A <title>",
          .command = "sdelens run --tier smoke",
          .started = "2026-01-02T03:04:05Z",
          .edition = "The manuscript",
          .statements = {{.number = "3.7",
                          .aliases = {"C.12", "C.13"},
                          .label = "Lemma 3.7 (C.12, C.13)",
                          .title = "Stationary law",
                          .printed = "Cov X = \"½\" √η",
                          .corrected = "Cov X = η",
                          .note = "A\nnote",
                          .experiments = {"lemma-3.7", "fig2"}}},
          .errata = {{.id = "F1",
                      .title = "A factor",
                      .numbers = {"3.7", "C.18"},
                      .printed = "½",
                      .corrected = "1",
                      .derivation = "Itô",
                      .claims = {{.lemmas = {"3.7", "C.12"},
                                  .experiment = "^lemma-3\\.7$",
                                  .claim = "a|b",
                                  .decisive = false}},
                      .experiments = {"lemma-3.7"}}}};
}

TEST(RunDescription, EveryMemberSurvives) {
  const RunDescription read = run_description_from_json(to_json(full_description()));
  EXPECT_EQ(read.title, "A <title>");
  EXPECT_EQ(read.command, "sdelens run --tier smoke");
  EXPECT_EQ(read.started, "2026-01-02T03:04:05Z");
  EXPECT_EQ(read.edition, "The manuscript");
  ASSERT_EQ(read.statements.size(), 1U);
  const Statement& statement = read.statements[0];
  EXPECT_EQ(statement.number, "3.7");
  EXPECT_THAT(statement.aliases, ElementsAre("C.12", "C.13"));
  EXPECT_EQ(statement.label, "Lemma 3.7 (C.12, C.13)");
  EXPECT_EQ(statement.title, "Stationary law");
  EXPECT_EQ(statement.printed, "Cov X = \"½\" √η");
  EXPECT_EQ(statement.corrected, "Cov X = η");
  EXPECT_EQ(statement.note, "A\nnote");
  EXPECT_THAT(statement.experiments, ElementsAre("lemma-3.7", "fig2"));
  ASSERT_EQ(read.errata.size(), 1U);
  const Erratum& erratum = read.errata[0];
  EXPECT_EQ(erratum.id, "F1");
  EXPECT_EQ(erratum.title, "A factor");
  EXPECT_THAT(erratum.numbers, ElementsAre("3.7", "C.18"));
  EXPECT_EQ(erratum.printed, "½");
  EXPECT_EQ(erratum.corrected, "1");
  EXPECT_EQ(erratum.derivation, "Itô");
  EXPECT_THAT(erratum.experiments, ElementsAre("lemma-3.7"));
  ASSERT_EQ(erratum.claims.size(), 1U);
  EXPECT_THAT(erratum.claims[0].lemmas, ElementsAre("3.7", "C.12"));
  EXPECT_EQ(erratum.claims[0].experiment, "^lemma-3\\.7$");
  EXPECT_EQ(erratum.claims[0].claim, "a|b");
  EXPECT_FALSE(erratum.claims[0].decisive);
}

TEST(RunDescription, WritingWhatWasReadGivesTheSameTexts) {
  const RunDocuments texts = to_json(full_description());
  const RunDocuments again = to_json(run_description_from_json(texts));
  EXPECT_EQ(again.run, texts.run);
  EXPECT_EQ(again.statements, texts.statements);
  EXPECT_EQ(again.errata, texts.errata);
}

std::string refusal(const RunDocuments& texts) {
  try {
    run_description_from_json(texts);
  } catch (const StorageError& error) {
    return error.what();
  }
  ADD_FAILURE() << "no StorageError";
  return "";
}

/// What is said of a description of which one document has a member changed.
std::string refusal(std::string RunDocuments::*document, const std::string& pointer,
                    const nlohmann::json& value) {
  RunDocuments texts = to_json(full_description());
  nlohmann::json json = nlohmann::json::parse(texts.*document);
  json[nlohmann::json::json_pointer(pointer)] = value;
  texts.*document = json.dump();
  return refusal(texts);
}

TEST(RunDescription, AWrongMemberIsNamedWithItsFile) {
  const auto run = &RunDocuments::run;
  const auto statements = &RunDocuments::statements;
  const auto errata = &RunDocuments::errata;
  EXPECT_EQ(refusal(run, "/title", 5), "run.json: title must be a text, but is 5");
  EXPECT_EQ(refusal(statements, "/statements", "none"),
            "statements.json: statements must be a list, but is \"none\"");
  EXPECT_EQ(refusal(statements, "/statements/0/aliases/1", nullptr),
            "statements.json: statements/0/aliases/1 must be a text, but is null");
  EXPECT_EQ(refusal(statements, "/statements/0", "3.7"),
            "statements.json: statements/0 must be an object, but is \"3.7\"");
  EXPECT_EQ(refusal(errata, "/errata/0/claims/0/decisive", 1),
            "errata.json: errata/0/claims/0/decisive must be true or false, but is 1");
  EXPECT_THAT(refusal(errata, "/errata/0/claims/0/claim", "["),
              StartsWith("errata.json: errata/0/claims/0/claim: '[' is not a regular expression: "));
  EXPECT_THAT(refusal(errata, "/errata/0/claims/0/experiment", "("),
              StartsWith("errata.json: errata/0/claims/0/experiment: '(' is not a regular expression: "));
  EXPECT_THAT(refusal(errata, "/errata/0/claims/0/claim", "^(?!x)"), HasSubstr("(?!"));
}

// Written by programs whose expressions had it.
TEST(RunDescription, TheOneLookAheadOfFormerRunsIsRead) {
  RunDocuments texts = to_json(full_description());
  nlohmann::json json = nlohmann::json::parse(texts.errata);
  json["errata"][0]["claims"][0]["claim"] = "^(?!trace)";
  texts.errata = json.dump();
  EXPECT_EQ(run_description_from_json(texts).errata[0].claims[0].claim, "^(bound|curve|kept|one-process)");
}

TEST(RunDescription, AnUnknownMemberIsRefused) {
  EXPECT_EQ(refusal(&RunDocuments::run, "/author", "x"), "run.json: author is not known");
  EXPECT_EQ(refusal(&RunDocuments::errata, "/errata/0/claims/0/decissive", true),
            "errata.json: errata/0/claims/0/decissive is not known");
}

TEST(RunDescription, AMissingMemberIsNamed) {
  RunDocuments texts = to_json(full_description());
  nlohmann::json json = nlohmann::json::parse(texts.statements);
  json["statements"][0].erase("printed");
  texts.statements = json.dump();
  EXPECT_EQ(refusal(texts), "statements.json: statements/0/printed is missing");
}

TEST(RunDescription, AnotherSchemaVersionIsRefused) {
  EXPECT_EQ(refusal(&RunDocuments::run, "/schema_version", 3),
            "run.json: schema_version is 3, but this program reads 1 to 2");
  EXPECT_EQ(refusal(&RunDocuments::statements, "/schema_version", 0),
            "statements.json: schema_version is 0, but this program reads 1 to 2");
}

// Its run.json does not say when it was started, nor which edition of the papers was checked.
TEST(RunDescription, TheFormerSchemaIsRead) {
  RunDocuments texts = to_json(full_description());
  nlohmann::json json = nlohmann::json::parse(texts.run);
  json["schema_version"] = 1;
  json.erase("started");
  json.erase("edition");
  texts.run = json.dump();
  EXPECT_EQ(run_description_from_json(texts).started, "");
  EXPECT_EQ(run_description_from_json(texts).edition, "");
  json["schema_version"] = 2;
  texts.run = json.dump();
  EXPECT_EQ(refusal(texts), "run.json: started is missing");
}

TEST(RunDescription, WhatIsNoObjectIsRefused) {
  RunDocuments texts = to_json(full_description());
  texts.errata = "[]";
  EXPECT_THAT(refusal(texts), HasSubstr("errata.json must be an object"));
  texts.errata.clear();
  EXPECT_THAT(refusal(texts), HasSubstr("parse error"));
}

std::string refusal(const fs::path& folder) {
  try {
    read_run_description(folder);
  } catch (const StorageError& error) {
    return error.what();
  }
  ADD_FAILURE() << "no StorageError";
  return "";
}

TEST(RunDescription, IsReadFromItsFolder) {
  const TemporaryFolder folder;
  EXPECT_FALSE(read_run_description(folder.path()).has_value());
  write_run_description(folder.path(), full_description());
  const auto read = read_run_description(folder.path());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(to_json(*read).errata, to_json(full_description()).errata);
  EXPECT_EQ(read->command, "sdelens run --tier smoke");
}

TEST(RunDescription, NamesTheFileThatIsMissingOrWrong) {
  const TemporaryFolder folder;
  write_run_description(folder.path(), full_description());
  write_file(folder.path() / "statements.json", R"({"schema_version": 1, "statements": 7})");
  EXPECT_EQ(refusal(folder.path()),
            (folder.path() / "statements.json: statements must be a list, but is 7").string());
  fs::remove(folder.path() / "statements.json");
  EXPECT_THAT(refusal(folder.path()),
              StartsWith((folder.path() / "statements.json: is missing, though ").string()));
  fs::create_directory(folder.path() / "statements.json");
  EXPECT_EQ(refusal(folder.path()), (folder.path() / "statements.json: not a regular file").string());
}

TEST(RunDescription, ThatCannotBeWrittenIsAnError) {
  const TemporaryFolder folder;
  fs::create_directories(folder.path() / "errata.json" / "occupied");
  EXPECT_THROW(write_run_description(folder.path(), {}), StorageError);
}

}  // namespace
}  // namespace sdelens
