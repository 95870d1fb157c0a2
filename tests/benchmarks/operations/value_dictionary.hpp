#pragma once

#include <algorithm>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "../contender.hpp"
#include "../keep.hpp"

// Dictionaries from strings to values that they do not own, with ten thousand living entries.
//
// A dictionary names its `key` and its `value`, an owner; `insert_new` makes a value and enters it.

namespace benchmarks {

inline constexpr std::size_t dictionary_entries = 10'000;

template <class Key>
std::vector<Key> shuffled_keys(const std::string& prefix, unsigned seed) {
  std::vector<Key> keys;
  keys.reserve(dictionary_entries);
  for (std::size_t i = 0; i < dictionary_entries; ++i) keys.emplace_back(prefix + std::to_string(i));
  std::shuffle(keys.begin(), keys.end(), std::mt19937_64(seed));
  return keys;
}

template <class Dictionary>
std::vector<typename Dictionary::value> fill(Dictionary& dictionary) {
  std::vector<typename Dictionary::value> values;
  values.reserve(dictionary_entries);
  for (const auto& key : shuffled_keys<typename Dictionary::key>("image-", 1)) {
    values.push_back(dictionary.insert_new(key));
  }
  return values;
}

template <class Dictionary>
void dictionary_lookup(benchmark::State& state) {
  Dictionary dictionary;
  const auto values = fill(dictionary);
  const auto asked = shuffled_keys<typename Dictionary::key>("image-", 2);

  std::size_t at = 0;
  for (auto _ : state) {
    const auto found = dictionary.get(asked[at]);
    keep(found.get());
    if (++at == dictionary_entries) at = 0;
  }
}

/// A value made, entered under a new key, and dead.
template <class Dictionary>
void dictionary_insert(benchmark::State& state) {
  Dictionary dictionary;
  const auto values = fill(dictionary);
  const auto fresh = shuffled_keys<typename Dictionary::key>("fresh-", 1);

  std::size_t at = 0;
  for (auto _ : state) {
    const auto value = dictionary.insert_new(fresh[at]);
    keep(value.get());
    if (++at == dictionary_entries) at = 0;
  }
  if (dictionary.size() != dictionary_entries) state.SkipWithError("a dead entry is still there");
}

template <class Dictionary>
void enter_value_dictionary(const contender& as) {
  as("dictionary_lookup", dictionary_lookup<Dictionary>);
  as("dictionary_insert", dictionary_insert<Dictionary>);
}

}  // namespace benchmarks
