#include "sdelens/record/regular_expression.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

namespace sdelens {
namespace {

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

RE2::Options silent() {
  RE2::Options options;
  options.set_log_errors(false);
  return options;
}

}  // namespace

class RegularExpression::Compiled {
 public:
  explicit Compiled(std::string_view text) : expression(piece(text), silent()) {}
  RE2 expression;
};

RegularExpression::RegularExpression(std::string_view text) : compiled_(std::make_shared<Compiled>(text)) {
  const RE2& expression = compiled_->expression;
  if (!expression.ok())
    throw NotAnExpression(
        fmt::format("'{}' is not a regular expression: {}", text.substr(0, 200), expression.error()));
}

bool RegularExpression::found_in(std::string_view text) const {
  return RE2::PartialMatch(piece(text), compiled_->expression);
}

}  // namespace sdelens
