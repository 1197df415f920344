#pragma once

#include <cstddef>
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
  /// As list; empty if the list is missing.
  std::vector<double> optional_list(std::string_view name, const Range& range);
  /// 0 or 1.
  /// @throw InvalidParameter if the value is neither
  bool flag(std::string_view name, bool fallback);
  bool has(std::string_view name) const { return parameters_.contains(name); }
  /// @throw UnknownName if a key was given that nobody read
  void finish() const;

 private:
  std::string owner_;
  const Parameters& parameters_;
  std::set<std::string, std::less<>> known_;
};

/// The value for coordinate i of a list that has one entry for all coordinates, or one for each.
/// @throw InvalidParameter naming owner and list if it has another number of entries
double entry(std::string_view owner, std::string_view name, const std::vector<double>& list,
             std::ptrdiff_t dimension, std::ptrdiff_t i);

}  // namespace sdelens
