// Two threads that dereference one object. Wall time, for as many derefs as each thread does.

#include "contention.hpp"

#include <atomic>
#include <chrono>
#include <thread>

#include <benchmark/benchmark.h>

import contenders;

namespace benchmarks {
namespace {

constexpr int derefs = 200'000;

template <class Family>
void deref_many(const typename Family::weak& reference) {
  for (int i = 0; i < derefs; ++i) {
    const auto held = Family::lock(reference);
    benchmark::DoNotOptimize(held.get());
  }
}

template <class Family>
void contended_deref(benchmark::State& state) {
  const auto owner = Family::make();
  const typename Family::weak reference(owner);
  for (auto _ : state) {
    std::atomic<int> ready{0};
    const auto meet = [&ready] {
      ready.fetch_add(1);
      while (ready.load() != 2) {
      }
    };
    std::thread other([&] {
      meet();
      deref_many<Family>(reference);
    });
    meet();
    const auto start = std::chrono::steady_clock::now();
    deref_many<Family>(reference);
    other.join();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
    state.SetIterationTime(wall.count() / derefs);
  }
}

template <class Family>
void add(const char* name) {
  benchmark::RegisterBenchmark(name, contended_deref<Family>)->UseManualTime()->Iterations(5);
}

}  // namespace

void register_contention() {
  add<weakref_family>("contended_deref/weakref");
  add<std_family>("contended_deref/std");
  add<boost_family>("contended_deref/boost");
}

}  // namespace benchmarks
