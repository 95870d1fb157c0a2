module;

#include <concepts>
#include <cstddef>
#include <exception>
#include <iterator>
#include <optional>
#include <ostream>
#include <ranges>
#include <string>
#include <tuple>
#include <type_traits>
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

/// A value, or None: a std::optional that compares with None.
export template <class V>
class maybe : public std::optional<V> {
 public:
  using std::optional<V>::optional;
};
export template <class V>
[[nodiscard]] bool operator==(const maybe<V>& a, std::nullptr_t) noexcept {
  return !a.has_value();
}
export template <class V>
[[nodiscard]] bool operator==(const maybe<V>& a, const maybe<V>& b) {
  return a.has_value() == b.has_value() && (!a.has_value() || static_cast<bool>(*a == *b));
}
// Written out: some standard libraries compare a std::optional itself with other types only, not what derives
// from it.
export template <class V, class U>
  requires requires(const V& value, const U& other) {
    { value == other } -> std::convertible_to<bool>;
  }
[[nodiscard]] bool operator==(const maybe<V>& a, const U& b) {
  return a.has_value() && static_cast<bool>(*a == b);
}

namespace detail {

/// Objects by their == if they have one, else by identity; other values by ==.
template <class A, class B>
bool equal_values(const A& a, const B& b) {
  if constexpr (is_strong_ref<A> && is_strong_ref<B>) {
    if constexpr (equality_comparable<typename A::element_type, typename B::element_type>) {
      if (a != None && b != None) return static_cast<bool>(*a == *b);
    }
  }
  return static_cast<bool>(a == b);
}

/// A range of pairs of keys and values: a std::map, a vector of pairs, a dictionary's items().
template <class R, class K, class V>
concept pairs_of = std::ranges::input_range<R> && requires(std::ranges::range_reference_t<R> pair) {
  requires std::tuple_size<std::remove_cvref_t<decltype(pair)>>::value == 2;
  { std::get<0>(pair) } -> std::convertible_to<K>;
  { std::get<1>(pair) } -> std::convertible_to<V>;
};

/// What gives such a range: a dictionary of another type.
template <class M, class K, class V>
concept has_items = requires(M& mapping) {
  { mapping.items() } -> pairs_of<K, V>;
};

/// What has keys() and [].
template <class M, class K, class V>
concept has_keys_and_values =
    requires(M& mapping, std::ranges::range_reference_t<decltype(std::declval<M&>().keys())> key) {
      { key } -> std::convertible_to<K>;
      { mapping[key] } -> std::convertible_to<V>;
    };

/// A mapping as Python's dict() takes it, that is no range of pairs itself.
template <class M, class K, class V>
concept mapping_of = !pairs_of<M, K, V> && (has_items<M, K, V> || has_keys_and_values<M, K, V>);

// The value in what a table has found, which is there.

template <class V>
const strong_ref<V>& value_in(const strong_ref<V>& found) noexcept {
  return found;
}
template <class V>
const V& value_in(const maybe<V>& found) noexcept {
  return *found;
}
template <class V>
strong_ref<V> value_of(strong_ref<V> found) noexcept {
  return found;
}
template <class V>
V value_of(maybe<V> found) {
  return *std::move(found);
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
    if constexpr (std::copy_constructible<Value>) {
      if (!used_ && std::uncaught_exceptions() == 0) (void)read();
    }
  }

  /// The value; if that is no pointer to be copied at no cost, what reads it again.
  template <class X>
    requires std::convertible_to<X&&, Value>
  auto operator=(X&& value) {  // NOLINT(misc-unconventional-assign-operator)
    used_ = true;
    if constexpr (is_strong_ref<Value>) {
      Value stored(std::forward<X>(value));
      dictionary_.set(key_, stored);
      return stored;
    } else {
      dictionary_.set(key_, std::forward<X>(value));
      return std::move(*this);
    }
  }
  auto operator=(const subscription& other) { return *this = other.read(); }  // NOLINT

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
    requires std::is_lvalue_reference_v<decltype(*std::declval<Value>())>
  {
    return *read();
  }
  [[nodiscard]] auto get() const
    requires requires(const Value& v) { v.get(); }
  {
    return read().get();
  }

  friend inline bool operator==(const subscription& a, const Value& b) { return a.read() == b; }
  friend inline bool operator==(const subscription& a, const subscription& b) { return a.read() == b.read(); }
  friend inline std::ostream& operator<<(std::ostream& out, const subscription& x) { return out << x.read(); }

 private:
  Dictionary& dictionary_;
  const Key& key_;
  mutable bool used_ = false;
};

}  // namespace detail
}  // namespace weakref
