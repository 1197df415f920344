// The command `simulate` as a user runs it: what it writes and prints, and what it refuses before anything is run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "sdelens/record/store.hpp"
#include "tests/suite/program.hpp"

namespace sdelens {
namespace {

namespace fs = std::filesystem;
using test::Result;
using test::run_program;
using test::unfinished_files;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using Words = std::vector<std::string>;

const Words small{"--optimizer", "sgd",          "--landscape", "quadratic:1,3",
                  "--noise",     "gaussian:0.5", "--runs",      "64",
                  "--steps",     "50",           "--progress",  "none"};

Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Result simulate(Words words, const fs::path& out) {
  words.insert(words.begin(), "simulate");
  return run_program(with(words, {"--out", out.string()}));
}

/// Runs in a folder that must not come to be.
std::string refused(const Words& words) {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  const Result result = simulate(words, out);
  EXPECT_EQ(result.exit_code, 4) << result.error;
  EXPECT_EQ(result.out, "");
  EXPECT_FALSE(fs::exists(out)) << "nothing may be written";
  return result.error;
}

std::string refused_config(const std::string& text, const Words& more = {}) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "my.toml";
  std::ofstream(file) << text;
  std::string error = refused(with({"--config", file.string()}, more));
  // The folder's name is another each time.
  const auto at = error.find(file.string());
  if (at != std::string::npos) error.replace(at, file.string().size(), "my.toml");
  return error;
}

TEST(Simulate, MeasuresRecordsAndReports) {
  const TemporaryFolder folder;
  const Result result = simulate(small, folder.path());
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_THAT(result.out, AllOf(HasSubstr("End of the run: k = 50, t = 0.05"), HasSubstr("sgd, measured"),
                                HasSubstr("Exact recursion"), HasSubstr("Lemma 3.8, printed"),
                                HasSubstr("Do not apply"), HasSubstr("needs signsgd")));
  const StoredRecords stored = read_records(folder.path());
  ASSERT_EQ(stored.records.size(), 1U);
  const Record& record = stored.records[0];
  EXPECT_EQ(record.outcome, Outcome::completed);
  ASSERT_EQ(record.tables.size(), 3U);
  EXPECT_EQ(record.tables[0].columns[1].words[0], "sgd, measured");
  EXPECT_EQ(record.figures.size(), 2U);
  EXPECT_TRUE(fs::exists(folder.path() / "index.html"));
  EXPECT_THAT(read_text(folder.path() / "index.html"), HasSubstr("Exact recursion"));
}

TEST(Simulate, IsReproducedByTheCommandInItsRecord) {
  const TemporaryFolder folder;
  Words words = with(small, {"--optimizer", "adamw", "--set", "gamma=2", "--set", "beta_1=0.8",
                             "--x0=-0.2,0.1", "--sde", "ours", "--noise", "gaussian:0.5,0.25", "--seed", "9",
                             "--landscape", "quadratic:curvatures=1/3"});
  words.erase(words.begin(), words.begin() + 6);
  ASSERT_EQ(simulate(words, folder.path() / "first").exit_code, 0);
  const Record first = read_records(folder.path() / "first").records.at(0);
  Words again;
  std::istringstream command(first.command);
  for (std::string word; command >> word;) again.push_back(word);
  ASSERT_GT(again.size(), 2U);
  again.erase(again.begin(), again.begin() + 2);
  ASSERT_EQ(simulate(again, folder.path() / "second").exit_code, 0) << first.command;
  const Record second = read_records(folder.path() / "second").records.at(0);
  EXPECT_EQ(second.command, first.command);
  for (std::size_t i = 0; i < first.tables.size(); ++i) {
    for (std::size_t c = 0; c < first.tables[i].columns.size(); ++c) {
      const std::vector<double>&a = first.tables[i].columns[c].numbers,
            &b = second.tables[i].columns[c].numbers;
      ASSERT_EQ(a.size(), b.size());
      for (std::size_t row = 0; row < a.size(); ++row) {
        EXPECT_TRUE(a[row] == b[row] || (std::isnan(a[row]) && std::isnan(b[row])));
      }
    }
  }
}

TEST(Simulate, HasLinesThatFit) {
  const TemporaryFolder folder;
  for (const std::size_t width : {60UL, 100UL}) {
    ::setenv("COLUMNS", std::to_string(width).c_str(), 1);
    const Result result = simulate(with(small, {"--sde", "ours"}), folder.path() / "a");
    ::unsetenv("COLUMNS");
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("report: ")) continue;
      const auto columns = std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; });
      EXPECT_LE(columns, static_cast<std::ptrdiff_t>(width)) << line;
    }
    EXPECT_THAT(result.out, HasSubstr("sgd, measured"));
  }
}

