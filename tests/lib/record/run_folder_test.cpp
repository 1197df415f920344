#include "sdelens/record/run_folder.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sdelens/record/store.hpp"
#include "tests/lib/record/temporary_folder.hpp"

namespace sdelens {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

RunDescription started_at(const std::string& time) {
  return {.title = "t", .command = "sdelens run", .started = time};
}

Record named(const std::string& experiment) {
  Record record;
  record.experiment = experiment;
  return record;
}

/// A folder for runs that has another above it, where the earlier ones go.
class RunFolders : public testing::Test {
 protected:
  std::string refusal() const {
    try {
      const RunFolder run(folder_, started_at("2026-01-01T00:00:00Z"));
    } catch (const StorageError& error) {
      return error.what();
    }
    ADD_FAILURE() << "no StorageError";
    return "";
  }
  TemporaryFolder top_;
  fs::path folder_ = fs::canonical(top_.path()) / "latest";
  fs::path runs_ = fs::canonical(top_.path()) / "runs";
};

TEST_F(RunFolders, AreMadeWithTheirDescription) {
  const RunFolder run(folder_ / "below", started_at("2026-01-02T03:04:05Z"));
  EXPECT_EQ(run.path(), folder_ / "below");
  EXPECT_FALSE(run.earlier().has_value());
  EXPECT_EQ(read_run_description(run.path())->started, "2026-01-02T03:04:05Z");
  EXPECT_FALSE(fs::exists(folder_ / "runs"));
}

TEST_F(RunFolders, KeepAnEarlierRunBesideThemselves) {
  {
    const RunFolder first(folder_, started_at("2026-01-02T03:04:05Z"));
    write_record(folder_, named("old"));
    write_file(folder_ / "notes.txt", "the reader's own");
  }
  const RunFolder second(folder_, started_at("2026-02-02T00:00:00Z"));
  const fs::path place = runs_ / "latest-20260102T030405Z";
  EXPECT_EQ(second.earlier(), place);
  EXPECT_EQ(read_run_description(place)->started, "2026-01-02T03:04:05Z");
  EXPECT_EQ(read_records(place).records.at(0).experiment, "old");
  EXPECT_EQ(read_text(place / "notes.txt"), "the reader's own");
  EXPECT_FALSE(fs::exists(place / FolderLock::file_name));
  EXPECT_EQ(read_run_description(folder_)->started, "2026-02-02T00:00:00Z");
  EXPECT_EQ(entries_in(folder_), 4U) << "three files of the description and the lock";
}

TEST_F(RunFolders, ChooseAnotherNameWhereOneIsTaken) {
  for (int i = 0; i < 3; ++i) const RunFolder run(folder_, started_at("2026-01-02T03:04:05Z"));
  EXPECT_TRUE(fs::exists(runs_ / "latest-20260102T030405Z" / "run.json"));
  EXPECT_TRUE(fs::exists(runs_ / "latest-20260102T030405Z-2" / "run.json"));
}

// A former program wrote no description, and a record may be damaged: neither is lost.
TEST_F(RunFolders, KeepWhatAFormerProgramWrote) {
  Record record = named("old");
  record.environment.started = "2025-12-31T23:59:59Z";
  write_record(folder_, record);
  write_file(folder_ / "records" / "torn.json", "{");
  const RunFolder run(folder_, started_at("2026-01-02T03:04:05Z"));
  EXPECT_EQ(run.earlier(), runs_ / "latest-20251231T235959Z");
  EXPECT_EQ(read_text(*run.earlier() / "records" / "torn.json"), "{");
}

// The time of start is a text of a file, which anybody may have written.
TEST_F(RunFolders, MoveARunNowhereElseWhateverItSays) {
  fs::create_directories(folder_);
  write_run_description(folder_, started_at("/../../../elsewhere"));
  const RunFolder run(folder_, started_at("2026-01-02T03:04:05Z"));
  EXPECT_EQ(run.earlier(), runs_ / "latest-elsewhere");
}

TEST_F(RunFolders, OfALinkAreThoseItLeadsTo) {
  fs::create_directories(top_.path() / "far" / "disk");
  fs::create_directory_symlink(top_.path() / "far" / "disk", folder_);
  { const RunFolder first(folder_, started_at("2026-01-02T03:04:05Z")); }
  const RunFolder second(folder_, started_at("2026-02-02T00:00:00Z"));
  EXPECT_TRUE(fs::is_symlink(folder_));
  EXPECT_EQ(second.earlier(), fs::canonical(top_.path()) / "far" / "runs" / "disk-20260102T030405Z");
}

TEST_F(RunFolders, RefuseWhatHoldsNoRun) {
  fs::create_directories(folder_);
  write_file(folder_ / "thesis.tex", "years of work");
  EXPECT_THAT(refusal(), AllOf(HasSubstr(folder_.string() + ": holds files, and no run"),
                               HasSubstr("nothing was written")));
  EXPECT_EQ(entries_in(folder_), 1U);
  write_file(folder_ / "run.json", R"({"name": "another program's"})");
  EXPECT_THAT(refusal(), HasSubstr("holds files, and no run"));
  fs::create_directory(folder_ / "records");
  write_file(folder_ / "records" / "foreign.json", R"({"name": "package"})");
  EXPECT_THAT(refusal(), HasSubstr("holds files, and no run"));
  EXPECT_EQ(read_text(folder_ / "thesis.tex"), "years of work");
  EXPECT_FALSE(fs::exists(runs_));
}

TEST_F(RunFolders, RefuseAFile) {
  write_file(folder_, "x");
  EXPECT_THAT(refusal(), HasSubstr(folder_.string() + ": not a folder"));
}

TEST_F(RunFolders, LeaveEverythingInPlaceWhereItCannotBeMoved) {
  { const RunFolder first(folder_, started_at("2026-01-02T03:04:05Z")); }
  write_file(runs_, "a file where the folder of earlier runs would be");
  EXPECT_THAT(refusal(), HasSubstr(runs_.string() + ": cannot be made"));
  EXPECT_EQ(read_run_description(folder_)->started, "2026-01-02T03:04:05Z");
}

TEST_F(RunFolders, AreWrittenByOneProcessAtATime) {
  const RunFolder run(folder_, started_at("2026-01-02T03:04:05Z"));
  write_record(folder_, named("mine"));
  const pid_t other = ::fork();
  if (other == 0) {
    const bool refused = refusal() == folder_.string() + ": process " + std::to_string(::getppid()) +
                                          " is writing a run into it";
    ::_exit(refused ? 0 : 1);
  }
  int status = 0;
  ::waitpid(other, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_EQ(read_records(folder_).records.size(), 1U) << "the first run goes on as if nothing had been";
  EXPECT_TRUE(fs::exists(folder_ / FolderLock::file_name));
}

TEST_F(RunFolders, AreFreeAfterTheirRun) {
  { const RunFolder run(folder_, started_at("2026-01-02T03:04:05Z")); }
  EXPECT_FALSE(fs::exists(folder_ / FolderLock::file_name));
  // What a killed run leaves.
  write_file(folder_ / FolderLock::file_name, "1\n");
  const RunFolder again(folder_, started_at("2026-02-02T00:00:00Z"));
  EXPECT_TRUE(again.earlier().has_value());
}

TEST(FolderLock, NeedsAFolder) {
  const TemporaryFolder folder;
  EXPECT_THROW(FolderLock(folder.path() / "none"), StorageError);
}

}  // namespace
}  // namespace sdelens
