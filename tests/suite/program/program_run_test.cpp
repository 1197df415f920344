// Runs of the program: what it writes, says and returns.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sdelens/record/run_description.hpp"
#include "sdelens/record/store.hpp"
#include "tests/suite/program.hpp"

namespace sdelens {
namespace {

namespace fs = std::filesystem;
using test::Program;
using test::Result;
using test::run_program;
using test::unfinished_files;
using testing::HasSubstr;
using testing::Not;

/// Two experiments of a fraction of a second each.
Result quick_run(const fs::path& out, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"run", "lemma-3.6", "lemma-3.8", "--tier", "smoke", "--out", out.string()});
  return run_program(more);
}

/// A record without what may differ between two runs of one command.
nlohmann::json lasting_part(const fs::path& file) {
  nlohmann::json record = nlohmann::json::parse(read_text(file));
  EXPECT_EQ(record.erase("environment"), 1U);
  EXPECT_EQ(record.erase("seconds"), 1U);
  return record;
}

TEST(Run, PassesTheGateAndLeavesRecordsAndReports) {
  const TemporaryFolder folder;
  const Result result = quick_run(folder.path());
  EXPECT_EQ(result.exit_code, 0) << result.out << result.error;
  for (const char* const file : {"records/lemma-3.6.json", "records/lemma-3.8.json", "claims.csv", "run.json",
                                 "statements.json", "errata.json", "index.html", "summary.md", "junit.xml"}) {
    EXPECT_TRUE(fs::is_regular_file(folder.path() / file)) << file;
  }
  EXPECT_THAT(result.out, HasSubstr("report: " + (folder.path() / "index.html").string()));
  EXPECT_THAT(result.out, HasSubstr("exit code of the gate: 0"));
  EXPECT_TRUE(unfinished_files(folder.path()).empty());
}

TEST(Run, ReportsTheErrataWithTheClaimsOfThisRun) {
  const TemporaryFolder folder;
  run_program({"run", "lemma-3.9", "--tier", "smoke", "--out", folder.path().string()});
  const std::string page = read_text(folder.path() / "index.html");
  const auto erratum = [&page](const std::string& id) {
    const std::size_t begin = page.find("id=\"erratum-" + id + "\"");
    return begin == std::string::npos ? "" : page.substr(begin, page.find("</article>", begin) - begin);
  };
  EXPECT_THAT(page, HasSubstr("<a href=\"#errata\">Errata</a>"));
  EXPECT_THAT(erratum("F10"), HasSubstr("<a href=\"#experiment-lemma-3_2e9.claim-"));
  EXPECT_THAT(erratum("F8"), HasSubstr("These records lack, or have only in part: lemma-e.3"));
  EXPECT_THAT(erratum("F8"), Not(HasSubstr("#experiment-")));
}

TEST(Run, GivesTheSameNumbersForEveryNumberOfThreads) {
  const TemporaryFolder one;
  const TemporaryFolder two;
  quick_run(one.path(), {"--threads", "1"});
  quick_run(two.path(), {"--threads", "2"});
  EXPECT_EQ(read_text(one.path() / "claims.csv"), read_text(two.path() / "claims.csv"));
  for (const char* const name : {"records/lemma-3.6.json", "records/lemma-3.8.json"}) {
    EXPECT_EQ(lasting_part(one.path() / name), lasting_part(two.path() / name)) << name;
  }
}

TEST(Run, GivesOtherNumbersForAnotherSeed) {
  const TemporaryFolder one;
  const TemporaryFolder two;
  quick_run(one.path(), {"--seed", "1"});
  quick_run(two.path(), {"--seed", "2"});
  EXPECT_NE(read_text(one.path() / "claims.csv"), read_text(two.path() / "claims.csv"));
}

