#include "reports/report.hpp"

#include <gmock/gmock.h>

#include <set>

#include "reports/text/escape.hpp"
#include "reports/verdict_table.hpp"
#include "tests/reports/approval.hpp"
#include "tests/reports/markup.hpp"
#include "tests/reports/synthetic_records.hpp"

namespace sdelens {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

/// The page without what changes with the version of gnuplot. By hand: std::regex recurses for each character.
std::string without_pictures(const std::string& page) {
  const std::string begin = "base64,";
  std::string result;
  std::size_t from = 0;
  for (std::size_t at = page.find(begin); at != std::string::npos; at = page.find(begin, from)) {
    result += page.substr(from, at + begin.size() - from) + "...";
    from = page.find('"', at);
  }
  return result + page.substr(from);
}

class Report : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    result_ = new ReportResult(write_report(folder_->path(), synthetic_records(),
                                            {.title = "Report of a <test>",
                                             .command = "sdelens run --tier smoke",
                                             .ledger = synthetic_ledger(),
                                             .errata = synthetic_errata()}));
  }
  static void TearDownTestSuite() {
    delete result_;
    delete folder_;
  }
  static std::string text(const char* name) { return read_text(folder_->path() / name); }
  static inline TemporaryFolder* folder_ = nullptr;
  static inline ReportResult* result_ = nullptr;
};

TEST_F(Report, PageIsApproved) { expect_approved("index.html", without_pictures(text("index.html"))); }
TEST_F(Report, SummaryIsApproved) { expect_approved("summary.md", text("summary.md")); }
TEST_F(Report, JunitIsApproved) { expect_approved("junit.xml", text("junit.xml")); }
TEST_F(Report, VerdictTableIsApproved) {
  const StoredRecords stored = synthetic_records();
  expect_approved("verdict_table.txt", verdict_table(stored.records, stored.damaged));
}

TEST_F(Report, FiguresAreFilesAndAreInThePage) {
  const std::string page = text("index.html");
  for (const char* stem : {"fig6-signsgd-loss", "fig6-signsgd-density", "order-sgd-order--weak-"}) {
    const fs::path file = folder_->path() / "figures" / stem;
    const std::string svg = read_text(file.string() + ".svg");
    EXPECT_THAT(page, HasSubstr("\"data:image/svg+xml;base64," + reports::base64(svg) + "\""));
    EXPECT_TRUE(read_text(file.string() + ".pdf").starts_with("%PDF-"));
    EXPECT_TRUE(read_text(file.string() + ".csv").starts_with("series,role,x,y,low,high\n"));
  }
  EXPECT_EQ(all_matches(page, "(<img)").size(), 3U);
  EXPECT_EQ(all_matches(page, "(<img loading=\"lazy\")").size(), 3U);
}

TEST_F(Report, AFigureWithoutAPointIsReported) {
  ASSERT_EQ(result_->problems.size(), 1U);
  EXPECT_EQ(result_->problems[0], "order-sgd-empty: no point of it can be drawn");
  EXPECT_THAT(text("index.html"), HasSubstr("No picture: no point of it can be drawn."));
  EXPECT_FALSE(fs::exists(folder_->path() / "figures" / "order-sgd-empty.svg"));
  EXPECT_TRUE(fs::exists(folder_->path() / "figures" / "order-sgd-empty.csv"));
}

TEST_F(Report, ThePageIsWellFormedAndItsLinksLead) {
  EXPECT_NO_THROW(parse_xml(text("index.html")));
  const std::string page = without_pictures(text("index.html"));
  const auto list = all_matches(page, " id=\"([^\"]*)\"");
  const std::set<std::string> ids(list.begin(), list.end());
  EXPECT_EQ(ids.size(), list.size()) << "an id is used twice";
  const auto links = all_matches(page, "href=\"#([^\"]*)\"");
  EXPECT_GT(links.size(), 20U);
  for (const std::string& link : links) EXPECT_TRUE(ids.contains(link)) << link;
  for (const std::string& file : all_matches(page, "href=\"([^#\"][^\"]*)\"")) {
    EXPECT_TRUE(fs::exists(folder_->path() / file)) << file;
  }
}

TEST_F(Report, ThePageNeedsNothingFromElsewhere) {
  const std::string page = text("index.html");
  for (const char* word : {"<script", "<link", "http://", "https://", "url(", "@import"}) {
    EXPECT_THAT(page, Not(HasSubstr(word)));
  }
  EXPECT_THAT(page, Not(HasSubstr("<b>")));
}

