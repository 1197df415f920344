#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sdelens/core/check.hpp"

namespace sdelens {

/// Named values of an optimizer, a landscape, ...: each a number or a list of numbers.
using Parameters = std::map<std::string, std::vector<double>, std::less<>>;

/// Reads parameters by name and checks each against its range, so that a misspelt or forgotten key cannot
/// run.
///
///     ParameterReader read("Adam", parameters);
///     beta_1 = read.scalar("beta_1", Range::unit(), 0.9);
///     read.finish();
class ParameterReader {
 public:
  /// @param owner  what the parameters belong to; begins every message
  ParameterReader(std::string owner, const Parameters& parameters);

  /// @throw InvalidParameter if the value is missing and has no fallback, is a list, or is outside the range
  double scalar(std::string_view name, const Range& range, std::optional<double> fallback = std::nullopt);
  /// @throw InvalidParameter if the list is missing and has no fallback, is empty, or has an entry outside
  /// the range
  std::vector<double> list(std::string_view name, const Range& range,
                           std::optional<std::vector<double>> fallback = std::nullopt);
  bool has(std::string_view name) const { return parameters_.contains(name); }
  /// @throw UnknownName if a key was given that nobody read
  void finish() const;

 private:
  std::string owner_;
  const Parameters& parameters_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace sdelens
