// Dictionaries from strings to values that they do not own, with ten thousand living entries.
//
// The peers are what one writes by hand: a map of weak pointers with a mutex, and values whose deleter takes
// the entry out.

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>
#include <boost/unordered/unordered_flat_map.hpp>

import contenders;
import weakref;

namespace benchmarks {
namespace {

constexpr std::size_t entries = 10'000;

std::vector<std::string> shuffled_keys(const std::string& prefix) {
  std::vector<std::string> keys;
  keys.reserve(entries);
  for (std::size_t i = 0; i < entries; ++i) keys.push_back(prefix + std::to_string(i));
  std::shuffle(keys.begin(), keys.end(), std::mt19937_64(1));
  return keys;
}

class weakref_dictionary {
 public:
  using value = weakref_family::strong;

  value insert_new(const std::string& key) {
    auto made = weakref_family::make();
    map_.set(key, made);
    return made;
  }
  value get(const std::string& key) { return map_.get(key); }
  std::size_t size() { return map_.size(); }

 private:
  weakref::WeakValueDictionary<std::string, object_payload> map_;
};

template <class Map>
class map_with_mutex {
 public:
  using value = std::shared_ptr<plain_payload>;

  value insert_new(const std::string& key) {
    value made(new plain_payload, [this, key](plain_payload* dead) {
      {
        const std::lock_guard lock(mutex_);
        // Another value may have taken the key meanwhile.
        const auto found = map_.find(key);
        if (found != map_.end() && found->second.expired()) map_.erase(found);
      }
      delete dead;
    });
    const std::lock_guard lock(mutex_);
    map_.insert_or_assign(key, made);
    return made;
  }
  value get(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto found = map_.find(key);
    return found != map_.end() ? found->second.lock() : nullptr;
  }
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return map_.size();
  }

 private:
  std::mutex mutex_;
  Map map_;
};

// One hash for all, so that only the tables differ.
using unordered_dictionary = map_with_mutex<std::unordered_map<std::string, std::weak_ptr<plain_payload>>>;
using flat_dictionary = map_with_mutex<
    boost::unordered_flat_map<std::string, std::weak_ptr<plain_payload>, std::hash<std::string>>>;

template <class Dictionary>
void dictionary_lookup(benchmark::State& state) {
  Dictionary dictionary;
  std::vector<typename Dictionary::value> values;
  values.reserve(entries);
  for (const auto& key : shuffled_keys("image-")) values.push_back(dictionary.insert_new(key));
  auto asked = shuffled_keys("image-");
  std::shuffle(asked.begin(), asked.end(), std::mt19937_64(2));

  std::size_t at = 0;
  for (auto _ : state) {
    const auto found = dictionary.get(asked[at]);
    benchmark::DoNotOptimize(found.get());
    if (++at == entries) at = 0;
  }
}
BENCHMARK(dictionary_lookup<weakref_dictionary>)->Name("dictionary_lookup/weakref");
BENCHMARK(dictionary_lookup<unordered_dictionary>)->Name("dictionary_lookup/std unordered_map");
BENCHMARK(dictionary_lookup<flat_dictionary>)->Name("dictionary_lookup/boost flat_map");

/// A value made, entered under a new key, and dead.
template <class Dictionary>
void dictionary_insert(benchmark::State& state) {
  Dictionary dictionary;
  std::vector<typename Dictionary::value> values;
  values.reserve(entries);
  for (const auto& key : shuffled_keys("image-")) values.push_back(dictionary.insert_new(key));
  const auto fresh = shuffled_keys("fresh-");

  std::size_t at = 0;
  for (auto _ : state) {
    const auto value = dictionary.insert_new(fresh[at]);
    benchmark::DoNotOptimize(value.get());
    if (++at == entries) at = 0;
  }
  if (dictionary.size() != entries) state.SkipWithError("a dead entry is still there");
}
BENCHMARK(dictionary_insert<weakref_dictionary>)->Name("dictionary_insert/weakref");
BENCHMARK(dictionary_insert<unordered_dictionary>)->Name("dictionary_insert/std unordered_map");
BENCHMARK(dictionary_insert<flat_dictionary>)->Name("dictionary_insert/boost flat_map");

}  // namespace
}  // namespace benchmarks
