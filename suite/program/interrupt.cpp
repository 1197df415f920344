#include "suite/program/interrupt.hpp"

#include <unistd.h>

#include <csignal>
#include <ctime>
#include <system_error>

#include "reports/exit_code.hpp"

namespace sdelens {
namespace {

sigset_t interrupts() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) sigaddset(&set, signal);
  }
  return set;
}

}  // namespace

InterruptGuard::InterruptGuard() : signals_(interrupts()) {
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  try {
    watcher_ = std::jthread([this](const std::stop_token& finished) {
      while (!finished.stop_requested()) {
        constexpr timespec pause{.tv_sec = 0, .tv_nsec = 20'000'000};
        if (sigtimedwait(&signals_, nullptr, &pause) < 0) continue;
        if (source_.stop_requested()) _exit(static_cast<int>(ExitCode::interrupted));
        source_.request_stop();
      }
    });
  } catch (const std::system_error& problem) {
    pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
    throw std::system_error(problem.code(), "cannot start the thread that waits for interrupts");
  }
}

InterruptGuard::~InterruptGuard() {
  watcher_.request_stop();
  watcher_.join();
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
}

}  // namespace sdelens