TEST(Simulate, OfADivergingOptimizerIsAnErrorWithoutNumbers) {
  const TemporaryFolder folder;
  Words words = with(small, {"--set", "eta=0.9"});
  words[9] = "20000";
  const Result result = simulate(words, folder.path());
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.error, AllOf(HasSubstr("64 of 64 replicas of 'sgd' are not finite"),
                                  HasSubstr("eta must be below 2 / (lambda + gamma) = 0.6667")));
  EXPECT_THAT(result.out, Not(HasSubstr("nan")));
  const Record record = read_records(folder.path()).records.at(0);
  EXPECT_EQ(record.outcome, Outcome::error);
  EXPECT_EQ(record.simulations.at(0).non_finite, 64U);
}

TEST(Simulate, OfAFileIsOverriddenByTheCommandLine) {
  const TemporaryFolder folder;
  const std::string file = std::string(SDELENS_SOURCE_DIR) + "/suite/examples/simulate.toml";
  const Result result =
      simulate({"--config", file, "--steps", "40", "--set", "gamma=0.5", "--runs", "64"}, folder.path());
  EXPECT_EQ(result.exit_code, 0) << result.error;
  const Record record = read_records(folder.path()).records.at(0);
  EXPECT_THAT(record.command,
              AllOf(HasSubstr("--optimizer adamw"), HasSubstr("--noise gaussian:sigma=0.5/0.25"),
                    HasSubstr("--set gamma=0.5"), HasSubstr("--set beta_1=0.9"), HasSubstr("eta=0.001"),
                    HasSubstr("--runs 64 --steps 40")));
}

/// A run of minutes on one thread; the first 256 of its 2560 runs are a tenth of it.
Words long_run(const fs::path& out) {
  return {"simulate", "--optimizer", "sgd",       "--landscape", "quadratic:1,3", "--noise", "gaussian:0.5",
          "--runs",   "2560",        "--steps",   "1000000",     "--threads",     "1",       "--progress",
          "bar",      "--out",       out.string()};
}

TEST(SimulateInterrupt, BeforeAnyRunWasFinishedSaysThatNothingIsRecorded) {
  const TemporaryFolder folder, streams;
  test::Program program(streams.path(), long_run(folder.path()));
  ASSERT_TRUE(program.says("[1/1] sgd on quadratic")) << program.error();
  program.interrupt();
  EXPECT_EQ(program.exit_code(), 130) << program.error();
  const std::string reason =
      "interrupted: 0 of 2560 runs of sgd were finished, so that no number is recorded";
  EXPECT_THAT(program.error(), HasSubstr("sdelens: " + reason));
  const StoredRecords stored = read_records(folder.path());
  EXPECT_TRUE(stored.damaged.empty());
  ASSERT_EQ(stored.records.size(), 1U);
  EXPECT_EQ(stored.records[0].outcome, Outcome::partial);
  EXPECT_EQ(stored.records[0].reason, reason);
  EXPECT_TRUE(stored.records[0].tables.empty());
  EXPECT_THAT(read_text(folder.path() / "index.html"), HasSubstr(reason));
  EXPECT_TRUE(unfinished_files(folder.path()).empty());
}

TEST(SimulateInterrupt, KeepsTheRunsThatWereFinished) {
  const TemporaryFolder folder, streams;
  test::Program program(streams.path(), long_run(folder.path()));
  // Four of thirty marks are more than the first block of ten.
  ASSERT_TRUE(program.says("|####")) << program.error();
  program.interrupt();
  EXPECT_EQ(program.exit_code(), 130) << program.error();
  const StoredRecords stored = read_records(folder.path());
  EXPECT_TRUE(stored.damaged.empty());
  ASSERT_EQ(stored.records.size(), 1U);
  const Record& record = stored.records[0];
  EXPECT_EQ(record.outcome, Outcome::partial);
  ASSERT_EQ(record.simulations.size(), 1U);
  const std::uint64_t finished = record.simulations[0].replicas;
  EXPECT_GE(finished, 256U);
  EXPECT_LT(finished, 2560U);
  EXPECT_EQ(finished % 256, 0U);
  const std::string reason =
      "interrupted: " + std::to_string(finished) + " of 2560 runs of sgd were finished";
  EXPECT_EQ(record.reason, reason);
  EXPECT_THAT(program.error(), HasSubstr("sdelens: " + reason));
  ASSERT_FALSE(record.tables.empty());
  EXPECT_EQ(record.tables[0].columns[1].words[0], "sgd, measured");
  EXPECT_THAT(program.out(), HasSubstr(std::to_string(finished) + " runs of 1000000"));
  EXPECT_THAT(read_text(folder.path() / "index.html"), HasSubstr("partial"));
  EXPECT_TRUE(unfinished_files(folder.path()).empty());
}

