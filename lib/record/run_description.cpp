#include "sdelens/record/run_description.hpp"

#include <fmt/format.h>

#include <array>
#include <system_error>
#include <utility>

#include "sdelens/record/store.hpp"

namespace sdelens {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<const char*, std::string RunDocuments::*>, 3> files{
    {{"run.json", &RunDocuments::run},
     {"statements.json", &RunDocuments::statements},
     {"errata.json", &RunDocuments::errata}}};

void remove_file(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error) throw StorageError(fmt::format("{}: cannot be removed: {}", file.string(), error.message()));
}

void remove_earlier_run(const fs::path& folder) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder / "records", none)) {
    if (entry.path().extension() == ".json") remove_file(entry.path());
  }
  for (const auto& [name, text] : files) remove_file(folder / name);
}

}  // namespace

void begin_run_folder(const fs::path& folder, const RunDescription& description) {
  require_writable(folder);
  remove_earlier_run(folder);
  const RunDocuments documents = to_json(description);
  for (const auto& [name, text] : files) write_file(folder / name, documents.*text);
}

std::optional<RunDescription> read_run_description(const fs::path& folder) {
  RunDocuments documents;
  std::string present, missing;
  std::error_code ignored;
  for (const auto& [name, text] : files) {
    (fs::exists(folder / name, ignored) ? present : missing) = name;
  }
  if (present.empty()) return {};
  if (!missing.empty()) {
    throw StorageError(
        fmt::format("{}: is missing, though {} is there", (folder / missing).string(), present));
  }
  for (const auto& [name, text] : files) {
    try {
      documents.*text = read_file(folder / name);
    } catch (const StorageError& problem) {
      throw StorageError(fmt::format("{}: {}", (folder / name).string(), problem.what()));
    }
  }
  try {
    return run_description_from_json(documents);
  } catch (const StorageError& problem) {
    throw StorageError((folder / problem.what()).string());
  }
}

}  // namespace sdelens
