#include "suite/program/whole_number.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <system_error>

namespace sdelens {

CLI::Validator whole_number(std::uint64_t low, std::uint64_t high) {
  const auto check = [low, high](std::string& text) -> std::string {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, problem] = std::from_chars(text.data(), end, value);
    if (problem != std::errc() || stopped != end || value < low || value > high)
      return fmt::format("must be a whole number from {} to {}, but is '{}'", low, high, text);
    text = std::to_string(value);
    return {};
  };
  return CLI::Validator(check, "");
}

}  // namespace sdelens
