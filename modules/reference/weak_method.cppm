module;

#include <atomic>
#include <concepts>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

export module weakref:weak_method;

import :callback;
import :errors;
import :gate;
import :make;
import :method;
import :object;
import :ref;
import :repr;
import :strong_ref;
import :weak_reference;
import weakref.protocol;

// A refusal says what to write instead.
#pragma GCC diagnostic ignored "-Wc++26-extensions"

#define WEAKREF_NO_METHOD "the function must be a method of the object's class, or of a base of it"
#define WEAKREF_NO_CALLBACK "a callback must be callable with a const WeakMethod&"

namespace weakref {

export template <class T, class F>
class WeakMethod;

namespace detail {

/// How a weak method knows its function: for good, or weakly if it is an object, too.
template <class F>
struct weakly_known {
  using type = F;
};
template <class C>
struct weakly_known<strong_ref<C>> {
  using type = ref<C>;
};

/// The weak reference object behind WeakMethod: a reference to the object, which is dead for its users as
/// soon as either half is.
template <class T, class F>
class weak_method : public weak_reference {
 public:
  using referent_type = T;
  static constexpr bool func_may_die = is_strong_ref<F>;

  struct halves {
    strong_ref<T> self;
    F func;
  };

  /// Knows nothing yet: see watch().
  weak_method() : weak_reference(protocol::node_kind::reference) {}

  /// Refers to the halves, which may die in other threads from now on. Throws TypeError for None, and
  /// std::bad_alloc; then it refers to nothing.
  void watch(const strong_ref<T>& self, const F& func) {
    (void)referent_block(self);
    if (func == nullptr) throw TypeError("first argument must be callable");
    if constexpr (func_may_die) {
      using half = callback_reference<typename F::element_type, end_of_function>;
      const auto other = make_object<half>(std::in_place, end_of_function{ref<weak_method>(*this)});
      func_ =
          ref<typename F::element_type>(adopt_share(), reference_word(*strong_ref(other).release_share()));
      // Only now can the function's death call back: it finds this reference complete.
      referent_block(func).attach(*other);
    } else {
      func_ = func;
    }
    referent_block(self).attach(*this);
  }

  /// Both, held; nothing if either is dead.
  [[nodiscard]] std::optional<halves> hold() const noexcept {
    if (!referent->try_add_owner()) return std::nullopt;
    strong_ref<T> self(adopt_share(), as<T>(object_of(*referent)));
    if constexpr (func_may_die) {
      F func = func_();
      if (func == None) return std::nullopt;
      return halves{std::move(self), std::move(func)};
    } else {
      return halves{std::move(self), func_};
    }
  }

  /// The method, bound anew; or None.
  strong_ref<bound_method<T, F>> operator()() const {
    auto held = hold();
    if (!held) return None;
    return make<bound_method<T, F>>(std::move(held->self), std::move(held->func));
  }

  /// As in Python, where the reference always has one that makes the weak method dead.
  [[nodiscard]] bool has_callback() const noexcept override { return true; }

  void notify() noexcept override {
    own().add_owner();
    one_half_died(strong_ref<weak_method>(adopt_share(), this));
  }

 protected:
  /// The user's callback; run once, then destroyed.
  virtual void call(const WeakMethod<T, F>&) noexcept {}

 private:
  struct end_of_function {
    ref<weak_method> method;
    template <class Function>
    void operator()(const Function&) const noexcept {
      // None: the weak method is going itself.
      if (const auto held = method()) one_half_died(held);
    }
  };

  static void one_half_died(const strong_ref<weak_method>& self) noexcept {
    // Relaxed: what the callback needs was there before either half could find this reference in its ring.
    if (!self->called_.exchange(true, std::memory_order_relaxed)) self->call(WeakMethod<T, F>(self));
  }

  typename weakly_known<F>::type func_{};  // constant from watch() on
  std::atomic<bool> called_{false};        // the halves may die at once, in two threads
};

template <class T, class F, class C>
class weak_method_with_callback final : public weak_method<T, F> {
 public:
  template <class G>
  explicit weak_method_with_callback(std::in_place_t, G&& callback)
      : callback_(std::in_place, std::forward<G>(callback)) {}

 protected:
  void call(const WeakMethod<T, F>& dead) noexcept override {
    call_back(*callback_, dead);
    callback_.reset();
  }

 private:
  std::optional<C> callback_;
};

/// One that refers to the halves; made of a Method's own arguments.
template <class Method, class T, class F, class... A>
strong_ref<weak_method<T, F>> watching(const strong_ref<T>& self, const F& func, A&&... arguments) {
  // None is refused before anything is moved out of the arguments.
  (void)referent_block(self);
  auto made = make_object<Method>(std::forward<A>(arguments)...);
  made->watch(self, func);
  return made;
}

template <class T, class F>
const bound_method<T, F>& not_none(const strong_ref<bound_method<T, F>>& method) {
  if (method == None) throw TypeError("argument should be a bound method, not <class 'NoneType'>");
  return *method;
}

}  // namespace detail

/// A weak reference to a bound method. A bound method lives for as long as somebody holds it, not for as long
/// as its object, so a plain ref to it is soon dead; a WeakMethod binds the method anew whenever it is
/// called:
///
///     weakref::WeakMethod on_click{button, &Button::on_click};
///     if (auto method = on_click()) (*method)(event);
///
/// It is dead when the object or the function (if that is an object) is; then, and once, the callback is
/// called with it. Never shared: each is a weak reference object of its own, to which this is a handle, one
/// pointer wide. Converts to ref<T>, a reference to the object.
///
/// ---- Thread safety: as ref. Source: the Python documentation, weakref.WeakMethod.
export template <class T, class F>
class WeakMethod : public strong_ref<detail::weak_method<T, F>> {
  using reference = detail::weak_method<T, F>;

