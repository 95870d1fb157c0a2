#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../contender.hpp"
#include "../keep.hpp"
#include "../peer.hpp"
#include "memory.hpp"

// How a dictionary of values does as it grows. Its keys are numbers in no order, so that what is measured is
// the dictionary.

namespace benchmarks {

inline std::uint64_t numbered_key(std::size_t i) { return i * 0x9E3779B97F4A7C15U; }

/// A dictionary of that many living values.
template <class Dictionary>
class filled {
 public:
  explicit filled(std::size_t entries) {
    values_.reserve(entries);
    const std::size_t before = heap_bytes();
    for (std::size_t i = 0; i < entries; ++i) values_.push_back(dictionary.insert_new(numbered_key(i)));
    bytes_ = heap_bytes() - before;
  }
  [[nodiscard]] std::size_t entries() const { return values_.size(); }
  [[nodiscard]] double bytes_per_entry() const {
    return static_cast<double>(bytes_) / static_cast<double>(entries());
  }

  Dictionary dictionary;

 private:
  std::vector<typename Dictionary::value> values_;
  std::size_t bytes_ = 0;
};

/// The last one made, where it is of that size: to fill a large one takes longer than to measure it.
template <class Dictionary>
filled<Dictionary>& filled_with(std::size_t entries) {
  static std::unique_ptr<filled<Dictionary>> last;
  if (last == nullptr || last->entries() != entries) {
    last.reset();
    last = std::make_unique<filled<Dictionary>>(entries);
  }
  return *last;
}

template <class Dictionary>
void size_lookup(benchmark::State& state, std::size_t entries) {
  auto& dictionary = filled_with<Dictionary>(entries).dictionary;
  const std::size_t step = entries * 618 / 1000 | 1;  // far enough that no cache guesses the next
  std::size_t at = 0;
  for (auto _ : state) {
    const auto found = dictionary.get(numbered_key(at));
    keep(found.get());
    if ((at += step) >= entries) at -= entries;
  }
}

template <class Dictionary>
void size_insert(benchmark::State& state, std::size_t entries) {
  auto& dictionary = filled_with<Dictionary>(entries).dictionary;
  std::size_t at = entries;
  for (auto _ : state) {
    const auto value = dictionary.insert_new(numbered_key(at++));
    keep(value.get());
  }
  if (dictionary.size() != entries) state.SkipWithError("a dead entry is still there");
}

template <class Dictionary>
void size_iterate(benchmark::State& state, std::size_t entries) {
  auto& dictionary = filled_with<Dictionary>(entries).dictionary;
  std::uint64_t sum = 0;
  for (auto _ : state) dictionary.for_each([&sum](const auto& value) { sum += value.words[0]; });
  keep(sum);
  state.counters["per"] = static_cast<double>(entries);
}

template <class Dictionary>
void size_memory(benchmark::State& state, std::size_t entries) {
  double bytes = 0;
  for (auto _ : state) bytes = filled_with<Dictionary>(entries).bytes_per_entry();
  state.counters["bytes"] = bytes;
}

template <class Dictionary>
void enter_sizes(const contender& as, const selection& chosen) {
  for (const std::size_t n : {100UL, 10'000UL, 1'000'000UL, 10'000'000UL}) {
    if (n > chosen.largest) break;
    const std::string size = ":" + std::to_string(n);
    as("size_lookup" + size, [n](auto& state) { size_lookup<Dictionary>(state, n); });
    as("size_insert" + size, [n](auto& state) { size_insert<Dictionary>(state, n); });
    as("size_iterate" + size, [n](auto& state) { size_iterate<Dictionary>(state, n); });
    // Of a heap of its own our count of malloc's knows nothing.
    if constexpr (!requires { Dictionary::heap_of_its_own; }) {
      as("size_memory" + size, [n](auto& state) { size_memory<Dictionary>(state, n); }, 1);
    }
  }
}

}  // namespace benchmarks
