#include "suite/program/simulate/simulate_options.hpp"

#include <fmt/format.h>

#include <charconv>
#include <sstream>
#include <stdexcept>

namespace sdelens {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts{""};
  for (const char letter : text) {
    if (letter == separator) {
      parts.emplace_back();
    } else {
      parts.back() += letter;
    }
  }
  return parts;
}

template <class T>
void prefer(std::optional<T>& mine, std::optional<T>& other) {
  if (!mine) mine = std::move(other);
}

}  // namespace

std::vector<double> parse_numbers(const std::string& option, const std::string& text, char separator) {
  std::vector<double> numbers;
  for (const std::string& word : split(text, separator)) {
    double number = 0.0;
    const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (problem != std::errc() || end != word.data() + word.size()) {
      throw std::invalid_argument(
          fmt::format("{} '{}': {}", option, text,
                      word.empty() ? "has an empty value" : fmt::format("'{}' is no number", word)));
    }
    numbers.push_back(number);
  }
  return numbers;
}

Specification parse_specification(const std::string& option, const std::string& text) {
  const auto malformed = [&](const std::string& why) {
    return std::invalid_argument(
        fmt::format("{} '{}' {}; write it as NAME, NAME:VALUE,VALUE or NAME:KEY=VALUE/VALUE,KEY=VALUE",
                    option, text, why));
  };
  const auto colon = text.find(':');
  Specification result{.name = text.substr(0, colon)};
  if (result.name.empty()) throw malformed("has no name");
  if (colon == std::string::npos) return result;
  const std::string rest = text.substr(colon + 1);
  if (rest.empty()) throw malformed("has nothing behind its colon");
  if (rest.find('=') == std::string::npos) {
    result.values = parse_numbers(option, rest);
    return result;
  }
  for (const std::string& item : split(rest, ',')) {
    const auto equals = item.find('=');
    if (equals == std::string::npos || equals == 0)
      throw malformed("has '" + item + "', which is no KEY=VALUE");
    const std::string key = item.substr(0, equals);
    if (result.parameters.contains(key)) throw malformed("sets '" + key + "' a second time");
    result.parameters[key] = parse_numbers(option + " " + key, item.substr(equals + 1), '/');
  }
  return result;
}

Parameters parameters_of(const Specification& specification, const std::vector<ParameterDescription>& known) {
  Parameters result = specification.parameters;
  if (specification.values.empty()) return result;
  if (known.empty()) {
    throw std::invalid_argument(fmt::format("'{}' has no parameters, but got a value", specification.name));
  }
  result[known.front().name] = specification.values;
  return result;
}

SimulateOptions SimulateOptions::over(SimulateOptions other) const {
  SimulateOptions result = *this;
  prefer(result.optimizer, other.optimizer);
  prefer(result.sde, other.sde);
  prefer(result.integrator, other.integrator);
  prefer(result.normals, other.normals);
  prefer(result.landscape, other.landscape);
  prefer(result.noise, other.noise);
  prefer(result.schedule, other.schedule);
  prefer(result.x0, other.x0);
  prefer(result.sde_steps, other.sde_steps);
  prefer(result.runs, other.runs);
  prefer(result.steps, other.steps);
  prefer(result.seed, other.seed);
  prefer(result.threads, other.threads);
  prefer(result.window, other.window);
  prefer(result.out, other.out);
  result.set.merge(other.set);
  return result;
}

}  // namespace sdelens