  template <class C>
  static constexpr bool is_callback =
      !std::same_as<std::decay_t<C>, std::nullptr_t> && std::invocable<std::decay_t<C>&, const WeakMethod&>;
  template <class C>
  static constexpr bool is_no_callback = !std::same_as<std::decay_t<C>, std::nullptr_t> && !is_callback<C>;

 public:
  /// Throws TypeError for None, and std::bad_alloc.
  explicit WeakMethod(const strong_ref<bound_method<T, F>>& method, std::nullptr_t = None)
      : WeakMethod(detail::not_none(method).self(), method->func()) {}
  WeakMethod(const strong_ref<T>& self, const F& func, std::nullptr_t = None)
      : strong_ref<reference>(detail::watching<reference>(self, func)) {
    static_assert(detail::method_of<F, T>, WEAKREF_NO_METHOD);
    static_assert(detail::admits<T>);
  }

  /// With a callback, called with a const WeakMethod&. Throws what copying it throws, too.
  template <class C>
    requires is_callback<C>
  WeakMethod(const strong_ref<bound_method<T, F>>& method, C&& callback)
      : WeakMethod(detail::not_none(method).self(), method->func(), std::forward<C>(callback)) {}
  template <class C>
    requires is_callback<C>
  WeakMethod(const strong_ref<T>& self, const F& func, C&& callback)
      : strong_ref<reference>(detail::watching<detail::weak_method_with_callback<T, F, std::decay_t<C>>>(
            self, func, std::in_place, std::forward<C>(callback))) {
    static_assert(detail::method_of<F, T>, WEAKREF_NO_METHOD);
    static_assert(detail::admits<T>);
  }

  template <class C>
    requires is_no_callback<C>
  WeakMethod(const strong_ref<bound_method<T, F>>&, C&&) = delete (WEAKREF_NO_CALLBACK);
  template <class C>
    requires is_no_callback<C>
  WeakMethod(const strong_ref<T>&, const F&, C&&) = delete (WEAKREF_NO_CALLBACK);
#undef WEAKREF_NO_CALLBACK
#undef WEAKREF_NO_METHOD

  /// The method, bound anew each time; or None. Throws std::bad_alloc.
  strong_ref<bound_method<T, F>> operator()() const {
    // A handle that was moved from refers to nothing.
    if (this->get() == nullptr) return None;
    return (*this->get())();
  }

  // For the library.
  explicit WeakMethod(strong_ref<reference> behind) noexcept : strong_ref<reference>(std::move(behind)) {}
};

template <class T, class F>
WeakMethod(const strong_ref<bound_method<T, F>>&) -> WeakMethod<T, F>;
template <class T, class F, class C>
WeakMethod(const strong_ref<bound_method<T, F>>&, C&&) -> WeakMethod<T, F>;
template <class T, class F>
WeakMethod(const strong_ref<T>&, F) -> WeakMethod<T, F>;
template <class T, class F, class C>
WeakMethod(const strong_ref<T>&, F, C&&) -> WeakMethod<T, F>;

/// Live ones compare as their objects and functions do, all held meanwhile; a dead one is equal to itself
/// only.
export template <class T, class F, class U, class G>
bool operator==(const WeakMethod<T, F>& a, const WeakMethod<U, G>& b) {
  if (a.get() == nullptr || b.get() == nullptr) return a.get() == static_cast<const void*>(b.get());
  const auto x = a->hold();
  const auto y = b->hold();
  if (!x || !y) return a.get() == static_cast<const void*>(b.get());
  if constexpr (std::same_as<F, G>) {
    if (!detail::same_function(x->func, y->func)) return false;
    if constexpr (detail::equality_comparable<T, U>) {
      return static_cast<bool>(*x->self == *y->self);
    } else {
      return x->self == y->self;
    }
  } else {
    return false;
  }
}
/// As the reference to the object that it also is.
export template <class T, class F, class U>
bool operator==(const WeakMethod<T, F>& a, const ref<U>& b) {
  return ref<T>(a) == b;
}

/// As of a reference to the object.
export template <class T, class F>
[[nodiscard]] std::string repr(const WeakMethod<T, F>& x) {
  return repr(ref<T>(x));
}

namespace detail {

template <class T, class F>
inline constexpr bool prints_repr<WeakMethod<T, F>> = true;

}  // namespace detail
}  // namespace weakref

/// Of the object, cached: as of a reference to it.
template <class T, class F>
  requires weakref::detail::hashable<std::remove_cv_t<T>>
struct std::hash<weakref::WeakMethod<T, F>> {
  std::size_t operator()(const weakref::WeakMethod<T, F>& x) const {
    return std::hash<weakref::ref<T>>()(weakref::ref<T>(x));
  }
};