TEST_F(Report, EveryStatementIsTwoLinksFromTheTop) {
  const std::string page = text("index.html");
  EXPECT_THAT(page, HasSubstr("<li><a href=\"#ledger\">Ledger of lemmas</a></li>"));
  for (const LedgerEntry& entry : synthetic_ledger()) {
    const std::string link = "<a href=\"#";
    const std::size_t end = page.find("\">" + entry.statement.number + "</a></span></td>");
    ASSERT_NE(end, std::string::npos) << entry.statement.number;
    const std::size_t begin = page.rfind(link, end) + link.size();
    const std::size_t section = page.find("id=\"" + page.substr(begin, end - begin) + "\"");
    ASSERT_NE(section, std::string::npos) << entry.statement.number;
    const std::string statement = page.substr(section, page.find("</article>", section) - section);
    EXPECT_THAT(statement, HasSubstr(reports::escape_markup(entry.statement.label)));
    EXPECT_THAT(statement, HasSubstr(reports::escape_markup(entry.statement.printed)));
    EXPECT_THAT(statement, HasSubstr(reports::escape_markup(entry.statement.corrected)));
    EXPECT_EQ(all_matches(statement, "(#experiment-[^\"]*\\.claim)").size(), entry.claims.size())
        << entry.statement.number;
  }
}

TEST_F(Report, ErrataAreOneLinkFromTheTopWithTheirClaims) {
  const std::string page = text("index.html");
  EXPECT_THAT(page, HasSubstr("<p><a href=\"#errata\">Errata</a>: 6 errors in print: 1 shown by this run, "));
  const std::size_t begin = page.find("<section id=\"errata\">");
  ASSERT_NE(begin, std::string::npos);
  const std::string section = page.substr(begin, page.find("</section>", begin) - begin);
  for (const ErratumEntry& entry : synthetic_errata()) {
    const std::size_t at = section.find("id=\"erratum-" + entry.erratum.id + "\"");
    ASSERT_NE(at, std::string::npos) << entry.erratum.id;
    const std::string erratum = section.substr(at, section.find("</article>", at) - at);
    EXPECT_THAT(erratum, HasSubstr(reports::escape_markup(entry.erratum.title)));
    for (const std::string& wording :
         {entry.erratum.printed, entry.erratum.corrected, entry.erratum.derivation})
      EXPECT_THAT(erratum, HasSubstr("<dd>" + reports::escape_markup(wording) + "</dd>"));
    for (const std::string& experiment : entry.not_run)
      EXPECT_THAT(erratum, HasSubstr("These records lack, or have only in part: " + experiment));
    EXPECT_EQ(all_matches(erratum, "(#experiment-[^\"]*\\.claim)").size(), entry.claims.size())
        << entry.erratum.id;
  }
  EXPECT_THAT(section, HasSubstr("These records have no " + reports::escape_markup("claim like '<sde>'")));
}

TEST_F(Report, AStatementLeadsToItsErrata) {
  const std::string page = text("index.html");
  const std::size_t begin = page.find("id=\"statement-3.5\"");
  const std::string statement = page.substr(begin, page.find("</article>", begin) - begin);
  EXPECT_THAT(statement, HasSubstr("<dt>Errata</dt><dd><a href=\"#erratum-F2\">F2</a>, "
                                   "<a href=\"#erratum-F3\">F3</a></dd>"));
}

TEST_F(Report, JunitCountsWhatItHolds) {
  const auto tree = parse_xml(text("junit.xml"));
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
  for (const auto& [name, suite] : tree.get_child("testsuites")) {
    if (name != "testsuite") continue;
    for (const auto& [element, test] : suite) {
      if (element != "testcase") continue;
      ++tests;
      failures += test.count("failure");
      errors += test.count("error");
      skipped += test.count("skipped");
    }
  }
  const auto attribute = [&tree](const char* name) {
    return tree.get<std::size_t>(std::string("testsuites.<xmlattr>.") + name);
  };
  EXPECT_EQ(attribute("tests"), tests);
  EXPECT_EQ(attribute("failures"), failures);
  EXPECT_EQ(attribute("errors"), errors);
  EXPECT_EQ(attribute("skipped"), skipped);
  EXPECT_EQ(tests, 8U + 3U + 1U);
  EXPECT_EQ(failures, 4U);
  EXPECT_EQ(errors, 3U);
  EXPECT_EQ(skipped, 1U);
}

