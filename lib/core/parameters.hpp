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

/// What a reader asks for under one name.
struct ParameterDescription {
  std::string name;
  Range range;
  bool list = false;  ///< one number or more, rather than one
  /// The value where none is given: an empty list for a parameter that may be left out, nothing for one that must be
  /// given.
  std::optional<std::vector<double>> fallback{};
};

/// While it lives, collects what the readers of this thread ask for, in the order of the first question. So the
/// parameters of a registered entry, their ranges and defaults are told by the code that uses them.
class ParameterListener {
 public:
  ParameterListener();
  ~ParameterListener();
  ParameterListener(const ParameterListener&) = delete;
  ParameterListener& operator=(const ParameterListener&) = delete;

  const std::vector<ParameterDescription>& heard() const { return heard_; }
  /// Names that were looked for with `has`, in the order of the first time.
  const std::vector<std::string>& looked_for() const { return looked_for_; }

 private:
  friend class ParameterReader;
  std::vector<ParameterDescription> heard_;
  std::vector<std::string> looked_for_;
  ParameterListener* outer_;
};

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
  bool has(std::string_view name) const;
  /// @throw UnknownName if a key was given that nobody read
  void finish() const;

 private:
  static void tell_listeners(const ParameterDescription& description);
  std::vector<double> read(const ParameterDescription& description);

  std::string owner_;
  const Parameters& parameters_;
  std::set<std::string, std::less<>> known_;
};

/// The value for coordinate i of a list that has one entry for all coordinates, or one for each.
/// @throw InvalidParameter naming owner and list if it has another number of entries
double entry(std::string_view owner, std::string_view name, const std::vector<double>& list,
             std::ptrdiff_t dimension, std::ptrdiff_t i);

}  // namespace sdelens