const Words regression{"--landscape", "linear-regression:curvatures=1,residual=0.5,batch=1",
                       "--set",       "eta=0.05",
                       "--runs",      "64",
                       "--steps",     "400",
                       "--progress",  "none"};

TEST(Simulate, ComparesMiniBatchesWithTheirExactTheory) {
  const TemporaryFolder folder;
  const Result sgd = simulate(with(regression, {"--optimizer", "sgd", "--sde", "ours"}), folder.path());
  EXPECT_EQ(sgd.exit_code, 0) << sgd.error;
  EXPECT_THAT(sgd.out, AllOf(HasSubstr("Exact recursion of the mini-batches"), HasSubstr("SDE sgd, measured"),
                             HasSubstr("gradients of its own")));
  EXPECT_THAT(read_records(folder.path()).records[0].command, Not(HasSubstr("--noise")));
  const TemporaryFolder other;
  const Result sign = simulate(with(regression, {"--optimizer", "signsgd"}), other.path());
  EXPECT_EQ(sign.exit_code, 0) << sign.error;
  EXPECT_THAT(sign.out, HasSubstr("Exact chain of the mini-batches"));
}

TEST(Simulate, SaysWhereMiniBatchesMakeSgdExplode) {
  const TemporaryFolder folder;
  Words words = with(regression, {"--optimizer", "sgd"});
  words[3] = "eta=0.7";
  const Result result = simulate(words, folder.path());
  EXPECT_THAT(result.out + result.error, HasSubstr("eta = 0.7 is not below 0.6667"));
}

TEST(SimulateUsage, RefusesWhatMiniBatchesDoNotHave) {
  EXPECT_THAT(refused(with(regression, {"--optimizer", "sgd", "--noise", "gaussian:1"})),
              HasSubstr("--noise gaussian cannot be given: linear-regression draws its own gradients"));
  EXPECT_THAT(refused({"--landscape", "linear-regression-by-samples:curvatures=1,residual=0.5,batch=2",
                       "--optimizer", "signsgd", "--sde", "ours"}),
              HasSubstr("linear-regression-by-samples does not offer the law of its noise"));
  EXPECT_THAT(refused(with(regression, {"--optimizer", "sgd", "--normals", "strikt"})),
              HasSubstr("unknown kind of normals 'strikt'; the nearest: strict"));
}

TEST(Simulate, DrawsOtherNormalsOfTheSameLawWhereAsked) {
  const TemporaryFolder folder, strict;
  ASSERT_EQ(simulate(small, folder.path()).exit_code, 0);
  ASSERT_EQ(simulate(with(small, {"--normals", "strict"}), strict.path()).exit_code, 0);
  const Record usual = read_records(folder.path()).records[0];
  const Record other = read_records(strict.path()).records[0];
  EXPECT_THAT(other.command, HasSubstr("--normals strict"));
  ASSERT_EQ(usual.tables[0].columns[3].label, "Value");
  EXPECT_NE(usual.tables[0].columns[3].numbers.at(0), other.tables[0].columns[3].numbers.at(0));
}

TEST(SimulateUsage, SaysWhatIsMissing) {
  EXPECT_THAT(refused({}), HasSubstr("--landscape is missing, for example --landscape quadratic:1,3"));
  EXPECT_THAT(refused({"--landscape", "quadratic:1"}), HasSubstr("--noise is missing"));
  EXPECT_THAT(refused({"--landscape", "quadratic:1", "--noise", "gaussian:1"}),
              HasSubstr("--optimizer is missing"));
  EXPECT_THAT(refused(with(small, {"--set", "gamma=1", "--optimizer", "sgdw"})), HasSubstr("--optimizer"));
}

/// Refused with one option of `small` changed.
std::string refused_with(const std::string& option, const std::string& value) {
  Words words = small;
  const auto at = std::ranges::find(words, option);
  if (at == words.end()) return refused(with(words, {option, value}));
  *(at + 1) = value;
  return refused(words);
}

