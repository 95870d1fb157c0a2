#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

#include <pthread.h>
#include <sched.h>

namespace benchmarks {

/// Moves this thread to one of the processors that the process may use. Left to itself the system often runs
/// threads that woke one another on one processor, and in turns, for longer than a measurement takes.
inline void run_on_processor(std::size_t number) {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  auto left = number % static_cast<std::size_t>(CPU_COUNT(&allowed));
  for (std::size_t one = 0; one < CPU_SETSIZE; ++one) {
    if (!CPU_ISSET(one, &allowed) || left-- > 0) continue;
    cpu_set_t chosen;
    CPU_ZERO(&chosen);
    CPU_SET(one, &chosen);
    ::pthread_setaffinity_np(::pthread_self(), sizeof chosen, &chosen);
    return;
  }
}

/// Seconds from the first thread's start to the last one's end; `work` is told the number of its thread.
inline double in_parallel(std::size_t threads, const std::function<void(std::size_t)>& work) {
  using clock = std::chrono::steady_clock;
  std::atomic<std::size_t> ready{0};
  std::vector<clock::time_point> starts(threads);
  std::vector<clock::time_point> ends(threads);
  std::vector<std::thread> workers;
  workers.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    workers.emplace_back([&, i] {
      run_on_processor(i);
      ++ready;
      while (ready != threads) std::this_thread::yield();
      starts[i] = clock::now();
      work(i);
      ends[i] = clock::now();
    });
  }
  for (auto& one : workers) one.join();
  return std::chrono::duration<double>(std::ranges::max(ends) - std::ranges::min(starts)).count();
}

}  // namespace benchmarks
