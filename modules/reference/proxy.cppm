module;

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <version>

#if defined(__cpp_lib_format)
#include <format>
#endif

export module weakref:proxy;

import :callback;
import :errors;
import :gate;
import :held;
import :make;
import :object;
import :ref;
import :repr;
import :strong_ref;
import :weak_reference;
import weakref.protocol;

// A refusal says what to write instead.
#pragma GCC diagnostic ignored "-Wc++26-extensions"

namespace weakref {

export template <class T>
class ProxyType;
export template <class T>
class CallableProxyType;

namespace detail {

template <class T>
inline constexpr bool is_handle<ProxyType<T>> = true;
template <class T>
inline constexpr bool is_handle<CallableProxyType<T>> = true;

/// Has it a call operator, be it overloaded or a template? A class with another of that name cannot be
/// derived from both without making the name ambiguous.
template <class T>
consteval bool has_call_operator() {
  if constexpr (!std::is_class_v<T>) {
    return false;
  } else if constexpr (std::is_final_v<T>) {
    return requires { &T::operator(); };
  } else {
    struct call {
      void operator()();
    };
    struct probe : T, call {};
    return !requires { &probe::operator(); };
  }
}

/// For operators: the referent. Throws ReferenceError.
template <class T>
strong_ref<T> hold(const ProxyType<T>& x);

template <class T>
using proxy_of = std::conditional_t<has_call_operator<T>(), CallableProxyType<T>, ProxyType<T>>;

/// What a handle of a proxy knows. The callback-less one is shared, and leads the ring of its referent.
class proxy_reference : public weak_reference {
 public:
  using weak_reference::weak_reference;
  [[nodiscard]] bool is_proxy() const noexcept final { return true; }
};

/// The shared proxy of an object, made on demand, with a share for the caller. Throws std::bad_alloc.
[[nodiscard]] strong_ref<proxy_reference> shared_proxy(block& referent);

template <class T, class F>
class callback_proxy final : public proxy_reference {
 public:
  template <class G>
  explicit callback_proxy(std::in_place_t, G&& callback)
      : proxy_reference(protocol::node_kind::reference),
        callback_(std::in_place, std::forward<G>(callback)) {}

  void notify() noexcept override {
    own().add_owner();
    call_back(*callback_, proxy_of<T>(strong_ref<proxy_reference>(adopt_share(), this)));
  }

 protected:
  void let_go() noexcept override { callback_.reset(); }

 private:
  std::optional<F> callback_;
};

template <class T>
concept reversible = requires(T& referent) {
  std::ranges::rbegin(referent);
  std::ranges::rend(referent);
};
template <class T>
using reverse_iterator_t = decltype(std::ranges::rbegin(std::declval<T&>()));

template <class T, class X>
concept has_contains = requires(T& referent, const X& x) {
  { referent.contains(x) } -> std::convertible_to<bool>;
};
template <class T, class X>
concept searchable =
    std::ranges::input_range<T&> &&
    std::indirect_binary_predicate<std::ranges::equal_to, std::ranges::iterator_t<T&>, const X*>;

}  // namespace detail

/// A weak reference that is used as the object itself; made by proxy(). Every use holds the referent for the
/// full expression, and throws ReferenceError once it is dead.
///
/// Whatever the referent can do, the proxy can: its operators (proxy_operators.cppm), p[i], ranges, size(),
/// contains(), conversions to bool and, explicitly, to numbers; where the referent's class has none, neither
/// has the proxy. Arguments that are proxies themselves are handed on as they are; operands are not.
///
/// ---- Thread safety: as ref; the referent's own for what is done to it. Source: the Python documentation,
/// weakref.proxy.
export template <class T>
class ProxyType {
 public:
  using referent_type = T;
  using stands_for = T;

  /// The member of the referent, held for the full expression. Throws ReferenceError.
  strong_ref<T> operator->() const {
    strong_ref<T> held = referent();
    if (held == None) throw ReferenceError("weakly-referenced object no longer exists");
    return held;
  }

