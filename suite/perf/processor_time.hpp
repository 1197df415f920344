#pragma once

#include <ctime>

namespace sdelens {

/// Processor time of this thread in seconds: other programs on the machine do not count.
inline double processor_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace sdelens
