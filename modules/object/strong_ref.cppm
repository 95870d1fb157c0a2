module;

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#if defined(__clang__)
#define WEAKREF_TRIVIAL_ABI [[clang::trivial_abi]]
#else
#define WEAKREF_TRIVIAL_ABI
#endif

export module weakref:strong_ref;

import :errors;
import :gate;
import :object;
import weakref.protocol;

// A refusal says what to write instead.
#pragma GCC diagnostic ignored "-Wc++26-extensions"

#define WEAKREF_COPY "this sets a copy that is dropped at once; a dictionary is set by d[key] = value"

namespace weakref {

/// Python's None, wherever a reference, an object or a callback may be given.
export inline constexpr std::nullptr_t None = nullptr;

export template <class T>
class strong_ref;

namespace detail {

/// Takes over a share that the caller has.
struct adopt_share {};

template <class T>
inline object& as_object(T& target) noexcept {
  return const_cast<object&>(static_cast<const object&>(target));
}

/// The T that begins where the object does; the way back from a block.
template <class T>
inline T* as(object& made) noexcept {
  static_assert(is_object<T, requires { sizeof(T); }, requires(T* x) { static_cast<const object*>(x); }>);
  return static_cast<T*>(&made);
}

}  // namespace detail

/// An owner of an object, like a variable in Python; or None. One pointer wide.
///
/// Copies are further owners. When the last is gone the object dies: see `object`.
///
/// ---- Thread safety: as std::shared_ptr. Different strong_refs may be used in different threads, even of
/// one object; one strong_ref may be read in many threads, or written in one.
export template <class T>
class WEAKREF_TRIVIAL_ABI strong_ref {
 public:
  using element_type = T;

  /// None.
  constexpr strong_ref() noexcept = default;
  constexpr strong_ref(std::nullptr_t) noexcept {}  // NOLINT(google-explicit-constructor)

  /// A further owner of an object that make() made; typically from `this`. Null gives None.
  /// Throws TypeError if make() did not make the object, or if it is being destroyed.
  explicit strong_ref(T* self) : target_(self) {
    static_assert(
        detail::is_object<T, requires { sizeof(T); }, requires(T* x) { static_cast<const object*>(x); }>);
    if (self == nullptr) return;
    if (!detail::referable(*self).try_add_owner()) {
      throw TypeError("the object is being destroyed");
    }
  }

  strong_ref(const strong_ref& other) noexcept : target_(other.target_) { add_owner(); }
  strong_ref(strong_ref&& other) noexcept : target_(std::exchange(other.target_, nullptr)) {}

  template <class U>
    requires std::convertible_to<U*, T*>
  strong_ref(const strong_ref<U>& other) noexcept
      : target_(other.get()) {  // NOLINT(google-explicit-constructor)
    add_owner();
  }

  template <class U>
    requires std::convertible_to<U*, T*>
  strong_ref(strong_ref<U>&& other) noexcept  // NOLINT(google-explicit-constructor)
      : target_(std::exchange(other.target_, nullptr)) {}

  strong_ref(detail::adopt_share, T* owned) noexcept : target_(owned) {}

  ~strong_ref() {
    static_assert(
        detail::is_object<T, requires { sizeof(T); }, requires(T* x) { static_cast<const object*>(x); }>);
    if (target_ != nullptr) detail::drop_owner(detail::as_object(*target_));
  }

  // The old object goes last: what its death runs finds this variable already set.
  strong_ref& operator=(const strong_ref& other) & noexcept {
    strong_ref(other).swap(*this);
    return *this;
  }
  strong_ref& operator=(strong_ref&& other) & noexcept {
    strong_ref(std::move(other)).swap(*this);
    return *this;
  }
  void operator=(const strong_ref&) && =
      delete (WEAKREF_COPY);  // NOLINT(misc-unconventional-assign-operator)
  void operator=(const strong_ref&) const&& =
      delete (WEAKREF_COPY);  // NOLINT(misc-unconventional-assign-operator)

  [[nodiscard]] T* get() const noexcept { return target_; }
  T& operator*() const noexcept { return *target_; }
  T* operator->() const noexcept { return target_; }
  explicit operator bool() const noexcept { return target_ != nullptr; }

