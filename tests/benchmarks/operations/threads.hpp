#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "../contender.hpp"
#include "../in_parallel.hpp"
#include "../keep.hpp"

// Several threads at once. Figures are of the wall: how long one operation takes when the work of all is
// shared out, so that what scales is the quicker the more threads there are, until each processor has one.

namespace benchmarks {

template <class Work>
void measure_in_parallel(benchmark::State& state, std::size_t threads, std::size_t times, Work work) {
  for (auto _ : state) {
    state.SetIterationTime(in_parallel(threads, [=](std::size_t thread) {
      for (std::size_t i = 0; i < times; ++i) work(thread, i);
    }));
  }
  state.counters["per"] = static_cast<double>(threads * times);
}

/// Each thread has its own reference: to one object, or each to another.
template <class Family>
void threads_deref(benchmark::State& state, std::size_t threads, bool shared) {
  struct alignas(128) place {
    typename Family::weak reference;
  };
  std::vector<typename Family::strong> owners;
  std::vector<typename Family::strong> spaces;
  std::vector<place> places;
  for (std::size_t i = 0; i < threads; ++i) {
    owners.push_back(Family::make());
    places.push_back({typename Family::weak(shared ? owners.front() : owners.back())});
    // Objects next to one another would share a line of the cache.
    for (int spacing = 0; spacing < 4; ++spacing) spaces.push_back(Family::make());
  }
  measure_in_parallel(state, threads, 200'000, [&](std::size_t thread, std::size_t) {
    const auto held = Family::lock(places[thread].reference);
    keep(held.get());
  });
}

template <class Dictionary>
void threads_lookup(benchmark::State& state, std::size_t threads, bool shared) {
  constexpr std::size_t keys_of_a_thread = 1000;
  Dictionary dictionary;
  std::vector<typename Dictionary::key> keys;
  std::vector<typename Dictionary::value> values;
  for (std::size_t i = 0; i < threads * keys_of_a_thread; ++i) {
    keys.push_back("image-" + std::to_string(i));
    values.push_back(dictionary.insert_new(keys.back()));
  }
  measure_in_parallel(state, threads, 40'000, [&](std::size_t thread, std::size_t i) {
    const std::size_t own = thread * keys_of_a_thread + i % keys_of_a_thread;
    const auto found = dictionary.get(keys[shared ? 0 : own]);
    keep(found.get());
  });
}

template <class Operation>
void enter_with_threads(const contender& as, const std::string& row, Operation operation) {
  for (const std::size_t n : {1UL, 2UL, 4UL, 8UL}) {
    for (const bool shared : {false, true}) {
      as(
          row + (shared ? "_shared:" : "_own:") + std::to_string(n),
          [=](auto& state) { operation(state, n, shared); }, 1)
          ->UseManualTime();
    }
  }
}

template <class Family>
void enter_threads_deref(const contender& as) {
  enter_with_threads(as, "threads_deref", threads_deref<Family>);
}

template <class Dictionary>
void enter_threads_lookup(const contender& as) {
  enter_with_threads(as, "threads_lookup", threads_lookup<Dictionary>);
}

}  // namespace benchmarks
