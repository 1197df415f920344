#pragma once

#include <gmock/gmock.h>

#include <cmath>
#include <string>

namespace sdelens::testing {

/// Half a unit of the last digit of a decimal number such as "6.28623e-5".
inline double half_unit(const std::string& text) {
  const std::size_t exponent_sign = text.find('e');
  const std::string digits = text.substr(0, exponent_sign);
  const std::size_t point = digits.find('.');
  const int decimals = point == std::string::npos ? 0 : static_cast<int>(digits.size() - point - 1);
  const int exponent = exponent_sign == std::string::npos ? 0 : std::stoi(text.substr(exponent_sign + 1));
  return 0.5 * std::pow(10.0, exponent - decimals);
}

/// The argument, rounded to the digits of text, is text.
MATCHER_P(RoundsTo, text, "rounds to " + std::string(text)) {
  const std::string printed = text;
  const double difference = static_cast<double>(arg) - std::stod(printed);
  *result_listener << "differs by " << difference / half_unit(printed) << " half units of the last digit";
  // The slack is for the binary value of a decimal tie.
  return std::abs(difference) <= half_unit(printed) * (1.0 + 1e-9);
}

}  // namespace sdelens::testing
