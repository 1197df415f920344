#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>

#include "reports/exit_code.hpp"
#include "reports/text/escape.hpp"
#include "sdelens/core/nearest.hpp"
#include "sdelens/record/store.hpp"
#include "suite/program/command.hpp"
#include "suite/program/ledger.hpp"
#include "suite/program/list_models.hpp"
#include "suite/program/run_folder.hpp"
#include "suite/program/streams.hpp"

namespace sdelens {
namespace {

struct ListArguments {
  bool lemmas = false;
  std::filesystem::path records = "reports/latest";
  std::string format = "text";
};

void list_experiments() {
  std::size_t id_width = 0;
  std::size_t item_width = 0;
  for (const Experiment& experiment : Registry<Experiment>::all().entries()) {
    id_width = std::max(id_width, experiment.name.size());
    item_width = std::max(item_width, experiment.source.item.size());
  }
  for (const Experiment& experiment : Registry<Experiment>::all().entries()) {
    print_output("{:<{}}  {} {:<{}}  {}\n", experiment.name, id_width, experiment.source.paper,
                 experiment.source.item, item_width, experiment.title);
  }
}

/// The letters in a line of the terminal; of a file or a pipe, a page's.
std::size_t line_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 160;
}

/// @param given  whether the folder was asked for: only the default one may be missing
StoredRun run_of(const std::filesystem::path& folder, bool given) {
  if (!given && !std::filesystem::exists(folder / "records"))
    return {.stored = {}, .description = describe_run(""), .origin = {}};
  return read_run(folder);
}

int list_lemmas(const ListArguments& arguments, bool folder_given) {
  static const std::vector<std::string> formats{"text", "markdown"};
  if (std::ranges::find(formats, arguments.format) == formats.end())
    throw UnknownName("format", arguments.format, formats);
  const StoredRun run = run_of(arguments.records, folder_given);
  const StoredRecords& stored = run.stored;
  const Ledger ledger = run.settings().ledger;
  if (arguments.format == "markdown") {
    if (!run.description.edition.empty())
      print_output("{}\n\n", reports::escape_markdown(run.description.edition));
    print_output("{}\n## Experiments\n\n{}", ledger_markdown(ledger, stored.records),
                 experiments_markdown(stored.records));
  } else {
    print_output_text(ledger_text(ledger, stored.records, line_width()));
  }
  if (!run.origin.empty()) print_message("sdelens: {}\n", run.origin);
  for (const auto& [file, reason] : stored.damaged)
    print_message("sdelens: damaged record {}: {}\n", file.string(), reason);
  const std::vector<std::string> missing = without_verdict(ledger, stored.records);
  if (!missing.empty()) {
    print_message("{} of {} statements have no verdict:\n", missing.size(), ledger.size());
    for (const std::string& sentence : missing) print_message("  {}\n", sentence);
    print_message("The records of all experiments in one folder: sdelens run --out {}\n",
                  arguments.records.string());
  }
  if (!stored.damaged.empty()) return static_cast<int>(ExitCode::error);
  return static_cast<int>(missing.empty() ? ExitCode::as_expected : ExitCode::undecided);
}

void add(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand("list",
                                               "The registered experiments: id, source, title; or the lemmas "
                                               "with their verdicts; or what simulate can run");
  const auto arguments = std::make_shared<ListArguments>();
  CLI::Option* const lemmas = command->add_flag(
      "--lemmas", arguments->lemmas,
      "The ledger: every numbered statement of the paper, how it is checked, by which experiment, and "
      "the verdict on what is printed and on what should be; exit code 2 if one has no verdict");
  CLI::Option* const folder =
      command->add_option("--records", arguments->records, "Run folder, with the records in DIR/records")
          ->needs(lemmas)
          ->type_name("DIR")
          ->capture_default_str();
  command->add_option("--format", arguments->format, "text or markdown")
      ->needs(lemmas)
      ->capture_default_str();
  const auto models = std::make_shared<ListedModels>();
  add_model_flags(*command, *models);
  command->callback([&exit_code, arguments, folder, models] {
    if (models->any()) {
      print_output_text(text_of(*models));
      exit_code = static_cast<int>(ExitCode::as_expected);
      return;
    }
    if (arguments->lemmas) {
      exit_code = list_lemmas(*arguments, folder->count() > 0);
      return;
    }
    list_experiments();
    exit_code = static_cast<int>(ExitCode::as_expected);
  });
}

const Register<Command> list_command{{.name = "list", .add = add}};

}  // namespace
}  // namespace sdelens
