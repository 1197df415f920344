#include "sdelens/claim/claim.hpp"

#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace sdelens {
namespace {

constexpr std::array<std::pair<Relation, const char*>, 6> relations{{{Relation::equal, "equal"},
                                                                     {Relation::at_most, "at_most"},
                                                                     {Relation::at_least, "at_least"},
                                                                     {Relation::order, "order"},
                                                                     {Relation::ordering, "ordering"},
                                                                     {Relation::identity, "identity"}}};
constexpr std::array<std::pair<Verdict, const char*>, 4> verdicts{{{Verdict::pass, "pass"},
                                                                   {Verdict::fail, "fail"},
                                                                   {Verdict::unresolved, "unresolved"},
                                                                   {Verdict::error, "error"}}};

constexpr std::array<std::pair<Wording, const char*>, 3> wordings{
    {{Wording::exact, "exact"}, {Wording::corrected, "corrected"}, {Wording::printed, "printed"}}};
constexpr std::array<std::pair<ErrorFamily, const char*>, 2> family_names{
    {{ErrorFamily::replicas, "replicas"}, {ErrorFamily::few_runs, "few_runs"}}};

template <class Table>
std::string name_of(const Table& table, const auto& value) {
  for (const auto& [entry, name] : table) {
    if (entry == value) return name;
  }
  throw std::invalid_argument("no name for this value");
}

template <class Table>
auto value_of(const Table& table, const std::string& text, const char* kind) {
  for (const auto& [entry, name] : table) {
    if (text == name) return entry;
  }
  throw std::invalid_argument("unknown " + std::string(kind) + " '" + text + "'");
}

}  // namespace

double Bound::at(double prediction) const { return absolute + relative * std::abs(prediction); }

std::string to_string(Relation relation) { return name_of(relations, relation); }
std::string to_string(Verdict verdict) { return name_of(verdicts, verdict); }
std::string to_string(Wording wording) { return name_of(wordings, wording); }
std::string to_string(ErrorFamily family) { return name_of(family_names, family); }
Relation relation_from(const std::string& text) { return value_of(relations, text, "relation"); }
Verdict verdict_from(const std::string& text) { return value_of(verdicts, text, "verdict"); }
Wording wording_from(const std::string& text) { return value_of(wordings, text, "wording"); }
ErrorFamily error_family_from(const std::string& text) {
  return value_of(family_names, text, "error family");
}

}  // namespace sdelens
