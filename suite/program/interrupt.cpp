#include "suite/program/interrupt.hpp"

#include <unistd.h>

#include <csignal>
#include <ctime>

#include "reports/exit_code.hpp"

namespace sdelens {
namespace {

sigset_t interrupts() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

InterruptGuard::InterruptGuard() {
  const sigset_t set = interrupts();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  watcher_ = std::jthread([this, set](const std::stop_token& finished) {
    while (!finished.stop_requested()) {
      constexpr timespec pause{.tv_sec = 0, .tv_nsec = 100'000'000};
      if (sigtimedwait(&set, nullptr, &pause) < 0) continue;
      if (source_.stop_requested()) _exit(static_cast<int>(ExitCode::interrupted));
      source_.request_stop();
    }
  });
}

InterruptGuard::~InterruptGuard() {
  watcher_.request_stop();
  watcher_.join();
  const sigset_t set = interrupts();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace sdelens
