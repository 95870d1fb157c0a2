#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "../contender.hpp"
#include "../keep.hpp"
#include "../peer.hpp"
#include "../processor_time.hpp"

// Callbacks when an object dies. A `Watched` is an object with so many of them: `die` drops its owner,
// `fired` tells how many ran.

namespace benchmarks {

template <class Watched>
void sixteen_callbacks(benchmark::State& state) {
  const std::size_t before = Watched::fired();
  for (auto _ : state) {
    Watched object(16);
    object.die();
    keep(object);
  }
  if (Watched::fired() - before != 16 * static_cast<std::size_t>(state.iterations())) {
    state.SkipWithError("not every callback ran");
  }
}

/// The death alone, for each callback.
template <class Watched>
void callbacks_at_death(benchmark::State& state, std::size_t callbacks) {
  const std::size_t objects = std::max<std::size_t>(1, 1000 / callbacks);
  for (auto _ : state) {
    std::vector<Watched> watched;
    watched.reserve(objects);
    for (std::size_t i = 0; i < objects; ++i) watched.emplace_back(callbacks);
    const double start = processor_time();
    for (auto& one : watched) one.die();
    state.SetIterationTime(processor_time() - start);
  }
  state.counters["per"] = static_cast<double>(objects * callbacks);
}

template <class Watched>
void enter_callbacks_at_death(const contender& as, const selection& chosen) {
  for (std::size_t n = 1; n <= std::min<std::size_t>(chosen.largest, 1'000'000); n *= n == 1 ? 100 : 10) {
    as(
        "callbacks_at_death:" + std::to_string(n),
        [n](auto& state) { callbacks_at_death<Watched>(state, n); }, 3)
        ->UseManualTime();
  }
}

}  // namespace benchmarks