TEST(Run, IsReproducedByTheCommandInItsRecord) {
  const TemporaryFolder folder;
  const TemporaryFolder again;
  quick_run(folder.path(), {"--seed", "5", "--set", "eta=0.02"});
  const nlohmann::json record = lasting_part(folder.path() / "records/lemma-3.8.json");
  EXPECT_EQ(record["command"], "sdelens run lemma-3.8 --tier smoke --seed 5 --set eta=0.02");
  std::istringstream words(record["command"].get<std::string>());
  std::vector<std::string> arguments(std::istream_iterator<std::string>(words), {});
  arguments.erase(arguments.begin());
  arguments.insert(arguments.end(), {"--out", again.path().string()});
  run_program(arguments);
  EXPECT_EQ(lasting_part(again.path() / "records/lemma-3.8.json"), record);
}

/// The only run that was moved to runs/ in the folder.
fs::path earlier_run(const fs::path& folder) {
  EXPECT_EQ(entries_in(folder / "runs"), 1U);
  return fs::directory_iterator(folder / "runs")->path();
}

TEST(Run, KeepsAnEarlierRunAndSaysWhere) {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  quick_run(out);
  const std::string page = read_text(out / "index.html");
  const Result result = run_program({"run", "lemma-3.8", "--tier", "smoke", "--out", out.string()});
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_FALSE(fs::exists(out / "records/lemma-3.6.json"));
  EXPECT_THAT(result.out, Not(HasSubstr("lemma-3.6")));
  const fs::path earlier = earlier_run(folder.path());
  EXPECT_THAT(earlier.filename().string(), testing::MatchesRegex("out-20[0-9]*T[0-9]*Z"));
  EXPECT_THAT(result.error,
              HasSubstr("the earlier run in " + out.string() + " is now in " + earlier.string() + "\n"));
  EXPECT_EQ(read_text(earlier / "index.html"), page);
  EXPECT_EQ(run_program({"report", earlier.string()}).exit_code, 0);
}

TEST(Run, RefusesAFolderWithSomethingElseInIt) {
  const TemporaryFolder folder;
  write_file(folder.path() / "thesis.tex", "years of work");
  const Result result = quick_run(folder.path());
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.error, HasSubstr(folder.path().string() + ": holds files, and no run"));
  EXPECT_EQ(entries_in(folder.path()), 1U);
}

TEST(Run, HasAFolderOfItsOwnForOneExperimentAndForSome) {
  const TemporaryFolder folder;
  for (const std::vector<std::string>& what :
       {std::vector<std::string>{"lemma-3.8"}, {"--filter", "^lemma-3\\.[68]$"}}) {
    std::vector<std::string> arguments{"run", "--tier", "smoke", "--progress", "none"};
    arguments.insert(arguments.end(), what.begin(), what.end());
    Program program(folder.path(), arguments);
    EXPECT_EQ(program.exit_code(), 0) << program.error();
  }
  EXPECT_TRUE(fs::exists(folder.path() / "reports/lemma-3.8/index.html"));
  EXPECT_TRUE(fs::exists(folder.path() / "reports/selection/records/lemma-3.6.json"));
  EXPECT_FALSE(fs::exists(folder.path() / "reports/latest")) << "is of whole runs";
}

TEST(Run, IsTheOnlyOneInItsFolder) {
  const TemporaryFolder folder, streams;
  const fs::path out = folder.path() / "out";
  Program program(streams.path(),
                  {"run", "fig2-schedulers", "--tier", "paper", "--threads", "1", "--out", out.string()});
  ASSERT_TRUE(program.says("[1/1] fig2-schedulers")) << program.error();
  const std::string records = read_text(out / "run.json");
  for (const Result& other : {quick_run(out), run_program({"report", out.string()})}) {
    EXPECT_EQ(other.exit_code, 3);
    EXPECT_THAT(other.error, testing::ContainsRegex("process [0-9]+ is writing a run into it"));
  }
  EXPECT_EQ(read_text(out / "run.json"), records);
  EXPECT_FALSE(fs::exists(folder.path() / "runs"));
}

// Judged at a single run of each size: with so large a learning rate the claims up to O(eta) still hold or fail,
// but the exit code is that of the table.
TEST(Run, ReturnsTheGatesAnswer) {
  const TemporaryFolder folder;
  const Result result = run_program({"run", "lemma-3.8", "--tier", "smoke", "--set", "eta=0.9", "--set",
                                     "iterations=100", "--out", folder.path().string()});
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_THAT(result.out, HasSubstr("exit code of the gate: 1"));
  EXPECT_THAT(result.out, HasSubstr("Not as expected:"));
}

