#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include <malloc.h>

// Bytes of the heap for a living object with ten plain references; the handles themselves are not counted.

namespace benchmarks {

/// What the program has got of malloc and not given back.
inline std::size_t heap_bytes() {
  const auto heap = ::mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

template <class Family, class State>
void memory(State& state) {
  constexpr std::size_t objects = 10'000;
  double bytes = 0;
  for (auto _ : state) {
    std::vector<typename Family::strong> owners;
    std::vector<typename Family::weak> references;
    owners.reserve(objects);
    references.reserve(10 * objects);
    const std::size_t before = heap_bytes();
    for (std::size_t i = 0; i < objects; ++i) {
      owners.push_back(Family::make());
      for (int times = 0; times < 10; ++times) references.emplace_back(owners.back());
    }
    bytes = static_cast<double>(heap_bytes() - before) / objects;
  }
  // A few chunks in the caches of malloc are no property of the objects.
  state.counters["bytes"] = std::round(bytes);
}

template <class Family, class State, class Take>
void each_memory(Take take) {
  take("memory", memory<Family, State>, 1);
}

}  // namespace benchmarks
