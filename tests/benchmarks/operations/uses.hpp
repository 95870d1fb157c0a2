#pragma once

#include <benchmark/benchmark.h>

#include "../keep.hpp"

// What is built on references. A `Use` has the object that it needs, and `operator()`.

namespace benchmarks {

template <class Use>
void use(benchmark::State& state) {
  Use one;
  for (auto _ : state) keep(one());
}

}  // namespace benchmarks
