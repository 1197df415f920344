#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>

#include "suite/commands/commands.hpp"
#include "suite/commands/list_models.hpp"
#include "suite/exit_code.hpp"

namespace sdelens {

void add_list(CLI::App& app, int& exit_code) {
  CLI::App* const command =
      app.add_subcommand("list", "The registered experiments: id, source, title; or what simulate can run");
  const auto models = std::make_shared<ListedModels>();
  add_model_flags(*command, *models);
  command->callback([&exit_code, models] {
    if (models->any()) {
      fmt::print("{}", text_of(*models));
      exit_code = static_cast<int>(ExitCode::success);
      return;
    }
    std::size_t id_width = 0;
    std::size_t item_width = 0;
    for (const Experiment& experiment : Registry<Experiment>::all().entries()) {
      id_width = std::max(id_width, experiment.name.size());
      item_width = std::max(item_width, experiment.source.item.size());
    }
    for (const Experiment& experiment : Registry<Experiment>::all().entries()) {
      fmt::print("{:<{}}  {} {:<{}}  {}\n", experiment.name, id_width, experiment.source.paper,
                 experiment.source.item, item_width, experiment.title);
    }
    exit_code = static_cast<int>(ExitCode::success);
  });
}

}  // namespace sdelens
