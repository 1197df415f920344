#pragma once

#include <string>

namespace sdelens::reports {

struct GnuplotResult {
  std::string svg;
  std::string pdf;
  std::string problem;   ///< why there is no picture; empty if there is one
  bool endless = false;  ///< it had to be stopped, and would have to be again
};

/// Runs the script in a temporary folder of its own and collects picture.svg and picture.pdf. The user's own
/// gnuplot settings are not read.
/// @param program  a name to be found in PATH, or a path
/// @param seconds  after this time it is stopped, with all that it started
/// Never throws for what gnuplot does: a missing, failing or endless program becomes `problem`.
GnuplotResult run_gnuplot(const std::string& program, const std::string& script, double seconds = 10.0);

}  // namespace sdelens::reports
