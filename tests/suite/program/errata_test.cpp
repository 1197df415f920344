#include "suite/program/errata.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "reference/papers/statements.hpp"
#include "sdelens/record/store.hpp"
#include "suite/program/ledger.hpp"
#include "suite/program/run_folder.hpp"
#include "tests/suite/program.hpp"
#include "tests/suite/trial.hpp"

namespace sdelens {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Check check(const std::string& id, const std::string& lemma, Wording wording, Verdict expected,
            Verdict verdict) {
  Check result;
  result.claim.id = id;
  if (!lemma.empty()) result.claim.lemmas = {lemma};
  result.claim.wording = wording;
  result.claim.expected = expected;
  result.verdict = verdict;
  result.prediction = 0.5;
  result.estimate = 0.25;
  result.standard_error = 0.01;
  result.lower = -0.3;
  result.upper = -0.2;
  result.margin = result.resolution = verdict == Verdict::pass ? 1.0 : 0.1;
  return result;
}

Record record(const std::string& experiment, std::vector<Check> checks) {
  Record result;
  result.experiment = experiment;
  result.tier = "smoke";
  result.seed = 7;
  result.checks = std::move(checks);
  return result;
}

/// The printed statement refuted, the corrected one, and one that the erratum is not about.
std::vector<Record> records() {
  return {record("lemma-3.7", {check("printed", "3.7", Wording::printed, Verdict::fail, Verdict::fail),
                               check("corrected", "C.12", Wording::corrected, Verdict::pass, Verdict::pass),
                               check("mean", "3.7", Wording::printed, Verdict::pass, Verdict::pass)}),
          record("fig2", {check("optimizer", "", Wording::printed, Verdict::pass, Verdict::pass)})};
}

papers::Erratum erratum(std::vector<papers::ClaimSelection> claims) {
  return {.id = "F1",
          .numbers = {"3.7"},
          .title = "A title",
          .printed = "a|b",
          .corrected = "a_b",
          .derivation = "since",
          .claims = std::move(claims)};
}

/// The page of these errata about the statements of Paper A.
ErrataPage page_of(std::span<const papers::Erratum> errata, std::span<const Record> run) {
  const Ledger ledger = make_ledger(announced_statements(papers::statements(), {}), run);
  return errata_page(make_errata(announced_errata(errata, {}), run), ledger, "The <manuscript>.", run);
}

ErrataPage page_of(std::vector<papers::ClaimSelection> claims) {
  const papers::Erratum entry = erratum(std::move(claims));
  return page_of(std::span(&entry, 1), records());
}

TEST(ErrataPage, QuotesWhatIsRefutedAndWhatIsCorrected) {
  const ErrataPage page = page_of({{.number = "3.7"}});
  EXPECT_THAT(page.without_claims, IsEmpty());
  EXPECT_THAT(page.not_as_expected, IsEmpty());
  EXPECT_THAT(page.markdown, HasSubstr("## F1: A title\n\nLemma 3.7 (C.12)\n\n- **In print:** a\\|b\n"
                                       "- **Correct:** a\\_b\n- **Why:** since\n"));
  EXPECT_THAT(page.markdown,
              HasSubstr("| lemma-3.7 | printed | as printed | = 0.5 | 0.25 ± 0.01 | refuted, as expected |\n"
                        "| lemma-3.7 | corrected | corrected | = 0.5 | 0.25 ± 0.01 | pass |\n"));
  EXPECT_THAT(page.markdown, Not(HasSubstr("| mean |")));
  EXPECT_THAT(page.markdown, HasSubstr("tier smoke, seed 7"));
  EXPECT_THAT(page.markdown, HasSubstr("# Errata of paper A\n\nThe \\<manuscript\\>.\n"));
}

TEST(ErrataPage, SelectsByExperimentAndClaimToo) {
  EXPECT_THAT(page_of({{.experiment = "^fig", .decisive = false}}).markdown,
              HasSubstr("| fig2 | optimizer |"));
  const std::string mean = page_of({{.number = "3.7", .claim = "^mean$", .decisive = false}}).markdown;
  EXPECT_THAT(mean, HasSubstr("| mean |"));
  EXPECT_THAT(mean, Not(HasSubstr("| printed |")));
}

TEST(ErrataPage, QuotesAClaimOnce) {
  const std::string page = page_of({{.number = "3.7"}, {.claim = "printed"}}).markdown;
  EXPECT_EQ(page.find("| printed |"), page.rfind("| printed |"));
}

TEST(ErrataPage, NamesEverySelectionWithoutAClaim) {
  EXPECT_THAT(page_of({{.number = "3.7"}, {.number = "C.18"}, {.experiment = "^fig"}}).without_claims,
              ElementsAre("F1: no refuted or corrected claim about C.18 in the records",
                          "F1: no refuted or corrected claim of an experiment like '^fig' in the records"));
}

TEST(ErrataPage, SaysWhatTheRunDoesNotBearOut) {
  std::vector<Record> run = records();
  run[0].checks[0].verdict = Verdict::pass;
  const papers::Erratum entry = erratum({{.number = "3.7"}});
  EXPECT_THAT(page_of(std::span(&entry, 1), run).not_as_expected,
              ElementsAre("F1: lemma-3.7 / printed: pass, though expected to be refuted"));
}

TEST(ErrataPage, AMisprintNeedsNoClaim) {
  const ErrataPage page = page_of({});
  EXPECT_THAT(page.without_claims, IsEmpty());
  EXPECT_THAT(page.markdown, HasSubstr("There is nothing for an experiment to decide.\n"));
}

TEST(ErrataPage, CountsWhatItLeavesOut) {
  std::vector<Check> checks;
  for (int i = 0; i < 15; ++i)
    checks.push_back(check(fmt::format("c{}", i), "3.7", Wording::corrected, Verdict::pass, Verdict::pass));
  const std::vector<Record> many{record("lemma-3.7", checks)};
  const papers::Erratum entry = erratum({{.number = "3.7"}});
  const std::string page = page_of(std::span(&entry, 1), many).markdown;
  EXPECT_THAT(page, HasSubstr("| c11 |"));
  EXPECT_THAT(page, Not(HasSubstr("| c12 |")));
  EXPECT_THAT(page, HasSubstr("\nand 3 more, see the report.\n"));
}

Experiment announcing(const std::string& name, std::vector<std::string> lemmas) {
  Experiment experiment = test::trial({});
  experiment.name = name;
  experiment.lemmas = std::move(lemmas);
  return experiment;
}

TEST(AnnouncedErrata, NameTheExperimentsThatMayShowThem) {
  const papers::Erratum entry =
      erratum({{.number = "3.7"}, {.experiment = "^fig", .claim = "no such", .decisive = false}});
  const std::vector<Experiment> experiments{announcing("lemma-3.7", {"3.7"}),
                                            announcing("lemma-c.12", {"C.12"}), announcing("fig2", {}),
                                            announcing("fig7", {"3.7"}), announcing("lemma-3.8", {"3.8"})};
  const std::vector<Erratum> announced = announced_errata(std::span(&entry, 1), experiments);
  ASSERT_EQ(announced.size(), 1U);
  EXPECT_THAT(announced[0].experiments, ElementsAre("lemma-3.7", "lemma-c.12", "fig7", "fig2"));
  ASSERT_EQ(announced[0].claims.size(), 2U);
  EXPECT_THAT(announced[0].claims[0].lemmas, ElementsAre("3.7", "C.12"));
  EXPECT_TRUE(announced[0].claims[0].decisive);
  EXPECT_THAT(announced[0].claims[1].lemmas, IsEmpty());
  EXPECT_EQ(announced[0].claims[1].claim, "no such");
  EXPECT_FALSE(announced[0].claims[1].decisive);
}

TEST(AnnouncedErrata, PutTheNumberThatIsNamedFirst) {
  const papers::Erratum entry = erratum({{.number = "C.12"}});
  EXPECT_THAT(announced_errata(std::span(&entry, 1), {})[0].claims[0].lemmas, ElementsAre("C.12", "3.7"));
}

TEST(AnnouncedErrata, RefuseANumberThatThereIsNot) {
  const papers::Erratum entry = erratum({{.number = "3.77"}});
  EXPECT_THROW(announced_errata(std::span(&entry, 1), {}), UnknownName);
}

TEST(AnnouncedErrata, OfPaperANameAnExperimentForEveryErrorThatIsNoMisprint) {
  for (const ErratumEntry& entry : make_errata(describe_run("").errata, {}))
    EXPECT_NE(entry.not_run.empty(), !entry.misprint()) << entry.erratum.id;
}

TEST(Errata, AreAboutStatementsThatThereAreAndListTheTenFindings) {
  std::set<std::string_view> ids;
  for (const papers::Erratum& entry : papers::errata()) {
    EXPECT_TRUE(ids.insert(entry.id).second) << entry.id;
    EXPECT_FALSE(entry.numbers.empty()) << entry.id;
    for (const std::string_view number : entry.numbers)
      EXPECT_NE(papers::find_statement(number), nullptr) << number;
    for (const std::string_view text : {entry.title, entry.printed, entry.corrected, entry.derivation})
      EXPECT_FALSE(text.empty()) << entry.id;
    for (const papers::ClaimSelection& selection : entry.claims) {
      EXPECT_FALSE(selection.number.empty() && selection.experiment.empty() && selection.claim.empty())
          << entry.id;
    }
  }
  for (int i = 1; i <= 10; ++i) EXPECT_TRUE(ids.contains(fmt::format("F{}", i))) << i;
}

TEST(Errata, SelectWithRegularExpressionsAndKnownNumbers) {
  EXPECT_NO_THROW(page_of(papers::errata(), records()));
}

TEST(ErrataCommand, WritesNothingIfAnErrorLacksItsClaims) {
  const TemporaryFolder folder;
  for (const Record& entry : records()) write_record(folder.path(), entry);
  const std::filesystem::path out = folder.path() / "errata.md";
  const test::Result result =
      test::run_program({"errata", "--records", folder.path().string(), "--out", out.string()});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.error, HasSubstr("F8: no refuted or corrected claim about E.3 in the records"));
  EXPECT_THAT(result.error, HasSubstr("errata.md was not written"));
  EXPECT_FALSE(std::filesystem::exists(out));
}

