// Bytes of the heap for a living object with ten plain references; the handles themselves are not counted.

#include <cmath>
#include <cstddef>
#include <vector>

#include <benchmark/benchmark.h>
#include <malloc.h>

import contenders;

namespace benchmarks {
namespace {

constexpr std::size_t objects = 10'000;

template <class Family>
void memory(benchmark::State& state) {
  double bytes = 0;
  for (auto _ : state) {
    std::vector<typename Family::strong> owners;
    std::vector<typename Family::weak> references;
    owners.reserve(objects);
    references.reserve(10 * objects);
    const std::size_t before = ::mallinfo2().uordblks;
    for (std::size_t i = 0; i < objects; ++i) {
      owners.push_back(Family::make());
      references.insert(references.end(), 10, typename Family::weak(owners.back()));
    }
    bytes = static_cast<double>(::mallinfo2().uordblks - before) / objects;
  }
  // A few chunks in the caches of malloc are no property of the objects.
  state.counters["bytes"] = std::round(bytes);
}
BENCHMARK(memory<weakref_family>)->Name("memory/weakref")->Iterations(1);
BENCHMARK(memory<std_family>)->Name("memory/std")->Iterations(1);
BENCHMARK(memory<boost_family>)->Name("memory/boost")->Iterations(1);

}  // namespace
}  // namespace benchmarks
