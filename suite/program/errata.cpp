#include "suite/program/errata.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ranges>

#include "reference/papers/statements.hpp"
#include "reports/text/escape.hpp"
#include "reports/text/words.hpp"
#include "sdelens/record/regular_expression.hpp"

namespace sdelens {
namespace {

using reports::escape_markdown;

/// More are counted only: the report has them all.
constexpr std::size_t most_claims = 12;

bool found(std::string_view expression, const std::string& text) {
  return expression.empty() || RegularExpression(expression).found_in(text);
}

bool about(std::string_view number, const std::vector<std::string>& lemmas) {
  if (number.empty()) return true;
  const papers::Statement& wanted = papers::statement(number);
  return std::ranges::any_of(
      lemmas, [&wanted](const std::string& lemma) { return papers::find_statement(lemma) == &wanted; });
}

/// All numbers of a statement, the one given first.
std::vector<std::string> all_numbers(std::string_view number) {
  if (number.empty()) return {};
  const papers::Statement& statement = papers::statement(number);
  std::vector<std::string_view> others = statement.aliases;
  others.insert(others.begin(), statement.number);
  std::erase(others, number);
  std::vector<std::string> result{std::string(number)};
  result.insert(result.end(), others.begin(), others.end());
  return result;
}

std::string claim_rows(const std::vector<ClaimPlace>& places, std::span<const Record> records) {
  std::string text =
      "| experiment | claim | wording | prediction | estimate ± se | verdict |\n|---|---|---|--:|--:|---|\n";
  for (const ClaimPlace& place : places | std::views::take(most_claims)) {
    const Record& record = records[place.record];
    const Check& check = record.checks[place.claim];
    text += fmt::format(
        "| {} | {} | {} | {} {} | {} | {} |\n", escape_markdown(record.experiment),
        escape_markdown(check.claim.id), check.claim.wording == Wording::printed ? "as printed" : "corrected",
        reports::relation_symbol(check.claim.relation), reports::number(check.prediction),
        reports::measured(check.estimate, check.standard_error), reports::verdict_words(check));
  }
  if (places.size() > most_claims)
    text += fmt::format("\nand {} more, see the report.\n", places.size() - most_claims);
  return text;
}

/// "Lemma 3.7 (C.12), Lemma 3.14 (C.34)"; the number itself of a statement that the ledger has not.
std::string labels(const std::vector<std::string>& numbers, const Ledger& ledger) {
  std::vector<std::string> result;
  for (const std::string& number : numbers) {
    const auto entry = find_statement(ledger, number);
    result.push_back(entry == ledger.end() ? number : entry->statement.label);
  }
  return fmt::format("{}", fmt::join(result, ", "));
}

std::string head(const std::string& edition, std::span<const Record> records) {
  const auto joined = [records](auto get) {
    return fmt::format("{}", fmt::join(reports::distinct(records, get), ", "));
  };
  return fmt::format(
      "# Errata of paper A\n\n{}\n\nWritten by "
      "`sdelens errata` from the records of a run (revision {}, tier {}, seed {}). A statement that is "
      "printed wrongly "
      "is claimed as printed, and must be refuted, and corrected. How a verdict is reached is said in "
      "README.md.\n",
      escape_markdown(edition),
      escape_markdown(joined([](const Record& record) { return record.environment.revision; })),
      escape_markdown(joined([](const Record& record) { return record.tier; })),
      escape_markdown(joined([](const Record& record) { return std::to_string(record.seed); })));
}

}  // namespace

std::vector<Erratum> announced_errata(std::span<const papers::Erratum> errata,
                                      std::span<const Experiment> experiments) {
  std::vector<Erratum> result;
  for (const papers::Erratum& erratum : errata) {
    Erratum entry{.id = std::string(erratum.id),
                  .title = std::string(erratum.title),
                  .numbers = {erratum.numbers.begin(), erratum.numbers.end()},
                  .printed = std::string(erratum.printed),
                  .corrected = std::string(erratum.corrected),
                  .derivation = std::string(erratum.derivation)};
    for (const papers::ClaimSelection& selection : erratum.claims) {
      entry.claims.push_back({.lemmas = all_numbers(selection.number),
                              .experiment = std::string(selection.experiment),
                              .claim = std::string(selection.claim),
                              .decisive = selection.decisive});
      for (const Experiment& experiment : experiments) {
        const bool may_show =
            about(selection.number, experiment.lemmas) && found(selection.experiment, experiment.name);
        if (may_show && std::ranges::find(entry.experiments, experiment.name) == entry.experiments.end())
          entry.experiments.push_back(experiment.name);
      }
    }
    result.push_back(std::move(entry));
  }
  return result;
}

ErrataPage errata_page(const Errata& errata, const Ledger& ledger, const std::string& edition,
                       std::span<const Record> records) {
  ErrataPage page{.markdown = head(edition, records), .without_claims = {}, .not_as_expected = {}};
  for (const ErratumEntry& entry : errata) {
    const Erratum& erratum = entry.erratum;
    page.markdown +=
        fmt::format("\n## {}: {}\n\n{}\n\n- **In print:** {}\n- **Correct:** {}\n- **Why:** {}\n\n",
                    erratum.id, escape_markdown(erratum.title),
                    escape_markdown(labels(erratum.numbers, ledger)), escape_markdown(erratum.printed),
                    escape_markdown(erratum.corrected), escape_markdown(erratum.derivation));
    for (const std::string& lacking : entry.without_claims)
      page.without_claims.push_back(fmt::format("{}: no {} in the records", erratum.id, lacking));
    for (const ClaimPlace& place : entry.claims) {
      const Record& record = records[place.record];
      const Check& check = record.checks[place.claim];
      if (check.as_expected()) continue;
      page.not_as_expected.push_back(fmt::format("{}: {} / {}: {}", erratum.id, record.experiment,
                                                 check.claim.id, reports::verdict_words(check)));
    }
    page.markdown += entry.misprint() ? "There is nothing for an experiment to decide.\n"
                                      : claim_rows(entry.claims, records);
  }
  return page;
}

}  // namespace sdelens
