#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/html/elements.hpp"
#include "reports/html/section.hpp"
#include "reports/text/escape.hpp"
#include "reports/text/words.hpp"

namespace sdelens::reports {
namespace {

std::string state_badge(const ErratumEntry& entry, std::span<const Record> records) {
  const std::string words = erratum_words(entry, records);
  switch (erratum_state(entry, records)) {
    case ErratumState::misprint:
    case ErratumState::not_shown:
      return fmt::format("<span class=\"kind\">{}</span>", words);
    case ErratumState::shown:
      return fmt::format("<span class=\"badge good\">{}</span>", words);
    case ErratumState::partly_shown:
      return fmt::format("<span class=\"badge open\">{}</span>", words);
    case ErratumState::not_as_expected:
      return fmt::format("<span class=\"badge bad\">{}</span>", words);
  }
  return words;
}

/// Links to the statements by their labels; only the number of one that the ledger has not.
std::string statement_links(const ErratumEntry& entry, const Ledger& ledger) {
  std::vector<std::string> links;
  for (const std::string& number : entry.erratum.numbers) {
    const auto statement = find_statement(ledger, number);
    links.push_back(statement == ledger.end()
                        ? escape_markup(number)
                        : link_to(statement_anchor(number), statement->statement.label));
  }
  return fmt::format("{}", fmt::join(links, ", "));
}

std::string evidence(const ErratumEntry& entry, std::span<const Record> records) {
  if (entry.misprint())
    return "<p>A misprint, or a slip of a proof: there is nothing for an experiment to decide.</p>\n";
  std::string text;
  if (!entry.not_run.empty()) {
    text = fmt::format("<p>These records lack, or have only in part: {}.</p>\n",
                       escape_markup(fmt::format("{}", fmt::join(entry.not_run, ", "))));
  } else {
    for (const std::string& lacking : entry.without_claims)
      text += fmt::format("<p>These records have no {}.</p>\n", escape_markup(lacking));
  }
  return text + claims_table(entry.claims, records);
}

std::string entry_markup(const ErratumEntry& entry, std::span<const Record> records, const Ledger& ledger) {
  return fmt::format(
      "<article class=\"statement\" id=\"{}\">\n<h3>{}: {}</h3>\n<p>In this run: {}. About {}.</p>\n<dl "
      "class=\"wordings\">\n{}{}{}</dl>\n{}</article>\n",
      erratum_anchor(entry.erratum.id), escape_markup(entry.erratum.id), escape_markup(entry.erratum.title),
      state_badge(entry, records), statement_links(entry, ledger), part("In print", entry.erratum.printed),
      part("Correct", entry.erratum.corrected), part("Why", entry.erratum.derivation),
      evidence(entry, records));
}

/// "31 errors in print: 27 shown by this run, 4 misprints that no experiment can decide"
std::string answer(const PageContents& page) {
  const Errata& errata = page.settings.errata;
  const auto count = [&](ErratumState state) {
    return std::ranges::count_if(errata, [&](const ErratumEntry& entry) {
      return erratum_state(entry, page.stored.records) == state;
    });
  };
  std::string text = fmt::format("{} in print: {} shown by this run, {} that no experiment can decide",
                                 counted(errata.size(), "error", "errors"), count(ErratumState::shown),
                                 count(ErratumState::misprint));
  const auto add = [&text, &count](ErratumState state, const char* words) {
    if (count(state) > 0) text += fmt::format(", {} {}", count(state), words);
  };
  add(ErratumState::partly_shown, "shown in part");
  add(ErratumState::not_shown, "without a claim in these records");
  add(ErratumState::not_as_expected, "not borne out");
  return text;
}

/// The table of all errors, and each with its wordings and the claims that show it.
std::string markup(const PageContents& page) {
  const Errata& errata = page.settings.errata;
  const Ledger& ledger = page.settings.ledger;
  const std::span<const Record> records = page.stored.records;
  std::string text = fmt::format(
      "<section id=\"errata\">\n<h2>Errata</h2>\n<p>{}. An error is shown where every claim that bears on it "
      "is "
      "here and as expected, and shown in part where one of them is missing.</p>\n",
      answer(page));
  Table table({"Error", "What", "About", "This run"}, "stacked");
  for (const ErratumEntry& entry : errata) {
    table.row({link_to(erratum_anchor(entry.erratum.id), entry.erratum.id),
               escape_markup(entry.erratum.title), statement_links(entry, ledger),
               state_badge(entry, records)});
  }
  text += table.markup();
  for (const ErratumEntry& entry : errata) text += entry_markup(entry, records, ledger);
  return text + "</section>\n";
}

const Register<Section> errata{{
    .name = "errata",
    .order = 900,
    .heading = "Errata",
    .applies = [](const PageContents& page) { return !page.settings.errata.empty(); },
    .markup = markup,
    .answer = answer,
}};

}  // namespace
}  // namespace sdelens::reports
