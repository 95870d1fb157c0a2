#pragma once

#include <ctime>

namespace benchmarks {

/// Seconds of the processor that this thread has had: what the machine does for others is not in it.
inline double processor_time() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace benchmarks
