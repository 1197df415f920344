#include "suite/program/streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <string>
#include <system_error>

#include "reports/text/escape.hpp"

namespace sdelens {
namespace {

/// errno of the first failure on the standard output.
int output_failure = 0;

void note_failure(bool failed) {
  if (failed && output_failure == 0) output_failure = errno;
}

}  // namespace

void prepare_standard_streams() {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // For reading only, so that writing fails as it did. The lowest number that is free is the closed one.
    if (::fcntl(descriptor, F_GETFD) == -1 && ::open("/dev/null", O_RDONLY) < 0) return;
  }
}

void print_output_text(std::string_view text) {
  const std::string safe = reports::terminal_text(text);
  note_failure(std::fwrite(safe.data(), 1, safe.size(), stdout) != safe.size());
}

void print_message_text(std::string_view text) { print_progress(reports::terminal_text(text)); }

void print_progress(std::string_view text) {
  const std::size_t written = std::fwrite(text.data(), 1, text.size(), stderr);
  if (written != text.size() || std::fflush(stderr) != 0) std::clearerr(stderr);
}

void require_output_written() {
  note_failure(std::fflush(stdout) != 0);
  note_failure(std::ferror(stdout) != 0);
  if (output_failure != 0)
    throw std::system_error(output_failure, std::generic_category(), "the standard output cannot be written");
}

}  // namespace sdelens
