#pragma once

#include <span>
#include <string>
#include <vector>

#include "reference/papers/errata.hpp"
#include "reports/errata.hpp"
#include "sdelens/record/record.hpp"
#include "suite/study/experiment.hpp"

namespace sdelens {

/// The errata as a run's description keeps them, each with the experiments that announce, or are named for, claims
/// that may show it.
/// @throw UnknownName for a selection about a statement that there is not; NotAnExpression if a selection is not a
///        regular expression
std::vector<Erratum> announced_errata(std::span<const papers::Erratum> errata,
                                      std::span<const Experiment> experiments);

/// The errata with the claims of a run that show them, for a file.
struct ErrataPage {
  std::string markdown;
  /// "F1: no claim about 3.7 in the records" for each selection that fits no claim: the page is not to be
  /// believed.
  std::vector<std::string> without_claims;
  /// "F1: experiment / claim: pass, though expected to be refuted": the run does not bear the page out.
  std::vector<std::string> not_as_expected;
};

/// Each error with what is printed, what should be, why, and the claims selected with prediction, estimate ±
/// standard error and verdict.
/// @param ledger   the statements that the errors are about
/// @param edition  the sentence of the run's description
ErrataPage errata_page(const Errata& errata, const Ledger& ledger, const std::string& edition,
                       std::span<const Record> records);

}  // namespace sdelens
