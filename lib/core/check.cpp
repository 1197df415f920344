#include "sdelens/core/check.hpp"

#include <fmt/format.h>

namespace sdelens {

bool Range::contains(double value) const {
  const bool above = low_included ? value >= low : value > low;
  const bool below = high_included ? value <= high : value < high;
  return above && below;
}

std::string Range::text() const {
  return fmt::format("{}{}, {}{}", low_included ? '[' : '(', low, high, high_included ? ']' : ')');
}

InvalidParameter::InvalidParameter(std::string_view owner, std::string_view name, double value,
                                   const Range& range)
    : std::invalid_argument(
          fmt::format("{}: {} is {}, but must be in {}", owner, name, value, range.text())) {}

InvalidParameter::InvalidParameter(std::string_view owner, std::string_view name, std::string_view problem)
    : std::invalid_argument(fmt::format("{}: {} {}", owner, name, problem)) {}

double require_in(const Range& range, std::string_view owner, std::string_view name, double value) {
  if (!range.contains(value)) throw InvalidParameter(owner, name, value, range);
  return value;
}

double require_positive(std::string_view owner, std::string_view name, double value) {
  return require_in(Range::positive(), owner, name, value);
}

double require_finite(std::string_view owner, std::string_view name, double value) {
  return require_in(Range::finite(), owner, name, value);
}

}  // namespace sdelens
