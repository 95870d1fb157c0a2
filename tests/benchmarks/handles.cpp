// Operations on handles of one living object, warm.

#include <benchmark/benchmark.h>

import contenders;

namespace benchmarks {
namespace {

template <class Family>
void deref(benchmark::State& state) {
  const auto owner = Family::make();
  const typename Family::weak reference(owner);
  for (auto _ : state) {
    const auto held = Family::lock(reference);
    benchmark::DoNotOptimize(held.get());
  }
}
BENCHMARK(deref<weakref_family>)->Name("deref/weakref");
BENCHMARK(deref<std_family>)->Name("deref/std");
BENCHMARK(deref<boost_family>)->Name("deref/boost");

template <class Family>
void strong_copy(benchmark::State& state) {
  const auto owner = Family::make();
  for (auto _ : state) {
    const auto copy = owner;
    benchmark::DoNotOptimize(copy.get());
  }
}
BENCHMARK(strong_copy<weakref_family>)->Name("strong_copy/weakref");
BENCHMARK(strong_copy<std_family>)->Name("strong_copy/std");
BENCHMARK(strong_copy<boost_family>)->Name("strong_copy/boost");
BENCHMARK(strong_copy<boost_intrusive_family>)->Name("strong_copy/boost intrusive");
BENCHMARK(strong_copy<boost_local_family>)->Name("strong_copy/boost local");

/// A reference made from an owner, while another keeps them from being the first.
template <class Family>
void further_reference(benchmark::State& state) {
  const auto owner = Family::make();
  const typename Family::weak first(owner);
  for (auto _ : state) {
    typename Family::weak further(owner);
    benchmark::DoNotOptimize(further);
  }
}
BENCHMARK(further_reference<weakref_family>)->Name("further_reference/weakref");
BENCHMARK(further_reference<std_family>)->Name("further_reference/std");
BENCHMARK(further_reference<boost_family>)->Name("further_reference/boost");

template <class Family>
void reference_copy(benchmark::State& state) {
  const auto owner = Family::make();
  const typename Family::weak first(owner);
  for (auto _ : state) {
    typename Family::weak copy(first);
    benchmark::DoNotOptimize(copy);
  }
}
BENCHMARK(reference_copy<weakref_family>)->Name("reference_copy/weakref");
BENCHMARK(reference_copy<std_family>)->Name("reference_copy/std");
BENCHMARK(reference_copy<boost_family>)->Name("reference_copy/boost");

}  // namespace
}  // namespace benchmarks
