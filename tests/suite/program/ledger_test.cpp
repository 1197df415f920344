#include "suite/program/ledger.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "sdelens/record/store.hpp"
#include "suite/program/run_folder.hpp"
#include "tests/suite/program.hpp"
#include "tests/suite/trial.hpp"

namespace sdelens {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::vector<papers::Statement>& statements() {
  static const std::vector<papers::Statement> both{
      {.number = "3.7",
       .aliases = {"C.12"},
       .kind = papers::StatementKind::lemma,
       .title = "Stationary law",
       .printed = "Cov X = ½ √η | and so on at a length that no line of a terminal has room for, "
                  "with μ and σ in its many, many words",
       .corrected = "Cov X = η",
       .note = "n"},
      {.number = "C.18",
       .aliases = {},
       .kind = papers::StatementKind::numbered,
       .title = "Rescaled",
       .printed = "dV = 0",
       .corrected = {},
       .note = {}}};
  return both;
}

/// An experiment that announces the lemmas.
Experiment announcing(const std::string& name, std::vector<std::string> lemmas) {
  Experiment experiment = test::trial({});
  experiment.name = name;
  experiment.lemmas = std::move(lemmas);
  return experiment;
}

/// A record with a claim about the lemma, refuted as expected.
Record deciding(const std::string& experiment, const std::string& lemma) {
  Record record;
  record.experiment = experiment;
  Check check;
  check.claim = test::claim("claim", 0.1, Verdict::fail);
  check.claim.lemmas = {lemma};
  check.prediction = 0.0;
  check.estimate = check.lower = check.upper = 1.0;
  check.standard_error = 0.0;
  check.margin = check.resolution = 0.1;
  check.verdict = Verdict::fail;
  record.checks = {check};
  return record;
}

Ledger ledger_of(const std::vector<Experiment>& experiments, const std::vector<Record>& records) {
  return make_ledger(announced_statements(statements(), experiments), records);
}

TEST(AnnouncedStatements, KeepEveryTextAndNameTheirExperimentsByAnyNumber) {
  const std::vector<Experiment> experiments{announcing("first", {"C.12"}), announcing("other", {"3.8"}),
                                            announcing("second", {"3.7", "C.18"})};
  const std::vector<Statement> announced = announced_statements(statements(), experiments);
  ASSERT_EQ(announced.size(), 2U);
  EXPECT_EQ(announced[0].number, "3.7");
  EXPECT_THAT(announced[0].aliases, ElementsAre("C.12"));
  EXPECT_EQ(announced[0].label, "Lemma 3.7 (C.12)");
  EXPECT_EQ(announced[0].title, "Stationary law");
  EXPECT_EQ(announced[0].printed, statements()[0].printed);
  EXPECT_EQ(announced[0].corrected, "Cov X = η");
  EXPECT_EQ(announced[0].note, "n");
  EXPECT_THAT(announced[0].experiments, ElementsAre("first", "second"));
  EXPECT_THAT(announced[1].experiments, ElementsAre("second"));
}

TEST(WithoutVerdict, SaysWhyAndWhatToRun) {
  const auto why = [](const std::vector<Experiment>& experiments, const std::vector<Record>& records) {
    return without_verdict(ledger_of(experiments, records), records);
  };
  EXPECT_THAT(why({}, {}), ElementsAre("3.7: no registered experiment decides it",
                                       "C.18: no registered experiment decides it"));
  EXPECT_THAT(why({announcing("first", {"3.7", "C.18"})}, {}),
              ElementsAre("3.7: not run, needs first", "C.18: not run, needs first"));
  EXPECT_THAT(why({announcing("first", {"3.7", "C.18"})}, {deciding("first", "3.7")}),
              ElementsAre("C.18: the records of first have no claim about it"));
  EXPECT_THAT(why({}, {deciding("first", "3.7"), deciding("second", "C.18")}), IsEmpty());
}

TEST(LedgerText, KeepsToTheWidthInLettersNotBytes) {
  const std::vector<Record> records{deciding("first", "3.7")};
  const Ledger ledger = ledger_of({announcing("first", {"3.7"})}, records);
  for (const std::size_t width : {90U, 120U}) {
    std::istringstream lines(ledger_text(ledger, records, width));
    std::vector<std::string> text;
    for (std::string line; std::getline(lines, line);) {
      const auto size = static_cast<std::size_t>(std::ranges::count_if(
          line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
      EXPECT_LE(size, width) << line;
      text.push_back(line);
    }
    ASSERT_EQ(text.size(), 3U);
    EXPECT_TRUE(text[0].starts_with("number      statement "));
    EXPECT_THAT(text[1], HasSubstr("3.7 (C.12)  Stationary law: Cov X = ½ √η"));
    EXPECT_THAT(text[1], HasSubstr("…  equality  first       refuted     no claim"));
    EXPECT_THAT(text[2], HasSubstr("dV = 0"));
    EXPECT_THAT(text[2], HasSubstr("-         -           no claim    no claim"));
  }
}

TEST(LedgerMarkdown, HasTheWholeStatementAndEscapesIt) {
  const std::vector<Record> records{deciding("first", "3.7")};
  const std::string text = ledger_markdown(ledger_of({}, records), records);
  EXPECT_THAT(text, HasSubstr("many, many words | equality | first | refuted | no claim |\n"));
  EXPECT_THAT(text, HasSubstr("½ √η \\| and so on"));
}

TEST(ExperimentsMarkdown, CountsTheClaimsOfEachByWhereTheyStand) {
  Record record = deciding("first", "3.7");
  record.title = "A | title";
  record.source = {.paper = "A", .item = "Lemma 3.7"};
  Check unresolved = record.checks[0];
  unresolved.verdict = Verdict::unresolved;
  record.checks.push_back(unresolved);
  EXPECT_THAT(experiments_markdown(std::vector{record}),
              HasSubstr("| `first` | Paper A, Lemma 3.7 | A \\| title | 2 | 0 | 1 | 1 |\n"));
}

TEST(LedgerOfEveryFormat, SaysWhatHoldsAsPrinted) {
  std::vector<Record> records{deciding("first", "C.18")};
  records[0].checks[0].claim.expected = Verdict::pass;
  records[0].checks[0].verdict = Verdict::pass;
  const Ledger ledger = ledger_of({}, records);
  EXPECT_THAT(ledger_markdown(ledger, records),
              HasSubstr("| equality | first | pass | holds as printed |\n"));
  EXPECT_THAT(ledger_text(ledger, records, 120), HasSubstr("first       pass        holds as printed\n"));
}

// Red until every statement of the paper has its experiment.
TEST(LedgerOfPaperA, EveryStatementIsAnnouncedByAnExperiment) {
  std::string missing;
  for (const Statement& statement : describe_run("").statements) {
    if (statement.experiments.empty()) missing += statement.number + " (" + statement.title + ")\n";
  }
  EXPECT_TRUE(missing.empty()) << "no registered experiment announces\n" << missing;
}

class ListLemmas : public testing::Test {
 protected:
  ListLemmas() {
    write_run_description(folder_.path(), describe_run(""));
    for (const papers::Statement& statement : papers::statements()) {
      const std::string number(statement.number);
      write_record(folder_.path(), deciding("decides-" + number, number));
    }
  }
  test::Result list(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"list", "--lemmas", "--records", folder_.path().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return test::run_program(arguments);
  }
  TemporaryFolder folder_;
};

TEST_F(ListLemmas, SucceedsIfEveryStatementHasAVerdict) {
  const test::Result result = list();
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_EQ(result.error, "");
  for (const papers::Statement& statement : papers::statements())
    EXPECT_THAT(result.out, HasSubstr(fmt::format("\n{} ", statement.number)));
}

TEST_F(ListLemmas, NamesWhatIsMissing) {
  std::filesystem::remove(folder_.path() / "records" / "decides-3.7.json");
  const test::Result result = list({"--format", "markdown"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, HasSubstr("| 3.7 (C.12) | "));
  EXPECT_THAT(result.error, HasSubstr(fmt::format("1 of {} statements have no verdict:\n  3.7: ",
                                                  papers::statements().size())));
  EXPECT_THAT(result.error, HasSubstr("sdelens run --out " + folder_.path().string()));
}

TEST_F(ListLemmas, ADamagedRecordIsAnError) {
  write_file(folder_.path() / "records" / "torn.json", "{");
  const test::Result result = list();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.error, HasSubstr("torn.json"));
}

TEST_F(ListLemmas, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(list({"--format", "markdwon"}).error,
              HasSubstr("unknown format 'markdwon'; the nearest: markdown"));
  EXPECT_EQ(list({"--format", "markdwon"}).exit_code, 4);
  EXPECT_EQ(test::run_program({"list", "--format", "text"}).exit_code, 4);
  EXPECT_EQ(test::run_program({"list", "--lemmas", "--records", "no-such-folder"}).exit_code, 3);
}

TEST_F(ListLemmas, AreThoseOfTheRun) {
  RunDescription description = describe_run("");
  description.statements.resize(1);
  description.statements[0].number = "3.999";
  write_file(folder_.path() / "statements.json", to_json(description).statements);
  const test::Result result = list();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, HasSubstr("3.999"));
  EXPECT_THAT(result.error, HasSubstr("1 of 1 statements have no verdict:\n  3.999: not run, needs "));
}

TEST_F(ListLemmas, OfAFormerRunAreTheProgramsAndItSaysSo) {
  for (const char* const name : {"run.json", "statements.json", "errata.json"})
    std::filesystem::remove(folder_.path() / name);
  const test::Result result = list();
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.error, HasSubstr("sdelens: The run did not store what it set out to decide: "));
}

TEST(ListLemmasWithoutRecords, SaysThatNothingWasRun) {
  const test::Result result = test::run_program({"list", "--lemmas"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.error,
              HasSubstr(fmt::format("{0} of {0} statements have no verdict", papers::statements().size())));
  EXPECT_THAT(result.out, Not(HasSubstr("pass")));
}

}  // namespace
}  // namespace sdelens
