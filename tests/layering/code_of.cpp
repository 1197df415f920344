#include <algorithm>
#include <cctype>
#include <regex>

#include "tests/layering/layering.hpp"

namespace sdelens::layering {
namespace {

/// Where the literal that opens with the quote at `from` ends: behind its closing quote.
std::size_t behind_literal(std::string_view text, std::size_t from) {
  const char quote = text[from];
  std::size_t at = from + 1;
  while (at < text.size() && text[at] != quote && text[at] != '\n') at += text[at] == '\\' ? 2 : 1;
  return std::min(at + 1, text.size());
}

/// The same for a raw literal, R"mark(...)mark".
std::size_t behind_raw_literal(std::string_view text, std::size_t from) {
  const std::size_t open = text.find('(', from);
  if (open == std::string_view::npos) return text.size();
  const std::string close = ")" + std::string(text.substr(from + 1, open - from - 1)) + "\"";
  const std::size_t end = text.find(close, open);
  return end == std::string_view::npos ? text.size() : end + close.size();
}

bool is_word(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_';
}

bool is_include(std::string_view line_so_far) {
  static const std::regex include{R"(\s*#\s*include\s*)"};
  return std::regex_match(line_so_far.begin(), line_so_far.end(), include);
}

}  // namespace

std::string code_of(std::string_view text) {
  std::string code;
  const auto skip_to = [&](std::size_t from, std::size_t to) {
    for (const char character : text.substr(from, to - from))
      if (character == '\n') code += '\n';
  };
  for (std::size_t at = 0; at < text.size();) {
    const char character = text[at];
    const std::string_view rest = text.substr(at);
    std::size_t end = at + 1;
    if (rest.starts_with("//")) {
      end = std::min(text.find('\n', at), text.size());
    } else if (rest.starts_with("/*")) {
      const std::size_t close = text.find("*/", at + 2);
      end = close == std::string_view::npos ? text.size() : close + 2;
      code += ' ';
      skip_to(at, end);
    } else if (character == '"' && code.ends_with('R')) {
      end = behind_raw_literal(text, at);
      code += "\"\"";
      skip_to(at, end);
    } else if (character == '"' && is_include(std::string_view(code).substr(code.rfind('\n') + 1))) {
      end = behind_literal(text, at);
      code += text.substr(at, end - at);
    } else if (character == '"' || (character == '\'' && (code.empty() || !is_word(code.back())))) {
      end = behind_literal(text, at);
      code += {character, character};
      skip_to(at, end);
    } else {
      code += character;
    }
    at = end;
  }
  return code;
}

}  // namespace sdelens::layering
