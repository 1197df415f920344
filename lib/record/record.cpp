#include "sdelens/record/record.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace sdelens {
namespace {

constexpr std::array<std::pair<Outcome, const char*>, 4> outcomes{{{Outcome::completed, "completed"},
                                                                   {Outcome::partial, "partial"},
                                                                   {Outcome::skipped, "skipped"},
                                                                   {Outcome::error, "error"}}};
constexpr std::array<std::pair<Role, const char*>, 4> roles{
    {{Role::optimizer, "optimizer"}, {Role::sde, "sde"}, {Role::theory, "theory"}, {Role::bound, "bound"}}};

template <class Table>
std::string name_of(const Table& table, const auto& value, const char* kind) {
  for (const auto& [entry, name] : table) {
    if (entry == value) return name;
  }
  throw std::invalid_argument(std::string(kind) + " has no name for this value");
}

template <class Table>
auto value_of(const Table& table, const std::string& text, const char* kind) {
  for (const auto& [entry, name] : table) {
    if (text == name) return entry;
  }
  throw std::invalid_argument("unknown " + std::string(kind) + " '" + text + "'");
}

}  // namespace

std::string to_string(Outcome outcome) { return name_of(outcomes, outcome, "outcome"); }
Outcome outcome_from(const std::string& text) { return value_of(outcomes, text, "outcome"); }
std::string to_string(Role role) { return name_of(roles, role, "role"); }
Role role_from(const std::string& text) { return value_of(roles, text, "role"); }

}  // namespace sdelens
