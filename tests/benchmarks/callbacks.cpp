// References with callbacks. The standard library and Boost have none: the peer is CPython, see cpython.py.

#include <array>
#include <cstdint>

#include <benchmark/benchmark.h>

import contenders;
import weakref;

namespace benchmarks {
namespace {

using reference = weakref_family::weak;

void callback_reference(benchmark::State& state) {
  const auto owner = weakref_family::make();
  std::uint64_t fired = 0;
  for (auto _ : state) {
    reference one(owner, [&fired](const reference&) { ++fired; });
    benchmark::DoNotOptimize(one);
  }
  if (fired != 0) state.SkipWithError("a callback ran while its referent was alive");
}
BENCHMARK(callback_reference)->Name("callback_reference/weakref");

void sixteen_callbacks(benchmark::State& state) {
  std::uint64_t fired = 0;
  for (auto _ : state) {
    auto owner = weakref_family::make();
    std::array<reference, 16> references;
    for (auto& one : references) one = reference(owner, [&fired](const reference&) { ++fired; });
    owner.reset();
    benchmark::DoNotOptimize(references);
  }
  if (fired != 16 * static_cast<std::uint64_t>(state.iterations())) {
    state.SkipWithError("not every callback ran");
  }
}
BENCHMARK(sixteen_callbacks)->Name("sixteen_callbacks/weakref");

}  // namespace
}  // namespace benchmarks