TEST(Progress, NoneSaysNothing) {
  const TemporaryFolder folder;
  EXPECT_EQ(quick_run(folder.path(), {"--progress", "none"}).error, "");
}

TEST(Progress, IsLinesWhereThereIsNoTerminal) {
  for (const char* const kind : {"auto", "lines"}) {
    const TemporaryFolder folder;
    const std::string error = quick_run(folder.path(), {"--progress", kind}).error;
    EXPECT_THAT(error, HasSubstr("[1/2] lemma-3.6 ...\n"));
    EXPECT_THAT(error, HasSubstr("[2/2] lemma-3.8 ...\n"));
    EXPECT_THAT(error, HasSubstr("[1/2] lemma-3.6: "));
    EXPECT_THAT(error, HasSubstr("[2/2] lemma-3.8: "));
    EXPECT_THAT(error, HasSubstr("claims as expected in "));
    EXPECT_THAT(error, Not(HasSubstr("\r")));
    EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 4);
  }
}

TEST(Progress, IsABarWhereAsked) {
  const TemporaryFolder folder;
  EXPECT_THAT(quick_run(folder.path(), {"--progress", "bar"}).error, HasSubstr("\r"));
}

TEST(Report, IsTheSameAgainFromTheRecords) {
  const TemporaryFolder folder;
  quick_run(folder.path());
  const std::string claims = read_text(folder.path() / "claims.csv");
  const std::string junit = read_text(folder.path() / "junit.xml");
  for (const char* const file : {"claims.csv", "junit.xml", "index.html"}) fs::remove(folder.path() / file);
  const Result result = run_program({"report", folder.path().string()});
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_EQ(read_text(folder.path() / "claims.csv"), claims);
  EXPECT_EQ(read_text(folder.path() / "junit.xml"), junit);
  EXPECT_THAT(read_text(folder.path() / "index.html"), HasSubstr("lemma-3.8"));
}

/// The text with every occurrence of `from` replaced.
std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

TEST(Report, IsThatOfTheRunByteForByte) {
  const TemporaryFolder folder;
  quick_run(folder.path());
  for (const char* const file : {"index.html", "summary.md", "junit.xml", "claims.csv"}) {
    const std::string written = read_text(folder.path() / file);
    run_program({"report", folder.path().string()});
    EXPECT_TRUE(read_text(folder.path() / file) == written) << file;
  }
}

// A program whose reference/papers says something else than that of the run.
TEST(Report, SaysWhatTheRunClaimedWhateverThePapersAreReadAsNow) {
  const TemporaryFolder folder;
  quick_run(folder.path());
  const std::string page = read_text(folder.path() / "index.html");
  RunDescription then = *read_run_description(folder.path());
  const Statement& statement = *std::ranges::find(then.statements, "3.8", &Statement::number);
  const std::string title_now = statement.title;
  ASSERT_EQ(page.find("As Lemma 3.8 was read then"), std::string::npos);
  for (const char* const file : {"statements.json", "errata.json"}) {
    write_file(folder.path() / file, replaced(read_text(folder.path() / file), "\"" + title_now + "\"",
                                              "\"As Lemma 3.8 was read then\""));
  }
  EXPECT_EQ(run_program({"report", folder.path().string()}).exit_code, 0);
  const std::string again = read_text(folder.path() / "index.html");
  EXPECT_NE(again, page);
  EXPECT_EQ(again.find(">" + title_now + "<"), std::string::npos);
  EXPECT_TRUE(replaced(again, "As Lemma 3.8 was read then", title_now) == page)
      << "the two pages differ in more than the statement's title";
}

TEST(Report, ListsOnlyTheStatementsOfTheRun) {
  const TemporaryFolder folder;
  quick_run(folder.path());
  RunDescription then = *read_run_description(folder.path());
  then.statements.resize(1);
  then.errata.clear();
  const RunDocuments texts = to_json(then);
  write_file(folder.path() / "statements.json", texts.statements);
  write_file(folder.path() / "errata.json", texts.errata);
  run_program({"report", folder.path().string()});
  const std::string page = read_text(folder.path() / "index.html");
  EXPECT_THAT(page, HasSubstr("0 of 1 statement have a verdict"));
  EXPECT_THAT(page, Not(HasSubstr("id=\"errata\"")));
}

