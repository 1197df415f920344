#include "suite/program/errata.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "reports/exit_code.hpp"
#include "sdelens/record/store.hpp"
#include "suite/program/command.hpp"
#include "suite/program/run_folder.hpp"
#include "suite/program/streams.hpp"

namespace sdelens {
namespace {

int write_errata(const std::filesystem::path& folder, const std::filesystem::path& file) {
  const StoredRun run = read_run(folder);
  const StoredRecords& stored = run.stored;
  const ReportSettings joined = run.settings();
  const ErrataPage page = errata_page(joined.errata, joined.ledger, joined.edition, stored.records);
  if (!run.origin.empty()) print_message("sdelens: {}\n", run.origin);
  for (const auto& [damaged, reason] : stored.damaged)
    print_message("sdelens: damaged record {}: {}\n", damaged.string(), reason);
  for (const std::string& problem : page.without_claims) print_message("sdelens: {}\n", problem);
  if (!page.without_claims.empty() || !stored.damaged.empty()) {
    print_message("{} was not written\n", file.string());
    return static_cast<int>(ExitCode::error);
  }
  for (const std::string& problem : page.not_as_expected) print_message("sdelens: {}\n", problem);
  write_file(file, page.markdown);
  print_output("errata: {}\n", file.string());
  return static_cast<int>(page.not_as_expected.empty() ? ExitCode::as_expected : ExitCode::not_as_expected);
}

void add(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand(
      "errata", "Write the errors of the paper with the claims that show them, from the records of a run");
  const auto folder = std::make_shared<std::filesystem::path>("reports/latest");
  const auto file = std::make_shared<std::filesystem::path>("reference/errata.md");
  command->add_option("--records", *folder, "Run folder, with the records in DIR/records")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_option("--out", *file, "What is written; nothing if an error lacks a claim that shows it")
      ->type_name("FILE")
      ->capture_default_str();
  command->callback([&exit_code, folder, file] { exit_code = write_errata(*folder, *file); });
}

const Register<Command> errata_command{{.name = "errata", .add = add}};

}  // namespace
}  // namespace sdelens
