// Every registered section of the page, whatever there are.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "reports/html/page.hpp"
#include "reports/html/section.hpp"
#include "tests/reports/markup.hpp"
#include "tests/reports/synthetic_records.hpp"

namespace sdelens::reports {
namespace {

using ::testing::HasSubstr;

/// A run as it is read, with pictures that were not drawn.
struct Run {
  StoredRecords stored{};
  ReportSettings settings{};
  std::vector<std::vector<Picture>> pictures = draw_pictures(stored.records, "");
  PageContents page() const { return {.stored = stored, .pictures = pictures, .settings = settings}; }
};

Run full_run() {
  return {.stored = synthetic_records(),
          .settings = {.command = "sdelens run",
                       .edition = "The <manuscript>.",
                       .ledger = synthetic_ledger(),
                       .errata = synthetic_errata(),
                       .origin = "Not the run's own <statements> & errata."}};
}

/// Statements and errata, but not one record: a run that was killed at once.
Run run_without_records() {
  Run run{.settings = {.ledger = synthetic_ledger(), .errata = synthetic_errata()}};
  for (LedgerEntry& entry : run.settings.ledger) entry.claims.clear();
  for (ErratumEntry& entry : run.settings.errata) entry.claims.clear();
  return run;
}

/// Records that are there, but with nothing in them.
Run run_of_empty_records() {
  Record one;
  one.experiment = "one";
  Record skipped = one;
  skipped.experiment = "two";
  skipped.outcome = Outcome::skipped;
  return {.stored = {.records = {one, skipped}, .damaged = {}}};
}

const std::map<std::string, Run>& runs() {
  static const std::map<std::string, Run> all{{"full", full_run()},
                                              {"nothing", {}},
                                              {"no records", run_without_records()},
                                              {"empty records", run_of_empty_records()}};
  return all;
}

std::vector<std::string> ids_in(const std::string& markup) { return all_matches(markup, " id=\"([^\"]*)\""); }

TEST(Sections, AreRegistered) {
  const std::vector<std::string> names = Registry<Section>::all().names();
  for (const char* name : {"summary", "ledger", "errata", "claims", "guide", "experiments"})
    EXPECT_THAT(names, ::testing::Contains(name));
}

TEST(Sections, HaveMarkupANameForAnAnchorAndAnOrderOfTheirOwn) {
  std::set<int> orders;
  for (const Section& section : Registry<Section>::all().entries()) {
    EXPECT_TRUE(section.markup) << section.name;
    EXPECT_TRUE(orders.insert(section.order).second) << section.name << " shares its order";
    EXPECT_EQ(section.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string::npos)
        << section.name;
    EXPECT_TRUE(!section.answer || !section.heading.empty()) << section.name << ": an answer needs a link";
  }
}

TEST(Sections, AllApplyToAFullRun) {
  EXPECT_EQ(sections_of(full_run().page()).size(), Registry<Section>::all().entries().size());
}

TEST(Sections, AreWellFormedInEveryRun) {
  for (const auto& [name, run] : runs()) {
    for (const Section* section : sections_of(run.page())) {
      const std::string markup = section->markup(run.page());
      EXPECT_NO_THROW(parse_xml("<body>" + markup + "</body>")) << name << ": " << section->name;
      EXPECT_TRUE(markup.empty() || markup.ends_with("\n")) << name << ": " << section->name;
    }
  }
}

TEST(Sections, WithAHeadingAreWhereTheContentsLead) {
  for (const auto& [name, run] : runs()) {
    for (const Section* section : sections_of(run.page())) {
      if (section->heading.empty()) continue;
      const std::string markup = section->markup(run.page());
      EXPECT_THAT(markup, HasSubstr("<section id=\"" + section->name + "\">")) << name;
      EXPECT_THAT(markup, HasSubstr("<h2>" + section->heading + "</h2>")) << name;
    }
  }
}

TEST(Sections, HaveUniqueIdsAndLinksThatLead) {
  for (const auto& [name, run] : runs()) {
    std::map<std::string, std::string> owner;
    std::vector<std::pair<std::string, std::string>> links;
    for (const Section* section : sections_of(run.page())) {
      const std::string markup = section->markup(run.page());
      for (const std::string& id : ids_in(markup)) {
        const auto [place, first] = owner.emplace(id, section->name);
        EXPECT_TRUE(first) << name << ": " << id << " is in " << place->second << " and " << section->name;
      }
      for (const std::string& link : all_matches(markup, "href=\"#([^\"]*)\""))
        links.emplace_back(section->name, link);
    }
    for (const auto& [section, link] : links)
      EXPECT_TRUE(owner.contains(link)) << name << ": " << section << " links to #" << link;
  }
}

TEST(Sections, AreThePageInTheirOrder) {
  for (const auto& [name, run] : runs()) {
    const std::string page = html_page(run.stored, run.pictures, run.settings);
    std::size_t at = 0;
    for (const Section* section : sections_of(run.page())) {
      const std::string markup = section->markup(run.page());
      const std::size_t found = page.find(markup, at);
      ASSERT_NE(found, std::string::npos) << name << ": " << section->name;
      at = found + markup.size();
    }
  }
}

TEST(SectionOfTheOrigin, IsAheadOfEverythingAndEscaped) {
  const std::string page = html_page(full_run().stored, full_run().pictures, full_run().settings);
  const std::size_t origin = page.find(
      "<p class=\"answer open\" id=\"origin\">Not the run&#39;s own "
      "&lt;statements&gt; &amp; errata.</p>");
  ASSERT_NE(origin, std::string::npos);
  EXPECT_LT(origin, page.find("id=\"summary\""));
  EXPECT_LT(origin, page.find("href=\"#ledger\""));
  EXPECT_EQ(html_page({}, {}, {}).find("id=\"origin\""), std::string::npos);
}

TEST(SectionOfTheEdition, IsAheadOfTheContentsAndEscaped) {
  const std::string page = html_page(full_run().stored, full_run().pictures, full_run().settings);
  const std::size_t edition = page.find("<p id=\"edition\">The &lt;manuscript&gt;.</p>");
  ASSERT_NE(edition, std::string::npos);
  EXPECT_LT(edition, page.find("href=\"#ledger\""));
  EXPECT_EQ(html_page({}, {}, {}).find("id=\"edition\""), std::string::npos);
}

Section section_named(const char* name) {
  return {.name = name, .order = 1, .markup = [](const PageContents&) { return ""; }};
}

TEST(Sections, OfOneNameAreAConflictThatNamesBothPlaces) {
  Registry<Section> own;
  own.add(section_named("same"), {"a.cpp", 1});
  own.add(section_named("same"), {"b.cpp", 2});
  EXPECT_EQ(own.conflict(), "section of the report 'same' registered at a.cpp:1 and b.cpp:2");
}

TEST(Sections, OfOneOrderAreRefusedByName) {
  const Section first = section_named("first");
  const Section second = section_named("second");
  try {
    in_order(std::vector{&second, &first});
    FAIL() << "no error";
  } catch (const std::logic_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("have the same order 1"));
  }
}

}  // namespace
}  // namespace sdelens::reports
