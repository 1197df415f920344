#include "suite/program/publish.hpp"

#include <fmt/format.h>

#include <system_error>

#include "reports/exit_code.hpp"
#include "reports/report.hpp"
#include "reports/verdict_table.hpp"
#include "suite/program/errata.hpp"
#include "suite/program/ledger.hpp"

namespace sdelens {

void remove_records(const std::filesystem::path& folder) {
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "records", problem)) {
    if (entry.path().extension() != ".json") continue;
    std::filesystem::remove(entry.path(), problem);
    if (problem)
      throw StorageError(fmt::format("cannot remove {}: {}", entry.path().string(), problem.message()));
  }
}

int publish(const std::filesystem::path& folder, const StoredRecords& stored, const std::string& command) {
  write_claims_csv(folder, stored.records);
  const ReportResult report = write_report(
      folder, stored,
      {.command = command, .ledger = make_ledger(stored.records), .errata = make_errata(stored.records)});
  const int gate = exit_code(stored.records, stored.damaged);
  fmt::print("{}", verdict_table(stored.records, stored.damaged));
  for (const std::string& problem : report.problems) fmt::print("note: {}\n", problem);
  fmt::print("report: {}\nexit code of the gate: {}\n", report.page.string(), gate);
  return gate;
}

}  // namespace sdelens
