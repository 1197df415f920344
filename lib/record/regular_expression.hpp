#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sdelens {

/// A text is not a regular expression. The message quotes it and says why.
class NotAnExpression : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// A regular expression in the syntax of RE2, which has neither look-around nor back-references: whatever the
/// expression, a search takes a time linear in the text.
class RegularExpression {
 public:
  /// @throw NotAnExpression if the text is none, or one that needs too much memory
  explicit RegularExpression(std::string_view text);

  /// Whether some part of the text, which is UTF-8, matches.
  bool found_in(std::string_view text) const;

 private:
  class Compiled;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace sdelens
