#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sdelens::layering {

/// One line that breaks a rule. `rule` is the rule's name, `message` says what to do instead.
struct Violation {
  std::string file;  ///< relative to the root, with forward slashes
  std::size_t line;  ///< counted from 1
  std::string rule;
  std::string message;
};

/// Every .cpp and .hpp in lib, reference, reports, suite and tests below the root, relative to it, sorted.
std::vector<std::string> sources(const std::filesystem::path& root);

/// What breaks the include graph or a ban, by file and line. Comments never do; string literals only in #include.
/// @throw std::runtime_error if a source cannot be read
std::vector<Violation> violations(const std::filesystem::path& root);

/// The names of all rules.
std::vector<std::string> rules();

/// The text without comments, and with string and character literals emptied except behind #include; every line
/// keeps its number.
std::string code_of(std::string_view text);

/// A function with a body, or a lambda of a variable of namespace scope.
struct Function {
  std::size_t line;   ///< where it begins, counted from 1
  std::size_t lines;  ///< of its head and body, but for those of constant tables (static const) in it
};
/// @param code  as code_of gives it
std::vector<Function> functions_of(std::string_view code);

/// "file:line: message" for each, one a line.
std::string text(const std::vector<Violation>& violations);

}  // namespace sdelens::layering
