// Weak dictionaries and sets as one writes them by hand with the standard library.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "../contender.hpp"
#include "../operations/keyed.hpp"
#include "../operations/sizes.hpp"
#include "../operations/threads.hpp"
#include "../operations/value_dictionary.hpp"
#include "../payload.hpp"
#include "../peer.hpp"
#include "hand_written_dictionary.hpp"

namespace benchmarks {
namespace {

template <class Key>
using unordered_dictionary = map_with_mutex<std::unordered_map<Key, std::weak_ptr<plain_payload>>>;

/// By address; the objects' deleter takes their entry out.
template <class Table>
class table_of_addresses {
 public:
  using object = std::shared_ptr<plain_payload>;

  object make(std::size_t) {
    return {new plain_payload, [this](plain_payload* dead) {
              {
                const std::lock_guard lock(mutex_);
                table_.erase(dead);
              }
              delete dead;
            }};
  }
  void add(const object& key) {
    const std::lock_guard lock(mutex_);
    if constexpr (requires { typename Table::mapped_type; }) {
      table_.insert_or_assign(key.get(), 1);
    } else {
      table_.insert(key.get());
    }
  }
  int find(const object& key) {
    const std::lock_guard lock(mutex_);
    if constexpr (requires { typename Table::mapped_type; }) {
      return table_.find(key.get())->second;
    } else {
      return static_cast<int>(table_.count(key.get()));
    }
  }
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return table_.size();
  }

 private:
  std::mutex mutex_;
  Table table_;
};

/// By owner, in the order that the standard library gives weak pointers.
template <class Table>
class table_of_weak_pointers {
 public:
  using object = std::shared_ptr<plain_payload>;

  object make(std::size_t) {
    return {new plain_payload, [this](plain_payload* dead) {
              delete dead;
              // The deleter has no owner to find its entry by; those who write such a table sweep it now and
              // then.
              const std::lock_guard lock(mutex_);
              if (++dead_ * 2 < table_.size()) return;
              std::erase_if(table_, [](const auto& one) { return one.expired(); });
              dead_ = 0;
            }};
  }
  void add(const object& element) {
    const std::lock_guard lock(mutex_);
    table_.insert(element);
  }
  int find(const object& element) {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(table_.count(element));
  }
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    std::erase_if(table_, [](const auto& one) { return one.expired(); });
    return table_.size();
  }

 private:
  std::mutex mutex_;
  Table table_;
  std::size_t dead_ = 0;
};

struct named {
  std::string name;
};

/// Equal by name; the dead one is equal to itself only.
struct weak_key {
  std::weak_ptr<named> reference;
  std::size_t hash;

  explicit weak_key(const std::shared_ptr<named>& object)
      : reference(object),
        hash(std::hash<std::string>()(object->name)) {}
};
struct hash_of_key {
  using is_transparent = void;
  std::size_t operator()(const weak_key& key) const { return key.hash; }
  std::size_t operator()(const std::shared_ptr<named>& key) const {
    return std::hash<std::string>()(key->name);
  }
  std::size_t operator()(const named& dead) const { return std::hash<std::string>()(dead.name); }
};
struct equal_keys {
  using is_transparent = void;
  bool operator()(const weak_key& a, const weak_key& b) const {
    const auto left = a.reference.lock();
    const auto right = b.reference.lock();
    return left != nullptr && right != nullptr && left->name == right->name;
  }
  bool operator()(const std::shared_ptr<named>& a, const weak_key& b) const {
    const auto held = b.reference.lock();
    return held != nullptr && held->name == a->name;
  }
  bool operator()(const named&, const weak_key& b) const { return b.reference.expired(); }
};

class key_dictionary {
 public:
  using object = std::shared_ptr<named>;

  object make(std::size_t i) {
    return {new named{"image-" + std::to_string(i)}, [this](named* dead) {
              {
                const std::lock_guard lock(mutex_);
                const auto found = map_.find(*dead);
                if (found != map_.end()) map_.erase(found);
              }
              delete dead;
            }};
  }
  void add(const object& key) {
    const std::lock_guard lock(mutex_);
    map_.insert_or_assign(weak_key(key), 1);
  }
  int find(const object& key) {
    const std::lock_guard lock(mutex_);
    return map_.find(key)->second;
  }
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return map_.size();
  }

 private:
  std::mutex mutex_;
  std::unordered_map<weak_key, int, hash_of_key, equal_keys> map_;
};

void enter(const selection& chosen) {
  const contender as("std unordered_map");
  switch (chosen.which) {
    case selection::group::dictionaries:
      enter_value_dictionary<unordered_dictionary<std::string>>(as);
      enter_keyed<key_dictionary>(as, "weak_key");
      enter_keyed<table_of_addresses<std::unordered_map<const void*, int>>>(as, "identity");
      enter_keyed<table_of_addresses<std::unordered_set<const void*>>>(contender("std unordered_set"),
                                                                       "weak_set");
      enter_keyed<table_of_weak_pointers<std::set<std::weak_ptr<plain_payload>, std::owner_less<>>>>(
          contender("std set of weak_ptr"), "weak_set");
      break;
    case selection::group::sizes:
      enter_sizes<unordered_dictionary<std::uint64_t>>(as, chosen);
      break;
    case selection::group::threads:
      enter_threads_lookup<unordered_dictionary<std::string>>(as);
      break;
    default:
      break;
  }
}

const peer standard_containers("std", "", enter);

}  // namespace
}  // namespace benchmarks
