// What ends or hinders a run from outside: signals, streams that fail, too few threads.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sdelens/record/run_description.hpp"
#include "sdelens/record/run_folder.hpp"
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

/// A run of half an hour.
std::vector<std::string> long_run(const fs::path& out) {
  return {"run", "fig2-schedulers", "--tier", "paper", "--threads", "1", "--out", out.string()};
}

// A run of half an hour, stopped when it has begun.
TEST(Interrupt, EndsSoonWithAReportThatSaysSo) {
  const TemporaryFolder folder;
  const TemporaryFolder streams;
  Program program(streams.path(), {"run", "fig2-schedulers", "lemma-3.8", "--tier", "paper", "--threads", "2",
                                   "--out", folder.path().string()});
  ASSERT_TRUE(program.says("[1/2] fig2-schedulers")) << program.error();
  program.interrupt();
  EXPECT_EQ(program.exit_code(), 130) << program.error();
  const StoredRecords stored = read_records(folder.path());
  EXPECT_TRUE(stored.damaged.empty());
  ASSERT_EQ(stored.records.size(), 2U);
  EXPECT_EQ(stored.records[0].experiment, "fig2-schedulers");
  EXPECT_EQ(stored.records[0].outcome, Outcome::partial);
  EXPECT_THAT(stored.records[0].reason, HasSubstr("interrupted"));
  EXPECT_EQ(stored.records[1].outcome, Outcome::partial);
  // The other thread may have begun it.
  EXPECT_THAT(stored.records[1].reason, HasSubstr("interrupted"));
  EXPECT_THAT(read_text(folder.path() / "index.html"), HasSubstr("partial"));
  EXPECT_THAT(program.out(), HasSubstr("partial: interrupted"));
  EXPECT_TRUE(unfinished_files(folder.path()).empty());
}

// Its records of what had not ended keep a later report from being green. A record is there before it is said to be.
TEST(Kill, LeavesRecordsThatAreNotGreen) {
  const TemporaryFolder folder;
  const TemporaryFolder streams;
  {
    Program program(streams.path(), {"run", "lemma-3.8", "fig2-schedulers", "--tier", "paper", "--out",
                                     folder.path().string()});
    ASSERT_TRUE(program.says("claims as expected in ")) << program.error();
  }
  const StoredRecords stored = read_records(folder.path());
  ASSERT_EQ(stored.records.size(), 2U);
  EXPECT_EQ(stored.records[0].outcome, Outcome::partial);
  EXPECT_EQ(stored.records[1].outcome, Outcome::completed);
  EXPECT_FALSE(read_run_description(folder.path())->statements.empty());
  const std::string started = read_run_description(folder.path())->started;
  for (const char* const file : {"index.html", "summary.md", "junit.xml"})
    EXPECT_THAT(read_text(folder.path() / file), HasSubstr("Run in progress, started at ")) << file;
  EXPECT_THAT(read_text(folder.path() / "junit.xml"), HasSubstr("errors=\"1\""));
  EXPECT_THAT(read_text(folder.path() / "index.html"), HasSubstr("<p class=\"answer open\">"));
  EXPECT_THAT(read_text(folder.path() / "index.html"), HasSubstr(started));
  const std::string claims = read_text(folder.path() / "claims.csv");
  EXPECT_EQ(std::ranges::count(claims, '\n'), 1) << "the head alone";
  Program report(streams.path(), {"report", folder.path().string()});
  EXPECT_EQ(report.exit_code(), 2) << report.error();
  EXPECT_THAT(read_text(folder.path() / "index.html"), Not(HasSubstr("id=\"origin\"")));
}

// A whole run, stopped while its experiments are planned: the folder is not there yet.
TEST(Interrupt, WhileExperimentsArePlannedEndsWithAReportToo) {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  Program program(folder.path(), {"run", "--tier", "paper", "--out", out.string()});
  ASSERT_TRUE(program.has_threads(2)) << program.error();
  ASSERT_FALSE(fs::exists(out)) << "the signals are waited for too late";
  program.interrupt();
  EXPECT_EQ(program.exit_code(), 130) << program.error();
  const StoredRecords stored = read_records(out);
  EXPECT_GT(stored.records.size(), 20U);
  for (const Record& record : stored.records) {
    EXPECT_EQ(record.outcome, Outcome::partial);
    EXPECT_EQ(record.reason, "interrupted before it began");
  }
  EXPECT_THAT(read_text(out / "index.html"), HasSubstr("experiments are not complete"));
}

TEST(Interrupt, ByAClosedTerminalEndsWithAReportToo) {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  Program program(folder.path(), long_run(out));
  ASSERT_TRUE(program.says("[1/1]")) << program.error();
  program.interrupt(SIGHUP);
  EXPECT_EQ(program.exit_code(), 130) << program.error();
  EXPECT_THAT(read_text(out / "index.html"), HasSubstr("partial"));
}

