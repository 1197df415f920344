#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "reports/exit_code.hpp"
#include "suite/program/command.hpp"
#include "suite/program/runner.hpp"
#include "suite/program/streams.hpp"

namespace sdelens {
namespace {

void add(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand(
      "info", "What an experiment shows, its settings with their ranges, and what it simulates");
  const auto id = std::make_shared<std::string>();
  command->add_option("ID", *id, "The experiment's id, see list")->required();
  command->callback([&exit_code, id] {
    const Experiment& experiment = Registry<Experiment>::all().at(*id);
    print_output("{}: {}\nSource: paper {}, {}\n\n{}\n\nSettings (--set key=value)\n", experiment.name,
                 experiment.title, experiment.source.paper, experiment.source.item, experiment.summary);
    for (const SettingSpecification& setting : experiment.settings) {
      print_output("  {:<12} {:<18} {:<8} {:<12} {}\n", setting.name,
                   fmt::format("{}", fmt::join(setting.value, ",")), setting.printed ? "printed" : "chosen",
                   setting.range.text(), setting.note);
    }
    print_output("\nSimulations (standard tier)\n");
    const RunSettings run;
    Simulations simulations(experiment.name, run.tier, run.seed);
    const Settings settings(experiment.name, experiment.settings, {});
    experiment.design(settings, simulations);
    for (const Simulations::Order& order : simulations.orders()) {
      print_output("  {:<44} {:>7} replicas x {:>9} steps\n", order.ensemble->name(), order.replicas,
                   order.ensemble->steps());
    }
    exit_code = static_cast<int>(ExitCode::as_expected);
  });
}

const Register<Command> info_command{{.name = "info", .add = add}};

}  // namespace
}  // namespace sdelens
