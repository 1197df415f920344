#pragma once

#include <span>
#include <string>
#include <vector>

#include "reports/ledger.hpp"
#include "sdelens/record/record.hpp"

namespace sdelens {

/// An error in a paper, with the claims of a run that show it.
struct ErratumEntry {
  Erratum erratum{};
  std::vector<ClaimPlace> claims{};           ///< in the records that go with the errata
  std::vector<std::string> not_run{};         ///< experiments that may show it, without a complete record
  std::vector<std::string> without_claims{};  ///< "refuted or corrected claim about 3.7": what they lack

  /// There is nothing for an experiment to decide.
  bool misprint() const { return erratum.claims.empty(); }
};

using Errata = std::vector<ErratumEntry>;

/// The errata with the claims in the records that show them, each once.
/// @throw NotAnExpression if a selection is not a regular expression
Errata make_errata(std::span<const Erratum> errata, std::span<const Record> records);

/// What the claims of a run come to for one error.
enum class ErratumState {
  misprint,         ///< nothing to decide
  shown,            ///< all that it asks for is claimed, and every claim is as expected
  partly_shown,     ///< every claim is as expected, but not all that it asks for is claimed
  not_shown,        ///< no claim is about it
  not_as_expected,  ///< a claim is not as expected: the run does not bear it out
};
/// @param records  those that the entry's claims are in
ErratumState erratum_state(const ErratumEntry& entry, std::span<const Record> records);

/// "shown", "partly shown", "not run", "no claim", "not as expected", "nothing to decide"
std::string erratum_words(const ErratumEntry& entry, std::span<const Record> records);

}  // namespace sdelens
