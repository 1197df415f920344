// What a user can do wrong is refused with a message that helps, before anything is run or written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suite/study/experiment.hpp"
#include "tests/suite/program.hpp"

namespace sdelens {
namespace {

namespace fs = std::filesystem;
using test::Result;
using test::run_program;
using testing::HasSubstr;
using testing::Not;

constexpr int usage = 4;
constexpr int storage = 3;

/// Runs with --out in a folder that must not come to be.
Result refused_run(std::vector<std::string> arguments, int expected = usage) {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  arguments.insert(arguments.begin(), "run");
  arguments.insert(arguments.end(), {"--out", out.string()});
  const Result result = run_program(arguments);
  EXPECT_EQ(result.exit_code, expected) << result.error;
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.error, Not(HasSubstr("[1/"))) << "nothing may begin";
  EXPECT_FALSE(fs::exists(out)) << "nothing may be written";
  return result;
}

TEST(Usage, NeedsACommand) {
  EXPECT_EQ(run_program({}).exit_code, usage);
  EXPECT_THAT(run_program({}).error, HasSubstr("subcommand is required"));
  EXPECT_EQ(run_program({""}).exit_code, usage);
  EXPECT_EQ(run_program({"run", "--frobnicate"}).exit_code, usage);
  EXPECT_EQ(run_program({"info"}).exit_code, usage);
}

TEST(Usage, RefusesNormalsThatThereAreNot) {
  EXPECT_THAT(refused_run({"lemma-3.8", "--normals", "loose"}).error,
              HasSubstr("unknown kind of normals 'loose'"));
}

TEST(Usage, HelpIsNoError) {
  const Result help = run_program({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* const command : {"list", "info", "run", "report", "errata", "Exit codes"}) {
    EXPECT_THAT(help.out, HasSubstr(command));
  }
  EXPECT_EQ(run_program({"run", "--help"}).exit_code, 0);
}

TEST(Usage, QuotesTheNearestCommands) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"simlate", "--optimizer", "sgd"}, {"help", "simlate"}}) {
    const Result result = run_program(words);
    EXPECT_EQ(result.exit_code, usage);
    EXPECT_THAT(result.error, HasSubstr("sdelens: unknown command 'simlate'; the nearest: simulate, "));
    EXPECT_EQ(result.out, "");
  }
}

