#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <benchmark/benchmark.h>

namespace benchmarks {

/// Enters measurements into Google Benchmark's list, each as "row/contender".
class contender {
 public:
  explicit contender(std::string name) : name_(std::move(name)) {}

  template <class Operation>
  benchmark::internal::Benchmark* operator()(const std::string& row, Operation operation,
                                             std::size_t iterations = 0) const {
    auto* const entered = benchmark::RegisterBenchmark((row + '/' + name_).c_str(), operation);
    if (iterations != 0) entered->Iterations(static_cast<std::int64_t>(iterations));
    return entered;
  }

 private:
  std::string name_;
};

}  // namespace benchmarks
