#include "reports/text/escape.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>

#include "reports/text/words.hpp"

namespace sdelens::reports {
namespace {

/// Bytes that are not UTF-8 replaced by U+FFFD; the JSON library knows how.
std::string valid_unicode(std::string_view text) {
  using Json = nlohmann::json;
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
}

}  // namespace

std::string escape_markup(std::string_view text) {
  std::string result;
  for (const char c : valid_unicode(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default: {
        const bool forbidden = c >= 0 && c < ' ' && c != '\n' && c != '\t';
        result += forbidden ? "\uFFFD" : std::string(1, c);
      }
    }
  }
  return result;
}

std::string terminal_text(std::string_view text) {
  const std::string valid = valid_unicode(text);
  std::string result;
  for (std::size_t i = 0; i < valid.size(); ++i) {
    const auto byte = static_cast<unsigned char>(valid[i]);
    // U+0080 to U+009F, which some terminals obey like escape sequences.
    const bool of_two_bytes =
        byte == 0xC2U && i + 1 < valid.size() && static_cast<unsigned char>(valid[i + 1]) < 0xA0U;
    const bool of_one_byte = (byte < 0x20U && byte != '\n' && byte != '\t') || byte == 0x7FU;
    if (of_two_bytes) ++i;
    result += of_two_bytes || of_one_byte ? "\uFFFD" : std::string(1, valid[i]);
  }
  return result;
}

std::string escape_markdown(std::string_view text) {
  std::string result;
  for (const char c : one_line(valid_unicode(text))) {
    if (std::string_view("\\`*_[]<>|~#$&").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  result.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8U | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    const std::size_t given = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t j = 0; j < 4; ++j) {
      result += j <= given ? digits[group >> (18U - 6U * j) & 63U] : '=';
    }
  }
  return result;
}

}  // namespace sdelens::reports
