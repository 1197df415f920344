#include "suite/predictions/statement.hpp"

#include <fmt/format.h>

#include "reference/papers/statements.hpp"

namespace sdelens {

std::string StatementPart::text() const {
  return fmt::format("{}{}{}, {}", number, part.empty() ? "" : ", ", part, to_string(wording));
}

Source statement_source(const std::string& number, Wording wording) {
  const std::string label = papers::label(papers::statement(number));
  return {.paper = "A",
          .item = wording == Wording::printed ? label : fmt::format("{}, {}", label, to_string(wording))};
}

std::string statement_label(const StatementPart& of) {
  const std::string label = papers::label(papers::statement(of.number));
  const std::string name = label.substr(0, label.find(" ("));
  return of.part.empty() ? name : fmt::format("{}, {}", name, of.part);
}

}  // namespace sdelens
