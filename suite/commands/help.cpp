#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "reports/exit_code.hpp"
#include "suite/program/command.hpp"
#include "suite/program/command_names.hpp"
#include "suite/program/streams.hpp"

namespace sdelens {
namespace {

void add(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand("help", "What the program or one of its commands can do");
  const auto name = std::make_shared<std::string>();
  command->add_option("COMMAND", *name, "The command; the program if it is not given");
  command->callback([&app, &exit_code, name] {
    if (!name->empty()) require_command(app, *name);
    // app.help() would be that of this command, which was given.
    print_output_text(name->empty()
                          ? app.get_formatter()->make_help(&app, app.get_name(), CLI::AppFormatMode::Normal)
                          : app.get_subcommand(*name)->help(app.get_name()));
    exit_code = static_cast<int>(ExitCode::as_expected);
  });
}

const Register<Command> help_command{{.name = "help", .add = add}};

}  // namespace
}  // namespace sdelens
