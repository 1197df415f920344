#include "reports/report.hpp"

#include <fmt/format.h>

#include <system_error>

#include "reports/html/page.hpp"
#include "reports/plots/picture.hpp"
#include "reports/text/junit.hpp"
#include "reports/text/summary.hpp"

namespace sdelens {

namespace fs = std::filesystem;

ReportSettings report_settings(const RunDescription& description, std::span<const Record> records) {
  return {.title = description.title,
          .command = description.command,
          .edition = description.edition,
          .ledger = make_ledger(description.statements, records),
          .errata = make_errata(description.errata, records)};
}

ReportResult write_report(const fs::path& folder, const StoredRecords& stored,
                          const ReportSettings& settings) {
  const fs::path figures = folder / "figures";
  std::error_code error;
  fs::create_directories(figures, error);
  if (error) throw StorageError(fmt::format("{}: cannot be made: {}", figures.string(), error.message()));

  ReportResult result;
  const auto write = [&result](const fs::path& file, const std::string& contents) {
    write_file(file, contents);
    result.files.push_back(file);
  };
  const auto pictures = reports::draw_pictures(stored.records, settings.gnuplot);
  for (const auto& of_record : pictures) {
    for (const reports::Picture& picture : of_record) {
      write(figures / (picture.stem + ".csv"), picture.csv);
      if (!picture.problem.empty()) {
        result.problems.push_back(picture.stem + ": " + picture.problem);
        // A picture of an earlier report would pass for one of these records.
        for (const char* extension : {".svg", ".pdf"})
          fs::remove(figures / (picture.stem + extension), error);
        continue;
      }
      write(figures / (picture.stem + ".svg"), picture.svg);
      write(figures / (picture.stem + ".pdf"), picture.pdf);
    }
  }
  write(folder / "summary.md", reports::markdown_summary(stored, settings));
  write(folder / "junit.xml", reports::junit_xml(stored));
  result.page = folder / "index.html";
  write(result.page, reports::html_page(stored, pictures, settings));
  return result;
}

}  // namespace sdelens
