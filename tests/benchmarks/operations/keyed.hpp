#pragma once

#include <algorithm>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "../contender.hpp"
#include "../keep.hpp"

// Containers whose keys, or elements, are objects that they do not own, with ten thousand of them.
//
// A container names `object`, an owner, and has `make`, `add`, `find` and `size`.

namespace benchmarks {

inline constexpr std::size_t keyed_entries = 10'000;

template <class Container>
std::vector<typename Container::object> add_objects(Container& container) {
  std::vector<typename Container::object> objects;
  objects.reserve(keyed_entries);
  for (std::size_t i = 0; i < keyed_entries; ++i) {
    objects.push_back(container.make(i));
    container.add(objects.back());
  }
  std::shuffle(objects.begin(), objects.end(), std::mt19937_64(1));
  return objects;
}

template <class Container>
void keyed_lookup(benchmark::State& state) {
  Container container;
  const auto objects = add_objects(container);
  std::size_t at = 0;
  for (auto _ : state) {
    keep(container.find(objects[at]));
    if (++at == keyed_entries) at = 0;
  }
}

/// An object made, entered, and dead.
template <class Container>
void keyed_insert(benchmark::State& state) {
  Container container;
  const auto objects = add_objects(container);
  std::size_t at = keyed_entries;
  for (auto _ : state) {
    const auto made = container.make(at);
    container.add(made);
    if (++at == 2 * keyed_entries) at = keyed_entries;
  }
  if (container.size() != keyed_entries) state.SkipWithError("a dead entry is still there");
}

template <class Container>
void enter_keyed(const contender& as, const std::string& kind) {
  as(kind + "_lookup", keyed_lookup<Container>);
  as(kind + "_insert", keyed_insert<Container>);
}

}  // namespace benchmarks
