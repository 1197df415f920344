#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <stdexcept>

#include "reports/exit_code.hpp"
#include "sdelens/record/store.hpp"
#include "suite/program/command.hpp"

int main(int argc, char** argv) {
  using sdelens::ExitCode;
  CLI::App app("Checks the stochastic differential equations of adaptive optimizers against simulation.",
               "sdelens");
  app.footer(
      "Exit codes: 0 every claim as expected; 1 a claim is not; 2 unresolved; 3 error; 4 usage or nothing "
      "selected; "
      "130 interrupted.\nExample: sdelens run fig6-adam --tier smoke");
  app.require_subcommand(1);
  int exit_code = static_cast<int>(ExitCode::as_expected);
  try {
    for (const sdelens::Command& command : sdelens::Registry<sdelens::Command>::all().entries())
      command.add(app, exit_code);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? static_cast<int>(ExitCode::as_expected)
                                  : static_cast<int>(ExitCode::nothing_run);
  } catch (const sdelens::StorageError& problem) {
    fmt::print(stderr, "sdelens: {}\n", problem.what());
    return static_cast<int>(ExitCode::error);
  } catch (const std::invalid_argument& problem) {
    fmt::print(stderr, "sdelens: {}\n", problem.what());
    return static_cast<int>(ExitCode::nothing_run);
  } catch (const std::exception& problem) {
    fmt::print(stderr, "sdelens: {}\n", problem.what());
    return static_cast<int>(ExitCode::error);
  }
  return exit_code;
}