TEST_F(Report, ListsItsFiles) {
  EXPECT_EQ(result_->page, folder_->path() / "index.html");
  EXPECT_EQ(result_->files.size(), 3U + 3U * 3U + 1U);
  for (const fs::path& file : result_->files) EXPECT_TRUE(fs::exists(file)) << file;
}

TEST(GreenReport, SaysSo) {
  const TemporaryFolder folder;
  const StoredRecords stored = synthetic_green_records();
  write_report(folder.path(), stored, {.gnuplot = ""});
  const std::string page = read_text(folder.path() / "index.html");
  EXPECT_THAT(page, HasSubstr("<p class=\"answer good\"><strong>Every claim is as expected.</strong>"));
  EXPECT_THAT(page, HasSubstr(">refuted, as expected</span>"));
  EXPECT_THAT(page, Not(HasSubstr("<h3>Not as expected</h3>")));
  EXPECT_THAT(page, Not(HasSubstr("#errata"))) << "a report without errata has no section of them";
  EXPECT_THAT(
      verdict_table(stored.records),
      HasSubstr("\n3 claims: 2 pass, 1 refuted as expected, 0 not as expected, 0 unresolved, 0 errors; 1 "
                "experiment skipped\n"));
}

TEST(EmptyReport, IsNotGreen) {
  const TemporaryFolder folder;
  write_report(folder.path(), {});
  EXPECT_THAT(read_text(folder.path() / "index.html"),
              HasSubstr("<p class=\"answer open\"><strong>Nothing was judged.</strong>"));
  EXPECT_THAT(verdict_table({}), HasSubstr("0 claims: 0 pass"));
}

TEST(ReportInProgress, IsNotGreenAndSaysWhenItBegan) {
  const TemporaryFolder folder;
  write_report_in_progress(
      folder.path(),
      {.title = "A <run>", .command = "sdelens run --filter '<&>'", .started = "2026-01-02T03:04:05Z"});
  const std::string page = read_text(folder.path() / "index.html");
  EXPECT_NO_THROW(parse_xml(page));
  EXPECT_THAT(page, HasSubstr("<p class=\"answer open\"><strong>Run in progress, started at "
                              "2026-01-02T03:04:05Z.</strong>"));
  EXPECT_THAT(page, HasSubstr("sdelens run --filter &#39;&lt;&amp;&gt;&#39;"));
  const auto junit = parse_xml(read_text(folder.path() / "junit.xml"));
  EXPECT_EQ(junit.get<int>("testsuites.<xmlattr>.errors"), 1);
  EXPECT_EQ(junit.get<std::string>("testsuites.testsuite.testcase.error.<xmlattr>.type"), "in progress");
  EXPECT_THAT(read_text(folder.path() / "summary.md"), HasSubstr("# A \\<run\\>\n\n**Run in progress, "));
  EXPECT_THAT(read_text(folder.path() / "claims.csv"), testing::EndsWith("expected,verdict\n"));
}

TEST(ReportInProgress, ThatCannotBeWrittenIsAnError) {
  const TemporaryFolder folder;
  EXPECT_THROW(write_report_in_progress(folder.path() / "none", {}), StorageError);
}

TEST(ReportWithoutGnuplot, IsWrittenWithTheReasonAndWithoutOldPictures) {
  const TemporaryFolder folder;
  write_report(folder.path(), synthetic_green_records());
  const fs::path svg = folder.path() / "figures" / "fig6-signsgd-loss.svg";
  ASSERT_TRUE(fs::exists(svg));
  const ReportResult result =
      write_report(folder.path(), synthetic_green_records(), {.gnuplot = "no-such-gnuplot"});
  EXPECT_EQ(result.problems.size(), 2U);
  EXPECT_THAT(read_text(result.page),
              HasSubstr("No picture: no-such-gnuplot cannot be run: No such file or directory."));
  EXPECT_FALSE(fs::exists(svg));
  EXPECT_TRUE(fs::exists(folder.path() / "figures" / "fig6-signsgd-loss.csv"));
}

