// Objects born and dead.

#include <benchmark/benchmark.h>

import contenders;

namespace benchmarks {
namespace {

template <class Family>
void lifetime(benchmark::State& state) {
  for (auto _ : state) {
    const auto owner = Family::make();
    benchmark::DoNotOptimize(owner.get());
  }
}
BENCHMARK(lifetime<weakref_family>)->Name("lifetime/weakref");
BENCHMARK(lifetime<std_family>)->Name("lifetime/std");
BENCHMARK(lifetime<boost_family>)->Name("lifetime/boost");
BENCHMARK(lifetime<boost_intrusive_family>)->Name("lifetime/boost intrusive");
BENCHMARK(lifetime<boost_local_family>)->Name("lifetime/boost local");
BENCHMARK(lifetime<unique_family>)->Name("lifetime/new and delete");

/// The reference outlives the object, as references do.
template <class Family>
void lifetime_with_reference(benchmark::State& state) {
  for (auto _ : state) {
    typename Family::weak reference;
    {
      const auto owner = Family::make();
      reference = owner;
      benchmark::DoNotOptimize(owner.get());
    }
    benchmark::DoNotOptimize(reference);
  }
}
BENCHMARK(lifetime_with_reference<weakref_family>)->Name("lifetime_with_reference/weakref");
BENCHMARK(lifetime_with_reference<std_family>)->Name("lifetime_with_reference/std");
BENCHMARK(lifetime_with_reference<boost_family>)->Name("lifetime_with_reference/boost");

}  // namespace
}  // namespace benchmarks