/// A record for each selection of the errata, so that all of them find a claim.
void write_complete_run(const std::filesystem::path& folder, Verdict of_printed) {
  std::vector<Check> checks;
  for (const papers::Statement& statement : papers::statements()) {
    const std::string number(statement.number);
    checks.push_back(check(number + "/as-printed", number, Wording::printed, Verdict::fail, of_printed));
    checks.push_back(check(number + "/corrected", number, Wording::corrected, Verdict::pass, Verdict::pass));
  }
  write_record(folder, record("everything", checks));
  const auto decided = [](const std::string& id, const std::string& lemma) {
    return check(id, lemma, Wording::corrected, Verdict::pass, Verdict::pass);
  };
  write_record(folder, record("lemma-3.7", {decided("first-order/signsgd", "")}));
  write_record(folder, record("lemma-3.14", {decided("sde/repaired", "")}));
  write_record(folder, record("fig2-schedulers", {decided("lemma-3.9/asymptote", "3.9")}));
  write_record(folder, record("fig5-betas", {decided("minimum-not-at-0", "3.13")}));
  write_record(folder, record("fig7-saddle", {decided("floor/ours-fine", "")}));
  write_record(folder, record("scaled-adaptive-sdes", {decided("adam/x-noise/corrected", "C.27")}));
  write_record(folder,
               record("corollary-3.3", {decided("order/ode", ""), decided("order/euler-maruyama", "")}));
  write_record(folder, record("fig2-loss",
                              {decided("phase-1-bound/tight", ""), decided("phase-3-bound/corrected", "")}));
  write_record(folder,
               record("lemma-3.4", {decided("drift/corrected", "3.4"), decided("domain/corrected", "3.4")}));
  write_record(folder,
               record("lemma-e.2", {decided("trace-as-printed", "E.2"), decided("one-process", "E.2")}));
  write_record(folder, record("lemma-3.5", {decided("phase-2/bound-corrected", "")}));
  write_record(folder, record("fig5-scaling-adamw", {decided("loss", "3.14")}));
  write_record(folder, record("theorem-c.26", {decided("m2/corrected", "C.26")}));
  write_record(folder, record("lemma-c.29", {decided("sde", "")}));
  write_record(folder, record("fig6-signsgd", {decided("limit", "")}));
}