TEST(Usage, HelpIsACommandToo) {
  EXPECT_EQ(run_program({"help"}).out, run_program({"--help"}).out);
  const Result result = run_program({"help", "run"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, run_program({"run", "--help"}).out);
  EXPECT_THAT(result.out,
              testing::AllOf(HasSubstr("--filter"), HasSubstr("Run folder [reports/latest of all")));
}

TEST(Usage, TellsVersionAndRevision) {
  const Result result = run_program({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, testing::MatchesRegex("sdelens [0-9]+\\.[0-9]+\\.[0-9]+, revision [0-9a-z+]+\n"));
}

TEST(Usage, QuotesTheNearestExperiments) {
  EXPECT_THAT(refused_run({"lemma-3.88"}).error,
              HasSubstr("unknown experiment 'lemma-3.88'; the nearest: lemma-3.8, "));
  EXPECT_THAT(refused_run({"--filter", "nothing"}).error,
              HasSubstr("unknown experiment for --filter 'nothing'"));
  EXPECT_THAT(refused_run({"--filter", "["}).error, HasSubstr("is not a regular expression"));
  const Result information = run_program({"info", "fig6-sdg"});
  EXPECT_EQ(information.exit_code, usage);
  EXPECT_THAT(information.error, HasSubstr("unknown experiment 'fig6-sdg'; the nearest: fig6-sgd"));
}

TEST(Usage, NamesTheSettingItsValueAndItsRange) {
  EXPECT_THAT(refused_run({"lemma-3.8", "--set", "eta=-1"}).error,
              HasSubstr("lemma-3.8: eta is -1, but must be in (0, inf)"));
  EXPECT_THAT(refused_run({"fig6-sgd", "--set", "sigmas=0,0,0,0,0"}).error,
              HasSubstr("fig6-sgd: sigmas is 0, but must be in (0, inf)"));
  EXPECT_THAT(refused_run({"fig6-sgd", "--set", "sigmas=0"}).error,
              HasSubstr("fig6-sgd: sigmas has 1 values, but must have 5"));
  EXPECT_THAT(refused_run({"fig6-sgd", "--set", "x0=nan,nan"}).error, HasSubstr("fig6-sgd: x0 is nan"));
  EXPECT_THAT(refused_run({"lemma-3.8", "--set", "iterations=1e300"}).error,
              HasSubstr("iterations is 1e+300"));
  EXPECT_THAT(refused_run({"lemma-3.8", "--set", "iterations=400.5"}).error, HasSubstr("whole number"));
}

TEST(Usage, RefusesASettingThatNoSelectedExperimentHas) {
  EXPECT_THAT(refused_run({"lemma-3.8", "--set", "etaa=0.1"}).error,
              HasSubstr("unknown setting 'etaa'; the nearest: eta"));
  EXPECT_THAT(refused_run({"lemma-3.8", "--set", "beta_1=0.5"}).error, HasSubstr("unknown setting 'beta_1'"));
  EXPECT_THAT(refused_run({"lemma-3.8", "--set", "eta"}).error,
              HasSubstr("--set 'eta' has no key or no value"));
}

TEST(Usage, ChecksEveryExperimentBeforeItRunsTheFirst) {
  EXPECT_THAT(refused_run({"lemma-3.6", "lemma-3.8", "--set", "x0=1,1,1"}).error,
              HasSubstr("x0 has 3 values"));
}

TEST(Usage, RefusesOptionsOutOfTheirRange) {
  EXPECT_THAT(refused_run({"lemma-3.8", "--tier", "nonsense"}).error, HasSubstr("unknown tier 'nonsense'"));
  EXPECT_THAT(refused_run({"lemma-3.8", "--progress", "lnes"}).error, HasSubstr("the nearest: lines"));
  EXPECT_THAT(refused_run({"lemma-3.8", "--threads", "0"}).error, HasSubstr("--threads"));
  EXPECT_THAT(refused_run({"lemma-3.8", "--seed", "-1"}).error, HasSubstr("--seed"));
  EXPECT_THAT(refused_run({"lemma-3.8", "--seed", "x"}).error, HasSubstr("--seed"));
}

// What is too large was taken for the largest, and "010" for 8: another run than was asked for.
TEST(Usage, TakesNoOtherSeedThanTheOneAskedFor) {
  for (const char* const seed : {"18446744073709551616", "1e3", "0x10", "1.5", "", " 1"}) {
    EXPECT_THAT(refused_run({"lemma-3.8", "--seed", seed}).error,
                HasSubstr("--seed: must be a whole number from 0 to 18446744073709551615, but is '" +
                          std::string(seed) + "'"));
  }
  EXPECT_THAT(refused_run({"lemma-3.8", "--threads", "4097"}).error,
              HasSubstr("--threads: must be a whole number from 1 to 4096, but is '4097'"));
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  const Result result =
      run_program({"run", "lemma-3.8", "--tier", "smoke", "--seed", "010", "--out", out.string()});
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_THAT(read_text(out / "run.json"), HasSubstr("--seed 10\""));
}

TEST(Usage, FindsOutThatTheRunFolderCannotBeWrittenBeforeAnythingIsRun) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "file";
  std::ofstream(file) << "contents";
  for (const fs::path& out : {file / "out", file}) {
    const Result result = run_program({"run", "lemma-3.8", "--tier", "smoke", "--out", out.string()});
    EXPECT_EQ(result.exit_code, storage);
    EXPECT_THAT(result.error, HasSubstr(out.string()));
    EXPECT_THAT(result.error, Not(HasSubstr("[1/")));
    EXPECT_EQ(result.out, "");
  }
  EXPECT_EQ(read_text(file), "contents");
}

TEST(Usage, ReportsAFolderWithoutRecords) {
  const TemporaryFolder folder;
  const Result result = run_program({"report", (folder.path() / "none").string()});
  EXPECT_EQ(result.exit_code, storage);
  EXPECT_THAT(result.error, HasSubstr("none/records: cannot be read"));
}

TEST(List, HasALineForEveryExperiment) {
  const Result result = run_program({"list"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.error, "");
  std::istringstream lines(result.out);
  for (const Experiment& experiment : Registry<Experiment>::all().entries()) {
    std::string line;
    ASSERT_TRUE(std::getline(lines, line)) << experiment.name;
    EXPECT_EQ(line.rfind(experiment.name + " ", 0), 0U) << line;
    EXPECT_THAT(line, testing::AllOf(HasSubstr(experiment.source.item), HasSubstr(experiment.title)));
  }
  std::string more;
  EXPECT_FALSE(std::getline(lines, more));
}

TEST(Info, TellsWhatAnExperimentIsAndOffers) {
  for (const Experiment& experiment : Registry<Experiment>::all().entries()) {
    const Result result = run_program({"info", experiment.name});
    EXPECT_EQ(result.exit_code, 0) << experiment.name;
    EXPECT_THAT(result.out, HasSubstr(experiment.title));
    EXPECT_THAT(result.out, HasSubstr(experiment.summary));
    for (const SettingSpecification& setting : experiment.settings) {
      EXPECT_THAT(result.out, HasSubstr("  " + setting.name + " "));
      EXPECT_THAT(result.out, HasSubstr(setting.note));
      EXPECT_THAT(result.out, HasSubstr(setting.range.text()));
    }
    Simulations simulations(experiment.name, Tier::standard, 0);
    experiment.design(Settings(experiment.name, experiment.settings, {}), simulations);
    for (const auto& order : simulations.orders()) EXPECT_THAT(result.out, HasSubstr(order.ensemble->name()));
  }
}

}  // namespace
}  // namespace sdelens
