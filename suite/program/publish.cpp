#include "suite/program/publish.hpp"

#include <fmt/format.h>

#include "reports/verdict_table.hpp"
#include "suite/program/streams.hpp"

namespace sdelens {

ReportResult write_reports(const std::filesystem::path& folder, const StoredRun& run) {
  write_claims_csv(folder, run.stored.records);
  return write_report(folder, run.stored, run.settings());
}

ExitCode publish(const std::filesystem::path& folder) {
  const StoredRun run = read_run(folder);
  const ReportResult report = write_reports(folder, run);
  const ExitCode gate = exit_code(run.stored.records, run.stored.damaged);
  print_output_text(verdict_table(run.stored.records, run.stored.damaged));
  if (!run.origin.empty()) print_output("note: {}\n", run.origin);
  for (const std::string& problem : report.problems) print_output("note: {}\n", problem);
  print_output("report: {}\nexit code of the gate: {}\n", report.page.string(), static_cast<int>(gate));
  return gate;
}

}  // namespace sdelens
