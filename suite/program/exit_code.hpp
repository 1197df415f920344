#pragma once

namespace sdelens {

/// Exit codes of the program that the gate's own (reports/exit_code.hpp) do not cover.
enum class ExitCode {
  success = 0,
  unexpected = 1,  ///< a claim that is quoted is not as expected
  missing = 2,     ///< a statement has no verdict
  error = 3,       ///< a file cannot be read or written
  usage = 4,       ///< bad arguments or settings, or nothing selected; nothing was run
  interrupted = 130,
};

}  // namespace sdelens
