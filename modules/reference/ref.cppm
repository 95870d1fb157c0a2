module;

#include <bit>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>
#include <typeinfo>
#include <utility>

#if defined(__clang__)
#define WEAKREF_TRIVIAL_ABI [[clang::trivial_abi]]
#else
#define WEAKREF_TRIVIAL_ABI
#endif

export module weakref:ref;

import :callback;
import :errors;
import :gate;
import :held;
import :make;
import :object;
import :strong_ref;
import :weak_reference;
import weakref.protocol;

// A refusal says what to write instead.
#pragma GCC diagnostic ignored "-Wc++26-extensions"

namespace weakref {

export template <class T>
class ReferenceType;

namespace detail {

template <class F, class T>
concept callback_for =
    !std::same_as<std::decay_t<F>, std::nullptr_t> && std::invocable<std::decay_t<F>&, const ref<T>&>;

template <class F, class T>
concept no_callback_for = !std::same_as<std::decay_t<F>, std::nullptr_t> && !callback_for<F, T>;

template <class T>
inline constexpr bool is_handle<ref<T>> = true;

/// An owner, or what is derived from one: a WeakMethod.
template <class X>
concept owner_like = requires(const X& x) { []<class T>(const strong_ref<T>&) {}(x); };

/// References to T's: classes derived from ReferenceType<U>, U* converting to T*.
template <class R, class T>
concept reference_to = std::derived_from<R, weak_reference> && requires {
  typename R::referent_type;
  requires std::convertible_to<typename R::referent_type*, T*>;
};

template <class U, class T>
concept referent_of = std::derived_from<U, object> && std::convertible_to<U*, T*>;

/// One word that knows a weak reference object: the block of the referent, which is its shared reference; or,
/// tagged, a weak_reference, or null. So one test tells the shared reference from all else.
class reference_word {
 public:
  constexpr reference_word() noexcept = default;
  inline explicit reference_word(block& shared) noexcept : word_(std::bit_cast<std::uintptr_t>(&shared)) {}
  inline explicit reference_word(weak_reference& node) noexcept
      : word_(std::bit_cast<std::uintptr_t>(&node) | tag) {}

  [[nodiscard]] inline bool is_none() const noexcept { return word_ == tag; }
  [[nodiscard]] inline weak_reference* node() const noexcept { return is_shared() ? nullptr : tagged(); }
  /// Not for None.
  [[nodiscard]] inline block& referent() const noexcept {
    // Likely: as a branch, the shared reference's block does not wait for what decides.
    if (is_shared()) [[likely]]
      return shared();
    return *tagged()->referent;
  }
  [[nodiscard]] inline std::uintptr_t identity() const noexcept { return word_ & ~tag; }

  inline void add() const noexcept {
    if (is_shared()) [[likely]] {
      shared().add_references();
    } else if (weak_reference* const node = tagged()) {
      node->own().add_owner();
    }
  }
  [[gnu::always_inline]] inline void drop() const noexcept {
    if (is_shared()) [[likely]] {
      drop_shared_reference(shared());
    } else if (weak_reference* const node = tagged()) {
      drop_node(*node);
    }
  }

  bool operator==(const reference_word&) const = default;

 private:
  static constexpr std::uintptr_t tag = 1;

  [[nodiscard]] inline bool is_shared() const noexcept { return (word_ & tag) == 0; }
  [[nodiscard]] inline block& shared() const noexcept { return *std::bit_cast<block*>(word_); }
  [[nodiscard]] inline weak_reference* tagged() const noexcept {
    return std::bit_cast<weak_reference*>(word_ - tag);
  }

