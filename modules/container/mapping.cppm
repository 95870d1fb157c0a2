module;

#include <concepts>
#include <cstddef>
#include <exception>
#include <iterator>
#include <ostream>
#include <ranges>
#include <string>
#include <tuple>
#include <utility>

export module weakref:mapping;

import :errors;
import :ref;
import :repr;
import :strong_ref;

// What all dictionaries share: what they can be made from, and what is written d[key].

namespace weakref {

/// The number of live entries. Source: Python's len().
export template <class C>
  requires requires(const C& c) {
    { c.size() } -> std::convertible_to<std::size_t>;
  }
[[nodiscard]] std::size_t len(const C& container) {
  return container.size();
}

namespace detail {

/// Objects by their == if they have one, else by identity; other values by ==.
template <class V, class U>
bool equal_values(const strong_ref<V>& a, const strong_ref<U>& b) {
  if constexpr (equality_comparable<V, U>) {
    if (a != None && b != None) return static_cast<bool>(*a == *b);
  }
  return a == b;
}

/// A range of pairs of keys and values: a std::map, a vector of pairs, a dictionary's items().
template <class R, class K, class V>
concept pairs_of = std::ranges::input_range<R> && requires(std::ranges::range_reference_t<R> pair) {
  { std::get<0>(pair) } -> std::convertible_to<K>;
  { std::get<1>(pair) } -> std::convertible_to<V>;
};

/// Do a dictionary and a range of pairs, unique by key, hold the same keys with equal values?
template <class Dictionary, class R>
bool equal_items(const Dictionary& a, R&& b) {
  std::size_t matched = 0;
  for (auto&& entry : b) {
    const auto mine = a.get(std::get<0>(entry));
    if (mine == None || !equal_values(mine, std::get<1>(entry))) return false;
    ++matched;
  }
  return matched == a.size();
}

/// What d[key] gives: to be read, or assigned, in the same expression. Like Python's subscription it is a
/// read unless it is assigned, so a key that is not there throws even if nobody looks at the value.
template <class Dictionary, class Key, class Value>
class subscription {
 public:
  subscription(Dictionary& dictionary, const Key& key) noexcept : dictionary_(dictionary), key_(key) {}
  subscription(subscription&& other) noexcept
      : dictionary_(other.dictionary_),
        key_(other.key_),
        used_(std::exchange(other.used_, true)) {}

  /// Throws KeyError, unless an exception is in flight already.
  ~subscription() noexcept(false) {
    if (!used_ && std::uncaught_exceptions() == 0) (void)read();
  }

  template <class X>
    requires std::convertible_to<X&&, Value>
  Value operator=(X&& value) {  // NOLINT(misc-unconventional-assign-operator)
    used_ = true;
    Value stored(std::forward<X>(value));
    dictionary_.set(key_, stored);
    return stored;
  }
  Value operator=(const subscription& other) { return *this = other.read(); }  // NOLINT

  /// Throws KeyError.
  operator Value() const { return read(); }  // NOLINT(google-explicit-constructor)
  Value read() const {
    used_ = true;
    return dictionary_.at(key_);
  }

  // A value that is a pointer is used as one.
  Value operator->() const
    requires requires(const Value& v) { v.operator->(); }
  {
    return read();
  }
  decltype(auto) operator*() const
    requires requires(const Value& v) { *v; }
  {
    return *read();
  }
  [[nodiscard]] auto get() const
    requires requires(const Value& v) { v.get(); }
  {
    return read().get();
  }

  friend bool operator==(const subscription& a, const Value& b) { return a.read() == b; }
  friend bool operator==(const subscription& a, const subscription& b) { return a.read() == b.read(); }
  friend std::ostream& operator<<(std::ostream& out, const subscription& x) { return out << x.read(); }

 private:
  Dictionary& dictionary_;
  const Key& key_;
  mutable bool used_ = false;
};

}  // namespace detail
}  // namespace weakref