TEST(ReportOfABadTable, IsWrittenWithoutThatTableAlone) {
  StoredRecords stored = synthetic_green_records();
  stored.records[0].tables = {{.id = "bad",
                               .title = "Bad",
                               .columns = {{.label = "a", .words = {"x", "y"}},
                                           {.label = "b", .numbers = {1.0, 2.0, 3.0}},
                                           {.label = "c"}}},
                              {.id = "good", .title = "Good", .columns = {{.label = "a", .numbers = {4.25}}}},
                              {.id = "empty", .title = "Empty"}};
  const TemporaryFolder folder;
  write_report(folder.path(), stored, {.gnuplot = ""});
  const std::string page = read_text(folder.path() / "index.html");
  EXPECT_NO_THROW(parse_xml(page));
  EXPECT_THAT(page, HasSubstr("No table: its columns have different lengths: 2, 3, 0."));
  EXPECT_THAT(page, HasSubstr(">4.25</td>"));
}

TEST(ReportOfABadFigure, IsWrittenWithoutThatPictureAlone) {
  StoredRecords stored = synthetic_green_records();
  Figure bad = stored.records[0].figures.at(0);
  bad.id = "bad";
  bad.series.at(0).y.pop_back();
  Figure wide = stored.records[0].figures.at(0);
  wide.id = "wide";
  wide.x.low.reset();
  wide.x.high.reset();
  wide.series = {{.label = "s", .x = {1e-300, 1e300}, .y = {1e-300, 1e300}}};
  wide.x.logarithmic = wide.y.logarithmic = true;
  stored.records[0].figures = {bad, wide, stored.records[0].figures[0]};
  const TemporaryFolder folder;
  const ReportResult result = write_report(folder.path(), stored);
  ASSERT_FALSE(result.problems.empty());
  EXPECT_THAT(result.problems[0], HasSubstr("-bad: the columns of '"));
  EXPECT_TRUE(fs::exists(folder.path() / "figures/fig6-signsgd-loss.svg"));
}

TEST(ReportThroughALink, IsRefused) {
  const TemporaryFolder folder, elsewhere;
  fs::create_directory_symlink(elsewhere.path(), folder.path() / "figures");
  try {
    write_report(folder.path(), synthetic_green_records(), {.gnuplot = ""});
    ADD_FAILURE() << "no StorageError";
  } catch (const StorageError& error) {
    EXPECT_EQ(error.what(), (folder.path() / "figures: is a symbolic link, which is not followed").string());
  }
  EXPECT_EQ(entries_in(elsewhere.path()), 0U);
}

// A figure's files are large, the page without them is small.
TEST(ReportOnADiskThatFillsWhileDrawing, HasItsPage) {
  const TemporaryFolder folder;
  StoredRecords stored = synthetic_green_records();
  Series& series = stored.records[0].figures.at(0).series.at(0);
  for (int i = 0; i < 40'000; ++i) {
    for (std::vector<double>* column : {&series.x, &series.y, &series.low, &series.high})
      if (!column->empty()) column->push_back(column->back());
  }
  {
    const FullDisk full(200'000);
    EXPECT_THROW(write_report(folder.path(), stored, {.gnuplot = ""}), StorageError);
  }
  const std::string page = read_text(folder.path() / "index.html");
  EXPECT_THAT(page, HasSubstr("Every claim is as expected."));
  EXPECT_THAT(page, HasSubstr("cannot be written: File too large"));
}

// Each file of a figure fits, and the page with all of them does not.
TEST(ReportOnAFullDisk, HasItsPageWithoutThePicturesIfThoseAreTooMuch) {
  const TemporaryFolder folder, other;
  const StoredRecords stored = synthetic_green_records();
  write_report(other.path(), stored);
  const auto whole = fs::file_size(other.path() / "index.html");
  {
    const FullDisk full(whole - 1000);
    EXPECT_THROW(write_report(folder.path(), stored), StorageError);
  }
  const std::string page = read_text(folder.path() / "index.html");
  EXPECT_THAT(page, HasSubstr("Every claim is as expected."));
  EXPECT_THAT(page, HasSubstr("No picture: "));
}

TEST(ReportOnAFullDisk, IsAnErrorAndLeavesTheOldPage) {
  const TemporaryFolder folder;
  write_report(folder.path(), synthetic_green_records(), {.gnuplot = ""});
  const std::string old_page = read_text(folder.path() / "index.html");
  {
    const FullDisk full(1000);
    EXPECT_THROW(write_report(folder.path(), synthetic_records(), {.gnuplot = ""}), StorageError);
  }
  EXPECT_EQ(read_text(folder.path() / "index.html"), old_page);
}

TEST(ReportBelowAFile, IsAnError) {
  const TemporaryFolder folder;
  write_file(folder.path() / "file", "x");
  EXPECT_THROW(write_report(folder.path() / "file", {}), StorageError);
}

}  // namespace
}  // namespace sdelens
