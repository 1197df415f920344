#include "suite/program/run_folder.hpp"

#include <fmt/format.h>

#include "reference/papers/papers.hpp"
#include "suite/program/errata.hpp"
#include "suite/program/ledger.hpp"
#include "suite/program/streams.hpp"

namespace sdelens {

RunDescription describe_run(std::string command) {
  const auto experiments = Registry<Experiment>::all().entries();
  return {.title = ReportSettings{}.title,
          .command = std::move(command),
          .edition = papers::edition_note(),
          .statements = announced_statements(papers::statements(), experiments),
          .errata = announced_errata(papers::errata(), experiments)};
}

void report_earlier_run(const RunFolder& folder) {
  if (folder.earlier())
    print_message("sdelens: the earlier run in {} is now in {}\n", folder.path().string(),
                  folder.earlier()->string());
}

ReportSettings StoredRun::settings() const {
  ReportSettings result = report_settings(description, stored.records);
  result.origin = origin;
  return result;
}

StoredRun read_run(const std::filesystem::path& folder) {
  StoredRun run{.stored = read_records(folder), .description = {}, .origin = {}};
  if (auto description = read_run_description(folder)) {
    run.description = *std::move(description);
    return run;
  }
  run.description = describe_run("");
  run.origin = fmt::format(
      "The run did not store what it set out to decide: statements and errata are those of the program that "
      "wrote this report (revision {}), and may differ from what was claimed then.",
      describe_environment(0, "").revision);
  return run;
}

}  // namespace sdelens
