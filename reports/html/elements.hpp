#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "reports/ledger.hpp"
#include "sdelens/record/record.hpp"

namespace sdelens::reports {

/// "good", "refuted", "bad", "open" or "error": the style sheet's class of a verdict.
std::string state_class(const Check& check);
/// The verdict as a coloured word.
std::string badge(const Check& check);
/// The place on the page of an experiment, its claim, a numbered statement, or an error in print.
std::string experiment_anchor(const Record& record);
std::string claim_anchor(const Record& record, std::size_t claim);
std::string statement_anchor(const std::string& number);
std::string erratum_anchor(const std::string& id);
/// A link to such a place with a text, which is escaped.
std::string link_to(const std::string& anchor, const std::string& text);

/// A table in a container of its own that scrolls where the page is narrow.
class Table {
 public:
  /// @param head   the columns; those whose name begins with '#' hold numbers and align right
  /// @param style  a class; "stacked": on a narrow page each row becomes a block, each cell with its column's
  ///               name
  explicit Table(const std::vector<std::string>& head, const std::string& style = "");
  /// @param cells  markup, as many as there are columns
  void row(const std::vector<std::string>& cells);
  /// A heading across all columns, for the rows that follow.
  void group(const std::string& heading);
  std::string markup() const;

 private:
  std::vector<bool> numeric_;
  std::vector<std::string> names_;
  std::string text_;
};

/// A named text in a list of class "wordings"; empty for an empty text, which is escaped.
std::string part(const char* name, const std::string& text);
/// Claims with their verdicts and numbers, each linked to its place; empty for none.
std::string claims_table(const std::vector<ClaimPlace>& places, std::span<const Record> records);

/// What the claims of one wording of a statement come to, as a coloured word where they judge it.
std::string wording_badge(const WordingVerdict& verdict);
/// Links to the statements that a claim decides, and with which wording; empty for none.
std::string lemma_links(const Claim& claim, const Ledger& ledger);

}  // namespace sdelens::reports