  std::uintptr_t word_ = tag;
};

/// The referent of a node, or None.
inline strong_ref<object> hold_referent(const weak_reference& node) noexcept {
  if (!node.referent->try_add_owner()) return None;
  return {adopt_share(), &object_of(*node.referent)};
}

template <class F>
held<const F> held_callback(const weak_reference& node) noexcept {
  strong_ref<object> alive = hold_referent(node);
  if (alive == None) return {};
  const auto* const callback = static_cast<const F*>(node.callback(typeid(F)));
  if (callback == nullptr) return {};
  block_of(node).add_owner();
  return {strong_ref<const object>(adopt_share(), &node), std::move(alive), *callback};
}

[[noreturn]] void refuse_none();

/// The block of a referent that is not None.
template <class T>
inline block& referent_block(const strong_ref<T>& referent) {
  static_assert(is_object<T, requires { sizeof(T); }, requires(T* x) { static_cast<const object*>(x); }>);
  if (referent == None) [[unlikely]]
    refuse_none();
  return block_of(*referent);
}

}  // namespace detail

/// A weak reference: knows an object without owning it.
///
///     weakref::ref r{image};                     // the shared, callback-less reference of that object
///     if (auto strong = r()) strong->draw();     // the referent, held; or None
///
/// A handle to a weak reference object, one pointer wide; copies are handles to the same one. ref(o) is the
/// same object as every other ref(o) while one is alive; a reference with a callback is always an object of
/// its own. The callback runs once, when the referent dies and all its references are dead, with the
/// reference itself; not if the reference is gone by then. expired() is advice: only calling the reference
/// and testing the result is free of races.
///
/// ---- Thread safety: as strong_ref. The callback runs in the thread that dropped the last owner.
/// Source: the Python documentation, weakref.ref.
export template <class T>
class WEAKREF_TRIVIAL_ABI ref {
  static_assert(detail::admits<T, !detail::refused_outright<std::remove_cv_t<T>>>);

 public:
  using referent_type = T;

  /// None: refers to nothing.
  constexpr ref() noexcept = default;

  /// The shared reference. Throws TypeError for None. Constant; allocates nothing.
  template <class U>
    requires std::convertible_to<U*, T*>
  ref(const strong_ref<U>& referent)  // NOLINT(google-explicit-constructor)
      : word_(detail::referent_block(referent)) {
    static_assert(detail::admits<U>);
    word_.add();
  }
  template <class U>
    requires std::convertible_to<U*, T*>
  ref(const strong_ref<U>& referent, std::nullptr_t) : ref(referent) {}

  /// A new reference with a callback. Throws TypeError for None, std::bad_alloc, and what copying the
  /// callback throws.
  template <class U, detail::callback_for<T> F>
    requires std::convertible_to<U*, T*>
  ref(const strong_ref<U>& referent, F&& callback);

  template <class U, class F>
    requires(std::convertible_to<U*, T*> && detail::no_callback_for<F, T>)
  ref(const strong_ref<U>&, F&&) = delete ("a callback must be callable with a const ref<T>&");

  /// The same from *this. Throws TypeError for an object that make() did not make, and in its destructor.
  // Templates, so that nothing is asked of a T that is still incomplete.
  template <detail::referent_of<T> U>
  explicit ref(U& referent) : word_(detail::referable(referent)) {
    static_assert(detail::admits<U>);
    word_.add();
  }
  template <detail::referent_of<T> U>
  ref(U& referent, std::nullptr_t) : ref(referent) {}
  template <detail::referent_of<T> U, detail::callback_for<T> F>
  ref(U& referent, F&& callback) : ref(strong_ref<U>(&referent), std::forward<F>(callback)) {}

  template <detail::referent_of<T> U, class... F>
  ref(U&&, F&&...) = delete ("a temporary object has no owner: refer to one that make() made");
  template <detail::referent_of<T> U, detail::no_callback_for<T> F>
  ref(U&, F&&) = delete ("a callback must be callable with a const ref<T>&");
  template <class U, class... F>
  ref(U*, F&&...) = delete ("a pointer is no owner: give the strong_ref that make() returned, or *this");

  /// A handle to the same weak reference object.
  template <class U>
    requires std::convertible_to<U*, T*>
  ref(const ref<U>& other) noexcept : word_(other.word_) {  // NOLINT(google-explicit-constructor)
    word_.add();
  }

  /// A handle to a weak reference object that has a class of its own. Null gives None.
  template <detail::reference_to<T> R>
  ref(const strong_ref<R>& reference) noexcept {  // NOLINT(google-explicit-constructor)
    if (reference == None) return;
    word_ = detail::reference_word(static_cast<detail::weak_reference&>(*reference));
    word_.add();
  }