TEST(SimulateUsage, QuotesTheNearestNames) {
  EXPECT_THAT(refused_with("--optimizer", "adamww"),
              HasSubstr("unknown optimizer 'adamww'; the nearest: adamw"));
  EXPECT_THAT(refused_with("--landscape", "quadratik:1"), HasSubstr("the nearest: quadratic"));
  EXPECT_THAT(refused_with("--noise", "gausian:1"), HasSubstr("the nearest: gaussian"));
  EXPECT_THAT(refused_with("--noise", "gaussian:sigmaa=1"), HasSubstr("the nearest: sigma"));
  EXPECT_THAT(refused_with("--schedule", "polynomal:1"), HasSubstr("the nearest: polynomial"));
  EXPECT_THAT(refused_with("--set", "etaa=1"),
              HasSubstr("unknown parameter for --set 'etaa'; the nearest: eta"));
  EXPECT_THAT(refused_with("--set", "gamma=1"), HasSubstr("unknown parameter for --set 'gamma'"));
  EXPECT_THAT(refused_with("--sde", "sdg"), HasSubstr("unknown SDE 'sdg'; the nearest: sgd"));
  EXPECT_THAT(refused_with("--sde", "malladi"),
              HasSubstr("there is no SDE 'sgd-malladi'; the registered ones are "));
  EXPECT_THAT(refused(with(small, {"--sde", "ours", "--integrator", "euler"})), HasSubstr("euler-maruyama"));
  EXPECT_THAT(refused_with("--progress", "bars"), HasSubstr("the nearest: bar"));
}

TEST(SimulateUsage, NamesWhatIsOutOfRange) {
  EXPECT_THAT(refused_with("--set", "eta=0"), HasSubstr("simulate: eta is 0, but must be in (0, inf)"));
  EXPECT_THAT(refused_with("--set", "eta=nan"), HasSubstr("eta is nan"));
  EXPECT_THAT(refused_with("--set", "eta=x"), HasSubstr("'x', which is no number"));
  EXPECT_THAT(refused_with("--runs", "63"), HasSubstr("simulate: runs is 63, but must be in [64, "));
  EXPECT_THAT(refused_with("--runs", "-1"), HasSubstr("--runs"));
  EXPECT_THAT(refused_with("--steps", "0"), HasSubstr("steps is 0"));
  EXPECT_THAT(refused_with("--steps", "1e4"), HasSubstr("--steps"));
  EXPECT_THAT(refused_with("--window", "0"), HasSubstr("window is 0, but must be in (0, 1]"));
  EXPECT_THAT(refused_with("--threads", "0"), HasSubstr("--threads"));
  EXPECT_THAT(refused_with("--seed", "-1"), HasSubstr("--seed"));
  EXPECT_THAT(refused_with("--seed", "18446744073709551616"), HasSubstr("--seed: must be a whole number"));
  EXPECT_THAT(refused_with("--runs", "18446744073709551616"), HasSubstr("--runs: must be a whole number"));
  EXPECT_THAT(refused_with("--x0", "1,2,3"), HasSubstr("x0 has 3 entries, but must have 1 or 2"));
  EXPECT_THAT(refused_with("--x0", "1,,2"), HasSubstr("--x0 '1,,2': has an empty value"));
  EXPECT_THAT(refused_with("--x0", "inf"), HasSubstr("x0 is inf"));
  EXPECT_THAT(refused_with("--noise", "gaussian:-1"), HasSubstr("gaussian: sigma is -1"));
  EXPECT_THAT(refused_with("--noise", "gaussian:1,2,3"),
              HasSubstr("sigma has 3 entries, but must have 1 or 2"));
  EXPECT_THAT(refused_with("--noise", "student-t:2"), HasSubstr("student-t: sigma is missing"));
  EXPECT_THAT(refused_with("--sde-steps", "4"), HasSubstr("--integrator and --sde-steps need an --sde"));
  EXPECT_THAT(refused(with(small, {"--sde", "ours", "--sde-steps", "0"})), HasSubstr("sde-steps is 0"));
}

TEST(SimulateUsage, ExplainsTheFormOfASpecification) {
  EXPECT_THAT(refused_with("--noise", ":1"), HasSubstr("--noise ':1' has no name; write it as NAME"));
  EXPECT_THAT(refused_with("--noise", "gaussian:"), HasSubstr("has nothing behind its colon"));
  EXPECT_THAT(refused_with("--noise", "gaussian:sigma=1,2"), HasSubstr("has '2', which is no KEY=VALUE"));
  EXPECT_THAT(refused_with("--noise", "gaussian:sigma=1,sigma=2"), HasSubstr("sets 'sigma' a second time"));
  EXPECT_THAT(refused_with("--noise", "gaussian:sigma=a/b"), HasSubstr("'a' is no number"));
  EXPECT_THAT(refused_with("--schedule", "constant:1"),
              HasSubstr("'constant' has no parameters, but got a value"));
}

