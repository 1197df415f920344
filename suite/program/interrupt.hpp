#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace sdelens {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP requests a stop and the second ends the program at once with exit
/// code 130. One that was ignored when the program began, as by nohup, stays so. Make it before any other thread, and
/// before what takes time: threads made later inherit the blocked signals.
class InterruptGuard {
 public:
  /// @throw std::system_error if its thread cannot be started
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  std::stop_token token() const { return source_.get_token(); }
  bool interrupted() const { return source_.stop_requested(); }

 private:
  sigset_t signals_{};
  std::stop_source source_;
  std::jthread watcher_;
};

}  // namespace sdelens
