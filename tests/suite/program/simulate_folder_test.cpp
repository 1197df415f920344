// Where the command `simulate` writes, and where it does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sdelens/record/store.hpp"
#include "tests/suite/program.hpp"

namespace sdelens {
namespace {

namespace fs = std::filesystem;
using test::Result;
using test::run_program;
using testing::HasSubstr;

Result simulate(const fs::path& out) {
  return run_program({"simulate", "--optimizer", "sgd", "--landscape", "quadratic:1,3", "--noise",
                      "gaussian:0.5", "--runs", "64", "--steps", "50", "--progress", "none", "--out",
                      out.string()});
}

TEST(SimulateFolder, NeverReplacesTheRecordsOfARun) {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  ASSERT_EQ(run_program({"run", "lemma-3.8", "--tier", "smoke", "--out", out.string()}).exit_code, 0);
  const std::string record = read_text(out / "records/lemma-3.8.json");
  const Result result = simulate(out);
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_THAT(result.error, HasSubstr("the earlier run in " + out.string() + " is now in "));
  ASSERT_EQ(entries_in(folder.path() / "runs"), 1U);
  EXPECT_EQ(read_text(fs::directory_iterator(folder.path() / "runs")->path() / "records/lemma-3.8.json"),
            record);
}

TEST(SimulateFolder, RefusesAFolderWithSomethingElseInIt) {
  const TemporaryFolder folder;
  write_file(folder.path() / "notes.txt", "mine");
  const Result result = simulate(folder.path());
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.error, HasSubstr("holds files, and no run"));
  EXPECT_EQ(entries_in(folder.path()), 1U);
}

}  // namespace
}  // namespace sdelens
