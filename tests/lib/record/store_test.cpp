#include "sdelens/record/store.hpp"

#include <gmock/gmock.h>

#include <regex>

#include "tests/lib/record/temporary_folder.hpp"

namespace sdelens {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Record named(const std::string& experiment) {
  Record record;
  record.experiment = experiment;
  return record;
}

template <class Call>
std::string storage_error_of(Call call) {
  try {
    call();
  } catch (const StorageError& error) {
    return error.what();
  }
  ADD_FAILURE() << "no StorageError";
  return "";
}

TEST(WriteFile, WritesAndReplacesTheWholeFile) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "a.txt";
  write_file(file, "a long first text");
  write_file(file, "short");
  EXPECT_EQ(read_text(file), "short");
  const std::string bytes("\0\n\r\xff", 4);
  write_file(file, bytes);
  EXPECT_EQ(read_text(file), bytes);
  EXPECT_EQ(entries_in(folder.path()), 1U);
}

TEST(WriteFile, AMissingFolderIsAnErrorThatNamesTheFile) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "missing" / "a.txt";
  const std::string message = storage_error_of([&] { write_file(file, "x"); });
  EXPECT_THAT(message, StartsWith(file.string()));
  EXPECT_THAT(message, HasSubstr("No such file or directory"));
  EXPECT_EQ(entries_in(folder.path()), 0U);
}

TEST(WriteFile, APathBelowAFileIsAnError) {
  const TemporaryFolder folder;
  write_file(folder.path() / "file", "x");
  EXPECT_THAT(storage_error_of([&] { write_file(folder.path() / "file" / "a.txt", "x"); }),
              HasSubstr("Not a directory"));
}

TEST(WriteFile, AFullDiskLeavesTheOldFileAndNothingElse) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "a.txt";
  write_file(file, "old");
  std::string message;
  {
    const FullDisk full(4096);
    message = storage_error_of([&] { write_file(file, std::string(100000, 'x')); });
  }
  EXPECT_THAT(message, StartsWith(file.string() + ": cannot be written"));
  EXPECT_EQ(read_text(file), "old");
  EXPECT_EQ(entries_in(folder.path()), 1U);
}

TEST(WriteFile, NeverReplacesWhatIsNoFile) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "a.txt");
  EXPECT_THAT(storage_error_of([&] { write_file(folder.path() / "a.txt", "x"); }),
              HasSubstr("not a regular file"));
  EXPECT_THAT(storage_error_of([] { write_file("/dev/full", "x"); }), HasSubstr("not a regular file"));
  EXPECT_EQ(entries_in(folder.path()), 1U);
}

TEST(RequireWritable, MakesTheFolderAndLeavesItEmpty) {
  const TemporaryFolder folder;
  require_writable(folder.path() / "a" / "b");
  EXPECT_EQ(entries_in(folder.path() / "a" / "b"), 0U);
  require_writable(folder.path() / "a" / "b");
}

TEST(RequireWritable, RefusesWhatCannotBeWritten) {
  const TemporaryFolder folder;
  write_file(folder.path() / "file", "x");
  EXPECT_THAT(storage_error_of([&] { require_writable(folder.path() / "file"); }), HasSubstr("file"));
  EXPECT_THAT(storage_error_of([&] { require_writable(folder.path() / "file" / "sub"); }),
              HasSubstr("cannot be made"));
  const FullDisk full(0);
  EXPECT_THAT(storage_error_of([&] { require_writable(folder.path()); }), HasSubstr("cannot be written"));
}

TEST(RequireWritable, LeavesNothingOnAFullDisk) {
  const TemporaryFolder folder;
  {
    const FullDisk full(0);
    EXPECT_THROW(require_writable(folder.path()), StorageError);
  }
  EXPECT_EQ(entries_in(folder.path()), 0U);
}

TEST(Records, AreReadInOrderOfTheirNames) {
  const TemporaryFolder folder;
  for (const char* name : {"lemma-2", "fig1", "lemma-1.b_x"}) write_record(folder.path(), named(name));
  const StoredRecords stored = read_records(folder.path());
  ASSERT_EQ(stored.records.size(), 3U);
  EXPECT_EQ(stored.records[0].experiment, "fig1");
  EXPECT_EQ(stored.records[1].experiment, "lemma-1.b_x");
  EXPECT_EQ(stored.records[2].experiment, "lemma-2");
  EXPECT_TRUE(stored.damaged.empty());
}

