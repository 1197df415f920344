#include <algorithm>
#include <regex>

#include "tests/layering/layering.hpp"

namespace sdelens::layering {
namespace {

/// What stands between the last end of a statement and an opening brace.
std::string_view header_of(std::string_view code, std::size_t brace) {
  std::size_t begin = brace;
  int parentheses = 0;
  for (; begin > 0; --begin) {
    const char character = code[begin - 1];
    if (character == ')') ++parentheses;
    if (character == '(') --parentheses;
    if (parentheses <= 0 && (character == ';' || character == '{' || character == '}')) break;
  }
  std::string_view header = code.substr(begin, brace - begin);
  if (const std::size_t directive = header.rfind('#'); directive != std::string_view::npos)
    header = header.substr(std::min(header.find('\n', directive), header.size()));
  return header;
}

bool matches(std::string_view text, const std::regex& pattern) {
  return std::regex_search(text.begin(), text.end(), pattern);
}

bool opens_scope(std::string_view header) {
  static const std::regex scope{
      R"(^\s*(template\s*<[^()]*>\s*)?(inline\s+)?(namespace|class|struct|union|enum|extern)\b[^()=]*$)"};
  return matches(header, scope);
}

bool opens_body(std::string_view header) {
  static const std::regex body{R"(\)\s*(const|noexcept|override|final|mutable|\s)*(->[^;{}()]*)?$)"};
  return matches(header, body);
}

/// A constant table: what it holds is data.
bool opens_table(std::string_view header) {
  static const std::regex table{R"(^\s*static\s+const\b)"};
  return matches(header, table);
}

std::size_t lines_in(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

/// The brace that closes the one at `open`; the end of the text if there is none.
std::size_t closing(std::string_view code, std::size_t open) {
  std::size_t depth = 0;
  for (std::size_t at = open; at < code.size(); ++at) {
    if (code[at] == '{') ++depth;
    if (code[at] == '}' && --depth == 0) return at;
  }
  return code.size();
}

std::size_t lines_of_tables(std::string_view body) {
  std::size_t lines = 0;
  for (std::size_t at = body.find('{', 1); at != std::string_view::npos; at = body.find('{', at + 1)) {
    if (!opens_table(header_of(body, at))) continue;
    const std::size_t end = closing(body, at);
    lines += lines_in(body.substr(at, end - at));
    at = end;
  }
  return lines;
}

}  // namespace

std::vector<Function> functions_of(std::string_view code) {
  std::vector<Function> result;
  for (std::size_t at = code.find('{'); at != std::string_view::npos; at = code.find('{', at + 1)) {
    const std::string_view header = header_of(code, at);
    if (opens_scope(header)) continue;
    const std::size_t end = closing(code, at);
    const std::string_view body = code.substr(at, end - at);
    if (opens_body(header)) {
      const std::string_view text = header.substr(std::min(header.find_first_not_of(" \n"), header.size()));
      const std::size_t begin = at - text.size();
      result.push_back({.line = 1 + lines_in(code.substr(0, begin)),
                        .lines = 1 + lines_in(text) + lines_in(body) - lines_of_tables(body)});
      at = end;
    }
  }
  return result;
}

}  // namespace sdelens::layering
