#include "reports/errata.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sdelens/record/regular_expression.hpp"

namespace sdelens {
namespace {

bool selects(const ClaimSelection& selection, const Claim& claim) {
  const bool decisive = claim.expected == Verdict::fail || claim.wording == Wording::corrected;
  const bool about = selection.lemmas.empty() ||
                     std::ranges::find_first_of(selection.lemmas, claim.lemmas) != selection.lemmas.end();
  return (decisive || !selection.decisive) && about;
}

std::vector<ClaimPlace> selected(const ClaimSelection& selection, std::span<const Record> records) {
  const RegularExpression experiment(selection.experiment), claim(selection.claim);
  std::vector<ClaimPlace> places;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!experiment.found_in(records[i].experiment)) continue;
    for (std::size_t j = 0; j < records[i].checks.size(); ++j) {
      const Claim& found = records[i].checks[j].claim;
      if (selects(selection, found) && claim.found_in(found.id)) places.push_back({.record = i, .claim = j});
    }
  }
  return places;
}

/// "refuted or corrected claim about 3.7, like 'sde'"
std::string words(const ClaimSelection& selection) {
  std::vector<std::string> parts;
  if (!selection.lemmas.empty()) parts.push_back(fmt::format("about {}", selection.lemmas.front()));
  if (!selection.experiment.empty())
    parts.push_back(fmt::format("of an experiment like '{}'", selection.experiment));
  if (!selection.claim.empty()) parts.push_back(fmt::format("like '{}'", selection.claim));
  return fmt::format("{}claim {}", selection.decisive ? "refuted or corrected " : "", fmt::join(parts, ", "));
}

}  // namespace

Errata make_errata(std::span<const Erratum> errata, std::span<const Record> records) {
  Errata result;
  for (const Erratum& erratum : errata) {
    ErratumEntry entry{.erratum = erratum};
    for (const ClaimSelection& selection : erratum.claims) {
      const std::vector<ClaimPlace> places = selected(selection, records);
      if (places.empty()) entry.without_claims.push_back(words(selection));
      for (const ClaimPlace& place : places) {
        if (std::ranges::find(entry.claims, place) == entry.claims.end()) entry.claims.push_back(place);
      }
    }
    for (const std::string& experiment : erratum.experiments) {
      if (!completed(records, experiment)) entry.not_run.push_back(experiment);
    }
    result.push_back(std::move(entry));
  }
  return result;
}

ErratumState erratum_state(const ErratumEntry& entry, std::span<const Record> records) {
  if (entry.misprint()) return ErratumState::misprint;
  if (entry.claims.empty()) return ErratumState::not_shown;
  const bool as_expected = std::ranges::all_of(entry.claims, [records](const ClaimPlace& place) {
    return records[place.record].checks.at(place.claim).as_expected();
  });
  if (!as_expected) return ErratumState::not_as_expected;
  return entry.without_claims.empty() && entry.not_run.empty() ? ErratumState::shown
                                                               : ErratumState::partly_shown;
}

std::string erratum_words(const ErratumEntry& entry, std::span<const Record> records) {
  switch (erratum_state(entry, records)) {
    case ErratumState::misprint:
      return "nothing to decide";
    case ErratumState::shown:
      return "shown";
    case ErratumState::partly_shown:
      return "partly shown";
    case ErratumState::not_shown:
      return entry.not_run.empty() ? "no claim" : "not run";
    case ErratumState::not_as_expected:
      return "not as expected";
  }
  return "not as expected";
}

}  // namespace sdelens
