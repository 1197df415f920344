#include "suite/program/errata.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ranges>
#include <regex>

#include "reference/papers/papers.hpp"
#include "reference/papers/statements.hpp"
#include "reports/text/escape.hpp"
#include "reports/text/words.hpp"
#include "suite/program/ledger.hpp"

namespace sdelens {
namespace {

using reports::escape_markdown;

/// More are counted only: the report has them all.
constexpr std::size_t most_claims = 12;

bool found(std::string_view pattern, const std::string& text) {
  return pattern.empty() || std::regex_search(text, std::regex(pattern.begin(), pattern.end()));
}

bool about(std::string_view number, const std::vector<std::string>& lemmas) {
  if (number.empty()) return true;
  const papers::Statement& wanted = papers::statement(number);
  return std::ranges::any_of(
      lemmas, [&wanted](const std::string& lemma) { return papers::find_statement(lemma) == &wanted; });
}

bool selects(const papers::ClaimSelection& selection, const Record& record, const Claim& claim) {
  const bool decisive = claim.expected == Verdict::fail || claim.wording == Wording::corrected;
  return (decisive || !selection.decisive) && about(selection.number, claim.lemmas) &&
         found(selection.experiment, record.experiment) && found(selection.claim, claim.id);
}

std::string words(const papers::ClaimSelection& selection) {
  std::vector<std::string> parts;
  if (!selection.number.empty()) parts.push_back(fmt::format("about {}", selection.number));
  if (!selection.experiment.empty())
    parts.push_back(fmt::format("of an experiment like '{}'", selection.experiment));
  if (!selection.claim.empty()) parts.push_back(fmt::format("like '{}'", selection.claim));
  return fmt::format("{}claim {}", selection.decisive ? "refuted or corrected " : "", fmt::join(parts, ", "));
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

/// "Lemma 3.7 (C.12), Lemma 3.14 (C.34)"
std::string labels(const std::vector<std::string>& numbers) {
  std::vector<std::string> result;
  for (const std::string& number : numbers) result.push_back(papers::label(papers::statement(number)));
  return fmt::format("{}", fmt::join(result, ", "));
}

std::string head(std::span<const Record> records) {
  const auto joined = [records](auto get) {
    return fmt::format("{}", fmt::join(reports::distinct(records, get), ", "));
  };
  return fmt::format(
      "# Errata of paper A\n\n“{}”, arXiv {}; numbers are those of its first version.\n\nWritten by "
      "`sdelens errata` from the records of a run (revision {}, tier {}, seed {}). A statement that is "
      "printed wrongly "
      "is claimed as printed, and must be refuted, and corrected. How a verdict is reached is said in "
      "README.md.\n",
      escape_markdown(papers::a.title), papers::a.arxiv,
      escape_markdown(joined([](const Record& record) { return record.environment.revision; })),
      escape_markdown(joined([](const Record& record) { return record.tier; })),
      escape_markdown(joined([](const Record& record) { return std::to_string(record.seed); })));
}

}  // namespace

Errata make_errata(std::span<const papers::Erratum> errata, std::span<const Experiment> experiments,
                   std::span<const Record> records) {
  Errata result;
  for (const papers::Erratum& erratum : errata) {
    ErratumEntry entry{.id = std::string(erratum.id),
                       .title = std::string(erratum.title),
                       .numbers = {erratum.numbers.begin(), erratum.numbers.end()},
                       .printed = std::string(erratum.printed),
                       .corrected = std::string(erratum.corrected),
                       .derivation = std::string(erratum.derivation),
                       .misprint = erratum.claims.empty()};
    for (const papers::ClaimSelection& selection : erratum.claims) {
      bool any = false;
      for (std::size_t i = 0; i < records.size(); ++i) {
        for (std::size_t j = 0; j < records[i].checks.size(); ++j) {
          if (!selects(selection, records[i], records[i].checks[j].claim)) continue;
          any = true;
          const bool known = std::ranges::any_of(entry.claims, [i, j](const ClaimPlace& place) {
            return place.record == i && place.claim == j;
          });
          if (!known) entry.claims.push_back({.record = i, .claim = j});
        }
      }
      if (!any) entry.without_claims.push_back(words(selection));
      for (const Experiment& experiment : experiments) {
        const bool may_show =
            about(selection.number, experiment.lemmas) && found(selection.experiment, experiment.name);
        if (!may_show || completed(records, experiment.name)) continue;
        if (std::ranges::find(entry.not_run, experiment.name) == entry.not_run.end())
          entry.not_run.push_back(experiment.name);
      }
    }
    result.push_back(std::move(entry));
  }
  return result;
}

Errata make_errata(std::span<const Record> records) {
  return make_errata(papers::errata(), Registry<Experiment>::all().entries(), records);
}

ErrataPage errata_page(std::span<const papers::Erratum> errata, std::span<const Record> records) {
  ErrataPage page{.markdown = head(records), .without_claims = {}, .not_as_expected = {}};
  for (const ErratumEntry& entry : make_errata(errata, {}, records)) {
    page.markdown += fmt::format(
        "\n## {}: {}\n\n{}\n\n- **In print:** {}\n- **Correct:** {}\n- **Why:** {}\n\n", entry.id,
        escape_markdown(entry.title), escape_markdown(labels(entry.numbers)), escape_markdown(entry.printed),
        escape_markdown(entry.corrected), escape_markdown(entry.derivation));
    for (const std::string& lacking : entry.without_claims)
      page.without_claims.push_back(fmt::format("{}: no {} in the records", entry.id, lacking));
    for (const ClaimPlace& place : entry.claims) {
      const Record& record = records[place.record];
      const Check& check = record.checks[place.claim];
      if (check.as_expected()) continue;
      page.not_as_expected.push_back(fmt::format("{}: {} / {}: {}", entry.id, record.experiment,
                                                 check.claim.id, reports::verdict_words(check)));
    }
    page.markdown += entry.misprint ? "There is nothing for an experiment to decide.\n"
                                    : claim_rows(entry.claims, records);
  }
  return page;
}

}  // namespace sdelens
