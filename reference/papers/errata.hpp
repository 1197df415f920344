#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace sdelens::papers {

/// Which claims of a run show an error; all that is given must fit.
struct ClaimSelection {
  std::string_view number{};      ///< of a statement that the claim decides; empty: whatever it decides
  std::string_view experiment{};  ///< a regular expression found in the experiment's id; empty: any
  std::string_view claim{};       ///< a regular expression found in the claim's id; empty: any
  /// Only claims that must be refuted, and corrected ones. Otherwise all that fit.
  bool decisive = true;
};

/// An error in Paper A.
struct Erratum {
  std::string_view id;                    ///< "F1"; a heading's anchor
  std::vector<std::string_view> numbers;  ///< of the statements that it is about, see statements.hpp
  std::string_view title;
  std::string_view printed;
  std::string_view corrected;
  std::string_view derivation;  ///< in two lines
  /// Each selects at least one. Empty: nothing for an experiment to decide.
  std::vector<ClaimSelection> claims{};
};

/// The errors in print, those first that decide how tests must be made.
std::span<const Erratum> errata();

}  // namespace sdelens::papers
