module;

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>

export module weakref:finalize;

import :finalizer;
import :gate;
import :hooks;
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

export template <class T, class F, class... A>
class finalize;

namespace detail {

template <class T, class F, class... A>
inline constexpr bool is_handle<finalize<T, F, A...>> = true;

template <class F, class... A>
inline constexpr bool takes_lvalues = std::invocable<F&, A&...>;

/// What calling a function with its arguments gives.
template <class F, class... A>
struct finalized {
  using type = std::invoke_result_t<F&, A...>;
};
template <class F, class... A>
  requires takes_lvalues<F, A...>
struct finalized<F, A...> {
  using type = std::invoke_result_t<F&, A&...>;
};

/// What an explicit call gives: nothing was called, or the result. A reference is wrapped.
template <class R>
struct called {
  using type = std::optional<std::remove_cv_t<R>>;
};
template <class R>
struct called<R&> {
  using type = std::optional<std::reference_wrapper<R>>;
};
template <class R>
struct called<R&&> {
  using type = std::optional<std::remove_cv_t<R>>;
};
template <class R>
  requires std::is_void_v<R>
struct called<R> {
  using type = bool;
};

/// The function and its arguments, in place.
template <class T, class F, class... A>
class finalizer_with final : public finalizer {
 public:
  using referent_type = T;
  using result = typename called<typename finalized<F, A...>::type>::type;

  /// What peek() and detach() tell.
  struct info {
    strong_ref<T> obj;
    F func;
    std::tuple<A...> args;
  };

  template <class G, class... B>
  explicit finalizer_with(std::in_place_t, G&& function, B&&... arguments)
      : content_(std::in_place, std::forward<G>(function), std::forward<B>(arguments)...) {
    prepare_exit();
  }

  /// Made, and alive.
  template <class... B>
  static strong_ref<finalizer_with> watching(const strong_ref<T>& referent, B&&... content) {
    (void)referent_block(referent);
    auto made = make_object<finalizer_with>(std::in_place, std::forward<B>(content)...);
    // Only now: copying the function is the user's code, which may have changed the caller's variable.
    made->enroll(referent_block(referent));
    return made;
  }

  result run(protocol::claimer by = protocol::claimer::owner) {
    const protocol::claim taken = claim(by);
    if (taken == protocol::claim::dead) return {};
    const claimed scope(*this, by);
    if (taken == protocol::claim::too_late) return {};
    if constexpr (std::same_as<result, bool> && std::is_void_v<typename finalized<F, A...>::type>) {
      invoke();
      return true;
    } else {
      return result(invoke());
    }
  }

  void let_go() noexcept override {
    try {
      run(protocol::claimer::death);
    } catch (...) {
      report_unraisable("Exception ignored while calling weakref callback");
    }
  }

  void run_at_exit() noexcept override {
    try {
      run();
    } catch (...) {
      report_at_exit("Exception in a finalizer at exit");
    }
  }

  std::optional<info> take() {
    const protocol::use taken = claim_with_referent();
    if (taken == protocol::use::none) return std::nullopt;
    strong_ref<T> obj(adopt_share(), as<T>(object_of(*referent)));
    const claimed scope(*this, protocol::claimer::owner);
    if constexpr (copyable) {
      if (taken == protocol::use::shared) return info{std::move(obj), content_->func, content_->args};
    }
    return info{std::move(obj), std::move(content_->func), std::move(content_->args)};
  }

  std::optional<info> copy()
    requires(std::copy_constructible<F> && (std::copy_constructible<A> && ...))
  {
    if (!look()) return std::nullopt;
    strong_ref<T> obj(adopt_share(), as<T>(object_of(*referent)));
    const looked_at scope(*this);
    return info{std::move(obj), content_->func, content_->args};
  }

 private:
  static constexpr bool copyable = std::copy_constructible<F> && (std::copy_constructible<A> && ...);