  /// The referent, held for as long as the result is.
  held_reference<T, T> operator*() const {
    strong_ref<T> held = operator->();
    T& referent = *held;
    return {std::move(held), referent};
  }

  /// An element: a held_reference where the referent gives a reference, else the value. The index may be a
  /// proxy and then stands for its referent.
  template <class I>
    requires detail::indexable<T, I>
  auto operator[](I&& index) const {
    return (**this)[std::forward<I>(index)];
  }
  template <class P>
    requires(requires { typename std::remove_cvref_t<P>::stands_for; } &&
             detail::indexable<T, typename std::remove_cvref_t<P>::stands_for&> && !detail::indexable<T, P>)
  auto operator[](P&& index) const {
    const auto held = detail::hold(index);
    return (**this)[*held];
  }

  /// Iterators that hold the referent.
  auto begin() const
    requires std::ranges::range<T&>
  {
    strong_ref<T> held = operator->();
    T& range = *held;
    return detail::held_iterator<T, std::ranges::iterator_t<T&>>(std::move(held), std::ranges::begin(range));
  }
  auto end() const
    requires std::ranges::range<T&>
  {
    strong_ref<T> held = operator->();
    T& range = *held;
    if constexpr (std::ranges::common_range<T&>) {
      return detail::held_iterator<T, std::ranges::iterator_t<T&>>(std::move(held), std::ranges::end(range));
    } else {
      return detail::held_sentinel<std::ranges::sentinel_t<T&>>{std::ranges::end(range)};
    }
  }

  /// The same backwards, in the referent's own way if it has one.
  auto rbegin() const
    requires detail::reversible<T>
  {
    strong_ref<T> held = operator->();
    T& range = *held;
    return detail::held_iterator<T, detail::reverse_iterator_t<T>>(std::move(held),
                                                                   std::ranges::rbegin(range));
  }
  auto rend() const
    requires detail::reversible<T>
  {
    strong_ref<T> held = operator->();
    T& range = *held;
    using sentinel = decltype(std::ranges::rend(range));
    if constexpr (std::same_as<sentinel, detail::reverse_iterator_t<T>>) {
      return detail::held_iterator<T, sentinel>(std::move(held), std::ranges::rend(range));
    } else {
      return detail::held_sentinel<sentinel>{std::ranges::rend(range)};
    }
  }

  /// The referent's size.
  [[nodiscard]] std::size_t size() const
    requires requires(T& referent) { std::ranges::size(referent); }
  {
    return static_cast<std::size_t>(std::ranges::size(*operator->()));
  }

  /// The referent's contains(x) or, if it has none and is a range, whether an element is equal to x.
  template <class X>
    requires(detail::has_contains<T, X> || detail::searchable<T, X>)
  [[nodiscard]] bool contains(const X& x) const {
    const strong_ref<T> held = operator->();
    if constexpr (detail::has_contains<T, X>) {
      return static_cast<bool>(held->contains(x));
    } else {
      return std::ranges::find(*held, x) != std::ranges::end(*held);
    }
  }

  explicit operator bool() const
    requires std::constructible_from<bool, T&>
  {
    return static_cast<bool>(*operator->());
  }
  template <class N>
    requires(std::is_arithmetic_v<N> && !std::same_as<N, bool> && requires(T& x) { static_cast<N>(x); })
  explicit operator N() const {
    return static_cast<N>(*operator->());
  }

  // For the library.
  explicit ProxyType(strong_ref<detail::proxy_reference> proxy) noexcept : proxy_(std::move(proxy)) {}
  [[nodiscard]] const strong_ref<detail::proxy_reference>& reference() const noexcept { return proxy_; }
  /// None: it is dead, or the proxy was moved from.
  [[nodiscard]] strong_ref<T> referent() const noexcept {
    if (proxy_ == None || !proxy_->referent->try_add_owner()) return None;
    return {detail::adopt_share(), detail::as<T>(detail::object_of(*proxy_->referent))};
  }

