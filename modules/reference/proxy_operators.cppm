module;

#include <compare>
#include <concepts>
#include <ranges>
#include <type_traits>
#include <utility>

export module weakref:proxy_operators;

import :held;
import :proxy;
import :strong_ref;

// Operators on proxies, which are those of their referents. Each is there where it is for what the operands
// stand for: a proxy, on either side, for its referent; what *p and p[i] give for the place; others for
// themselves. Referents are held while the operator runs. ReferenceError where one is dead.

namespace weakref {
namespace detail {

template <class X>
concept stand_in = requires { typename std::remove_cvref_t<X>::stands_for; };

/// What an operand stands for, held.
template <class X>
class operand {
 public:
  using type = X&&;
  explicit operand(X& itself) noexcept : itself_(itself) {}
  type get() const noexcept { return static_cast<X&&>(itself_); }

 private:
  X& itself_;
};
template <stand_in X>
class operand<X> {
  using holder = std::remove_cvref_t<decltype(hold(std::declval<const std::remove_cvref_t<X>&>()))>;

 public:
  using type = typename std::remove_cvref_t<X>::stands_for&;
  explicit operand(const std::remove_cvref_t<X>& x) : held_(hold(x)) {}
  type get() const noexcept { return *held_; }

 private:
  holder held_;
};

template <class X>
using operand_t = typename operand<X>::type;

/// A range adaptor takes the proxy itself, which is a range of its own.
template <class L, class R>
concept piped = std::ranges::range<L> && std::invocable<R, L>;

/// What an operator gives; nothing is moved out of the referent and left there.
template <class R>
using result_t = std::conditional_t<std::is_rvalue_reference_v<R>, std::remove_cvref_t<R>, R>;

template <class L, class R>
concept stands_in_either = stand_in<L> || stand_in<R>;

}  // namespace detail

// The results are deduced, not declared: a declared one is substituted before the constraints are looked at,
// and would ask for the operator itself again for every class that argument-dependent lookup brings here.

#define WEAKREF_UNARY(op)                                                         \
  export template <detail::stand_in X>                                            \
    requires requires(detail::operand_t<X> x) { op x; }                           \
  decltype(auto) operator op(X&& x) {                                             \
    const detail::operand<X> held(x);                                             \
    return static_cast<detail::result_t<decltype(op held.get())>>(op held.get()); \
  }

#define WEAKREF_BINARY(op)                                                                                \
  export template <class L, class R>                                                                      \
    requires(detail::stands_in_either<L, R> && !detail::piped<L, R> &&                                    \
             requires(detail::operand_t<L> l, detail::operand_t<R> r) {                                   \
               static_cast<detail::operand_t<L>>(l) op static_cast<detail::operand_t<R>>(r);              \
             })                                                                                           \
  decltype(auto) operator op(L&& l, R&& r) {                                                              \
    const detail::operand<L> left(l);                                                                     \
    const detail::operand<R> right(r);                                                                    \
    return static_cast<detail::result_t<decltype(left.get() op right.get())>>(left.get() op right.get()); \
  }

// Applied to a stand-in, it gives the stand-in, as Python's names stay what they are called; applied to
// anything else, what the operator itself gives.
#define WEAKREF_ASSIGNING(op)                                                            \
  export template <detail::stand_in L, class R>                                          \
    requires requires(detail::operand_t<L> l, detail::operand_t<R> r) {                  \
      l op static_cast<detail::operand_t<R>>(r);                                         \
    }                                                                                    \
  L operator op(L&& l, R&& r) {                                                          \
    const detail::operand<L> left(l);                                                    \
    const detail::operand<R> right(r);                                                   \
    left.get() op right.get();                                                           \
    return std::forward<L>(l);                                                           \
  }                                                                                      \
  export template <class L, detail::stand_in R>                                          \
    requires(!detail::stand_in<L> && requires(L& l, detail::operand_t<R> r) { l op r; }) \
  decltype(auto) operator op(L& l, R&& r) {                                              \
    const detail::operand<R> right(r);                                                   \
    return l op right.get();                                                             \
  }

#define WEAKREF_STEPPING(op)                                                      \
  export template <detail::stand_in X>                                            \
    requires requires(detail::operand_t<X> x) { op x; }                           \
  X operator op(X&& x) {                                                          \
    op detail::operand<X>(x).get();                                               \
    return std::forward<X>(x);                                                    \
  }                                                                               \
  export template <detail::stand_in X>                                            \
    requires requires(detail::operand_t<X> x) { x op; }                           \
  decltype(auto) operator op(X&& x, int) {                                        \
    const detail::operand<X> held(x);                                             \
    return static_cast<detail::result_t<decltype(held.get() op)>>(held.get() op); \
  }

WEAKREF_UNARY(+)
WEAKREF_UNARY(-)
WEAKREF_UNARY(~)
WEAKREF_UNARY(!)

WEAKREF_BINARY(+)
WEAKREF_BINARY(-)
WEAKREF_BINARY(*)
WEAKREF_BINARY(/)
WEAKREF_BINARY(%)
WEAKREF_BINARY(&)
WEAKREF_BINARY(|)
WEAKREF_BINARY(^)
WEAKREF_BINARY(<<)
WEAKREF_BINARY(>>)
WEAKREF_BINARY(==)
WEAKREF_BINARY(!=)
WEAKREF_BINARY(<)
WEAKREF_BINARY(<=)
WEAKREF_BINARY(>)
WEAKREF_BINARY(>=)
WEAKREF_BINARY(<=>)

WEAKREF_ASSIGNING(+=)
WEAKREF_ASSIGNING(-=)
WEAKREF_ASSIGNING(*=)
WEAKREF_ASSIGNING(/=)
WEAKREF_ASSIGNING(%=)
WEAKREF_ASSIGNING(&=)
WEAKREF_ASSIGNING(|=)
WEAKREF_ASSIGNING(^=)
WEAKREF_ASSIGNING(<<=)
WEAKREF_ASSIGNING(>>=)

WEAKREF_STEPPING(++)
WEAKREF_STEPPING(--)

#undef WEAKREF_UNARY
#undef WEAKREF_BINARY
#undef WEAKREF_ASSIGNING
#undef WEAKREF_STEPPING

}  // namespace weakref
