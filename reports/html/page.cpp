#include "reports/html/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <sdelens_templates.hpp>
#include <stdexcept>

#include "reports/exit_code.hpp"
#include "reports/html/elements.hpp"
#include "reports/text/escape.hpp"
#include "reports/text/words.hpp"

namespace sdelens::reports {
namespace {

/// Replaces each {{name}}; what is put in is not looked through again.
std::string fill(std::string_view text, const std::map<std::string, std::string, std::less<>>& values) {
  std::string result;
  while (!text.empty()) {
    const std::size_t begin = text.find("{{");
    result += text.substr(0, begin);
    if (begin == std::string_view::npos) break;
    const std::size_t end = text.find("}}", begin);
    if (end == std::string_view::npos) throw std::logic_error("the page's template has a '{{' without '}}'");
    const auto value = values.find(text.substr(begin + 2, end - begin - 2));
    if (value == values.end()) throw std::logic_error("the page's template asks for an unknown value");
    result += value->second;
    text.remove_prefix(end + 2);
  }
  return result;
}

const char* state_of(const Tally& counts) {
  switch (exit_code(counts)) {
    case 0:
      return "good";
    case 2:
    case 4:
      return "open";
    default:
      return "bad";
  }
}

std::string unexpected_list(std::span<const Record> records) {
  std::string items;
  for (const Record& record : records) {
    for (std::size_t i = 0; i < record.checks.size(); ++i) {
      const Check& check = record.checks[i];
      const Standing where = standing(check);
      if (where == Standing::passed || where == Standing::refuted_as_expected) continue;
      items += fmt::format("<li>{} {}: {}</li>\n", badge(check),
                           link_to(claim_anchor(record, i), record.experiment + " / " + check.claim.id),
                           escape_markup(check.claim.statement));
    }
  }
  return items.empty() ? "" : "<h3>Not as expected</h3>\n<ul>\n" + items + "</ul>\n";
}

std::string incomplete_list(const StoredRecords& stored) {
  std::string items;
  for (const Record& record : stored.records) {
    if (record.outcome == Outcome::completed) continue;
    items += fmt::format("<li>{} {}: {}</li>\n", link_to(experiment_anchor(record), record.experiment),
                         to_string(record.outcome), escape_markup(record.reason));
  }
  for (const auto& [file, reason] : stored.damaged) {
    items += fmt::format("<li>Damaged record <code>{}</code>: {}</li>\n",
                         escape_markup(file.filename().string()), escape_markup(reason));
  }
  return items.empty() ? "" : "<h3>Skipped, not complete or damaged</h3>\n<ul>\n" + items + "</ul>\n";
}

std::string summary_section(const StoredRecords& stored, const std::string& command) {
  const Tally counts = tally(stored.records, stored.damaged);
  std::string text = "<section id=\"summary\">\n<h2>Summary</h2>\n";
  Table table({"#Claims", "#Pass", "#Refuted, as expected", "#Not as expected", "#Unresolved", "#Error"});
  table.row({std::to_string(counts.claims), std::to_string(counts.passed),
             std::to_string(counts.refuted_as_expected), std::to_string(counts.not_as_expected),
             std::to_string(counts.unresolved), std::to_string(counts.errors)});
  text += table.markup() + unexpected_list(stored.records) + incomplete_list(stored);
  text += "<h3>This run</h3>\n<dl class=\"facts\">\n";
  for (const auto& [name, value] : facts_of(stored.records)) {
    text += fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, escape_markup(value));
  }
  text += "</dl>\n";
  if (!command.empty()) {
    text += fmt::format("<p>The command that reproduces it:</p>\n<pre>{}</pre>\n", escape_markup(command));
  }
  return text + "</section>\n";
}

/// "fig10" after "fig7": runs of digits are compared as numbers.
bool naturally_before(const std::string& a, const std::string& b) {
  const auto digits = [](const std::string& text, std::size_t from) {
    const std::size_t end = text.find_first_not_of("0123456789", from);
    return (end == std::string::npos ? text.size() : end) - from;
  };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    const std::size_t m = digits(a, i);
    const std::size_t n = digits(b, j);
    if (m > 0 && n > 0) {
      if (m != n) return m < n;
      if (const int order = a.compare(i, m, b, j, n); order != 0) return order < 0;
      i += m;
      j += n;
      continue;
    }
    if (a[i] != b[j]) return a[i] < b[j];
    ++i;
    ++j;
  }
  return a.size() - i < b.size() - j;
}

constexpr std::array groups{"Figures", "Theorems, lemmas and sentences", "Other experiments"};

