#include <fmt/format.h>

#include "reports/exit_code.hpp"
#include "reports/html/elements.hpp"
#include "reports/html/section.hpp"
#include "reports/text/escape.hpp"
#include "reports/text/words.hpp"

namespace sdelens::reports {
namespace {

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

std::string markup(const PageContents& page) {
  const StoredRecords& stored = page.stored;
  const std::string& command = page.settings.command;
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

const Register<Section> summary{{.name = "summary", .order = 300, .heading = "Summary", .markup = markup}};

}  // namespace
}  // namespace sdelens::reports
