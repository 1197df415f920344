#pragma once

#include <filesystem>
#include <optional>

#include "sdelens/record/run_description.hpp"

namespace sdelens {

/// While it lives, no other process that asks for the lock of this folder writes into it. A process that ends in any
/// way gives it back.
class FolderLock {
 public:
  /// @param folder  there must be one
  /// @throw StorageError if another process has the lock, naming the process, or if the folder cannot be written
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  /// The file in the folder that is locked; there only while somebody has the lock, or after one was killed.
  static constexpr const char* file_name = ".sdelens-lock";

 private:
  std::filesystem::path file_;
  int descriptor_ = -1;
};

/// The folder of a run that begins: its own while it lives, empty but for its description. What an earlier run left
/// there, whether it finished or not, is moved as it is, and never changed.
class RunFolder {
 public:
  /// Makes the folder where it is missing, moves an earlier run to PARENT/runs/NAME-STARTED, with "-2", "-3", ... behind
  /// it where that is taken, and writes run.json, statements.json and errata.json.
  /// @throw StorageError if the folder holds files and no run, if another process writes into it, or naming a file that
  ///        cannot be moved or written; what was there is where it was then
  RunFolder(std::filesystem::path folder, const RunDescription& description);

  const std::filesystem::path& path() const { return path_; }
  /// Where the earlier run is now; nothing if there was none.
  const std::optional<std::filesystem::path>& earlier() const { return earlier_; }

 private:
  std::filesystem::path path_;
  std::optional<FolderLock> lock_;
  std::optional<std::filesystem::path> earlier_;
};

}  // namespace sdelens
