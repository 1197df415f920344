#include "suite/program/text_layout.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <sstream>
#include <string_view>

namespace sdelens {
namespace {

/// Code points, each of which is one column in what the program prints.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char letter) { return (static_cast<unsigned char>(letter) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::size_t terminal_width() {
  std::size_t width = 100;
  if (const char* const variable = std::getenv("COLUMNS")) {
    const std::string_view text(variable);
    std::size_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem == std::errc() && end == text.data() + text.size()) width = value;
  }
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) width = size.ws_col;
  return std::clamp<std::size_t>(width, 40, 200);
}

std::string wrapped(const std::string& text, const std::string& indent, const std::string& first,
                    std::size_t width) {
  std::istringstream words(text);
  std::string result, line = first;
  bool begun = false;
  for (std::string word; words >> word;) {
    if (begun && columns(line) + 1 + columns(word) > width) {
      result += line + "\n";
      line = indent;
      begun = false;
    }
    line += (begun ? " " : "") + word;
    begun = true;
  }
  return result + line + "\n";
}

std::string wrapped(const std::string& text, const std::string& indent) {
  return wrapped(text, indent, indent, std::min<std::size_t>(terminal_width(), 110));
}

}  // namespace sdelens
