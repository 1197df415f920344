#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>

namespace sdelens {

/// For Option::transform: a whole number in base ten between the two, or a refusal that names them. By itself the command
/// line's library takes the nearest number that fits for one that is too large, and "010" for 8.
CLI::Validator whole_number(std::uint64_t low = 0,
                            std::uint64_t high = std::numeric_limits<std::uint64_t>::max());

}  // namespace sdelens
