// weakref itself: dictionaries and sets.

#include <cstddef>
#include <cstdint>
#include <string>

#include "../contender.hpp"
#include "../operations/keyed.hpp"
#include "../operations/sizes.hpp"
#include "../operations/threads.hpp"
#include "../operations/value_dictionary.hpp"
#include "../payload.hpp"
#include "../peer.hpp"

import weakref;

namespace benchmarks {
namespace {

using object_payload = payload<weakref::object>;

template <class Key>
class value_dictionary {
 public:
  using key = Key;
  using value = weakref::strong_ref<object_payload>;

  value insert_new(const key& name) {
    auto made = weakref::make<object_payload>();
    map_.set(name, made);
    return made;
  }
  value get(const key& name) { return map_.get(name); }
  std::size_t size() { return map_.size(); }
  template <class Visit>
  void for_each(Visit visit) {
    for (const auto& one : map_.values()) visit(*one);
  }

 private:
  weakref::WeakValueDictionary<key, object_payload> map_;
};

/// Equal by name, as the hand-written peer's.
struct named : weakref::object {
  explicit named(std::string text) : name(std::move(text)) {}
  friend bool operator==(const named& a, const named& b) { return a.name == b.name; }
  std::string name;
};
struct hash_of_name {
  std::size_t operator()(const named& one) const { return std::hash<std::string>()(one.name); }
};

class key_dictionary {
 public:
  using object = weakref::strong_ref<named>;
  object make(std::size_t i) { return weakref::make<named>("image-" + std::to_string(i)); }
  void add(const object& key) { map_.set(key, 1); }
  int find(const object& key) { return *map_.get(key); }
  std::size_t size() { return map_.size(); }

 private:
  weakref::WeakKeyDictionary<named, int, hash_of_name> map_;
};

class identity_dictionary {
 public:
  using object = weakref::strong_ref<object_payload>;
  object make(std::size_t) { return weakref::make<object_payload>(); }
  void add(const object& key) { map_.set(key, 1); }
  int find(const object& key) { return *map_.get(key); }
  std::size_t size() { return map_.size(); }

 private:
  weakref::WeakIdKeyDictionary<object_payload, int> map_;
};

class set {
 public:
  using object = weakref::strong_ref<object_payload>;
  object make(std::size_t) { return weakref::make<object_payload>(); }
  void add(const object& element) { set_.add(element); }
  bool find(const object& element) { return set_.contains(element); }
  std::size_t size() { return set_.size(); }

 private:
  weakref::WeakSet<object_payload> set_;
};

void enter(const selection& chosen) {
  const contender as("weakref");
  switch (chosen.which) {
    case selection::group::dictionaries:
      enter_value_dictionary<value_dictionary<std::string>>(as);
      enter_keyed<key_dictionary>(as, "weak_key");
      enter_keyed<identity_dictionary>(as, "identity");
      enter_keyed<set>(as, "weak_set");
      break;
    case selection::group::sizes:
      enter_sizes<value_dictionary<std::uint64_t>>(as, chosen);
      break;
    case selection::group::threads:
      enter_threads_lookup<value_dictionary<std::string>>(as);
      break;
    default:
      break;
  }
}

const peer weakref_containers("weakref", "", enter);

}  // namespace
}  // namespace benchmarks
