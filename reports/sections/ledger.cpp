#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/html/elements.hpp"
#include "reports/html/section.hpp"
#include "reports/text/escape.hpp"
#include "reports/text/words.hpp"

namespace sdelens::reports {
namespace {

/// Links to experiments; only the name of one that has no section on the page.
std::string experiment_links(const std::vector<std::string>& names, std::span<const Record> records) {
  std::vector<std::string> links;
  for (const std::string& name : names) {
    const auto record = std::ranges::find(records, name, &Record::experiment);
    links.push_back(record == records.end() ? escape_markup(name)
                                            : link_to(experiment_anchor(*record), name));
  }
  return links.empty() ? "–" : fmt::format("{}", fmt::join(links, ", "));
}

/// "44 of 44 statements have a verdict"
std::string answer(const PageContents& page) {
  const Ledger& ledger = page.settings.ledger;
  const auto judged = static_cast<std::size_t>(std::ranges::count_if(
      ledger, [&page](const LedgerEntry& entry) { return has_verdict(entry, page.stored.records); }));
  return fmt::format("{} of {} have a verdict", judged, counted(ledger.size(), "statement", "statements"));
}

/// The table of all statements with their verdicts.
std::string markup(const PageContents& page) {
  const std::span<const Record> records = page.stored.records;
  std::string text = fmt::format(
      "<section id=\"ledger\">\n<h2>Ledger of lemmas</h2>\n<p>{}. A statement that is printed wrongly is "
      "claimed "
      "twice: as printed, which the run must refute, and corrected. A verdict is the worst of all claims "
      "with "
      "that wording; a statement that needs no correction, and of which every claim passes, holds as "
      "printed. "
      "Check is the kind of comparison, – where these records have none. The number leads to the statement, "
      "its "
      "claims and their numbers.</p>\n",
      answer(page));
  Table table({"Number", "Statement", "Check", "Experiments", "As printed", "Corrected"}, "stacked");
  for (const LedgerEntry& entry : page.settings.ledger) {
    const std::vector<std::string> kinds = kinds_of_check(entry, records);
    table.row({link_to(statement_anchor(entry.statement.number), entry.statement.number),
               escape_markup(entry.statement.title),
               kinds.empty() ? "–" : fmt::format("{}", fmt::join(kinds, ", ")),
               experiment_links(entry.experiments, records),
               wording_badge(wording_verdict(entry, records, Wording::printed)),
               wording_badge(wording_verdict(entry, records, Wording::corrected))});
  }
  return text + table.markup() + "</section>\n";
}

const Register<Section> ledger{{
    .name = "ledger",
    .order = 500,
    .heading = "Ledger of lemmas",
    .applies = [](const PageContents& page) { return !page.settings.ledger.empty(); },
    .markup = markup,
    .answer = answer,
}};

}  // namespace
}  // namespace sdelens::reports
