#include "reports/errata.hpp"

#include <algorithm>

namespace sdelens {

ErratumState erratum_state(const ErratumEntry& entry, std::span<const Record> records) {
  if (entry.misprint) return ErratumState::misprint;
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
