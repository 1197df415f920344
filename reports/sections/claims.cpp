#include <fmt/format.h>

#include "reports/html/elements.hpp"
#include "reports/html/section.hpp"
#include "reports/text/escape.hpp"
#include "reports/text/words.hpp"

namespace sdelens::reports {
namespace {

std::string markup(const PageContents& page) {
  Table table({"Claim", "Verdict", "Expected", "#Prediction", "#Estimate ± se", "#Truth − prediction",
               "#Margin", "#Resolution", "Source"});
  for (const Record& record : page.stored.records) {
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

const Register<Section> claims{{
    .name = "claims",
    .order = 700,
    .heading = "All claims",
    .applies = [](const PageContents& page) { return !page.stored.records.empty(); },
    .markup = markup,
}};

}  // namespace
}  // namespace sdelens::reports
