// The benchmark program:
//
//   weakref-benchmarks ST|MT <group> <largest> [options of Google Benchmark]
//                                           measures; lines of figures to standard output. The groups:
//                                           operations, callbacks, dictionaries, cold, sizes, threads
//   weakref-benchmarks exit <peer> <count>  nanoseconds that the exit takes for each of so many living
//   finalizers weakref-benchmarks time <repetitions> <command>
//                                           milliseconds of the processor that the command takes
//   weakref-benchmarks peers                tells who is measured
//   weakref-benchmarks tables               makes Markdown tables of lines of figures
//   weakref-benchmarks chart                makes a picture of them
//
// ST: the process never starts a thread, so that counts need not be atomic. MT: one idle thread exists. The C
// library never forgets a thread, so each mode needs a process of its own.

#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include <benchmark/benchmark.h>

#include "chart.hpp"
#include "command_time.hpp"
#include "figures.hpp"
#include "idle_thread.hpp"
#include "peer.hpp"
#include "reporter.hpp"
#include "table.hpp"

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#endif

namespace {

using group = benchmarks::selection::group;

bool had_one_thread_only() {
#if __has_include(<sys/single_threaded.h>)
  return __libc_single_threaded != 0;
#else
  return true;
#endif
}

group group_named(std::string_view name) {
  if (name == "callbacks") return group::callbacks;
  if (name == "dictionaries") return group::dictionaries;
  if (name == "cold") return group::cold;
  if (name == "sizes") return group::sizes;
  if (name == "threads") return group::threads;
  return group::operations;
}

std::size_t number(const char* text) { return std::strtoull(text, nullptr, 10); }

/// Google Benchmark sees its own options only.
int measure(const std::string& mode, int argc, char** argv) {
  benchmarks::peer::enter_all({group_named(argv[2]), number(argv[3])});
  argc -= 3;
  argv += 3;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmarks::reporter lines(mode, std::cout);
  benchmark::RunSpecifiedBenchmarks(&lines);
  if (mode == "ST" && !had_one_thread_only()) {
    std::cerr << "somebody started a thread: these figures are not those of a process without any\n";
    return 1;
  }
  return lines.failed() ? 1 : 0;
}

int leave_finalizers(const std::string& peer, std::size_t count) {
  return benchmarks::peer::leave_finalizers_of(peer, count) ? 0 : 1;
}

int print_time(int repetitions, char** command) {
  const double time = benchmarks::command_time(command, repetitions);
  std::cout << time << '\n';
  return time > 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view task = argc > 1 ? argv[1] : "";
  if (task == "tables") return benchmarks::print_tables(benchmarks::figures(std::cin), std::cout), 0;
  if (task == "chart") return benchmarks::draw_chart(benchmarks::figures(std::cin), std::cout), 0;
  if (task == "peers") return benchmarks::peer::list(std::cout), 0;
  if (task == "exit" && argc == 4) return leave_finalizers(argv[2], number(argv[3]));
  if (task == "time" && argc > 3) return print_time(static_cast<int>(number(argv[2])), argv + 3);
  if (task == "ST" && argc > 3) return measure("ST", argc, argv);
  if (task == "MT" && argc > 3) {
    const benchmarks::idle_thread idle;
    return measure("MT", argc, argv);
  }
  std::cerr << "usage: " << argv[0] << " ST|MT GROUP LARGEST [options of Google Benchmark]\n";
  return 2;
}