 private:
  strong_ref<detail::proxy_reference> proxy_;
};

/// The proxy of an object that can be called. Calls throw ReferenceError, and what the referent throws.
export template <class T>
class CallableProxyType : public ProxyType<T> {
 public:
  using ProxyType<T>::ProxyType;

  template <class... A>
    requires std::invocable<T&, A...>
  decltype(auto) operator()(A&&... arguments) const {
    return ProxyType<T>::operator->()(std::forward<A>(arguments)...);
  }
};

/// A proxy of the object: the shared one, or a new one with a callback that gets the proxy when the referent
/// died. Throws TypeError for None, std::bad_alloc, and what copying the callback throws.
export template <class T>
[[nodiscard]] detail::proxy_of<T> proxy(const strong_ref<T>& referent, std::nullptr_t = None) {
  static_assert(detail::admits<T>);
  return detail::proxy_of<T>(detail::shared_proxy(detail::referent_block(referent)));
}
export template <class T, class F>
  requires std::invocable<std::decay_t<F>&, const detail::proxy_of<T>&>
[[nodiscard]] detail::proxy_of<T> proxy(const strong_ref<T>& referent, F&& callback) {
  static_assert(detail::admits<T>);
  (void)detail::referent_block(referent);
  auto made = detail::make_object<detail::callback_proxy<T, std::decay_t<F>>>(std::in_place,
                                                                              std::forward<F>(callback));
  // Only now: copying the callback is the user's code, which may have changed the caller's variable.
  detail::referent_block(referent).attach(*made);
  return detail::proxy_of<T>(strong_ref<detail::proxy_reference>(std::move(made)));
}

export template <class T, class F>
  requires(!std::same_as<std::decay_t<F>, std::nullptr_t> &&
           !std::invocable<std::decay_t<F>&, const detail::proxy_of<T>&>)
void proxy(const strong_ref<T>&, F&&) = delete ("a callback must be callable with the proxy");
// What cannot be referred to gets its one line.
export template <class X, class... F>
  requires(!detail::is_strong_ref<X>)
auto proxy(const X&, F&&...) {
  static_assert(detail::admits<X, false>);
}

namespace detail {

template <class T>
strong_ref<T> hold(const ProxyType<T>& x) {
  return x.operator->();
}

}  // namespace detail

/// Python's isinstance(p, ProxyTypes).
export template <class P>
inline constexpr bool is_proxy_v = false;
template <class T>
inline constexpr bool is_proxy_v<ProxyType<T>> = true;
template <class T>
inline constexpr bool is_proxy_v<CallableProxyType<T>> = true;

/// Are they the same proxy?
export template <class T, class U>
[[nodiscard]] bool is(const ProxyType<T>& a, const ProxyType<U>& b) noexcept {
  return a.reference() == b.reference();
}

/// Identifies the proxy, not the referent.
export template <class T>
[[nodiscard]] std::uintptr_t id(const ProxyType<T>& x) noexcept {
  return id(x.reference());
}

/// "<weakproxy at 0x..; to 'C' at 0x..>", or "<weakproxy at 0x..; dead>".
export template <class T>
[[nodiscard]] std::string repr(const ProxyType<T>& x) {
  return detail::weak_repr("weakproxy", id(x), x.referent());
}

}  // namespace weakref

#if defined(__cpp_lib_format)
/// As the referent is formatted. Throws ReferenceError.
template <class P>
  requires(weakref::is_proxy_v<P> &&
           std::is_default_constructible_v<std::formatter<std::remove_cv_t<typename P::referent_type>>>)
struct std::formatter<P> : std::formatter<std::remove_cv_t<typename P::referent_type>> {
  template <class Context>
  auto format(const P& x, Context& context) const {
    const auto held = x.operator->();
    return std::formatter<std::remove_cv_t<typename P::referent_type>>::format(*held, context);
  }
};
#endif
