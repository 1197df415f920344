#pragma once

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sdelens {

/// The values that a parameter may take: an interval of the extended real line.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_included = false;
  bool high_included = false;

  /// False for NaN, whatever the interval.
  bool contains(double value) const;
  /// The interval as a mathematician writes it, for example "[0, 1)" or "(0, inf)".
  std::string text() const;

  static constexpr Range finite() { return {}; }
  static constexpr Range positive() { return {.low = 0.0}; }
  static constexpr Range non_negative() { return {.low = 0.0, .low_included = true}; }
  static constexpr Range unit() { return {.low = 0.0, .high = 1.0, .low_included = true}; }
  static constexpr Range at_least(double low) { return {.low = low, .low_included = true}; }
};

/// A parameter is outside its range. The message names the owner, the parameter, its value and the range:
/// "Adam: beta_2 is -0.1, but must be in [0, 1)".
class InvalidParameter : public std::invalid_argument {
 public:
  InvalidParameter(std::string_view owner, std::string_view name, double value, const Range& range);
  /// For what an interval does not say, such as a matrix that must be symmetric.
  InvalidParameter(std::string_view owner, std::string_view name, std::string_view problem);
};

/// Returns value.
/// @throw InvalidParameter unless value is in range (NaN never is)
double require_in(const Range& range, std::string_view owner, std::string_view name, double value);

/// Returns value.
/// @throw InvalidParameter unless 0 < value < infinity
double require_positive(std::string_view owner, std::string_view name, double value);

/// Returns value.
/// @throw InvalidParameter unless value is finite
double require_finite(std::string_view owner, std::string_view name, double value);

}  // namespace sdelens
