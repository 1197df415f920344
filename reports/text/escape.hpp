#pragma once

#include <string>
#include <string_view>

namespace sdelens::reports {

/// For text and quoted attributes of HTML and XML. What XML 1.0 does not allow (control characters, bytes that are
/// not UTF-8) becomes U+FFFD.
std::string escape_markup(std::string_view text);

/// For a terminal: control characters but line breaks and tabs, and bytes that are not UTF-8, become U+FFFD.
std::string terminal_text(std::string_view text);

/// For a line of Markdown, also within a table: every character with a meaning there is escaped, line breaks
/// become spaces.
std::string escape_markdown(std::string_view text);

/// Base64 with padding (RFC 4648, section 4).
std::string base64(std::string_view bytes);

}  // namespace sdelens::reports