  void reset() noexcept { strong_ref().swap(*this); }
  void swap(strong_ref& other) noexcept { std::swap(target_, other.target_); }
  friend inline void swap(strong_ref& a, strong_ref& b) noexcept { a.swap(b); }

  /// Calls the object, held meanwhile. Throws TypeError for None, and what the call throws.
  template <class... A>
    requires std::invocable<T&, A...>
  decltype(auto) operator()(A&&... arguments) const {
    if (target_ == nullptr) throw TypeError("'NoneType' object is not callable");
    const strong_ref held(*this);
    return std::invoke(*held.target_, std::forward<A>(arguments)...);
  }

  /// The share, to be given to strong_ref(adopt_share).
  [[nodiscard]] T* release_share() noexcept { return std::exchange(target_, nullptr); }

 private:
  template <class U>
  friend class strong_ref;

  void add_owner() const noexcept {
    static_assert(
        detail::is_object<T, requires { sizeof(T); }, requires(T* x) { static_cast<const object*>(x); }>);
    if (target_ != nullptr) detail::block_of(*target_).add_owner();
  }

  T* target_ = nullptr;
};

#undef WEAKREF_COPY

// Equality and order are identity, as of Python's `is`.

export template <class T, class U>
bool operator==(const strong_ref<T>& a, const strong_ref<U>& b) noexcept {
  return static_cast<const volatile void*>(a.get()) == static_cast<const volatile void*>(b.get());
}
export template <class T>
bool operator==(const strong_ref<T>& a, std::nullptr_t) noexcept {
  return a.get() == nullptr;
}
export template <class T, class U>
std::strong_ordering operator<=>(const strong_ref<T>& a, const strong_ref<U>& b) noexcept {
  return std::compare_three_way()(static_cast<const volatile void*>(a.get()),
                                  static_cast<const volatile void*>(b.get()));
}
export template <class T>
std::strong_ordering operator<=>(const strong_ref<T>& a, std::nullptr_t) noexcept {
  return a <=> strong_ref<T>();
}

/// Further owners under another type, as std::static_pointer_cast and its kin. Constant.
export template <class T, class U>
strong_ref<T> static_pointer_cast(strong_ref<U> from) noexcept {
  T* const target = static_cast<T*>(from.get());
  (void)from.release_share();
  return {detail::adopt_share(), target};
}
export template <class T, class U>
strong_ref<T> const_pointer_cast(strong_ref<U> from) noexcept {
  T* const target = const_cast<T*>(from.get());
  (void)from.release_share();
  return {detail::adopt_share(), target};
}
/// None if the object is not a T.
export template <class T, class U>
strong_ref<T> dynamic_pointer_cast(strong_ref<U> from) noexcept {
  T* const target = dynamic_cast<T*>(from.get());
  if (target == nullptr) return None;
  (void)from.release_share();
  return {detail::adopt_share(), target};
}

/// Owners of the object, this one included; 0 for None. Constant. Source: sys.getrefcount (less its own
/// argument).
export template <class T>
[[nodiscard]] std::size_t getrefcount(const strong_ref<T>& owner) noexcept {
  return owner == None ? 0 : detail::block_of(*owner).owners();
}

/// Python's `is`: are they the same object?
export template <class T, class U>
[[nodiscard]] bool is(const strong_ref<T>& a, const strong_ref<U>& b) noexcept {
  return a == b;
}

/// The object's address: unique among the objects that are alive, and used again after its death; 0 for None.
/// Source: the Python function id().
export template <class T>
[[nodiscard]] std::uintptr_t id(const strong_ref<T>& x) noexcept {
  return reinterpret_cast<std::uintptr_t>(x.get());
}

namespace detail {

template <class T>
inline constexpr bool is_strong_ref = false;
template <class T>
inline constexpr bool is_strong_ref<strong_ref<T>> = true;

}  // namespace detail
}  // namespace weakref

/// By identity.
template <class T>
struct std::hash<weakref::strong_ref<T>> {
  std::size_t operator()(const weakref::strong_ref<T>& x) const noexcept {
    return std::hash<const volatile void*>()(x.get());
  }
};
