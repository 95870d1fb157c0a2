#pragma once

#include <algorithm>
#include <type_traits>
#include <utility>
#include <vector>

#include "registers.hpp"

// How operations get at containers, keys and values.
//
// The container is the thread's own: user code that resets or assigns the register destroys it in the middle
// of the operation, if no other thread knows it. Operations that are many, such as update(), hold it.

namespace stress {

/// The key: an owner as it is in its register, which user code may change meanwhile.
template <class C>
decltype(auto) key_for(worker& w, const operation& now) {
  if constexpr (std::is_same_v<C, Values>) {
    return Key(static_cast<int>(now.key));
  } else if constexpr (std::is_same_v<C, PlainValues>) {
    return static_cast<int>(now.key);
  } else {
    return std::as_const(w.owners[now.owner].owned);
  }
}

template <class C>
decltype(auto) value_for(worker& w, const operation& now) {
  if constexpr (is_value_dictionary<C>) {
    return std::as_const(w.owners[now.other_owner].owned);
  } else if constexpr (std::is_same_v<C, PlainKeys>) {
    return static_cast<int>(now.key);
  } else {
    return Value(w.owners[now.other_owner]);
  }
}

/// Pairs for update().
template <class C>
std::vector<typename C::value_type> pairs_for(worker& w, const operation& now) {
  std::vector<typename C::value_type> pairs;
  pairs.emplace_back(key_for<C>(w, now), value_for<C>(w, now));
  pairs.emplace_back(key_for<C>(w, now), value_for<C>(w, now));
  return pairs;
}

template <class C>
C& in(const owner_of<C>& owner) {
  return static_cast<C&>(*owner);
}

/// Calls the function with the container itself, if it is there and the function takes such a one.
template <class F>
void on_container(worker& w, const operation& now, F f) {
  std::visit(
      [&]<class C>(const owner_of<C>& owner) {
        if (owner) f(in(owner));
      },
      w.containers[now.container]);
}
template <class F>
void on_dictionary(worker& w, const operation& now, F f) {
  on_container(w, now, [&]<class C>(C& used) {
    if constexpr (!is_set<C>) f(used);
  });
}
template <class F>
void on_set(worker& w, const operation& now, F f) {
  on_container(w, now, [&]<class C>(C& used) {
    if constexpr (is_set<C>) f(used);
  });
}

/// The same with two containers of one type, held meanwhile.
template <class F>
void on_two(worker& w, const operation& now, F f) {
  const container first = w.containers[now.container];
  const container second = w.containers[now.other_container];
  std::visit(
      [&]<class C>(const owner_of<C>& owner) {
        const auto* const other = std::get_if<owner_of<C>>(&second);
        if (owner && other != nullptr && *other) f(in(owner), in(*other));
      },
      first);
}
template <class F>
void on_two_dictionaries(worker& w, const operation& now, F f) {
  on_two(w, now, [&]<class C>(C& used, C& other) {
    if constexpr (!is_set<C>) f(used, other);
  });
}
template <class F>
void on_two_sets(worker& w, const operation& now, F f) {
  on_two(w, now, [&]<class C>(C& used, C& other) {
    if constexpr (is_set<C>) f(used, other);
  });
}

/// Keys that a walk has yielded.
class seen_keys {
 public:
  void see(const Key& key) { see(key.number); }
  void see(const weakref::strong_ref<Thing>& key) {
    key->check_that_it_is_whole();
    see(static_cast<long>(id(key)));
  }
  void see(long key) {
    expect(std::ranges::find(keys_, key) == keys_.end(), "a walk yields an entry twice");
    keys_.push_back(key);
  }

 private:
  std::vector<long> keys_;
};

}  // namespace stress
