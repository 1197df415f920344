#include "reports/text/summary.hpp"

#include <fmt/format.h>

#include "reports/exit_code.hpp"
#include "reports/text/escape.hpp"
#include "reports/text/words.hpp"

namespace sdelens::reports {
namespace {

std::string unexpected_claims(std::span<const Record> records) {
  std::string text;
  for (const Record& record : records) {
    for (const Check& check : record.checks) {
      const Standing where = standing(check);
      if (where == Standing::passed || where == Standing::refuted_as_expected) continue;
      text += fmt::format("- **{}**: {} / {}. {} ({})\n", verdict_words(check),
                          escape_markdown(record.experiment), escape_markdown(check.claim.id),
                          escape_markdown(check.claim.statement), escape_markdown(findings_line(check)));
    }
  }
  return text.empty() ? "" : "## Not as expected\n\n" + text + "\n";
}

std::string incomplete(const StoredRecords& stored) {
  std::string text;
  for (const Record& record : stored.records) {
    if (record.outcome == Outcome::completed) continue;
    text += fmt::format("- {} {}: {}\n", escape_markdown(record.experiment), to_string(record.outcome),
                        escape_markdown(record.reason));
  }
  for (const auto& [file, reason] : stored.damaged) {
    text += fmt::format("- damaged record {}: {}\n", escape_markdown(file.filename().string()),
                        escape_markdown(reason));
  }
  return text.empty() ? "" : "## Skipped, not complete or damaged\n\n" + text + "\n";
}

std::string claim_table(std::span<const Record> records) {
  std::string text =
      "## Claims\n\n"
      "| experiment | claim | source | prediction | estimate ± se | truth − prediction | margin | resolution "
      "| "
      "verdict |\n"
      "|---|---|---|--:|--:|--:|--:|--:|---|\n";
  for (const Record& record : records) {
    for (const Check& check : record.checks) {
      text += fmt::format("| {} | {} | {} | {} {} | {} | {} | {:.4g} | {:.4g} | {} |\n",
                          escape_markdown(record.experiment), escape_markdown(check.claim.id),
                          escape_markdown(source_words(check.claim.source)),
                          relation_symbol(check.claim.relation), number(check.prediction),
                          measured(check.estimate, check.standard_error), interval(check.lower, check.upper),
                          check.margin, check.resolution, verdict_words(check));
    }
  }
  return text;
}

}  // namespace

std::string markdown_summary(const StoredRecords& stored, const ReportSettings& settings) {
  const Tally counts = tally(stored.records, stored.damaged);
  std::string text = fmt::format("# {}\n\n**{}** {}.\n\n", escape_markdown(settings.title),
                                 gate_answer(counts), totals_line(counts));
  if (!settings.origin.empty()) text += escape_markdown(settings.origin) + "\n\n";
  if (!settings.edition.empty()) text += escape_markdown(settings.edition) + "\n\n";
  text += unexpected_claims(stored.records) + incomplete(stored) + "## This run\n\n";
  for (const auto& [name, value] : facts_of(stored.records)) {
    text += fmt::format("- {}: {}\n", name, escape_markdown(value));
  }
  if (!settings.command.empty())
    text += fmt::format("\nThe command that reproduces it:\n\n    {}\n", one_line(settings.command));
  return counts.claims == 0 ? text : text + "\n" + claim_table(stored.records);
}

std::string markdown_in_progress(const RunDescription& description) {
  return fmt::format("# {}\n\n**{}** {}\n", escape_markdown(description.title),
                     escape_markdown(progress_sentence(description)), escape_markdown(progress_advice()));
}

}  // namespace sdelens::reports
