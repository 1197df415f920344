#pragma once

#include <filesystem>
#include <string>

#include "reports/report.hpp"
#include "sdelens/record/run_description.hpp"
#include "sdelens/record/run_folder.hpp"
#include "sdelens/record/store.hpp"

namespace sdelens {

/// What a run that begins now sets out to decide: the statements and errata of reference/papers, with all registered
/// experiments that announce them.
/// @param command  reproduces the whole run
RunDescription describe_run(std::string command);

/// Says on the error stream where an earlier run was moved to, if there was one.
void report_earlier_run(const RunFolder& folder);

/// A run as its folder holds it.
struct StoredRun {
  StoredRecords stored;
  RunDescription description;
  /// Empty where the description is the folder's. Otherwise it is of a former program, that wrote none, the
  /// description is this program's own, and here is the sentence that says so.
  std::string origin;

  /// The description joined with the records.
  ReportSettings settings() const;
};

/// @throw StorageError if there is no folder/records, or the description cannot be read
StoredRun read_run(const std::filesystem::path& folder);

}  // namespace sdelens
