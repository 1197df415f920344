#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/plots/picture.hpp"
#include "sdelens/record/record.hpp"

namespace sdelens::reports {

/// "good", "refuted", "bad", "open" or "error": the style sheet's class of a verdict.
std::string state_class(const Check& check);
/// The verdict as a coloured word.
std::string badge(const Check& check);
/// The experiment's or its claim's place on the page.
std::string experiment_anchor(const Record& record);
std::string claim_anchor(const Record& record, std::size_t claim);

/// A table in a container of its own that scrolls where the page is narrow.
class Table {
 public:
  /// @param head  the columns; those whose name begins with '#' hold numbers and align right
  explicit Table(const std::vector<std::string>& head);
  /// @param cells  markup, as many as there are columns
  void row(const std::vector<std::string>& cells);
  /// A heading across all columns, for the rows that follow.
  void group(const std::string& heading);
  std::string markup() const;

 private:
  std::vector<bool> numeric_;
  std::string text_;
};

/// One experiment with its figures, claims, settings and simulations.
std::string experiment_section(const Record& record, const std::vector<Picture>& pictures);

}  // namespace sdelens::reports
