#include "reports/ledger.hpp"

#include <gmock/gmock.h>

#include "tests/reports/synthetic_records.hpp"

namespace sdelens {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Found {
  Verdict expected, verdict;
  Wording wording = Wording::printed;
};

/// The words for both wordings of a statement with these claims.
std::vector<std::string> words(const std::vector<Found>& found, const std::vector<std::string>& not_run = {},
                               const std::string& corrected = {}) {
  Record record = synthetic_record("one", "One");
  LedgerEntry entry{.statement = {.number = "3.7", .corrected = corrected}, .not_run = not_run};
  for (const auto& [expected, verdict, wording] : found) {
    entry.claims.push_back({.record = 0, .claim = record.checks.size()});
    record.checks.push_back(synthetic_check("claim", expected, verdict, 1.0, 1.0, 0.1, 0.0, 0.1));
    record.checks.back().claim.wording = wording;
  }
  const std::span records(&record, 1);
  return {wording_words(wording_verdict(entry, records, Wording::printed)),
          wording_words(wording_verdict(entry, records, Wording::corrected))};
}

TEST(Ledger, TheWorstVerdictOfAWordingCounts) {
  using enum Verdict;
  EXPECT_THAT(words({{pass, pass}, {pass, pass}}), ElementsAre("pass", "holds as printed"));
  EXPECT_THAT(words({{pass, pass}, {fail, fail}}), ElementsAre("refuted", "no claim"));
  EXPECT_THAT(words({{fail, fail}, {pass, unresolved}}), ElementsAre("unresolved", "no claim"));
  EXPECT_THAT(words({{fail, error}, {pass, unresolved}, {pass, pass}}), ElementsAre("error", "no claim"));
}

TEST(Ledger, OnlyWhatPassesAndHasNoCorrectionHoldsAsPrinted) {
  using enum Verdict;
  EXPECT_THAT(words({{pass, pass}}), ElementsAre("pass", "holds as printed"));
  EXPECT_THAT(words({{pass, pass}}, {}, "what should stand there"), ElementsAre("pass", "no claim"));
  EXPECT_THAT(words({{pass, pass}}, {"two"}), ElementsAre("pass", "not run"));
  EXPECT_THAT(words({{fail, fail}}), ElementsAre("refuted", "no claim"));
  EXPECT_THAT(words({{fail, pass}}), ElementsAre("pass, though expected to be refuted", "no claim"));
  EXPECT_THAT(words({{pass, pass}, {pass, pass, Wording::corrected}}), ElementsAre("pass", "pass"));
}

TEST(Ledger, WhatIsNotAsExpectedIsNeverCalledRefuted) {
  using enum Verdict;
  EXPECT_THAT(words({{pass, fail}}), ElementsAre("fail", "no claim"));
  EXPECT_THAT(words({{fail, fail}, {pass, fail}}), ElementsAre("fail", "no claim"));
  EXPECT_THAT(words({{fail, fail}, {fail, pass}}), ElementsAre("fail", "no claim"));
  EXPECT_THAT(words({{fail, pass}, {pass, pass}}),
              ElementsAre("pass, though expected to be refuted", "no claim"));
}

TEST(Ledger, WordingsAreJudgedEachForItself) {
  using enum Verdict;
  EXPECT_THAT(words({{fail, fail}, {pass, pass, Wording::corrected}}), ElementsAre("refuted", "pass"));
  EXPECT_THAT(words({{pass, unresolved, Wording::corrected}}), ElementsAre("no claim", "unresolved"));
}

TEST(Ledger, WhatWasNotRunMayStillBeClaimed) {
  using enum Verdict;
  EXPECT_THAT(words({}, {"two"}), ElementsAre("not run", "not run"));
  EXPECT_THAT(words({{fail, fail}}, {"two"}), ElementsAre("refuted", "not run"));
  EXPECT_THAT(words({}), ElementsAre("no claim", "no claim"));
}

TEST(Ledger, NamesEachKindOfCheckOnce) {
  const StoredRecords stored = synthetic_records();
  const Ledger ledger = synthetic_ledger();
  EXPECT_THAT(kinds_of_check(ledger[0], stored.records), ElementsAre("equality", "bound"));
  EXPECT_THAT(kinds_of_check(ledger[1], stored.records), ElementsAre("equality", "identity"));
  EXPECT_THAT(kinds_of_check(ledger[2], stored.records), IsEmpty());
  LedgerEntry entry;
  for (std::size_t claim = 0; claim < 4; ++claim) entry.claims.push_back({.record = 2, .claim = claim});
  EXPECT_THAT(kinds_of_check(entry, stored.records), ElementsAre("order", "ordering", "bound"));
  Record record = stored.records[0];
  record.checks[0].points = 5;
  EXPECT_THAT(kinds_of_check({.claims = {{.record = 0, .claim = 0}}}, std::span(&record, 1)),
              ElementsAre("curve"));
}

TEST(Ledger, AVerdictOnOneWordingIsAVerdict) {
  const StoredRecords stored = synthetic_records();
  const Ledger ledger = synthetic_ledger();
  EXPECT_TRUE(has_verdict(ledger[0], stored.records));
  EXPECT_TRUE(has_verdict(ledger[1], stored.records));
  EXPECT_FALSE(has_verdict(ledger[2], stored.records));
  EXPECT_FALSE(has_verdict(ledger[3], stored.records));
}

/// A record with a claim about the lemma, refuted as expected.
Record deciding(const std::string& experiment, const std::string& lemma) {
  Record record;
  record.experiment = experiment;
  record.checks = {synthetic_check("claim", Verdict::fail, Verdict::fail, 1.0, 2.0, 0.1, 0.0, 0.1)};
  record.checks[0].claim.lemmas = {lemma};
  return record;
}

std::vector<Statement> statements() {
  return {{.number = "3.7", .aliases = {"C.12"}, .experiments = {"first", "second"}},
          {.number = "C.18", .experiments = {"second"}}};
}

TEST(MakeLedger, FindsClaimsByAnyNumberOfAStatement) {
  const std::vector<Record> records{deciding("first", "C.12"), deciding("gone", "3.7")};
  const Ledger ledger = make_ledger(statements(), records);
  ASSERT_EQ(ledger.size(), 2U);
  EXPECT_EQ(ledger[0].statement.number, "3.7");
  EXPECT_THAT(ledger[0].experiments, ElementsAre("first", "second", "gone"));
  EXPECT_THAT(ledger[0].not_run, ElementsAre("second"));
  EXPECT_THAT(ledger[0].claims,
              ElementsAre(ClaimPlace{.record = 0, .claim = 0}, ClaimPlace{.record = 1, .claim = 0}));
  EXPECT_THAT(ledger[1].experiments, ElementsAre("second"));
  EXPECT_THAT(ledger[1].claims, IsEmpty());
  EXPECT_EQ(find_statement(ledger, "C.18")->statement.number, "C.18");
  EXPECT_EQ(find_statement(ledger, "C.12"), ledger.end());
}

TEST(MakeLedger, AnIncompleteRecordIsNotARun) {
  std::vector<Record> records{deciding("first", "3.7"), deciding("second", "3.7")};
  records[0].outcome = Outcome::partial;
  const Ledger ledger = make_ledger(statements(), records);
  EXPECT_THAT(ledger[0].not_run, ElementsAre("first"));
  EXPECT_TRUE(has_verdict(ledger[0], records));
}

}  // namespace
}  // namespace sdelens
