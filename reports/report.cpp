#include "reports/report.hpp"

#include <fmt/format.h>

#include <system_error>

#include "reports/html/page.hpp"
#include "reports/plots/picture.hpp"
#include "reports/text/junit.hpp"
#include "reports/text/summary.hpp"

namespace sdelens {

namespace fs = std::filesystem;

namespace {

/// @throw StorageError if it cannot be made, or is a link: what it leads to may be anybody's
void make_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::is_symlink(fs::symlink_status(folder, error)))
    throw StorageError(fmt::format("{}: is a symbolic link, which is not followed", folder.string()));
  fs::create_directories(folder, error);
  if (error) throw StorageError(fmt::format("{}: cannot be made: {}", folder.string(), error.message()));
}

}  // namespace

ReportSettings report_settings(const RunDescription& description, std::span<const Record> records) {
  return {.title = description.title,
          .command = description.command,
          .edition = description.edition,
          .ledger = make_ledger(description.statements, records),
          .errata = make_errata(description.errata, records)};
}

void write_report_in_progress(const fs::path& folder, const RunDescription& description) {
  write_claims_csv(folder, {});
  write_file(folder / "summary.md", reports::markdown_in_progress(description));
  write_file(folder / "junit.xml", reports::junit_in_progress(description));
  write_file(folder / "index.html", reports::html_in_progress(description));
}

ReportResult write_report(const fs::path& folder, const StoredRecords& stored,
                          const ReportSettings& settings) {
  const fs::path figures = folder / "figures";
  make_folder(figures);
  ReportResult result;
  const auto write = [&result](const fs::path& file, const std::string& contents) {
    write_file(file, contents);
    result.files.push_back(file);
  };
  auto pictures = reports::draw_pictures(stored.records, settings.gnuplot);
  std::string failure;
  for (auto& of_record : pictures) {
    for (reports::Picture& picture : of_record) {
      try {
        write(figures / (picture.stem + ".csv"), picture.csv);
        if (picture.problem.empty()) {
          write(figures / (picture.stem + ".svg"), picture.svg);
          write(figures / (picture.stem + ".pdf"), picture.pdf);
        }
      } catch (const StorageError& error) {
        picture.problem = error.what();
        if (failure.empty()) failure = error.what();
      }
      if (picture.problem.empty()) continue;
      result.problems.push_back(picture.stem + ": " + picture.problem);
      // A picture of an earlier report would pass for one of these records.
      std::error_code ignored;
      for (const char* extension : {".svg", ".pdf"})
        fs::remove(figures / (picture.stem + extension), ignored);
    }
  }
  write(folder / "summary.md", reports::markdown_summary(stored, settings));
  write(folder / "junit.xml", reports::junit_xml(stored));
  result.page = folder / "index.html";
  try {
    write(result.page, reports::html_page(stored, pictures, settings));
  } catch (const StorageError& error) {
    // Most of the page are its pictures; what it says takes little room.
    failure = error.what();
    for (auto& of_record : pictures) {
      for (reports::Picture& picture : of_record) picture.problem = failure;
    }
    write(result.page, reports::html_page(stored, pictures, settings));
  }
  if (!failure.empty()) throw StorageError(failure);
  return result;
}

}  // namespace sdelens
