// A million objects, more than the caches hold, dereferenced and read in random order.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

import contenders;

namespace benchmarks {
namespace {

constexpr std::size_t objects = 1'000'000;

template <class Family>
void cold_deref(benchmark::State& state) {
  std::vector<typename Family::strong> owners;
  owners.reserve(objects);
  for (std::size_t i = 0; i < objects; ++i) owners.push_back(Family::make());
  std::vector<typename Family::weak> references(owners.begin(), owners.end());
  std::shuffle(references.begin(), references.end(), std::mt19937_64(1));

  std::uint64_t sum = 0;
  std::size_t at = 0;
  for (auto _ : state) {
    sum += Family::lock(references[at])->words[0];
    if (++at == objects) at = 0;
  }
  benchmark::DoNotOptimize(sum);
}
BENCHMARK(cold_deref<weakref_family>)->Name("cold_deref/weakref")->Iterations(2 * objects);
BENCHMARK(cold_deref<std_family>)->Name("cold_deref/std")->Iterations(2 * objects);
BENCHMARK(cold_deref<boost_family>)->Name("cold_deref/boost")->Iterations(2 * objects);

}  // namespace
}  // namespace benchmarks
