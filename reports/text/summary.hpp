#pragma once

#include <string>

#include "reports/report.hpp"
#include "sdelens/record/store.hpp"

namespace sdelens::reports {

/// The report in short as Markdown: the gate's answer, counts, what in the reports is not the run's own, what is not
/// as expected, what was skipped or damaged, the facts of the run and a table of all claims.
std::string markdown_summary(const StoredRecords& stored, const ReportSettings& settings);

/// Of a run that begins.
std::string markdown_in_progress(const RunDescription& description);

}  // namespace sdelens::reports