TEST(ErrataCommand, WritesThePage) {
  const TemporaryFolder folder;
  write_complete_run(folder.path(), Verdict::fail);
  const std::filesystem::path out = folder.path() / "errata.md";
  const test::Result result =
      test::run_program({"errata", "--records", folder.path().string(), "--out", out.string()});
  EXPECT_EQ(result.exit_code, 0) << result.error;
  const std::string page = read_text(out);
  for (const papers::Erratum& entry : papers::errata())
    EXPECT_THAT(page, HasSubstr(fmt::format("\n## {}: ", entry.id)));
  EXPECT_THAT(page, HasSubstr("| everything | E.3/as-printed | as printed | = 0.5 | 0.25 ± 0.01 | refuted"));
}

TEST(ErrataCommand, IsNotGreenIfTheRunDoesNotBearItOut) {
  const TemporaryFolder folder;
  write_complete_run(folder.path(), Verdict::pass);
  const std::filesystem::path out = folder.path() / "errata.md";
  const test::Result result =
      test::run_program({"errata", "--records", folder.path().string(), "--out", out.string()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.error,
              HasSubstr("F8: everything / E.3/as-printed: pass, though expected to be refuted"));
  EXPECT_THAT(read_text(out), HasSubstr("| pass, though expected to be refuted |"));
}

TEST(ErrataCommand, WritesWhatTheRunKnewNotWhatTheProgramKnows) {
  const TemporaryFolder folder;
  RunDescription description = describe_run("");
  for (Erratum& entry : description.errata) {
    if (entry.id == "F1") entry.title = "As it was known then";
  }
  write_run_description(folder.path(), description);
  write_complete_run(folder.path(), Verdict::fail);
  const std::filesystem::path out = folder.path() / "errata.md";
  const test::Result result =
      test::run_program({"errata", "--records", folder.path().string(), "--out", out.string()});
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_EQ(result.error, "");
  EXPECT_THAT(read_text(out), HasSubstr("## F1: As it was known then\n"));
}

TEST(ErrataCommand, SaysWhenTheRunKeptNoErrata) {
  const TemporaryFolder folder;
  write_complete_run(folder.path(), Verdict::fail);
  const test::Result result = test::run_program(
      {"errata", "--records", folder.path().string(), "--out", (folder.path() / "errata.md").string()});
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_THAT(result.error, HasSubstr("sdelens: The run did not store what it set out to decide: "));
}

TEST(ErrataCommand, NeedsRecords) {
  EXPECT_EQ(test::run_program({"errata", "--records", "no-such-folder"}).exit_code, 3);
}

}  // namespace
}  // namespace sdelens
