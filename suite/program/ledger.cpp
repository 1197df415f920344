#include "suite/program/ledger.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "reports/exit_code.hpp"
#include "reports/text/escape.hpp"
#include "reports/text/words.hpp"

namespace sdelens {
namespace {

bool decides(const std::vector<std::string>& lemmas, const papers::Statement& statement) {
  return std::ranges::any_of(lemmas, [&statement](const std::string& lemma) {
    return lemma == statement.number ||
           std::ranges::find(statement.aliases, lemma) != statement.aliases.end();
  });
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::size_t letters(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !continues(c); }));
}

/// The first letters, the last of them an ellipsis if there are more.
std::string shortened(const std::string& text, std::size_t most) {
  if (letters(text) <= most) return text;
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end) {
    if (!continues(text[end]) && ++seen == most) break;
  }
  return text.substr(0, end) + "…";
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, letters(text)), ' ');
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

/// Number, statement, kind, experiment, as printed, corrected.
constexpr std::size_t columns = 6;
constexpr std::size_t statement_column = 1;
using Row = std::array<std::string, columns>;

/// "3.7 (C.12)" for "Lemma 3.7 (C.12)".
std::string all_numbers(const LedgerEntry& entry) {
  const std::size_t aliases = entry.statement.label.find(" (");
  return aliases == std::string::npos ? entry.statement.number
                                      : entry.statement.number + entry.statement.label.substr(aliases);
}

Row row_of(const LedgerEntry& entry, std::span<const Record> records) {
  return {all_numbers(entry),
          entry.statement.title + ": " + entry.statement.printed,
          or_dash(fmt::format("{}", fmt::join(kinds_of_check(entry, records), ", "))),
          or_dash(fmt::format("{}", fmt::join(entry.experiments, ", "))),
          wording_words(wording_verdict(entry, records, Wording::printed)),
          wording_words(wording_verdict(entry, records, Wording::corrected))};
}

}  // namespace

std::vector<Statement> announced_statements(std::span<const papers::Statement> statements,
                                            std::span<const Experiment> experiments) {
  std::vector<Statement> result;
  for (const papers::Statement& statement : statements) {
    std::vector<std::string> announced_by;
    for (const Experiment& experiment : experiments) {
      if (decides(experiment.lemmas, statement)) announced_by.push_back(experiment.name);
    }
    result.push_back({.number = std::string(statement.number),
                      .aliases = {statement.aliases.begin(), statement.aliases.end()},
                      .label = papers::label(statement),
                      .title = std::string(statement.title),
                      .printed = std::string(statement.printed),
                      .corrected = std::string(statement.corrected),
                      .note = std::string(statement.note),
                      .experiments = std::move(announced_by)});
  }
  return result;
}

std::string ledger_text(const Ledger& ledger, std::span<const Record> records, std::size_t width) {
  std::vector<Row> rows{{"number", "statement", "check", "experiment", "as printed", "corrected"}};
  for (const LedgerEntry& entry : ledger) rows.push_back(row_of(entry, records));
  std::array<std::size_t, columns> widths{};
  std::size_t others = 2 * (columns - 1);
  // What decides a statement can be many experiments: they are shortened before the statement is.
  constexpr std::size_t most_of_a_column = 32;
  for (std::size_t column = 0; column < columns; ++column) {
    if (column == statement_column) continue;
    for (const Row& row : rows)
      widths[column] = std::max(widths[column], std::min(most_of_a_column, letters(row[column])));
    others += widths[column];
  }
  widths[statement_column] = std::max<std::size_t>(20, width - std::min(width, others));
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t column = 0; column < columns; ++column) {
      if (column > 0) line += "  ";
      line += padded(shortened(row[column], widths[column]), widths[column]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string ledger_markdown(const Ledger& ledger, std::span<const Record> records) {
  std::string text =
      "| number | statement | check | experiment | as printed | corrected |\n|---|---|---|---|---|---|\n";
  for (const LedgerEntry& entry : ledger) {
    const Row row = row_of(entry, records);
    text += "|";
    for (const std::string& cell : row) text += fmt::format(" {} |", reports::escape_markdown(cell));
    text += "\n";
  }
  return text;
}

std::string experiments_markdown(std::span<const Record> records) {
  std::string text =
      "| experiment | paper | what is shown | claims | pass | refuted as expected | other |\n"
      "|---|---|---|--:|--:|--:|--:|\n";
  for (const Record& record : records) {
    const Tally counts = tally(std::span(&record, 1));
    text +=
        fmt::format("| `{}` | {} | {} | {} | {} | {} | {} |\n", record.experiment,
                    reports::escape_markdown(reports::source_words(record.source)),
                    reports::escape_markdown(record.title), counts.claims, counts.passed,
                    counts.refuted_as_expected, counts.claims - counts.passed - counts.refuted_as_expected);
  }
  return text;
}

std::vector<std::string> without_verdict(const Ledger& ledger, std::span<const Record> records) {
  std::vector<std::string> result;
  for (const LedgerEntry& entry : ledger) {
    if (has_verdict(entry, records)) continue;
    const std::string experiments = fmt::format("{}", fmt::join(entry.experiments, ", "));
    if (entry.experiments.empty()) {
      result.push_back(fmt::format("{}: no registered experiment decides it", entry.statement.number));
    } else if (entry.not_run.empty()) {
      result.push_back(
          fmt::format("{}: the records of {} have no claim about it", entry.statement.number, experiments));
    } else {
      result.push_back(fmt::format("{}: not run, needs {}", entry.statement.number, experiments));
    }
  }
  return result;
}

}  // namespace sdelens
