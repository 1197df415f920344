#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sdelens {

/// The candidates that a misspelt name most likely meant, best first: by edit distance (insertions,
/// deletions, substitutions and transpositions of neighbours), a shared beginning counting in a name's
/// favour.
std::vector<std::string> nearest_names(std::string_view name, std::span<const std::string> candidates,
                                       std::size_t most = 3);

/// A name that nothing is registered or declared under. The message quotes the nearest names.
class UnknownName : public std::invalid_argument {
 public:
  UnknownName(std::string_view kind, std::string_view name, std::span<const std::string> candidates);
};

}  // namespace sdelens