TEST(SimulateConfig, NamesTheLineOfAnUnknownKeyAndTheNearest) {
  EXPECT_THAT(refused_config("optimizer = \"sgd\"\n\nlandscap = \"quadratic:1\"\n"),
              HasSubstr("my.toml:3:1: unknown key 'landscap'; the nearest: landscape"));
  EXPECT_THAT(refused_config("[sets]\neta = 1\n"),
              HasSubstr("my.toml:1:2: unknown key 'sets'; the nearest: set"));
}

TEST(SimulateConfig, NamesTheLineAndTheTypeThatWasExpected) {
  EXPECT_THAT(refused_config("optimizer = 3"),
              HasSubstr("my.toml:1:13: optimizer must be a text, but is an integer"));
  EXPECT_THAT(refused_config("\nruns = \"many\""),
              HasSubstr("my.toml:2:8: runs must be a whole number, not negative, but is a string"));
  EXPECT_THAT(refused_config("runs = 1.5"),
              HasSubstr("runs must be a whole number, not negative, but is a floating"));
  EXPECT_THAT(refused_config("runs = -1"), HasSubstr("runs must be a whole number, not negative"));
  EXPECT_THAT(refused_config("window = true"), HasSubstr("window must be a number, but is a boolean"));
  EXPECT_THAT(refused_config("x0 = [1, \"a\"]"),
              HasSubstr("my.toml:1:10: x0 must be a number, but is a string"));
  EXPECT_THAT(refused_config("x0 = []"), HasSubstr("x0 must be a list of at least one number"));
  EXPECT_THAT(refused_config("set = 1"), HasSubstr("set must be a table"));
  EXPECT_THAT(refused_config("[set]\neta = \"a\""),
              HasSubstr("my.toml:2:7: set.eta must be a number or a list of numbers, but is a string"));
  EXPECT_THAT(refused_config("noise = [1]"),
              HasSubstr("noise must be a text or a table with a name, but is an array"));
  EXPECT_THAT(refused_config("noise = { sigma = 1 }"), HasSubstr("noise must be a table with a name"));
  EXPECT_THAT(refused_config("noise = \"gaussian:a\""),
              HasSubstr("my.toml:1:9: noise 'a': 'a' is no number"));
}

TEST(SimulateConfig, NamesThePlaceOfASyntaxError) {
  EXPECT_THAT(refused_config("optimizer = \"sgd\"\nruns = = 3\n"), HasSubstr("my.toml:2:8: "));
  EXPECT_THAT(refused_config("runs = 3\nruns = 4\n"), HasSubstr("my.toml:2:"));
  EXPECT_THAT(refused({"--config", "/nowhere/my.toml"}), HasSubstr("/nowhere/my.toml: "));
}

TEST(SimulateConfig, IsCheckedLikeTheCommandLine) {
  EXPECT_THAT(
      refused_config(
          "optimizer = \"sgd\"\nlandscape = \"quadratic:1\"\n[noise]\nname = \"gaussian\"\nsigm = 1\n"),
      HasSubstr("unknown parameter of gaussian 'sigm'"));
  EXPECT_THAT(refused_config("[set]\nbeta_1 = 0.5\n",
                             {"--optimizer", "sgd", "--landscape", "quadratic:1", "--noise", "gaussian:1"}),
              HasSubstr("unknown parameter for --set 'beta_1'"));
}

TEST(ListModels, HaveEveryNameWithItsParameters) {
  const Result optimizers = run_program({"list", "--optimizers"});
  EXPECT_EQ(optimizers.exit_code, 0);
  EXPECT_THAT(optimizers.out, AllOf(HasSubstr("adamw\n"), HasSubstr("beta_1"),
                                    HasSubstr("[0, 1), 0.9 by default"), HasSubstr("Loshchilov")));
  const Result all = run_program({"list", "--landscapes", "--noises", "--schedules", "--sdes"});
  EXPECT_THAT(all.out,
              AllOf(HasSubstr("embedded-saddle\n"), HasSubstr("    hessian"), HasSubstr("    curvatures"),
                    HasSubstr("student-t\n"), HasSubstr("    covariance"), HasSubstr("polynomial\n"),
                    HasSubstr("signsgd-phase-3\n")));
  EXPECT_EQ(all.out.find("lemma-3.8"), std::string::npos) << "the experiments are another list";
}

}  // namespace
}  // namespace sdelens
