#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "reports/errata.hpp"
#include "reports/ledger.hpp"
#include "sdelens/record/run_description.hpp"
#include "sdelens/record/store.hpp"

namespace sdelens {

struct ReportSettings {
  std::string title = "sdelens: theory of adaptive optimizers against simulation";
  std::string command = {};  ///< reproduces the whole run; shown with the summary
  Ledger ledger = {};        ///< of the records; a page without one has none
  Errata errata = {};        ///< of the records; a page without them has none
  /// A sentence for the top of the reports where not all in them is the run's own; empty where it is.
  std::string origin = {};
  std::string gnuplot = "gnuplot";  ///< a name to be found in PATH or a path; empty: no pictures
};

/// Title, command, ledger and errata of a run: its description joined with its records.
ReportSettings report_settings(const RunDescription& description, std::span<const Record> records);

/// Writes index.html, summary.md, junit.xml and claims.csv of a run that begins: "run in progress, started at ...", with
/// an error in junit.xml and no claim. What is killed leaves them behind, so that none of them can be taken for a result.
/// @throw StorageError if a file cannot be written
void write_report_in_progress(const std::filesystem::path& folder, const RunDescription& description);

struct ReportResult {
  std::filesystem::path page;                ///< index.html
  std::vector<std::filesystem::path> files;  ///< all files written, the page among them
  std::vector<std::string> problems;         ///< pictures that could not be drawn: "figure: reason"
};

/// Writes the reports of a run into its folder, from its records only: index.html, summary.md, junit.xml and, for
/// each figure, figures/<experiment>-<figure>.svg, .pdf and .csv. Each file is written whole or not at all. A picture
/// that cannot be drawn, be it for want of gnuplot, is reported, and the page says so in its place.
/// @throw StorageError if a file cannot be written, or if figures/ is a link that leads elsewhere. If a figure's files
///        cannot be written, the page and the other reports are before it is thrown
ReportResult write_report(const std::filesystem::path& folder, const StoredRecords& stored,
                          const ReportSettings& settings = {});

}  // namespace sdelens
