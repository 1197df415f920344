#pragma once

#include <cstddef>
#include <string>

namespace sdelens {

/// Columns of the terminal: what it says where the output is one, else COLUMNS, else 100; between 40 and 200.
std::size_t terminal_width();

/// A paragraph broken at spaces into lines of at most `width` columns, each line behind `indent`; ends in a line
/// break. A word that is longer stays whole.
/// @param first  stands before the first line in place of indent
std::string wrapped(const std::string& text, const std::string& indent, const std::string& first,
                    std::size_t width);
std::string wrapped(const std::string& text, const std::string& indent);

}  // namespace sdelens
