#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/lib/record/temporary_folder.hpp"

namespace sdelens::test {

/// The program as a user runs it, in a process of its own with its streams in files.
class Program {
 public:
  /// @param folder  for the files of the streams; the program runs in it
  /// @param before  called in the process before it becomes the program
  Program(
      const std::filesystem::path& folder, std::vector<std::string> arguments,
      const std::function<void()>& before = [] {})
      : out_(folder / "stdout"), error_(folder / "stderr") {
    arguments.insert(arguments.begin(), SDELENS_PROGRAM);
    std::vector<char*> words;
    for (std::string& word : arguments) words.push_back(word.data());
    words.push_back(nullptr);
    // Made here, so that they are there to be read at once.
    for (const std::filesystem::path& file : {out_, error_}) std::ofstream stream(file);
    process_ = ::fork();
    if (process_ != 0) return;
    redirect(out_, STDOUT_FILENO);
    redirect(error_, STDERR_FILENO);
    // What runs the tests may ignore them, and hand that on.
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
    before();
    if (::chdir(folder.c_str()) == 0) ::execv(words[0], words.data());
    ::_exit(126);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() {
    if (status_) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }

  void interrupt(int signal = SIGINT) const { ::kill(process_, signal); }

  /// Waits until it has so many threads; false if it ended or three minutes passed before.
  bool has_threads(int count) {
    const std::string line = "\nThreads:\t" + std::to_string(count) + "\n";
    const std::filesystem::path status = "/proc/" + std::to_string(process_) + "/status";
    const auto has = [&] {
      std::ifstream stream(status);
      const std::string text{std::istreambuf_iterator<char>(stream), {}};
      return text.find(line) != std::string::npos;
    };
    return before_deadline([&] { return has() || ended(); }) && !status_;
  }

  bool ended() {
    int status = 0;
    if (!status_ && ::waitpid(process_, &status, WNOHANG) == process_) status_ = status;
    return status_.has_value();
  }

  /// Waits for a text on the error stream; false if the program ended or three minutes passed without it.
  bool says(const std::string& text) {
    return before_deadline([&] { return error().find(text) != std::string::npos || ended(); }) &&
           error().find(text) != std::string::npos;
  }

  /// The exit code; -1 if a signal ended the program or it did not end.
  int exit_code() {
    if (!before_deadline([&] { return ended(); })) return -1;
    return WIFEXITED(*status_) ? WEXITSTATUS(*status_) : -1;
  }

  std::string out() const { return read_text(out_); }
  std::string error() const { return read_text(error_); }

 private:
  static void redirect(const std::filesystem::path& file, int descriptor) {
    const int opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (opened < 0 || ::dup2(opened, descriptor) < 0) ::_exit(125);
  }
  template <class Condition>
  static bool before_deadline(const Condition& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(3);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
  }

  std::filesystem::path out_, error_;
  pid_t process_ = -1;
  std::optional<int> status_;
};

struct Result {
  int exit_code;
  std::string out, error;
};

/// Runs the program to its end.
inline Result run_program(
    const std::vector<std::string>& arguments, const std::function<void()>& before = [] {}) {
  const TemporaryFolder folder;
  Program program(folder.path(), arguments, before);
  const int exit_code = program.exit_code();
  return {exit_code, program.out(), program.error()};
}

/// What a program that was stopped might leave half-written.
inline std::vector<std::filesystem::path> unfinished_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> result;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.front() == '.' || entry.path().extension() == ".tmp") result.push_back(entry.path());
  }
  return result;
}

}  // namespace sdelens::test
