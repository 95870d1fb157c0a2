module;

#include <concepts>
#include <cstddef>
#include <functional>
#include <iterator>
#include <optional>
#include <ostream>
#include <ranges>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

export module weakref:mapping;

import :errors;
import :gate;
import :key;
import :ref;
import :repr;
import :strong_ref;

// A refusal says what to write instead.
#pragma GCC diagnostic ignored "-Wc++26-extensions"

#define WEAKREF_AT_ONCE "d[key] is used in the same expression: write V v = d[key], or d.at(key)"

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

template <class X>
inline constexpr bool is_subscription = false;

/// What d[key] gives: to be read, or assigned, in the same expression; one that has a name can only be
/// compared, printed and looked up. Reads, and throws KeyError, when the value is used; one that is
/// discarded does nothing.
///
/// `Key` is a reference to the caller's key, or the key itself if the caller gave it away: d[folder + name].
template <class Dictionary, class Key, class Value>
class subscription {
 public:
  subscription(Dictionary& dictionary, Key&& key) : dictionary_(dictionary), key_(std::forward<Key>(key)) {}
  subscription(subscription&&) = default;
  subscription(const subscription&) = delete (WEAKREF_AT_ONCE);

  /// The value; if that is no pointer to be copied at no cost, what reads it again.
  template <class X = Value>
    requires std::convertible_to<X&&, Value>
  auto operator=(X&& value) && {  // NOLINT(misc-unconventional-assign-operator)
    if constexpr (is_strong_ref<Value>) {
      Value stored(std::forward<X>(value));
      dictionary_.assign(key(), stored);
      return stored;
    } else {
      dictionary_.assign(key(), std::forward<X>(value));
      return std::move(*this);
    }
  }
  auto operator=(subscription&& other) && { return std::move(*this) = std::move(other).read(); }  // NOLINT
  void operator=(const subscription&) = delete (WEAKREF_AT_ONCE);                                 // NOLINT
  template <class D, class K, class V>
  void operator=(const subscription<D, K, V>&) && = delete (WEAKREF_AT_ONCE);  // NOLINT
  template <class X>
    requires(!std::convertible_to<X &&, Value> && !is_subscription<std::remove_cvref_t<X>>)
  void operator=(X&&) && =  // NOLINT(misc-unconventional-assign-operator)
      delete (
          "this is no value of the dictionary; where those are objects, give an owner, as make() returns it");
  template <class X>
  void operator=(X&&) & = delete (WEAKREF_AT_ONCE);  // NOLINT(misc-unconventional-assign-operator)

  /// Throws KeyError.
  operator Value() && { return read(); }               // NOLINT(google-explicit-constructor)
  operator Value() const& = delete (WEAKREF_AT_ONCE);  // NOLINT(google-explicit-constructor)
  /// An owner of another type to which that of the value converts.
  template <class U>
    requires(is_strong_ref<Value> && !std::same_as<Value, strong_ref<U>> &&
             std::convertible_to<Value, strong_ref<U>>)
  operator strong_ref<U>() && {  // NOLINT(google-explicit-constructor)
    return read();
  }

  template <std::same_as<bool> B>
    requires is_strong_ref<Value>
  explicit operator B() const =
      delete ("is it there? ask d.contains(key), or test d.get(key): d[key] throws");

  // As in Python, a read and an assignment: of threads that do so at once, one may undo what another did.
#define WEAKREF_COMPOUND(op)                                                \
  template <class X>                                                        \
    requires requires(Value& value, X&& x) { value op std::forward<X>(x); } \
  auto operator op(X&& x) && {                                              \
    Value value = read();                                                   \
    value op std::forward<X>(x);                                            \
    return std::move(*this) = std::move(value);                             \
  }
  WEAKREF_COMPOUND(+=)
  WEAKREF_COMPOUND(-=)
  WEAKREF_COMPOUND(*=)
  WEAKREF_COMPOUND(/=)
  WEAKREF_COMPOUND(%=)
  WEAKREF_COMPOUND(&=)
  WEAKREF_COMPOUND(|=)
  WEAKREF_COMPOUND(^=)
  WEAKREF_COMPOUND(<<=)
  WEAKREF_COMPOUND(>>=)
#undef WEAKREF_COMPOUND
  auto operator++() &&
    requires requires(Value& value) { ++value; }
  {
    Value value = read();
    ++value;
    return std::move(*this) = std::move(value);
  }
  auto operator--() &&
    requires requires(Value& value) { --value; }
  {
    Value value = read();
    --value;
    return std::move(*this) = std::move(value);
  }
  Value operator++(int) &&
    requires requires(Value& value) { value++; }
  {
    Value value = read();
    Value before = value++;
    std::move(*this) = std::move(value);
    return before;
  }
  Value operator--(int) &&
    requires requires(Value& value) { value--; }
  {
    Value value = read();
    Value before = value--;
    std::move(*this) = std::move(value);
    return before;
  }

  // A value that is a pointer is used as one.
  Value operator->() &&
    requires requires(const Value& v) { v.operator->(); }
  {
    return read();
  }
  Value operator->() const& = delete (WEAKREF_AT_ONCE);
  decltype(auto) operator*() &&
    requires std::is_lvalue_reference_v<decltype(*std::declval<Value>())>
  {
    return *read();
  }
  void operator*() const& = delete (WEAKREF_AT_ONCE);
  [[nodiscard]] auto get() &&
    requires requires(const Value& v) { v.get(); }
  {
    return read().get();
  }
  void get() const& = delete (WEAKREF_AT_ONCE);
  template <class... A>
    requires std::invocable<const Value&, A...>
  decltype(auto) operator()(A&&... arguments) && {
    const Value held = read();
    return std::invoke(held, std::forward<A>(arguments)...);
  }

  // Whatever the name: test frameworks give both sides of a comparison one.
  friend inline bool operator==(const subscription& a, const Value& b) { return a.read() == b; }
  friend inline bool operator==(const subscription& a, const subscription& b) { return a.read() == b.read(); }
  friend inline std::ostream& operator<<(std::ostream& out, const subscription& x) { return out << x.read(); }

 private:
  friend sought<subscription>;

  /// To be stored: given away, if it will not be read again.
  decltype(auto) key() {
    using type = std::remove_cvref_t<Key>;
    if constexpr (is_subscription<type>) {
      return sought<type>::of(key_);
    } else if constexpr (is_strong_ref<Value>) {
      return std::forward<Key>(key_);
    } else {
      return std::as_const(key_);
    }
  }

  [[nodiscard]] Value read() const { return dictionary_.at(key_); }

  Dictionary& dictionary_;
  Key key_;
};

#undef WEAKREF_AT_ONCE

template <class D, class K, class V>
inline constexpr bool is_subscription<subscription<D, K, V>> = true;

template <class D, class K, class V>
struct sought<subscription<D, K, V>> {
  using type = V;
  static V of(const subscription<D, K, V>& key) { return key.read(); }
};

template <class D, class K, class V>
inline constexpr std::string_view way_out<subscription<D, K, V>> = "write d.at(key), or V v = d[key] before";

}  // namespace detail
}  // namespace weakref
