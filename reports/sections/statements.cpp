#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/html/elements.hpp"
#include "reports/html/section.hpp"
#include "reports/text/escape.hpp"
#include "reports/text/words.hpp"

namespace sdelens::reports {
namespace {

std::string with_count(const WordingVerdict& verdict) {
  if (verdict.state != WordingVerdict::State::judged) return wording_badge(verdict);
  return fmt::format("{} <span class=\"kind\">{}</span>", wording_badge(verdict),
                     counted(verdict.claims, "claim", "claims"));
}

std::string errata_links(const std::string& number, const Errata& errata) {
  std::vector<std::string> links;
  for (const ErratumEntry& entry : errata) {
    const Erratum& erratum = entry.erratum;
    if (std::ranges::find(erratum.numbers, number) != erratum.numbers.end())
      links.push_back(link_to(erratum_anchor(erratum.id), erratum.id));
  }
  if (links.empty()) return "";
  return fmt::format("<div><dt>Errata</dt><dd>{}</dd></div>\n", fmt::join(links, ", "));
}

std::string entry_markup(const LedgerEntry& entry, std::span<const Record> records, const Errata& errata) {
  std::string text = fmt::format("<article class=\"statement\" id=\"{}\">\n<h3>{}</h3>\n",
                                 statement_anchor(entry.statement.number),
                                 escape_markup(entry.statement.label == entry.statement.title ||
                                                       entry.statement.label.ends_with(entry.statement.title)
                                                   ? entry.statement.label
                                                   : entry.statement.label + ": " + entry.statement.title));
  text += fmt::format("<p>As printed: {}. Corrected: {}.</p>\n",
                      with_count(wording_verdict(entry, records, Wording::printed)),
                      with_count(wording_verdict(entry, records, Wording::corrected)));
  text += "<dl class=\"wordings\">\n" + part("As printed", entry.statement.printed) +
          part("Corrected", entry.statement.corrected) + part("Note", entry.statement.note) +
          errata_links(entry.statement.number, errata);
  std::string not_run;
  for (const std::string& name : entry.not_run) not_run += (not_run.empty() ? "" : ", ") + name;
  return text + part("Not run", not_run) + "</dl>\n" + claims_table(entry.claims, records) + "</article>\n";
}

/// Each statement with its wordings, its note and all claims that decide it.
std::string markup(const PageContents& page) {
  std::string text = "<section id=\"statements\">\n<h2>Statements</h2>\n";
  for (const LedgerEntry& entry : page.settings.ledger)
    text += entry_markup(entry, page.stored.records, page.settings.errata);
  return text + "</section>\n";
}

const Register<Section> statements{{
    .name = "statements",
    .order = 800,
    .heading = "Statements",
    .applies = [](const PageContents& page) { return !page.settings.ledger.empty(); },
    .markup = markup,
}};

}  // namespace
}  // namespace sdelens::reports