TEST(Records, DamageIsReportedAndTheOthersAreRead) {
  const TemporaryFolder folder;
  for (const char* name : {"a", "b", "c"}) write_record(folder.path(), named(name));
  const fs::path records = folder.path() / "records";
  const std::string text = read_text(records / "b.json");
  write_file(records / "b.json", text.substr(0, text.size() / 2));
  write_file(records / "copy of a.json", read_text(records / "a.json"));
  write_file(records / "foreign.json", R"({"name": "package", "version": "1.0"})");
  write_file(records / "empty.json", "");
  fs::create_directory(records / "folder.json");
  write_file(records / ".c.json.123-0", "what a killed run left");

  const StoredRecords stored = read_records(folder.path());
  ASSERT_EQ(stored.records.size(), 2U);
  EXPECT_EQ(stored.records[0].experiment, "a");
  EXPECT_EQ(stored.records[1].experiment, "c");
  ASSERT_EQ(stored.damaged.size(), 5U);
  const std::vector<std::pair<std::string, std::string>> expected{
      {"b.json", "parse error"},
      {"copy of a.json", "holds the experiment 'a'"},
      {"empty.json", "parse error"},
      {"folder.json", "not a regular file"},
      {"foreign.json", "schema_version"}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(stored.damaged[i].file, records / expected[i].first);
    EXPECT_THAT(stored.damaged[i].reason, HasSubstr(expected[i].second));
  }
}

TEST(Records, AMissingFolderIsAnError) {
  const TemporaryFolder folder;
  EXPECT_THAT(storage_error_of([&] { read_records(folder.path()); }), HasSubstr("records: cannot be read"));
}

TEST(Records, ANameThatWouldLeaveTheFolderIsRefused) {
  const TemporaryFolder folder;
  for (const char* name : {"", "../evil", "a/b", ".hidden", "a b", "ü"}) {
    EXPECT_THAT(storage_error_of([&] { write_record(folder.path(), named(name)); }),
                HasSubstr("cannot name a file"));
  }
  EXPECT_EQ(entries_in(folder.path()), 0U);
}

TEST(ClaimsCsv, HasARowForEachCheckAndQuotesByRfc4180) {
  Record record = named("fig1");
  Check check;
  check.claim.id = "loss, \"final\"";
  check.claim.source = {.paper = "A", .item = "Figure 6\nSignSGD"};
  check.claim.relation = Relation::at_most;
  check.claim.expected = Verdict::fail;
  check.prediction = 0.1;
  check.estimate = 1.0 / 3.0;
  check.margin = 1e-300;
  check.resolution = 2.0;
  check.verdict = Verdict::error;
  record.checks = {check, Check{}};
  const TemporaryFolder folder;
  write_claims_csv(folder.path(), std::vector{record, named("empty"), record});
  const std::string rows =
      "\"loss, \"\"final\"\"\",fig1,A,\"Figure 6\nSignSGD\",at_most,0.1,0.3333333333333333,nan,1e-300,2,fail,"
      "error\n"
      ",fig1,,,equal,nan,nan,nan,0,0,pass,unresolved\n";
  EXPECT_EQ(
      read_text(folder.path() / "claims.csv"),
      "claim,experiment,paper,item,relation,prediction,estimate,standard_error,margin,resolution,expected,"
      "verdict\n" +
          rows + rows);
}

TEST(Environment, IsDescribed) {
  const Environment environment = describe_environment(3, "2024-01-02T03:04:05Z");
  EXPECT_TRUE(std::regex_match(environment.revision, std::regex("([0-9a-f]{12,40}(\\+changes)?|unknown)")))
      << environment.revision;
  EXPECT_TRUE(std::regex_search(environment.compiler, std::regex("^(g\\+\\+|clang) [0-9]+\\.[0-9]+")))
      << environment.compiler;
  EXPECT_THAT(environment.flags, HasSubstr("-Wconversion"));
  EXPECT_FALSE(environment.processor.empty());
  EXPECT_EQ(environment.processor.find('\n'), std::string::npos);
  EXPECT_FALSE(environment.instructions.empty());
  EXPECT_EQ(environment.threads, 3);
  EXPECT_EQ(environment.started, "2024-01-02T03:04:05Z");
}

// A file of 300 MB that takes no room on the disk.
TEST(ReadRecords, RefusesAFileBySize) {
  const TemporaryFolder folder;
  write_record(folder.path(), named("small"));
  const fs::path file = folder.path() / "records" / "large.json";
  std::ofstream(file) << '"';
  fs::resize_file(file, 300UL << 20U);
  const StoredRecords stored = read_records(folder.path());
  EXPECT_EQ(stored.records.size(), 1U);
  ASSERT_EQ(stored.damaged.size(), 1U);
  EXPECT_EQ(stored.damaged[0].reason, "has 314572800 bytes, and more than 134217728 are not read");
}

}  // namespace
}  // namespace sdelens
