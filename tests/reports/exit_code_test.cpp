#include "reports/exit_code.hpp"

#include <gtest/gtest.h>

#include "tests/reports/synthetic_records.hpp"

namespace sdelens {
namespace {

Record with_verdict(Verdict expected, Verdict verdict) {
  Record record;
  record.experiment = "one";
  record.checks = {synthetic_check("claim", expected, verdict, 1.0, 1.0, 0.1, 0.0, 1.0)};
  return record;
}

Record with_outcome(Outcome outcome) {
  Record record;
  record.experiment = "other";
  record.outcome = outcome;
  return record;
}

/// What the shell sees.
int code(const std::vector<Record>& records) { return static_cast<int>(exit_code(records)); }

const Record good = with_verdict(Verdict::pass, Verdict::pass);
const Record refuted = with_verdict(Verdict::fail, Verdict::fail);
const Record failed = with_verdict(Verdict::pass, Verdict::fail);
const Record not_refuted = with_verdict(Verdict::fail, Verdict::pass);
const Record unresolved = with_verdict(Verdict::pass, Verdict::unresolved);
const Record error = with_verdict(Verdict::pass, Verdict::error);

TEST(ExitCode, IsZeroOnlyIfAllIsAsExpected) {
  EXPECT_EQ(code({good}), 0);
  EXPECT_EQ(code({refuted}), 0);
  EXPECT_EQ(code({good, refuted, with_outcome(Outcome::skipped)}), 0);
}

TEST(ExitCode, TellsWhatIsNotAsExpected) {
  EXPECT_EQ(code({good, failed}), 1);
  EXPECT_EQ(code({good, not_refuted}), 1);
  EXPECT_EQ(code({good, unresolved}), 2);
  EXPECT_EQ(code({good, with_outcome(Outcome::partial)}), 2);
  EXPECT_EQ(code({good, error}), 3);
  EXPECT_EQ(code({good, with_outcome(Outcome::error)}), 3);
  const std::vector<StoredRecords::Damage> damaged{{.file = "a.json", .reason = "torn"}};
  EXPECT_EQ(exit_code(std::vector{good}, damaged), ExitCode::error);
}

TEST(ExitCode, OfAnEmptyRunIsNotGreen) {
  EXPECT_EQ(code({}), 4);
  EXPECT_EQ(code({with_outcome(Outcome::skipped)}), 4);
  EXPECT_EQ(code({with_outcome(Outcome::completed)}), 4);
}

TEST(ExitCode, TheWorstReasonCounts) {
  EXPECT_EQ(code({unresolved, failed}), 1);
  EXPECT_EQ(code({unresolved, failed, error}), 3);
}

TEST(ExitCode, ExpectingAnErrorOrNothingDoesNotMakeItGreen) {
  EXPECT_EQ(code({good, with_verdict(Verdict::error, Verdict::error)}), 3);
  EXPECT_EQ(code({good, with_verdict(Verdict::unresolved, Verdict::unresolved)}), 2);
  EXPECT_EQ(code({good, with_verdict(Verdict::unresolved, Verdict::pass)}), 1);
}

TEST(Tally, CountsEveryClaimOnce) {
  const StoredRecords stored = synthetic_records();
  const Tally counts = tally(stored.records, stored.damaged);
  EXPECT_EQ(counts.claims, 8U);
  EXPECT_EQ(counts.passed, 3U);
  EXPECT_EQ(counts.refuted_as_expected, 1U);
  EXPECT_EQ(counts.not_as_expected, 2U);
  EXPECT_EQ(counts.unresolved, 1U);
  EXPECT_EQ(counts.errors, 1U);
  EXPECT_EQ(counts.experiments, 4U);
  EXPECT_EQ(counts.partial, 1U);
  EXPECT_EQ(counts.skipped, 1U);
  EXPECT_EQ(counts.failed, 1U);
  EXPECT_EQ(counts.damaged, 1U);
}

TEST(GateAnswer, IsASentence) {
  EXPECT_EQ(gate_answer(tally({})), "Nothing was judged.");
  EXPECT_EQ(gate_answer(tally(std::vector{good})), "The one claim is as expected.");
  EXPECT_EQ(gate_answer(tally(std::vector{good, refuted})), "Every claim is as expected.");
  EXPECT_EQ(gate_answer(tally(std::vector{failed, not_refuted, unresolved})),
            "2 claims are not as expected and 1 claim is unresolved.");
  EXPECT_EQ(gate_answer(tally(std::vector{error, failed, unresolved})),
            "1 claim has an error, 1 claim is not as expected and 1 claim is unresolved.");
}

}  // namespace
}  // namespace sdelens
