#pragma once

#include <string>

#include "sdelens/claim/claim.hpp"

namespace sdelens {

/// A numbered statement of paper A as printed or as it should stand there, or a part of it that predicts by itself.
struct StatementPart {
  std::string number;  ///< "3.7"
  Wording wording = Wording::printed;
  std::string part{};  ///< "phase 1"; empty where the statement is one prediction

  bool operator==(const StatementPart&) const = default;
  /// "3.5, phase 1, corrected"
  std::string text() const;
};

/// Where a numbered statement of paper A stands: "Lemma 3.7 (C.12), corrected".
/// @throw UnknownName for a number that the paper does not have
Source statement_source(const std::string& number, Wording wording = Wording::printed);

/// What a reader calls it, without its number in the appendix: "Lemma 3.5, phase 1".
/// @throw UnknownName for a number that the paper does not have
std::string statement_label(const StatementPart& of);

}  // namespace sdelens
