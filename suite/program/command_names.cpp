#include "suite/program/command_names.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <vector>

#include "sdelens/core/nearest.hpp"

namespace sdelens {

void require_command(const CLI::App& app, const std::string& name) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  if (std::ranges::find(names, name) == names.end()) throw UnknownName("command", name, names);
}

}  // namespace sdelens
