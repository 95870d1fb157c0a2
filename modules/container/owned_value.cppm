module;

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>

export module weakref:owned_value;

import :make;
import :object;
import :strong_ref;

// Values as entries own them: shared and exchanged under a lock, copied and destroyed without it.

namespace weakref::detail {

/// What is kept in place, because copying it under the lock runs no user code and takes no time; anything
/// else is an object of its own, of which the lock sees the pointer only.
template <class V>
concept kept_in_place =
    is_strong_ref<V> || (std::is_trivially_copyable_v<V> && std::copyable<V> && sizeof(V) <= 64);

template <class V>
class value_cell final : public object {
 public:
  explicit value_cell(V&& kept) : value(std::move(kept)) {}
  V value;
};

/// A value in the form in which entries own it, or nothing. Copies share it, and throw nothing.
template <class V>
struct owned_value {
  static constexpr bool in_place = kept_in_place<V>;

  owned_value() noexcept = default;
  explicit owned_value(V value) : holder(make_holder(std::move(value))) {}

  [[nodiscard]] const V& get() const noexcept {
    if constexpr (in_place) {
      return *holder;
    } else {
      return holder->value;
    }
  }
  /// For the only one who shares it.
  [[nodiscard]] V&& moved() noexcept { return const_cast<V&&>(get()); }

  friend inline void swap(owned_value& a, owned_value& b) noexcept { std::swap(a.holder, b.holder); }

  [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(holder); }

  std::conditional_t<in_place, std::optional<V>, strong_ref<value_cell<V>>> holder;

 private:
  static auto make_holder(V&& value) {
    if constexpr (in_place) {
      return std::optional<V>(std::move(value));
    } else {
      return make<value_cell<V>>(std::move(value));
    }
  }
};

/// What a set's entry owns.
template <>
struct owned_value<void> {
  friend inline void swap(owned_value&, owned_value&) noexcept {}
};

}  // namespace weakref::detail
