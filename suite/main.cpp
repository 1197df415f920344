#include <CLI/CLI.hpp>
#include <exception>
#include <sstream>
#include <stdexcept>

#include "reports/exit_code.hpp"
#include "sdelens/record/store.hpp"
#include "suite/program/command.hpp"
#include "suite/program/command_names.hpp"
#include "suite/program/streams.hpp"

namespace {

using sdelens::ExitCode;

int run(int argc, char** argv) {
  CLI::App app("Checks the stochastic differential equations of adaptive optimizers against simulation.",
               "sdelens");
  app.footer(
      "Exit codes: 0 every claim as expected; 1 a claim is not; 2 unresolved; 3 error; 4 usage or nothing "
      "selected; "
      "130 interrupted.\nExample: sdelens run fig6-adam --tier smoke");
  app.require_subcommand(1);
  app.set_version_flag("--version", [] {
    return "sdelens " SDELENS_VERSION ", revision " + sdelens::describe_environment(0, "").revision;
  });
  int exit_code = static_cast<int>(ExitCode::as_expected);
  try {
    for (const sdelens::Command& command : sdelens::Registry<sdelens::Command>::all().entries())
      command.add(app, exit_code);
    // What is no command would be said to be missing.
    if (argc > 1 && *argv[1] != '\0' && *argv[1] != '-') sdelens::require_command(app, argv[1]);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    std::ostringstream out, message;
    const bool no_error = app.exit(problem, out, message) == 0;
    sdelens::print_output_text(out.str());
    sdelens::print_message_text(message.str());
    exit_code = static_cast<int>(no_error ? ExitCode::as_expected : ExitCode::nothing_run);
  } catch (const std::invalid_argument& problem) {
    sdelens::print_message("sdelens: {}\n", problem.what());
    return static_cast<int>(ExitCode::nothing_run);
  }
  sdelens::require_output_written();
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  sdelens::prepare_standard_streams();
  try {
    return run(argc, argv);
  } catch (const std::exception& problem) {
    sdelens::print_message("sdelens: {}\n", problem.what());
    return static_cast<int>(ExitCode::error);
  }
}
