#pragma once

#include <fmt/format.h>

#include <string_view>

namespace sdelens {

/// Before anything is printed or opened: writing to a pipe without a reader becomes an error instead of a signal, and
/// a standard stream that is closed is not taken by the next file that is opened.
void prepare_standard_streams();

/// Writes to the standard output. A failure is kept for require_output_written.
void print_output_text(std::string_view text);
/// Writes to the error stream. Failures are ignored: nothing that is said there is worth a run.
void print_message_text(std::string_view text);
/// The same for text that moves the cursor, and holds nothing that was read.
void print_progress(std::string_view text);

/// What is printed by these has no control characters but line breaks and tabs, whatever it was read from.
template <class... Values>
void print_output(fmt::format_string<Values...> format, Values&&... values) {
  print_output_text(fmt::format(format, std::forward<Values>(values)...));
}
template <class... Values>
void print_message(fmt::format_string<Values...> format, Values&&... values) {
  print_message_text(fmt::format(format, std::forward<Values>(values)...));
}

/// @throw std::system_error if something that was printed did not reach the standard output
void require_output_written();

}  // namespace sdelens
