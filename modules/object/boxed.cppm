module;

#include <concepts>
#include <type_traits>
#include <utility>

export module weakref:boxed;

import :object;

namespace weakref {

/// An X that is also an `object`, for classes that do not derive from it. make<X>() makes it.
export template <class X>
class boxed : public object, public X {
 public:
  template <class... A>
    requires std::constructible_from<X, A...>
  explicit(sizeof...(A) == 1) boxed(A&&... arguments) : X(std::forward<A>(arguments)...) {}

  template <class... A>
    requires(!std::constructible_from<X, A...> && requires(A&&... a) { X{std::forward<A>(a)...}; })
  explicit(sizeof...(A) == 1) boxed(A&&... arguments) : X{std::forward<A>(arguments)...} {}

  // The X is a part of the box, whatever operators it has for its own storage.
  using object::operator delete;
};

/// A class from which nothing can be derived is a member.
template <class X>
  requires std::is_final_v<X>
class boxed<X> : public object {
 public:
  template <class... A>
    requires std::constructible_from<X, A...>
  explicit(sizeof...(A) == 1) boxed(A&&... arguments) : value_(std::forward<A>(arguments)...) {}

  template <class... A>
    requires(!std::constructible_from<X, A...> && requires(A&&... a) { X{std::forward<A>(a)...}; })
  explicit(sizeof...(A) == 1) boxed(A&&... arguments) : value_{std::forward<A>(arguments)...} {}

  operator X&() noexcept { return value_; }              // NOLINT(google-explicit-constructor)
  operator const X&() const noexcept { return value_; }  // NOLINT(google-explicit-constructor)

 private:
  X value_;
};

}  // namespace weakref
