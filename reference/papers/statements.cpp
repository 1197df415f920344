#include "reference/papers/statements.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reference/papers/statement_tables.hpp"
#include "sdelens/core/nearest.hpp"

namespace sdelens::papers {
namespace {

using enum StatementKind;

const std::vector<Statement>& table() {
  static const std::vector<Statement> all = [] {
    std::vector<Statement> joined;
    for (const auto part : {statements_of_main_text(), statements_of_appendices(), statements_of_remarks()})
      joined.insert(joined.end(), part.begin(), part.end());
    return joined;
  }();
  return all;
}

std::string_view heading(StatementKind kind) {
  switch (kind) {
    case theorem:
      return "Theorem ";
    case lemma:
      return "Lemma ";
    case corollary:
      return "Corollary ";
    case remark:
      return "Remark: ";
    case sentence:
      return "Sentence: ";
    case numbered:
      break;
  }
  return "";
}

}  // namespace

std::span<const Statement> statements() { return table(); }

const Statement* find_statement(std::string_view number) {
  for (const Statement& entry : table()) {
    if (entry.number == number || std::ranges::find(entry.aliases, number) != entry.aliases.end())
      return &entry;
  }
  return nullptr;
}

const Statement& statement(std::string_view number) {
  if (const Statement* const found = find_statement(number)) return *found;
  std::vector<std::string> numbers;
  for (const Statement& entry : table()) {
    numbers.emplace_back(entry.number);
    numbers.insert(numbers.end(), entry.aliases.begin(), entry.aliases.end());
  }
  throw UnknownName("statement", number, numbers);
}

std::string label(const Statement& statement) {
  const bool has_number = statement.kind != remark && statement.kind != sentence;
  std::string text =
      fmt::format("{}{}", heading(statement.kind), has_number ? statement.number : statement.title);
  std::vector<std::string> others(statement.aliases.begin(), statement.aliases.end());
  if (!statement.later.empty()) others.push_back(fmt::format("later edition: {}", statement.later));
  if (!others.empty()) text += fmt::format(" ({})", fmt::join(others, ", "));
  return text;
}

}  // namespace sdelens::papers
