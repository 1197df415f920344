#pragma once

#include <ctime>

namespace sdelens {

/// Processor time of this thread in seconds: other programs on the machine do not count.
inline double processor_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// The processor time that 200 calls take.
template <class Call>
double time_of_200(const Call& call) {
  const double began = processor_time();
  for (int i = 0; i < 200; ++i) call();
  return processor_time() - began;
}

}  // namespace sdelens