TEST(Interrupt, ThatNohupAskedToIgnoreIsIgnored) {
  const TemporaryFolder folder;
  Program program(folder.path(), long_run(folder.path() / "out"), [] { ::signal(SIGHUP, SIG_IGN); });
  ASSERT_TRUE(program.says("[1/1]")) << program.error();
  program.interrupt(SIGHUP);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_FALSE(program.ended());
}

std::vector<std::string> quick_run(const fs::path& out, const std::string& progress = "lines") {
  return {"run", "lemma-3.8", "--tier", "smoke", "--progress", progress, "--out", out.string()};
}

/// The stream's descriptor becomes one that fails when it is written.
void redirect(int stream, const char* file, int flags) {
  const int opened = ::open(file, flags);
  if (opened < 0 || ::dup2(opened, stream) < 0) ::_exit(125);
}

void break_pipe(int stream) {
  int ends[2];
  if (::pipe(ends) != 0 || ::dup2(ends[1], stream) < 0) ::_exit(125);
  ::close(ends[0]);
  ::close(ends[1]);
}

/// What the three ways are that a stream can fail.
const std::vector<std::function<void(int)>> failures{
    [](int stream) { ::close(stream); }, [](int stream) { redirect(stream, "/dev/full", O_WRONLY); },
    [](int stream) { break_pipe(stream); }};

TEST(ErrorStream, CostsNoRunWhereItFails) {
  for (const auto& fail : failures) {
    for (const char* const progress : {"lines", "bar"}) {
      const TemporaryFolder folder;
      const fs::path out = folder.path() / "out";
      const Result result = run_program(quick_run(out, progress), [&] { fail(STDERR_FILENO); });
      EXPECT_EQ(result.exit_code, 0) << result.out;
      EXPECT_TRUE(read_records(out).damaged.empty()) << "nothing may be printed into a file";
      EXPECT_THAT(read_text(out / "index.html"), HasSubstr("Every claim is as expected."));
    }
  }
}

TEST(ErrorStream, CostsNoMessageItsExitCode) {
  for (const auto& fail : failures)
    EXPECT_EQ(run_program({"run", "no-such-experiment"}, [&] { fail(STDERR_FILENO); }).exit_code, 4);
}

TEST(OutputStream, IsAnErrorWhereItFailsAndTheReportIsThere) {
  for (const auto& fail : failures) {
    const TemporaryFolder folder;
    const fs::path out = folder.path() / "out";
    const Result result = run_program(quick_run(out), [&] { fail(STDOUT_FILENO); });
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.error, HasSubstr("sdelens: the standard output cannot be written: "));
    EXPECT_TRUE(read_records(out).damaged.empty()) << "nothing may be printed into a file";
    EXPECT_THAT(read_text(out / "index.html"), HasSubstr("Every claim is as expected."));
  }
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"list"}, {"--help"}, {"info", "lemma-3.8"}})
    EXPECT_EQ(run_program(command, [] { break_pipe(STDOUT_FILENO); }).exit_code, 3) << command[0];
}

// "\x1b[2J" clears a terminal, "\u009b" begins such a command too.
TEST(OutputStream, HasNoControlCharactersOfARecord) {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  fs::copy(SDELENS_SOURCE_DIR "/tests/reports/former_run", out, fs::copy_options::recursive);
  const fs::path file = out / "records/lemma-3.8.json";
  nlohmann::json record = nlohmann::json::parse(read_text(file));
  record["checks"][0]["claim"]["id"] = "\x1b[2Jclaim";
  record["checks"][0]["verdict"] = "error";
  record["checks"][0]["reason"] = "\x07 \u009b31m reason";
  record["outcome"] = "partial";
  record["reason"] = "\x1b]0;title\x07";
  std::ofstream(file) << record.dump();
  std::ofstream(out / "records" / "\x1b[31m.json") << "{";
  const Result result = run_program({"report", out.string()});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.out, HasSubstr("claim: error"));
  for (const std::string& text : {result.out, result.error}) {
    EXPECT_THAT(text, Not(HasSubstr("\u009b")));
    EXPECT_TRUE(
        std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 || c == '\n' || c == '\t'; }));
  }
}

// Two gigabytes of address space hold some hundred stacks.
TEST(Threads, ThatCannotBeStartedAreAnErrorThatSaysHowMany) {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  std::vector<std::string> arguments = quick_run(out);
  arguments.insert(arguments.end(), {"--threads", "4000"});
  const Result result = run_program(arguments, [] {
    const rlimit limit{.rlim_cur = 2ULL << 30U, .rlim_max = 2ULL << 30U};
    ::setrlimit(RLIMIT_AS, &limit);
  });
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.error, HasSubstr("sdelens: cannot start 4000 threads: "));
  EXPECT_THAT(read_text(out / "index.html"), HasSubstr("Run in progress, started at "));
}

}  // namespace
}  // namespace sdelens