const char* group_of(const Record& record) {
  if (record.source.item.starts_with("Fig")) return groups[0];
  const bool numbered =
      std::ranges::any_of(std::array{"Theorem", "Lemma", "Corollary"},
                          [&record](const char* kind) { return record.source.item.starts_with(kind); });
  const bool decides =
      std::ranges::any_of(record.checks, [](const Check& check) { return !check.claim.lemmas.empty(); });
  return numbered || decides ? groups[1] : groups[2];
}

std::string contents_list(std::span<const Record> records, const Ledger& ledger, const Errata& errata) {
  std::string text =
      "<nav id=\"contents\">\n<h2>Contents</h2>\n<ul>\n<li><a href=\"#summary\">Summary</a></li>\n";
  if (!ledger.empty()) text += "<li><a href=\"#ledger\">Ledger of lemmas</a></li>\n";
  text += "<li><a href=\"#guide\">How to read this page</a></li>\n";
  if (!records.empty()) text += "<li><a href=\"#claims\">All claims</a></li>\n";
  if (!ledger.empty()) text += "<li><a href=\"#statements\">Statements</a></li>\n";
  if (!errata.empty()) text += "<li><a href=\"#errata\">Errata</a></li>\n";
  text += "</ul>\n";
  std::vector<const Record*> sorted;
  for (const Record& record : records) sorted.push_back(&record);
  std::ranges::stable_sort(sorted, naturally_before, &Record::experiment);
  for (const char* const group : groups) {
    std::string items;
    for (const Record* record : sorted) {
      if (group_of(*record) != group) continue;
      items += fmt::format(
          "<li>{} <span class=\"kind\">{}</span></li>\n",
          link_to(experiment_anchor(*record), record->title.empty() ? record->experiment : record->title),
          escape_markup(source_words(record->source)));
    }
    if (!items.empty()) text += fmt::format("<h3>{}</h3>\n<ul>\n{}</ul>\n", group, items);
  }
  return text + "</nav>\n";
}

std::string claims_section(std::span<const Record> records) {
  if (records.empty()) return "";
  Table table({"Claim", "Verdict", "Expected", "#Prediction", "#Estimate ± se", "#Truth − prediction",
               "#Margin", "#Resolution", "Source"});
  for (const Record& record : records) {
    if (record.checks.empty()) continue;
    table.group(link_to(experiment_anchor(record), record.experiment) + " " + escape_markup(record.title));
    for (std::size_t i = 0; i < record.checks.size(); ++i) {
      const Check& check = record.checks[i];
      table.row({link_to(claim_anchor(record, i), check.claim.id), badge(check),
                 expectation_words(check.claim.expected),
                 fmt::format("{} {}", relation_symbol(check.claim.relation), number(check.prediction)),
                 measured(check.estimate, check.standard_error), interval(check.lower, check.upper),
                 fmt::format("{:.4g}", check.margin), fmt::format("{:.4g}", check.resolution),
                 escape_markup(source_words(check.claim.source))});
    }
  }
  return "<section id=\"claims\">\n<h2>All claims</h2>\n" + table.markup() + "</section>\n";
}

}  // namespace

std::string html_page(const StoredRecords& stored, const std::vector<std::vector<Picture>>& pictures,
                      const ReportSettings& settings) {
  const Ledger& ledger = settings.ledger;
  std::string body;
  if (!ledger.empty()) {
    body += fmt::format("<p>{}: {}.</p>\n", link_to("ledger", "Ledger of lemmas"),
                        ledger_answer(ledger, stored.records));
  }
  if (!settings.errata.empty()) {
    body += fmt::format("<p>{}: {}.</p>\n", link_to("errata", "Errata"),
                        errata_answer(settings.errata, stored.records));
  }
  body += summary_section(stored, settings.command) + contents_list(stored.records, ledger, settings.errata) +
          ledger_section(ledger, stored.records) + page_guide + claims_section(stored.records) +
          statements_section(ledger, stored.records, settings.errata) +
          errata_section(settings.errata, stored.records, ledger);
  for (std::size_t i = 0; i < stored.records.size(); ++i) {
    body += experiment_section(stored.records[i], pictures.at(i), ledger);
  }
  const Tally counts = tally(stored.records, stored.damaged);
  return fill(page_template, {{"title", escape_markup(settings.title)},
                              {"style", page_style},
                              {"state", state_of(counts)},
                              {"answer", escape_markup(gate_answer(counts))},
                              {"totals", escape_markup(totals_line(counts))},
                              {"body", body}});
}

}  // namespace sdelens::reports
