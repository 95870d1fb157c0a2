#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

namespace benchmarks {

/// A thread that does nothing for as long as this lives.
class idle_thread {
 public:
  idle_thread() = default;
  idle_thread(const idle_thread&) = delete;
  idle_thread& operator=(const idle_thread&) = delete;
  ~idle_thread() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

 private:
  void wait() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return done_; });
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_{[this] { wait(); }};
};

}  // namespace benchmarks
