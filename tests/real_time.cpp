#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

import weakref;

// Two threads on one processor: an ordinary one changes a dictionary all the time, and one that is scheduled
// first in, first out, and never preempted by the other, asks it at odd moments, some of which are in the
// middle of the other's sections. Prints "done", or is killed by the alarm.

namespace {

struct Image : weakref::object {};

bool pin_to_first_processor() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0) return false;
  for (int processor = 0; processor < CPU_SETSIZE; ++processor) {
    if (!CPU_ISSET(processor, &allowed)) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    return sched_setaffinity(0, sizeof(one), &one) == 0;  // of threads that are made later, too
  }
  return false;
}

bool become_real_time() {
  sched_param parameter{};
  parameter.sched_priority = 1;
  return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter) == 0;
}

}  // namespace

int main() {
  alarm(60);
  weakref::WeakValueDictionary<std::string, Image> images;
  std::atomic<bool> stop = false;
  bool permitted = pin_to_first_processor();
  std::jthread asker([&] {
    permitted = permitted && become_real_time();
    // In periods, as such threads run; the other one has the processor in between.
    for (int i = 0; permitted && i < 5'000; ++i) {
      std::this_thread::sleep_for(std::chrono::microseconds(20));
      for (int k = 0; k < 20; ++k) {
        (void)images.size();
        (void)images.contains("picture 7");
      }
    }
    stop = true;
  });
  const auto image = weakref::make<Image>();
  while (!stop) {
    for (int i = 0; i < 100 && !stop; ++i) images.set("picture " + std::to_string(i), image);
    images.clear();
  }
  asker.join();
  std::puts(permitted ? "done" : "not permitted");
}
