#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "sdelens/record/store.hpp"

namespace sdelens {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void storage_error(const fs::path& path, std::string_view action, int error) {
  throw StorageError(
      fmt::format("{}: {}: {}", path.string(), action, std::generic_category().message(error)));
}

/// A file beside the target under a name of its own; removed unless it was renamed.
class Neighbour {
 public:
  explicit Neighbour(const fs::path& target) : target_(target) {
    static std::atomic<unsigned> count{0};
    do {
      // Hidden and without the target's extension, so that a killed run's leftover is never read as a record.
      path_ = target.parent_path() /
              fmt::format(".{}.{}-{}", target.filename().string(), ::getpid(), count.fetch_add(1));
      descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (descriptor_ < 0 && errno == EEXIST);
    if (descriptor_ < 0) storage_error(target_, "cannot be created", errno);
  }
  Neighbour(const Neighbour&) = delete;
  Neighbour& operator=(const Neighbour&) = delete;
  ~Neighbour() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!renamed_) ::unlink(path_.c_str());
  }

  void write(std::string_view contents) {
    while (!contents.empty()) {
      const ssize_t written = ::write(descriptor_, contents.data(), contents.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) storage_error(target_, "cannot be written", errno);
      contents.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(descriptor_) != 0) storage_error(target_, "cannot be written to the disk", errno);
    // Some file systems report a full disk only here.
    const int closed = ::close(std::exchange(descriptor_, -1));
    if (closed != 0) storage_error(target_, "cannot be closed", errno);
  }

  void take_the_place_of_target() {
    if (::rename(path_.c_str(), target_.c_str()) != 0) storage_error(target_, "cannot be replaced", errno);
    renamed_ = true;
  }

 private:
  fs::path target_;
  fs::path path_;
  int descriptor_ = -1;
  bool renamed_ = false;
};

void synchronise_folder(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) storage_error(folder, "cannot be opened", errno);
  const int result = ::fsync(descriptor);
  const int error = errno;
  ::close(descriptor);
  // A file system that does not synchronise folders says EINVAL.
  if (result != 0 && error != EINVAL) storage_error(folder, "cannot be written to the disk", error);
}

}  // namespace

void write_file(const fs::path& path, std::string_view contents) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  // Renaming over a device or a folder would destroy it.
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    throw StorageError(fmt::format("{}: cannot be written: not a regular file", path.string()));
  }
  Neighbour neighbour(path);
  neighbour.write(contents);
  neighbour.take_the_place_of_target();
  synchronise_folder(path);
}

std::string read_file(const fs::path& path, std::uintmax_t most_bytes) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) throw StorageError("not a regular file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw StorageError("cannot be opened");
  if (const std::uintmax_t bytes = fs::file_size(path, ignored); bytes > most_bytes)
    throw StorageError(fmt::format("has {} bytes, and more than {} are not read", bytes, most_bytes));
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (stream.bad()) throw StorageError("cannot be read");
  return text;
}

void require_writable(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) storage_error(folder, "cannot be made", error.value());
  if (!fs::is_directory(folder, error)) {
    throw StorageError(fmt::format("{}: not a folder", folder.string()));
  }
  Neighbour probe(folder / "probe");
  probe.write("probe\n");
}

}  // namespace sdelens
