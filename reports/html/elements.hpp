#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "reports/ledger.hpp"
#include "reports/plots/picture.hpp"
#include "sdelens/record/record.hpp"

namespace sdelens::reports {

/// "good", "refuted", "bad", "open" or "error": the style sheet's class of a verdict.
std::string state_class(const Check& check);
/// The verdict as a coloured word.
std::string badge(const Check& check);
/// The place on the page of an experiment, its claim, or a numbered statement.
std::string experiment_anchor(const Record& record);
std::string claim_anchor(const Record& record, std::size_t claim);
std::string statement_anchor(const std::string& number);
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

/// One experiment with its figures, claims, settings and simulations.
/// @param ledger  what claims link to
std::string experiment_section(const Record& record, const std::vector<Picture>& pictures,
                               const Ledger& ledger);

/// "44 of 44 statements have a verdict"; empty without a ledger.
std::string ledger_answer(const Ledger& ledger, std::span<const Record> records);
/// The table of all statements with their verdicts; empty without a ledger.
std::string ledger_section(const Ledger& ledger, std::span<const Record> records);
/// Each statement with its wordings, its note and all claims that decide it.
std::string statements_section(const Ledger& ledger, std::span<const Record> records);
/// Links to the statements that a claim decides, and with which wording; empty for none.
std::string lemma_links(const Claim& claim, const Ledger& ledger);

}  // namespace sdelens::reports
