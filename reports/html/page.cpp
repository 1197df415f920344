#include "reports/html/page.hpp"

#include <fmt/format.h>

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

std::string link_to(const std::string& anchor, const std::string& text) {
  return fmt::format("<a href=\"#{}\">{}</a>", anchor, escape_markup(text));
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

std::string contents_list(std::span<const Record> records) {
  std::string text = "<nav id=\"contents\">\n<h2>Contents</h2>\n<ul>\n";
  text +=
      "<li><a href=\"#summary\">Summary</a></li>\n<li><a href=\"#guide\">How to read this page</a></li>\n";
  if (!records.empty()) text += "<li><a href=\"#claims\">All claims</a></li>\n";
  for (const Record& record : records) {
    text += fmt::format(
        "<li>{} <span class=\"kind\">{}</span></li>\n",
        link_to(experiment_anchor(record), record.title.empty() ? record.experiment : record.title),
        escape_markup(source_words(record.source)));
  }
  return text + "</ul>\n</nav>\n";
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
                      const std::string& title, const std::string& command) {
  std::string body = summary_section(stored, command) + contents_list(stored.records) + page_guide +
                     claims_section(stored.records);
  for (std::size_t i = 0; i < stored.records.size(); ++i) {
    body += experiment_section(stored.records[i], pictures.at(i));
  }
  const Tally counts = tally(stored.records, stored.damaged);
  return fill(page_template, {{"title", escape_markup(title)},
                              {"style", page_style},
                              {"state", state_of(counts)},
                              {"answer", escape_markup(gate_answer(counts))},
                              {"totals", escape_markup(totals_line(counts))},
                              {"body", body}});
}

}  // namespace sdelens::reports
