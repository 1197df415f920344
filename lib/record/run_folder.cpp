#include "sdelens/record/run_folder.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <vector>

#include "sdelens/record/store.hpp"

namespace sdelens {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void storage_error(const fs::path& path, std::string_view action, int error) {
  throw StorageError(
      fmt::format("{}: {}: {}", path.string(), action, std::generic_category().message(error)));
}

/// "process 4711", as the one that has the lock wrote it down.
std::string owner_of(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size() - 1, 0);
  std::string digits(text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  std::erase_if(digits, [](unsigned char c) { return std::isdigit(c) == 0; });
  return digits.empty() ? "another process" : "process " + digits;
}

/// What is in the folder, but for the lock.
std::vector<fs::path> contents_of(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> result;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().filename() != FolderLock::file_name) result.push_back(entry.path());
  }
  if (error) storage_error(folder, "cannot be read", error.value());
  return result;
}

/// A folder of a former program has records alone.
bool holds_run(const fs::path& folder) {
  try {
    if (is_run_document(read_file(folder / "run.json"))) return true;
  } catch (const StorageError&) {
    // Then its records decide.
  }
  try {
    return !read_records(folder).records.empty();
  } catch (const StorageError&) {
    return false;
  }
}

void require_folder_for_a_run(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(folder, ignored)) return;
  if (!fs::is_directory(folder, ignored))
    throw StorageError(fmt::format("{}: not a folder", folder.string()));
  if (contents_of(folder).empty() || holds_run(folder)) return;
  throw StorageError(fmt::format(
      "{}: holds files, and no run that this program can read: nothing was written. Choose an empty "
      "folder, or one that is not there",
      folder.string()));
}

/// When the run in the folder was started, in the letters of a file name: "20261129T143102Z".
std::string start_of_run(const fs::path& folder) {
  std::string started;
  try {
    if (const auto description = read_run_description(folder)) started = description->started;
    if (started.empty()) {
      for (const Record& record : read_records(folder).records)
        started =
            started.empty() ? record.environment.started : std::min(started, record.environment.started);
    }
  } catch (const StorageError&) {
    // Then the time of its files decides.
  }
  std::erase_if(started, [](unsigned char c) { return std::isalnum(c) == 0; });
  if (!started.empty()) return started.substr(0, 16);
  std::error_code error;
  const auto written = fs::last_write_time(folder / "records", error);
  const auto time = std::chrono::file_clock::to_sys(error ? fs::last_write_time(folder) : written);
  return fmt::format("{:%Y%m%dT%H%M%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(
                         std::chrono::time_point_cast<std::chrono::system_clock::duration>(time))));
}

/// A new folder PARENT/runs/NAME-STARTED.
fs::path place_for_run_of(const fs::path& folder) {
  const fs::path runs = folder.parent_path() / "runs";
  std::error_code error;
  fs::create_directories(runs, error);
  if (error) storage_error(runs, "cannot be made", error.value());
  const std::string name = fmt::format("{}-{}", folder.filename().string(), start_of_run(folder));
  for (int i = 1;; ++i) {
    const fs::path place = runs / (i == 1 ? name : fmt::format("{}-{}", name, i));
    if (::mkdir(place.c_str(), 0777) == 0) return place;
    if (errno != EEXIST) storage_error(place, "cannot be made", errno);
  }
}

/// Moves what is in the folder to a place of its own; all of it, or nothing.
fs::path moved_run(const fs::path& given) {
  const fs::path folder = fs::canonical(given);
  const fs::path place = place_for_run_of(folder);
  std::vector<fs::path> contents = contents_of(folder);
  // What is left of a move that was cut short is still a run.
  std::ranges::partition(contents, [](const fs::path& entry) { return entry.filename() != "run.json"; });
  for (std::size_t i = 0; i < contents.size(); ++i) {
    std::error_code error, ignored;
    fs::rename(contents[i], place / contents[i].filename(), error);
    if (!error) continue;
    for (std::size_t j = 0; j < i; ++j) fs::rename(place / contents[j].filename(), contents[j], ignored);
    fs::remove(place, ignored);
    storage_error(contents[i], fmt::format("the earlier run cannot be moved to {}", place.string()),
                  error.value());
  }
  return place;
}

}  // namespace

FolderLock::FolderLock(const fs::path& folder) : file_(folder / file_name) {
  for (;;) {
    descriptor_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (descriptor_ < 0) storage_error(file_, "cannot be created", errno);
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      const int error = errno;
      const std::string owner = owner_of(descriptor_);
      ::close(descriptor_);
      if (error != EWOULDBLOCK) storage_error(file_, "cannot be locked", error);
      throw StorageError(fmt::format("{}: {} is writing a run into it", folder.string(), owner));
    }
    // Who had the lock before may have removed the file after it was opened here.
    struct stat status {};
    if (::fstat(descriptor_, &status) == 0 && status.st_nlink > 0) break;
    ::close(descriptor_);
  }
  const std::string owner = fmt::format("{}\n", ::getpid());
  // For a message to others only, so a failure costs nothing else.
  if (::ftruncate(descriptor_, 0) != 0 || ::pwrite(descriptor_, owner.data(), owner.size(), 0) < 0) return;
}

FolderLock::~FolderLock() {
  ::unlink(file_.c_str());
  ::close(descriptor_);
}

RunFolder::RunFolder(fs::path folder, const RunDescription& description) : path_(std::move(folder)) {
  std::error_code error;
  // Under a lock it is a run that begins, and has not written what shows it to be one.
  if (!fs::exists(path_ / FolderLock::file_name, error)) require_folder_for_a_run(path_);
  fs::create_directories(path_, error);
  if (error) storage_error(path_, "cannot be made", error.value());
  lock_.emplace(path_);
  require_folder_for_a_run(path_);
  require_writable(path_);
  if (!contents_of(path_).empty()) earlier_ = moved_run(path_);
  write_run_description(path_, description);
}

}  // namespace sdelens
