#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "../keep.hpp"

// A million objects, more than the caches hold, dereferenced and read in random order.

namespace benchmarks {

inline constexpr std::size_t cold_objects = 1'000'000;

template <class Family, class State>
void cold_deref(State& state) {
  std::vector<typename Family::strong> owners;
  owners.reserve(cold_objects);
  for (std::size_t i = 0; i < cold_objects; ++i) owners.push_back(Family::make());
  std::vector<typename Family::weak> references(owners.begin(), owners.end());
  std::shuffle(references.begin(), references.end(), std::mt19937_64(1));

  std::uint64_t sum = 0;
  std::size_t at = 0;
  for (auto _ : state) {
    sum += Family::lock(references[at])->words[0];
    if (++at == cold_objects) at = 0;
  }
  keep(sum);
}

template <class Family, class State, class Take>
void each_cold_operation(Take take) {
  take("cold_deref", cold_deref<Family, State>, 2 * cold_objects);
}

}  // namespace benchmarks
