#include "reports/plots/gnuplot.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "reports/text/words.hpp"

namespace sdelens::reports {
namespace {

namespace fs = std::filesystem;

class Workspace {
 public:
  Workspace() {
    std::string name = (fs::temp_directory_path() / "sdelens-figure-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw std::system_error(errno, std::generic_category(), "no temporary folder for gnuplot");
    }
    path_ = name;
  }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path operator/(const char* name) const { return path_ / name; }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string contents(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// What the child does before it becomes the program.
class FileActions {
 public:
  explicit FileActions(const Workspace& folder) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addchdir_np(&actions_, folder.path().c_str());
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "messages", O_WRONLY | O_CREAT, 0600);
    ::posix_spawn_file_actions_adddup2(&actions_, STDOUT_FILENO, STDERR_FILENO);
  }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// As which process the child runs: at the head of a group, so that it is stopped with its own children, and with the
/// signals as they are for a program that is started from a shell.
class Attributes {
 public:
  Attributes() {
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setflags(&attributes_,
                               POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    sigset_t signals;
    sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    sigaddset(&signals, SIGPIPE);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

/// The wait status, or nothing if the child had to be stopped.
std::optional<int> wait_for(pid_t child, double seconds) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  int status = 0;
  while (Clock::now() < end) {
    if (::waitpid(child, &status, WNOHANG) == child) return status;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  ::kill(-child, SIGKILL);
  ::waitpid(child, &status, 0);
  return std::nullopt;
}

GnuplotResult run(const std::string& program, const std::string& script, double seconds) {
  const Workspace folder;
  std::ofstream(folder / "script.gp", std::ios::binary) << script;
  // A relative path would be looked up in the child's folder.
  std::string name = program.find('/') == std::string::npos ? program : fs::absolute(program).string();
  std::string option = "--default-settings";
  std::string file = "script.gp";
  const std::array<char*, 4> arguments{name.data(), option.data(), file.data(), nullptr};
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, name.c_str(), FileActions(folder).get(), Attributes().get(),
                                   arguments.data(), environ);
  if (error != 0) {
    return {.svg = "",
            .pdf = "",
            .problem = fmt::format("{} cannot be run: {}", program, std::generic_category().message(error))};
  }
  const std::optional<int> status = wait_for(child, seconds);
  const std::string messages = one_line(contents(folder / "messages")).substr(0, 400);
  GnuplotResult result{
      .svg = contents(folder / "picture.svg"), .pdf = contents(folder / "picture.pdf"), .problem = ""};
  if (!status) {
    result.problem = fmt::format("{} was stopped after {} s", program, seconds);
    result.endless = true;
  } else if (WIFSIGNALED(*status)) {
    result.problem = fmt::format("{} ended by signal {}", program, WTERMSIG(*status));
  } else if (WEXITSTATUS(*status) != 0) {
    result.problem = fmt::format("{} failed with status {}: {}", program, WEXITSTATUS(*status), messages);
  } else if (result.svg.find("</svg>") == std::string::npos || result.pdf.empty()) {
    result.problem = fmt::format("{} wrote no whole picture: {}", program, messages);
  }
  return result;
}

}  // namespace

GnuplotResult run_gnuplot(const std::string& program, const std::string& script, double seconds) {
  try {
    return run(program, script, seconds);
  } catch (const std::exception& error) {
    return {.svg = "", .pdf = "", .problem = error.what()};
  }
}

}  // namespace sdelens::reports
