// The benchmark program:
//
//   weakref-benchmarks ST|MT [options of Google Benchmark]    measures; lines of figures to standard output
//   weakref-benchmarks table                                  makes a Markdown table of such lines
//
// ST: the process never starts a thread, so that counts need not be atomic. MT: one idle thread exists. The C
// library never forgets a thread, so each mode needs a process of its own.

#include <condition_variable>
#include <iostream>
#include <mutex>
#include <string_view>
#include <thread>

#include <benchmark/benchmark.h>

#include "contention.hpp"
#include "reporter.hpp"
#include "table.hpp"

namespace {

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

int measure(const char* mode, int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmarks::reporter lines(mode, std::cout);
  const bool ran = benchmark::RunSpecifiedBenchmarks(&lines) != 0;
  return ran && !lines.failed() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "table") {
    benchmarks::print_table(std::cin, std::cout);
    return 0;
  }
  // Google Benchmark sees its own options only.
  if (mode == "ST") return measure("ST", argc - 1, argv + 1);
  if (mode == "MT") {
    const idle_thread idle;
    benchmarks::register_contention();
    return measure("MT", argc - 1, argv + 1);
  }
  std::cerr << "usage: " << argv[0] << " ST|MT [options of Google Benchmark], or table\n";
  return 2;
}
