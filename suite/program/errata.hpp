#pragma once

#include <span>
#include <string>
#include <vector>

#include "reference/papers/errata.hpp"
#include "reports/errata.hpp"
#include "sdelens/record/record.hpp"
#include "suite/study/experiment.hpp"

namespace sdelens {

/// The errata with the claims in the records that show them. An error has not run what is announced or named
/// for it and has no complete record.
/// @throw std::regex_error if a selection is not a regular expression
Errata make_errata(std::span<const papers::Erratum> errata, std::span<const Experiment> experiments,
                   std::span<const Record> records);

/// The errata of Paper A and all registered experiments.
Errata make_errata(std::span<const Record> records);

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
/// @throw std::regex_error if a selection is not a regular expression
ErrataPage errata_page(std::span<const papers::Erratum> errata, std::span<const Record> records);

}  // namespace sdelens