  ref(const ref& other) noexcept : word_(other.word_) { word_.add(); }
  ref(ref&& other) noexcept : word_(std::exchange(other.word_, {})) {}
  ref& operator=(const ref& other) & noexcept {
    ref(other).swap(*this);
    return *this;
  }
  ref& operator=(ref&& other) & noexcept {
    ref(std::move(other)).swap(*this);
    return *this;
  }
  ~ref() {
    // What is still incomplete may be handed on.
    constexpr bool complete = requires { sizeof(T); };
    constexpr bool derived = !complete || requires(T* x) { static_cast<const object*>(x); };
    static_assert(detail::is_object<T, true, derived>);
    word_.drop();
  }

  /// The referent, or None. Lock-free.
  strong_ref<T> operator()() const noexcept {
    if (word_.is_none()) return None;
    detail::block& referent = word_.referent();
    if (!referent.try_add_owner()) return None;
    return {detail::adopt_share(), detail::as<T>(detail::object_of(referent))};
  }

  /// Would the call give None?
  [[nodiscard]] bool expired() const noexcept { return word_.is_none() || word_.referent().expired(); }

  /// False if there was no callback, and once the referent died.
  [[nodiscard]] bool has_callback() const noexcept {
    const detail::weak_reference* const own = word_.node();
    if (own == nullptr) return false;
    const auto alive = detail::hold_referent(*own);
    return alive != None && own->has_callback();
  }

  /// The callback, held together with the reference and the referent, so that no death destroys it meanwhile;
  /// nothing if it is no F, or the referent died. Letting go of what is held may be the referent's death.
  template <class F>
  [[nodiscard]] held<const F> callback() const noexcept {
    const detail::weak_reference* const own = word_.node();
    return own != nullptr ? detail::held_callback<F>(*own) : held<const F>();
  }

  void reset() noexcept { ref().swap(*this); }
  void swap(ref& other) noexcept { std::swap(word_, other.word_); }
  friend inline void swap(ref& a, ref& b) noexcept { a.swap(b); }

  // For the library: the weak reference object behind the handle.
  ref(detail::adopt_share, detail::reference_word word) noexcept : word_(word) {}
  [[nodiscard]] detail::reference_word word() const noexcept { return word_; }

 private:
  template <class U>
  friend class ref;

  detail::reference_word word_;
};

template <class T>
ref(const strong_ref<T>&) -> ref<T>;
template <class T>
ref(const strong_ref<T>&, std::nullptr_t) -> ref<T>;
template <class T, class F>
ref(const strong_ref<T>&, F&&) -> ref<T>;
template <class T>
  requires std::derived_from<T, object>
ref(T&) -> ref<T>;
template <class T, class F>
  requires std::derived_from<T, object>
ref(T&, F&&) -> ref<T>;
template <class T, class... F>
  requires std::derived_from<T, object>
ref(T&&, F&&...) -> ref<T>;
// What cannot be referred to gets its one line from ref<T>.
template <class T, class... F>
  requires(!std::derived_from<T, object> && !detail::is_handle<T> && !detail::owner_like<T>)
ref(const T&, F&&...) -> ref<detail::refused<T>>;

namespace detail {

template <class T, class U>
concept equality_comparable = requires(const T& a, const U& b) {
  { a == b } -> std::convertible_to<bool>;
};

template <class T>
concept has_hash = requires(const T& x) {
  { std::hash<T>()(x) } -> std::convertible_to<std::size_t>;
};

/// Python's rule: a class that defines == and no hash is not hashable; one that defines neither is hashed by
/// identity.
template <class T>
concept hashable = has_hash<T> || !equality_comparable<T, T>;

template <class T>
std::size_t hash_of(const T& x) {
  if constexpr (has_hash<T>) {
    return std::hash<T>()(x);
  } else {
    return std::hash<const volatile void*>()(&x);
  }
}

/// The hash that a reference has cached, if any; and the place to cache it: the first to come decides.
[[nodiscard]] std::optional<std::size_t> cached_hash(reference_word reference) noexcept;
std::size_t cache_hash(reference_word reference, std::size_t hash);

}  // namespace detail

/// Live references compare as their referents do (by identity where T has no ==), both held meanwhile; a dead
/// one is equal to itself only. Throws what the referents' == throws. Source: weakref.ref, "Equality".
export template <class T, class U>
bool operator==(const ref<T>& a, const ref<U>& b) {
  const strong_ref<T> x = a();
  const strong_ref<U> y = b();
  if (x == None || y == None) return a.word() == b.word();
  if constexpr (detail::equality_comparable<T, U>) {
    return static_cast<bool>(*x == *y);
  } else {
    return x == y;
  }
}
/// A reference is never equal to an object.
export template <class T, class U>
  requires(!detail::reference_to<U, T>)
bool operator==(const ref<T>&, const strong_ref<U>&) noexcept {
  return false;
}
/// Is the handle itself None?
export template <class T>
bool operator==(const ref<T>& a, std::nullptr_t) noexcept {
  return a.word().is_none();
}
// References have no order.
export template <class T, class U>
bool operator<(const ref<T>&, const ref<U>&) = delete;
export template <class T, class U>
bool operator<=(const ref<T>&, const ref<U>&) = delete;
export template <class T, class U>
bool operator>(const ref<T>&, const ref<U>&) = delete;
export template <class T, class U>
bool operator>=(const ref<T>&, const ref<U>&) = delete;

/// Are they handles to the same weak reference object?
export template <class T, class U>
[[nodiscard]] bool is(const ref<T>& a, const ref<U>& b) noexcept {
  return a.word() == b.word();
}

/// Identifies the weak reference object, not the referent; 0 for None.
export template <class T>
[[nodiscard]] std::uintptr_t id(const ref<T>& x) noexcept {
  return x.word().identity();
}

namespace detail {

/// A reference with its callback in place. The one that makes it lets it enter the ring of its referent.
template <class T, class F>
class callback_reference final : public weak_reference {
 public:
  using referent_type = T;

