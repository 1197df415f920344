#include "suite/program/select.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "sdelens/record/regular_expression.hpp"

namespace sdelens {
namespace {

RegularExpression expression_of(const char* option, const std::string& text) {
  try {
    return RegularExpression(text);
  } catch (const NotAnExpression& problem) {
    throw std::invalid_argument(fmt::format("{} {}", option, problem.what()));
  }
}

}  // namespace

std::vector<const Experiment*> select(const std::vector<std::string>& ids, const std::string& filter) {
  const Registry<Experiment>& registry = Registry<Experiment>::all();
  std::vector<const Experiment*> result;
  for (const std::string& id : ids) {
    const Experiment* found = &registry.at(id);
    if (std::ranges::find(result, found) == result.end()) result.push_back(found);
  }
  if (!filter.empty()) {
    const RegularExpression pattern = expression_of("--filter", filter);
    bool matched = false;
    for (const Experiment& experiment : registry.entries()) {
      if (!pattern.found_in(experiment.name)) continue;
      matched = true;
      if (std::ranges::find(result, &experiment) == result.end()) result.push_back(&experiment);
    }
    if (!matched) throw UnknownName("experiment for --filter", filter, registry.names());
  }
  if (ids.empty() && filter.empty()) {
    for (const Experiment& experiment : registry.entries()) result.push_back(&experiment);
  }
  return result;
}

Parameters parse_changes(const std::vector<std::string>& texts) {
  Parameters result;
  for (const std::string& text : texts) {
    const auto equals = text.find('=');
    const auto malformed = [&](const std::string& why) {
      return std::invalid_argument(
          fmt::format("--set '{}' {}; write it as key=value or key=value,value", text, why));
    };
    if (equals == std::string::npos || equals == 0) throw malformed("has no key or no value");
    const std::string key = text.substr(0, equals);
    if (result.contains(key)) throw malformed("sets '" + key + "' a second time");
    std::istringstream values(text.substr(equals + 1));
    std::vector<double> numbers;
    for (std::string word; std::getline(values, word, ',');) {
      double number = 0.0;
      const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), number);
      if (problem != std::errc() || end != word.data() + word.size())
        throw malformed("has '" + word + "', which is no number");
      numbers.push_back(number);
    }
    if (numbers.empty() || text.back() == ',') throw malformed("has an empty value");
    result[key] = numbers;
  }
  return result;
}

}  // namespace sdelens
