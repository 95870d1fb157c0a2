module;

#include <concepts>
#include <cstddef>
#include <functional>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

export module weakref:method;

import :errors;
import :make;
import :object;
import :ref;
import :repr;
import :strong_ref;

// Methods that know their object.

// A refusal says what to write instead.
#pragma GCC diagnostic ignored "-Wc++26-extensions"

#define WEAKREF_NO_METHOD "the function must be a method of the object's class, or of a base of it"

namespace weakref {
namespace detail {

/// A member function that cannot be called on a constant object.
template <class M>
inline constexpr bool changes_object = false;
template <class R, class... A, bool quiet>
inline constexpr bool changes_object<R(A...) noexcept(quiet)> = true;
template <class R, class... A, bool quiet>
inline constexpr bool changes_object<R(A...) & noexcept(quiet)> = true;

/// Can a pointer to a member of C be applied to a T? Not to a constant one, if it changes the object.
template <class F, class T>
inline constexpr bool is_member_of = true;
template <class M, class C, class T>
inline constexpr bool is_member_of<M C::*, T> =
    std::convertible_to<std::remove_cv_t<T>*, C*> && (!std::is_const_v<T> || !changes_object<M>);

/// What method() binds to a T.
template <class F, class T>
concept method_of = is_member_of<F, T>;

/// Are they the same function, or equal ones?
template <class F>
bool same_function(const F& a, const F& b) {
  if constexpr (is_strong_ref<F>) {
    using function = std::remove_cv_t<typename F::element_type>;
    if (a == b) return true;
    if constexpr (equality_comparable<function, function>) {
      return a != None && b != None && static_cast<bool>(*a == *b);
    } else {
      return false;
    }
  } else {
    return a == b;
  }
}

}  // namespace detail

/// A function together with the object that it is called on: Python's `o.method`. Owns the object.
///
/// F is a pointer to a member function, or a strong_ref to something that is called with a T& in front of the
/// other arguments. Made by method(). Thread safety: as any constant object. Source: the Python
/// documentation, "Instance methods" in the data model.
export template <class T, class F>
class bound_method : public object {
 public:
  using self_type = T;
  using func_type = F;

  /// Throws TypeError if one of them is None.
  bound_method(strong_ref<T> self, F func) : self_(std::move(self)), func_(std::move(func)) {
    static_assert(detail::method_of<F, T>, WEAKREF_NO_METHOD);
    if (func_ == nullptr) throw TypeError("first argument must be callable");
    if (self_ == None) throw TypeError("instance must not be None");
  }

  /// The object; Python's __self__.
  [[nodiscard]] strong_ref<T> self() const noexcept { return self_; }
  /// The function; Python's __func__.
  [[nodiscard]] const F& func() const noexcept { return func_; }

  /// Calls the function on the object.
  template <class... A>
    requires std::invocable<const F&, T&, A...>
  decltype(auto) operator()(A&&... arguments) const {
    return std::invoke(func_, *self_, std::forward<A>(arguments)...);
  }

 private:
  strong_ref<T> self_;
  F func_;
};

/// Are they the same function of the same object? (Of one object, not of equal ones: as in Python since 3.8.)
export template <class T, class F>
bool operator==(const bound_method<T, F>& a, const bound_method<T, F>& b) {
  return a.self() == b.self() && detail::same_function(a.func(), b.func());
}

/// Binds a function to an object: strong_ref<bound_method<T, F>>. Throws TypeError for None, and
/// std::bad_alloc.
export template <class T, class F>
  requires detail::method_of<std::decay_t<F>, T>
[[nodiscard]] auto method(const strong_ref<T>& self, F&& func) {
  return make<bound_method<T, std::decay_t<F>>>(self, std::forward<F>(func));
}

export template <class T, class F>
  requires(!detail::method_of<std::decay_t<F>, T>)
void method(const strong_ref<T>&, F&&) = delete (WEAKREF_NO_METHOD);
#undef WEAKREF_NO_METHOD

/// "<bound method ? of <C object at 0x..>>": C++ functions do not know their names.
export template <class T, class F>
[[nodiscard]] std::string repr(const strong_ref<bound_method<T, F>>& x) {
  if (x == None) return "None";
  return "<bound method ? of " + repr(x->self()) + ">";
}

}  // namespace weakref

/// Of the object's identity: all methods of one object have the same.
template <class T, class F>
struct std::hash<weakref::bound_method<T, F>> {
  std::size_t operator()(const weakref::bound_method<T, F>& x) const noexcept {
    return std::hash<weakref::strong_ref<T>>()(x.self());
  }
};