  struct content {
    template <class G, class... B>
    explicit content(G&& function, B&&... arguments)
        : func(std::forward<G>(function)),
          args(std::forward<B>(arguments)...) {}
    F func;
    std::tuple<A...> args;
  };

  struct claimed {
    claimed(finalizer_with& owner, protocol::claimer who) noexcept : self(owner), by(who) {}
    claimed(const claimed&) = delete;
    claimed& operator=(const claimed&) = delete;
    ~claimed() { self.end_claim(by); }
    finalizer_with& self;
    const protocol::claimer by;
  };
  struct looked_at {
    explicit looked_at(finalizer_with& owner) noexcept : self(owner) {}
    looked_at(const looked_at&) = delete;
    looked_at& operator=(const looked_at&) = delete;
    ~looked_at() { self.end_look(); }
    finalizer_with& self;
  };

  /// The function gets the arguments themselves where it takes them so, since others may be looking at them;
  /// else copies, or, where they cannot be copied, what is moved out of them.
  decltype(auto) invoke() {
    return std::apply(
        [this](A&... arguments) -> decltype(auto) {
          if constexpr (takes_lvalues<F, A...>) {
            return std::invoke(content_->func, arguments...);
          } else if constexpr (copyable) {
            return std::invoke(content_->func, A(arguments)...);
          } else {
            return std::invoke(content_->func, std::move(arguments)...);
          }
        },
        content_->args);
  }

  void discard() noexcept override { content_.reset(); }

  std::optional<content> content_;
};

}  // namespace detail

/// Calls a function when an object has died, or at exit if that comes first:
///
///     weakref::finalize cleanup{directory, remove_tree, path};     // remove_tree(path), once
///
/// A handle, one pointer wide, that may be dropped at once: the finalizer lives on until it was called or
/// detached. Copies are handles to the same finalizer. It may be called by hand; it is dead from the moment
/// before the function runs, and a dead finalizer does nothing. Several finalizers of one object run newest
/// first, among its other callbacks.
///
/// The function and its arguments are kept as decayed copies, and must not own the object, which could not
/// die then before the exit. They are destroyed as soon as the function has run. What the function throws
/// goes to the caller of a call by hand, to the unraisable hook when the object has died, and to the hook of
/// set_excepthook() at exit.
///
/// At exit, that is in a function registered with std::atexit when the first finalizer is made, those that
/// are alive and whose atexit() is true run newest first, then those that were made meanwhile, and so on.
/// From then on nothing is called. std::quick_exit, std::_Exit and signals run none.
///
/// ---- Complexity: constant; the exit is linear. Thread safety: every operation is atomic, of two that call
/// or detach one does. Source: the Python documentation, weakref.finalize.
export template <class T, class F, class... A>
class finalize {
  static_assert(std::invocable<F&, A...> || std::invocable<F&, A&...>,
                "a finalizer's function must be callable with its arguments");
  static_assert(detail::admits<T, !detail::refused_outright<std::remove_cv_t<T>>>);

  using finalizer_type = detail::finalizer_with<T, F, A...>;

 public:
  using info = typename finalizer_type::info;

  /// Throws TypeError for None, std::bad_alloc, and what copying the function and the arguments throws.
  template <class U, class G, class... B>
    requires std::convertible_to<U*, T*> && std::constructible_from<F, G> && (sizeof...(A) == sizeof...(B)) &&
             (std::constructible_from<A, B> && ...)
  explicit finalize(const strong_ref<U>& obj, G&& func, B&&... args)
      : finalizer_(finalizer_type::watching(obj, std::forward<G>(func), std::forward<B>(args)...)) {
    static_assert(detail::admits<T>);
  }
  /// The same from *this.
  template <detail::referent_of<T> U, class G, class... B>
    requires std::constructible_from<F, G> && (sizeof...(A) == sizeof...(B)) &&
             (std::constructible_from<A, B> && ...)
  explicit finalize(U& obj, G&& func, B&&... args)
      : finalize(strong_ref<U>(&obj), std::forward<G>(func), std::forward<B>(args)...) {}

