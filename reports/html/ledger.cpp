#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/html/elements.hpp"
#include "reports/text/escape.hpp"
#include "reports/text/words.hpp"

namespace sdelens::reports {
namespace {

std::string wording_badge(const WordingVerdict& verdict) {
  const std::string words = wording_words(verdict);
  if (verdict.state != WordingVerdict::State::judged)
    return fmt::format("<span class=\"kind\">{}</span>", words);
  const char* state = "error";
  switch (verdict.verdict) {
    case Verdict::pass:
      state = verdict.as_expected ? "good" : "bad";
      break;
    case Verdict::fail:
      state = verdict.as_expected ? "refuted" : "bad";
      break;
    case Verdict::unresolved:
      state = "open";
      break;
    case Verdict::error:
      break;
  }
  return fmt::format("<span class=\"badge {}\">{}</span>", state, words);
}

std::string with_count(const WordingVerdict& verdict) {
  if (verdict.state != WordingVerdict::State::judged) return wording_badge(verdict);
  return fmt::format("{} <span class=\"kind\">{}</span>", wording_badge(verdict),
                     counted(verdict.claims, "claim", "claims"));
}

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

std::string errata_links(const std::string& number, const Errata& errata) {
  std::vector<std::string> links;
  for (const ErratumEntry& erratum : errata) {
    if (std::ranges::find(erratum.numbers, number) != erratum.numbers.end())
      links.push_back(link_to(erratum_anchor(erratum.id), erratum.id));
  }
  if (links.empty()) return "";
  return fmt::format("<div><dt>Errata</dt><dd>{}</dd></div>\n", fmt::join(links, ", "));
}

std::string entry_markup(const LedgerEntry& entry, std::span<const Record> records, const Errata& errata) {
  std::string text =
      fmt::format("<article class=\"statement\" id=\"{}\">\n<h3>{}</h3>\n", statement_anchor(entry.number),
                  escape_markup(entry.label == entry.title || entry.label.ends_with(entry.title)
                                    ? entry.label
                                    : entry.label + ": " + entry.title));
  text += fmt::format("<p>As printed: {}. Corrected: {}.</p>\n",
                      with_count(wording_verdict(entry, records, Wording::printed)),
                      with_count(wording_verdict(entry, records, Wording::corrected)));
  text += "<dl class=\"wordings\">\n" + part("As printed", entry.printed) +
          part("Corrected", entry.corrected) + part("Note", entry.note) + errata_links(entry.number, errata);
  std::string not_run;
  for (const std::string& name : entry.not_run) not_run += (not_run.empty() ? "" : ", ") + name;
  return text + part("Not run", not_run) + "</dl>\n" + claims_table(entry.claims, records) + "</article>\n";
}

}  // namespace

std::string ledger_answer(const Ledger& ledger, std::span<const Record> records) {
  if (ledger.empty()) return "";
  const auto judged = static_cast<std::size_t>(std::ranges::count_if(
      ledger, [records](const LedgerEntry& entry) { return has_verdict(entry, records); }));
  return fmt::format("{} of {} have a verdict", judged, counted(ledger.size(), "statement", "statements"));
}

std::string ledger_section(const Ledger& ledger, std::span<const Record> records) {
  if (ledger.empty()) return "";
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
      ledger_answer(ledger, records));
  Table table({"Number", "Statement", "Check", "Experiments", "As printed", "Corrected"}, "stacked");
  for (const LedgerEntry& entry : ledger) {
    const std::vector<std::string> kinds = kinds_of_check(entry, records);
    table.row({link_to(statement_anchor(entry.number), entry.number), escape_markup(entry.title),
               kinds.empty() ? "–" : fmt::format("{}", fmt::join(kinds, ", ")),
               experiment_links(entry.experiments, records),
               wording_badge(wording_verdict(entry, records, Wording::printed)),
               wording_badge(wording_verdict(entry, records, Wording::corrected))});
  }
  return text + table.markup() + "</section>\n";
}

std::string statements_section(const Ledger& ledger, std::span<const Record> records, const Errata& errata) {
  if (ledger.empty()) return "";
  std::string text = "<section id=\"statements\">\n<h2>Statements</h2>\n";
  for (const LedgerEntry& entry : ledger) text += entry_markup(entry, records, errata);
  return text + "</section>\n";
}

std::string lemma_links(const Claim& claim, const Ledger& ledger) {
  std::vector<std::string> links;
  for (const std::string& lemma : claim.lemmas) {
    const bool known = std::ranges::find(ledger, lemma, &LedgerEntry::number) != ledger.end();
    links.push_back(known ? link_to(statement_anchor(lemma), lemma) : escape_markup(lemma));
  }
  if (links.empty()) return "";
  return fmt::format("{}, {}", fmt::join(links, ", "),
                     claim.wording == Wording::printed ? "as printed" : "corrected");
}

}  // namespace sdelens::reports
