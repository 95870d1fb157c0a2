// The standard library's pointers as libc++ has them: weakref-benchmarks-libc++ ST|MT <seconds> <repetitions>
//
// Google Benchmark is built for one standard library, so that this program does without it.

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "../figures.hpp"
#include "../idle_thread.hpp"
#include "../operations/cold.hpp"
#include "../operations/handles.hpp"
#include "../operations/lifetimes.hpp"
#include "../operations/memory.hpp"
#include "../peers/standard_family.hpp"
#include "counted_loop.hpp"

namespace benchmarks {
namespace {

class measurement {
 public:
  using operation = void (*)(counted_loop&);

  measurement(std::string row, operation run, std::size_t iterations)
      : row_(std::move(row)),
        run_(run),
        iterations_(iterations) {}

  /// Finds how many iterations take that long, where it was not told.
  void calibrate(double seconds) {
    for (std::size_t tried = 1000; iterations_ == 0; tried *= 4) {
      counted_loop loop(tried);
      run_(loop);
      if (loop.seconds() * 4 < seconds) continue;
      iterations_ = 1 + static_cast<std::size_t>(static_cast<double>(tried) * seconds / loop.seconds());
    }
  }
  void repeat() {
    counted_loop loop(iterations_);
    run_(loop);
    const auto bytes = loop.counters.find("bytes");
    figures_.push_back(bytes != loop.counters.end()
                           ? bytes->second
                           : 1e9 * loop.seconds() / static_cast<double>(iterations_));
  }
  void write(std::string_view mode) const {
    std::cout << mode << '\t' << row_ << "\tlibc++\t" << median(figures_) << '\n';
  }

 private:
  std::string row_;
  operation run_;
  std::size_t iterations_;
  std::vector<double> figures_;
};

void measure_all(std::string_view mode, double seconds, int repetitions) {
  std::vector<measurement> all;
  const auto take = [&all](const char* row, measurement::operation run, std::size_t iterations = 0) {
    all.emplace_back(row, run, iterations);
  };
  each_operation_on_handles<std_family, counted_loop>(take);
  each_lifetime<std_family, counted_loop>(take);
  each_cold_operation<std_family, counted_loop>(take);
  each_memory<std_family, counted_loop>(take);

  for (auto& one : all) one.calibrate(seconds);
  std::mt19937 order(1);
  for (int i = 0; i < repetitions; ++i) {
    std::shuffle(all.begin(), all.end(), order);
    for (auto& one : all) one.repeat();
  }
  for (const auto& one : all) one.write(mode);
}

}  // namespace
}  // namespace benchmarks

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::string_view mode = argv[1];
  std::optional<benchmarks::idle_thread> idle;
  if (mode == "MT") idle.emplace();
  benchmarks::measure_all(mode, std::strtod(argv[2], nullptr), std::atoi(argv[3]));
}
