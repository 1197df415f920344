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

}  // namespace

void write_run_description(const fs::path& folder, const RunDescription& description) {
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
