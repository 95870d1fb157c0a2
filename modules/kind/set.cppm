module;

#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <ranges>
#include <unordered_set>
#include <utility>

export module weakref:set;

import :errors;
import :object;
import :repr;

namespace weakref {

/// A std::unordered_set that is an object, with the names of Python's set besides. Unlike the sets of weak
/// references it owns its elements. Complexity and thread safety: those of std::unordered_set. Source: "Set
/// Types" in the Python library reference.
export template <class T, class Hash = std::hash<T>, class Eq = std::equal_to<T>>
class set : public object, public std::unordered_set<T, Hash, Eq> {
  using base = std::unordered_set<T, Hash, Eq>;

 public:
  using base::base;
  set() = default;

  /// Adds an element, unless an equal one is there.
  void add(T element) { this->insert(std::move(element)); }
  /// Takes an element out. Throws KeyError if it is not there.
  void remove(const T& element) {
    if (this->erase(element) == 0) throw KeyError(detail::repr_of(element));
  }
  /// Takes an element out if it is there.
  void discard(const T& element) { this->erase(element); }
  /// Takes any element out. Throws KeyError if there is none.
  T pop() {
    if (this->empty()) throw KeyError("'pop from an empty set'");
    return std::move(this->extract(this->begin()).value());
  }
};

/// A set that does not change, and is hashable. Source: as set.
export template <class T, class Hash = std::hash<T>, class Eq = std::equal_to<T>>
class frozenset : public object {
  using elements = std::unordered_set<T, Hash, Eq>;

 public:
  using key_type = T;
  using value_type = T;
  using size_type = std::size_t;
  using const_iterator = typename elements::const_iterator;
  using iterator = const_iterator;

  frozenset() = default;
  frozenset(std::initializer_list<T> list) : elements_(list) {}
  template <std::ranges::input_range R>
    requires(!std::derived_from<std::remove_cvref_t<R>, frozenset> &&
             std::convertible_to<std::ranges::range_reference_t<R>, T>)
  explicit frozenset(R&& range) {
    for (auto&& element : range) elements_.insert(std::forward<decltype(element)>(element));
  }

  [[nodiscard]] const_iterator begin() const noexcept { return elements_.begin(); }
  [[nodiscard]] const_iterator end() const noexcept { return elements_.end(); }
  [[nodiscard]] std::size_t size() const noexcept { return elements_.size(); }
  [[nodiscard]] bool empty() const noexcept { return elements_.empty(); }
  [[nodiscard]] bool contains(const T& element) const { return elements_.contains(element); }

  bool operator==(const frozenset& other) const { return elements_ == other.elements_; }

  /// The same for equal sets, whatever the order of their elements. Linear.
  [[nodiscard]] std::size_t hash() const {
    std::size_t sum = elements_.size();
    for (const T& element : elements_) {
      // Spread, so that the hashes of small integers do not add up to those of others.
      const std::size_t spread = (Hash()(element) + 0x9E3779B97F4A7C15U) * 0xBF58476D1CE4E5B9U;
      sum += spread ^ (spread >> 31);
    }
    return sum;
  }

 private:
  elements elements_;
};

}  // namespace weakref

template <class T, class Hash, class Eq>
struct std::hash<weakref::frozenset<T, Hash, Eq>> {
  std::size_t operator()(const weakref::frozenset<T, Hash, Eq>& x) const { return x.hash(); }
};
