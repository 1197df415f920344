#include "reports/verdict_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/exit_code.hpp"
#include "reports/text/words.hpp"

namespace sdelens {
namespace {

std::string experiment_lines(std::span<const Record> records) {
  std::size_t width = std::string("experiment").size();
  for (const Record& record : records) width = std::max(width, record.experiment.size());
  std::string text =
      fmt::format("{:<{}}  {:>6}  {:>6}  {:>7}  {:>10}  {:>10}  {:>6}  {:>9}\n", "experiment", width,
                  "claims", "pass", "refuted", "unexpected", "unresolved", "errors", "time");
  for (const Record& record : records) {
    const Tally of_record = tally(std::span(&record, 1));
    text += fmt::format("{:<{}}  {:>6}  {:>6}  {:>7}  {:>10}  {:>10}  {:>6}  {:>9}", record.experiment, width,
                        of_record.claims, of_record.passed, of_record.refuted_as_expected,
                        of_record.not_as_expected, of_record.unresolved, of_record.errors,
                        reports::duration(record.seconds));
    if (record.outcome != Outcome::completed) {
      text += fmt::format("  {}: {}", to_string(record.outcome), reports::one_line(record.reason));
    }
    text += "\n";
  }
  return text;
}

std::string unexpected_lines(std::span<const Record> records) {
  std::string text;
  for (const Record& record : records) {
    for (const Check& check : record.checks) {
      const Standing where = standing(check);
      if (where == Standing::passed || where == Standing::refuted_as_expected) continue;
      text += fmt::format("  {} / {}: {}\n", reports::one_line(record.experiment),
                          reports::one_line(check.claim.id), reports::verdict_words(check));
      text += fmt::format("      {}\n", reports::one_line(check.claim.statement));
      text += fmt::format("      {}\n", reports::findings_line(check));
    }
  }
  return text;
}

}  // namespace

std::string verdict_table(std::span<const Record> records, std::span<const StoredRecords::Damage> damaged) {
  std::string text = records.empty() ? "" : experiment_lines(records) + "\n";
  if (const std::string lines = unexpected_lines(records); !lines.empty()) {
    text += "Not as expected:\n" + lines + "\n";
  }
  for (const auto& [file, reason] : damaged) {
    text += fmt::format("Damaged record {}: {}\n", file.string(), reports::one_line(reason));
  }
  return text + reports::totals_line(tally(records, damaged)) + "\n";
}

}  // namespace sdelens