  template <class G>
  explicit callback_reference(std::in_place_t, G&& callback)
      : weak_reference(protocol::node_kind::reference),
        callback_(std::in_place, std::forward<G>(callback)) {}

  const void* callback(const std::type_info& type) const noexcept override {
    if constexpr (std::same_as<F, callback_of<T>>) {
      return type == typeid(F) ? &*callback_ : callback_->target(type);
    } else {
      return type == typeid(F) ? &*callback_ : nullptr;
    }
  }
  [[nodiscard]] bool has_callback() const noexcept override { return true; }

  void notify() noexcept override {
    const borrowed<ref<T>> self(adopt_share(), reference_word(*this));
    call_back(*callback_, self.handle);
  }

 protected:
  void let_go() noexcept override { callback_.reset(); }

 private:
  void weakref_destroy(ending how) noexcept override {
    if constexpr (std::is_trivially_destructible_v<F>) {
      object_access::destroy_quietly(*this, how);
    } else {
      object::weakref_destroy(how);
    }
  }

  std::optional<F> callback_;
};

}  // namespace detail

template <class T>
template <class U, detail::callback_for<T> F>
  requires std::convertible_to<U*, T*>
ref<T>::ref(const strong_ref<U>& referent, F&& callback) {
  static_assert(detail::admits<U>);
  (void)detail::referent_block(referent);
  if constexpr (std::same_as<std::decay_t<F>, callback_of<T>>) {
    if (!callback) {
      word_ = detail::reference_word(detail::referent_block(referent));
      word_.add();
      return;
    }
  }
  auto reference = detail::make_object<detail::callback_reference<T, std::decay_t<F>>>(
      std::in_place, std::forward<F>(callback));
  // Only now: copying the callback is the user's code, which may have changed the caller's variable.
  detail::referent_block(referent).attach(*reference);
  word_ = detail::reference_word(static_cast<detail::weak_reference&>(*reference.release_share()));
}

}  // namespace weakref

/// The referent's hash, cached when first asked for: see weakref::ref. Throws TypeError for a dead reference
/// that was never hashed.
template <class T>
  requires weakref::detail::hashable<std::remove_cv_t<T>>
struct std::hash<weakref::ref<T>> {
  std::size_t operator()(const weakref::ref<T>& x) const {
    if (x == weakref::None) return 0;
    if (const auto cached = weakref::detail::cached_hash(x.word())) return *cached;
    const auto referent = x();
    if (referent == weakref::None) throw weakref::TypeError("weak object has gone away");
    return weakref::detail::cache_hash(x.word(), weakref::detail::hash_of<std::remove_cv_t<T>>(*referent));
  }
};
