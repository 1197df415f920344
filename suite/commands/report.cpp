#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>

#include "sdelens/record/run_folder.hpp"
#include "suite/program/command.hpp"
#include "suite/program/publish.hpp"

namespace sdelens {
namespace {

void add(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand(
      "report", "Write the report of a run folder again from its records, without a simulation");
  const auto folder = std::make_shared<std::filesystem::path>();
  command->add_option("DIR", *folder, "Run folder, with the records in DIR/records")->required();
  command->callback([&exit_code, folder] {
    std::optional<FolderLock> lock;
    if (std::filesystem::is_directory(*folder)) lock.emplace(*folder);
    exit_code = static_cast<int>(publish(*folder));
  });
}

const Register<Command> report_command{{.name = "report", .add = add}};

}  // namespace
}  // namespace sdelens