TEST(Report, RefusesADamagedDescriptionByFileAndMember) {
  const TemporaryFolder folder;
  quick_run(folder.path());
  const std::string page = read_text(folder.path() / "index.html");
  const fs::path errata = folder.path() / "errata.json";
  write_file(errata, replaced(read_text(errata), "\"decisive\": true", "\"decisive\": \"yes\""));
  const Result result = run_program({"report", folder.path().string()});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.error, HasSubstr("sdelens: " + errata.string() +
                                      ": errata/0/claims/0/decisive must be "
                                      "true or false, but is \"yes\""));
  EXPECT_EQ(read_text(folder.path() / "index.html"), page) << "nothing is written then";
  fs::remove(errata);
  EXPECT_THAT(run_program({"report", folder.path().string()}).error,
              HasSubstr(errata.string() + ": is missing, though "));
}

// Its records are of schema 2, as the former program wrote them, and it has no description.
TEST(ReportOfAFormerRun, IsWrittenAndSaysWhoseStatementsItShows) {
  const TemporaryFolder folder;
  fs::copy(SDELENS_SOURCE_DIR "/tests/reports/former_run", folder.path(), fs::copy_options::recursive);
  const Result result = run_program({"report", folder.path().string()});
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_THAT(result.out, HasSubstr("8 claims: 8 pass, "));
  EXPECT_THAT(result.out, HasSubstr("note: The run did not store what it set out to decide: "));
  const std::string page = read_text(folder.path() / "index.html");
  EXPECT_THAT(page, HasSubstr("<p class=\"answer open\" id=\"origin\">The run did not store what it set out "
                              "to decide: "));
  EXPECT_THAT(page, HasSubstr("<section id=\"experiment-lemma-3_2e8\">"));
  EXPECT_THAT(page, HasSubstr("<section id=\"ledger\">"));
  EXPECT_THAT(read_text(folder.path() / "summary.md"), HasSubstr("The run did not store what it set out"));
}

TEST(ReportOfAnotherSchema, NamesTheFileTheVersionAndWhatIsRead) {
  for (const int version : {1, 4}) {
    const TemporaryFolder folder;
    fs::copy(SDELENS_SOURCE_DIR "/tests/reports/former_run", folder.path(), fs::copy_options::recursive);
    const fs::path file = folder.path() / "records/lemma-3.8.json";
    write_file(file, replaced(read_text(file), "\"schema_version\": 2",
                              "\"schema_version\": " + std::to_string(version)));
    const Result result = run_program({"report", folder.path().string()});
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.out, HasSubstr("Damaged record " + file.string() + ": schema_version is " +
                                      std::to_string(version) + ", but this program reads 2 to 3"));
  }
}

TEST(Report, NamesDamagedRecordsAndReportsTheOthers) {
  const TemporaryFolder folder;
  quick_run(folder.path());
  const fs::path records = folder.path() / "records";
  const std::string whole = read_text(records / "lemma-3.6.json");
  std::ofstream(records / "lemma-3.6.json") << whole.substr(0, whole.size() / 2);
  std::ofstream(records / "foreign.json") << R"({"name": "package", "version": "1.0.0"})";
  const Result result = run_program({"report", folder.path().string()});
  EXPECT_EQ(result.exit_code, 3);
  const std::string page = read_text(folder.path() / "index.html");
  for (const char* const name : {"lemma-3.6.json", "foreign.json"}) {
    EXPECT_THAT(result.out, HasSubstr("Damaged record " + (records / name).string()));
    EXPECT_THAT(page, HasSubstr(name));
  }
  EXPECT_THAT(result.out, HasSubstr("8 claims"));
  EXPECT_THAT(read_text(folder.path() / "claims.csv"), HasSubstr("lemma-3.8"));
}

}  // namespace
}  // namespace sdelens
