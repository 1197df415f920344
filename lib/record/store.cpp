#include "sdelens/record/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace sdelens {
namespace {

namespace fs = std::filesystem;

bool is_file_name(const std::string& text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  return !text.empty() && text.front() != '.' && std::ranges::all_of(text, allowed);
}

Record read_record(const fs::path& file) {
  Record record = record_from_json(read_file(file));
  if (file.stem() != record.experiment) {
    throw StorageError(
        fmt::format("holds the experiment '{}', which another file name belongs to", record.experiment));
  }
  return record;
}

}  // namespace

void write_record(const fs::path& folder, const Record& record) {
  if (!is_file_name(record.experiment)) {
    throw StorageError(fmt::format(
        "experiment '{}' cannot name a file: use letters, digits, '-', '_' and '.', and no '.' in front",
        record.experiment));
  }
  const fs::path records = folder / "records";
  std::error_code error;
  fs::create_directories(records, error);
  if (error) throw StorageError(fmt::format("{}: cannot be made: {}", records.string(), error.message()));
  write_file(records / (record.experiment + ".json"), to_json(record));
}

StoredRecords read_records(const fs::path& folder) {
  const fs::path records = folder / "records";
  std::error_code error;
  fs::directory_iterator entries(records, error);
  if (error) throw StorageError(fmt::format("{}: cannot be read: {}", records.string(), error.message()));
  StoredRecords result;
  for (const fs::directory_entry& entry : entries) {
    const fs::path& file = entry.path();
    if (file.extension() != ".json") continue;
    try {
      result.records.push_back(read_record(file));
    } catch (const std::exception& problem) {
      result.damaged.push_back({.file = file, .reason = problem.what()});
    }
  }
  std::ranges::sort(result.records, {}, &Record::experiment);
  std::ranges::sort(result.damaged, {}, &StoredRecords::Damage::file);
  return result;
}

}  // namespace sdelens
