#pragma once

#include <filesystem>

#include "reports/exit_code.hpp"
#include "reports/report.hpp"
#include "suite/program/run_folder.hpp"

namespace sdelens {

/// Writes claims.csv and the report of a run into its folder, from what the folder holds and nothing else.
/// @throw StorageError if the folder cannot be read or written
ReportResult write_reports(const std::filesystem::path& folder, const StoredRun& run);

/// Reads the run of the folder, writes claims.csv and its report, prints the table of verdicts, the report's path and
/// the gate's answer, and returns the gate's exit code.
/// @throw StorageError if the folder cannot be read or written
ExitCode publish(const std::filesystem::path& folder);

}  // namespace sdelens