  /// If it is alive: marks it dead, calls the function and gives the result (true, where that is void). Else
  /// gives nothing (false).
  auto operator()() const {
    // The function may destroy this handle. One that was moved from is dead.
    const strong_ref<finalizer_type> called = finalizer_;
    return called != None ? called->run() : typename finalizer_type::result();
  }

  /// If it and the object are alive: what it would have called, and the finalizer is dead.
  std::optional<info> detach() const {
    const strong_ref<finalizer_type> detached = finalizer_;
    return detached != None ? detached->take() : std::nullopt;
  }

  /// The same, and the finalizer lives on.
  [[nodiscard]] std::optional<info> peek() const
    requires(std::copy_constructible<F> && (std::copy_constructible<A> && ...))
  {
    const strong_ref<finalizer_type> asked = finalizer_;
    return asked != None ? asked->copy() : std::nullopt;
  }

  /// Has it neither been called nor detached?
  [[nodiscard]] bool alive() const noexcept { return finalizer_ != None && finalizer_->alive(); }

  /// Will it be called at exit? False once it is dead. Setting a dead one does nothing.
  [[nodiscard]] bool atexit() const noexcept { return finalizer_ != None && finalizer_->atexit(); }
  void atexit(bool wanted) const noexcept {
    if (finalizer_ != None) finalizer_->atexit(wanted);
  }

  // For the library.
  [[nodiscard]] const strong_ref<finalizer_type>& shared() const noexcept { return finalizer_; }

 private:
  strong_ref<finalizer_type> finalizer_;
};

template <class T, class F, class... A>
finalize(const strong_ref<T>&, F, A...) -> finalize<T, F, A...>;
template <class T, class F, class... A>
  requires std::derived_from<T, object>
finalize(T&, F, A...) -> finalize<T, F, A...>;
// What cannot be finalized, and a finalizer without a function, get their one line from finalize<T, F>.
template <class T>
finalize(const strong_ref<T>&) -> finalize<T, std::nullptr_t>;
template <class T, class... A>
  requires std::derived_from<T, object>
finalize(T&&, A...) -> finalize<detail::refused<T>, void (*)()>;
template <class T, class... A>
  requires(!std::derived_from<T, object> && !detail::owner_like<T>)
finalize(const T&, A...) -> finalize<detail::refused<T>, void (*)()>;

/// Are they handles to the same finalizer?
export template <class T, class F, class... A>
bool operator==(const finalize<T, F, A...>& a, const finalize<T, F, A...>& b) noexcept {
  return a.shared() == b.shared();
}
export template <class T, class F, class... A>
[[nodiscard]] bool is(const finalize<T, F, A...>& a, const finalize<T, F, A...>& b) noexcept {
  return a == b;
}

/// Identifies the finalizer.
export template <class T, class F, class... A>
[[nodiscard]] std::uintptr_t id(const finalize<T, F, A...>& x) noexcept {
  return id(x.shared());
}

/// "<finalize object at 0x..; for 'C' at 0x..>", or "; dead>".
export template <class T, class F, class... A>
[[nodiscard]] std::string repr(const finalize<T, F, A...>& x) {
  std::string text = "<finalize object at " + detail::address(id(x)) + "; ";
  const strong_ref<T> obj = x.alive() ? ref<T>(x.shared())() : None;
  if (obj == None) return text + "dead>";
  return text + "for '" + detail::type_name(typeid(*obj)) + "' at " + detail::address(id(obj)) + ">";
}

namespace detail {

template <class T, class F, class... A>
inline constexpr bool prints_repr<finalize<T, F, A...>> = true;

}  // namespace detail
}  // namespace weakref

/// By identity.
template <class T, class F, class... A>
struct std::hash<weakref::finalize<T, F, A...>> {
  std::size_t operator()(const weakref::finalize<T, F, A...>& x) const noexcept {
    return std::hash<std::uintptr_t>()(weakref::id(x));
  }
};
