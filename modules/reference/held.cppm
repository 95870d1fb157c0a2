module;

#include <compare>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <ranges>
#include <type_traits>
#include <utility>

export module weakref:held;

import :object;
import :strong_ref;

// What is given out that is not a value: places in objects, which hold them.

namespace weakref {
namespace detail {

template <class E, class I>
concept indexable = requires(E& indexed, I&& index) { indexed[std::forward<I>(index)]; };

/// indexed[index], without a word on the sign of an index into a sequence.
template <class E, class I>
decltype(auto) element_at(E& indexed, I&& index) {
  if constexpr (std::integral<std::remove_cvref_t<I>> && std::ranges::random_access_range<E&> &&
                requires { typename E::size_type; }) {
    return indexed[static_cast<typename E::size_type>(index)];
  } else {
    return indexed[std::forward<I>(index)];
  }
}

}  // namespace detail

/// A pointer to something in an object, which it holds: the callback of a reference is given so. Empty: null.
///
/// ---- Thread safety: that of the object itself.
export template <class E>
class held {
 public:
  held() noexcept = default;
  /// `owner` goes last.
  held(strong_ref<const object> owner, strong_ref<const object> also, E& place) noexcept
      : owner_(std::move(owner)),
        also_(std::move(also)),
        place_(&place) {}

  held(const held&) = default;
  held(held&& other) noexcept
      : owner_(std::move(other.owner_)),
        also_(std::move(other.also_)),
        place_(std::exchange(other.place_, nullptr)) {}
  held& operator=(held other) noexcept {
    owner_.swap(other.owner_);
    also_.swap(other.also_);
    std::swap(place_, other.place_);
    return *this;
  }
  ~held() = default;

  [[nodiscard]] explicit operator bool() const noexcept { return place_ != nullptr; }
  [[nodiscard]] E* get() const noexcept { return place_; }
  E& operator*() const noexcept { return *place_; }
  E* operator->() const noexcept { return place_; }

 private:
  strong_ref<const object> owner_;
  strong_ref<const object> also_;
  E* place_ = nullptr;
};
export template <class E>
[[nodiscard]] bool operator==(const held<E>& a, std::nullptr_t) noexcept {
  return a.get() == nullptr;
}

/// A place in an object, used like a reference to it, that holds the object meanwhile: what *p and p[i] of a
/// proxy are. Converts to E&; `->` reaches its members; operators and assignment go to the place. Copies are
/// further holders of the same place.
///
/// ---- Thread safety: that of the object itself.
export template <class T, class E>
class held_reference {
 public:
  using stands_for = E;

  held_reference(strong_ref<T> owner, E& place) noexcept : owner_(std::move(owner)), place_(place) {}
  held_reference(const held_reference&) = default;

  operator E&() const noexcept { return place_; }  // NOLINT(google-explicit-constructor)
  E* operator->() const noexcept { return std::addressof(place_); }
  E& operator*() const noexcept { return place_; }

  /// Assigns to the place.
  template <class V>
    requires(!std::derived_from<std::remove_cvref_t<V>, held_reference> && std::assignable_from<E&, V>)
  const held_reference& operator=(V&& value) const {
    place_ = std::forward<V>(value);
    return *this;
  }
  const held_reference& operator=(const held_reference& other) const
    requires std::assignable_from<E&, E&>
  {
    place_ = other.place_;
    return *this;
  }

  template <class... A>
    requires std::invocable<E&, A...>
  decltype(auto) operator()(A&&... arguments) const {
    return place_(std::forward<A>(arguments)...);
  }

  template <class I>
    requires detail::indexable<E, I>
  decltype(auto) operator[](I&& index) const {
    using result = decltype(detail::element_at(place_, std::forward<I>(index)));
    if constexpr (std::is_lvalue_reference_v<result>) {
      return held_reference<T, std::remove_reference_t<result>>(
          owner_, detail::element_at(place_, std::forward<I>(index)));
    } else {
      return std::remove_cvref_t<result>(detail::element_at(place_, std::forward<I>(index)));
    }
  }

 private:
  strong_ref<T> owner_;
  E& place_;
};

namespace detail {

/// For operators: the place, which the operand itself holds.
template <class T, class E>
E* hold(const held_reference<T, E>& x) noexcept {
  return std::addressof(*x);
}

/// The end of what an iterator holds.
template <class S>
struct held_sentinel {
  S at;
};

/// An iterator into an object, which holds it.
template <class T, std::input_or_output_iterator I>
class held_iterator {
  static constexpr bool forward = std::forward_iterator<I>;
  static constexpr bool bidirectional = std::bidirectional_iterator<I>;

 public:
  using value_type = std::iter_value_t<I>;
  using difference_type = std::iter_difference_t<I>;
  using iterator_concept =
      std::conditional_t<bidirectional, std::bidirectional_iterator_tag,
                         std::conditional_t<forward, std::forward_iterator_tag, std::input_iterator_tag>>;
  using iterator_category = std::conditional_t<std::is_reference_v<std::iter_reference_t<I>>,
                                               iterator_concept, std::input_iterator_tag>;
  using reference = std::iter_reference_t<I>;
  using pointer = void;

  held_iterator() = default;
  held_iterator(strong_ref<T> owner, I at) : owner_(std::move(owner)), at_(std::move(at)) {}

  reference operator*() const { return *at_; }
  auto operator->() const
    requires std::is_lvalue_reference_v<reference>
  {
    return std::addressof(*at_);
  }
  held_iterator& operator++() {
    ++at_;
    return *this;
  }
  auto operator++(int) {
    if constexpr (forward) {
      auto before = *this;
      ++at_;
      return before;
    } else {
      ++at_;
    }
  }
  held_iterator& operator--()
    requires bidirectional
  {
    --at_;
    return *this;
  }
  held_iterator operator--(int)
    requires bidirectional
  {
    auto before = *this;
    --at_;
    return before;
  }

  bool operator==(const held_iterator& other) const
    requires std::equality_comparable<I>
  {
    return at_ == other.at_;
  }
  template <std::sentinel_for<I> S>
  bool operator==(const held_sentinel<S>& end) const {
    return at_ == end.at;
  }

 private:
  strong_ref<T> owner_;
  I at_{};
};

}  // namespace detail
}  // namespace weakref
