#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "sdelens/record/record.hpp"
#include "sdelens/record/run_description.hpp"

namespace sdelens {

/// The place of a claim in the records of a run.
struct ClaimPlace {
  std::size_t record;
  std::size_t claim;
  bool operator==(const ClaimPlace&) const = default;
};

/// A numbered statement of a paper, with the claims that decide it.
struct LedgerEntry {
  Statement statement{};
  std::vector<std::string> experiments{};  ///< that decide it, announced or recorded
  std::vector<std::string> not_run{};      ///< those that announced it, without a complete record
  std::vector<ClaimPlace> claims{};        ///< in the records that go with the ledger
};

using Ledger = std::vector<LedgerEntry>;

/// The statements with the claims in the records that decide them, by any of a statement's numbers.
Ledger make_ledger(std::span<const Statement> statements, std::span<const Record> records);

/// The entry whose statement has the number, which is not an alias; the end if there is none.
Ledger::const_iterator find_statement(const Ledger& ledger, const std::string& number);

/// True if the records have one of the experiment that is complete.
bool completed(std::span<const Record> records, const std::string& experiment);

/// What the claims that repeat one wording of a statement come to.
struct WordingVerdict {
  enum class State {
    judged,     ///< by at least one claim
    no_claim,   ///< all experiments were run, and none claims it
    not_run,    ///< none claims it, but an experiment was not run
    as_printed  ///< of a corrected wording: there is none, since all claims of what is printed pass
  };
  State state = State::no_claim;
  std::size_t claims = 0;
  /// Of all claims, the first that occurs: error, unresolved, fail, pass.
  Verdict verdict = Verdict::unresolved;
  bool as_expected = false;  ///< every claim is
};
/// @param records  those that the entry's claims are in
WordingVerdict wording_verdict(const LedgerEntry& entry, std::span<const Record> records, Wording wording);

/// "pass", "refuted" (as expected), "fail" (not expected), "pass, though expected to be refuted",
/// "unresolved", "error", "no claim", "not run", "holds as printed"
std::string wording_words(const WordingVerdict& verdict);

/// True if a claim decided it in one of its wordings at least.
bool has_verdict(const LedgerEntry& entry, std::span<const Record> records);

/// How the statement is checked, each kind once: "identity", "equality" at one point, "curve" at several,
/// "bound", "order", "ordering".
std::vector<std::string> kinds_of_check(const LedgerEntry& entry, std::span<const Record> records);

}  // namespace sdelens
