#pragma once

#include <stop_token>
#include <thread>

namespace sdelens {

/// While it lives, the first SIGINT or SIGTERM requests a stop and the second ends the program at once with
/// exit code 130. Make it before any other thread: threads made later inherit the blocked signals.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  std::stop_token token() const { return source_.get_token(); }
  bool interrupted() const { return source_.stop_requested(); }

 private:
  std::stop_source source_;
  std::jthread watcher_;
};

}  // namespace sdelens
