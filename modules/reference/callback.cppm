module;

#include <concepts>
#include <functional>
#include <optional>
#include <type_traits>
#include <typeinfo>
#include <utility>

export module weakref:callback;

import :hooks;
import :make;
import :object;
import :strong_ref;

// What is called when a referent has died.

// A refusal says what to write instead.
#pragma GCC diagnostic ignored "-Wc++26-extensions"

namespace weakref {

export template <class T>
class ref;

namespace detail {

/// Runs a callback; what it throws goes to the unraisable hook.
template <class F, class Reference>
void call_back(F& callback, const Reference& dead) noexcept {
  try {
    std::invoke(callback, dead);
  } catch (...) {
    report_unraisable("Exception ignored while calling weakref callback");
  }
}

/// A handle made of a share that somebody else holds and will drop: never destroyed.
template <class Handle>
union borrowed {
  template <class... A>
  inline explicit borrowed(A... arguments) noexcept : handle(arguments...) {}
  borrowed(const borrowed&) = delete;
  borrowed& operator=(const borrowed&) = delete;
  inline ~borrowed() {}

  const Handle handle;
};

/// A callback of any type, as an object.
template <class T>
class callback_object : public object {
 public:
  virtual void call(const ref<T>& dead) = 0;
  [[nodiscard]] virtual const void* target(const std::type_info& type) const noexcept = 0;
};

template <class T, class F>
class callback_object_of final : public callback_object<T> {
 public:
  explicit callback_object_of(F callback) : callback_(std::move(callback)) {}
  void call(const ref<T>& dead) override { std::invoke(callback_, dead); }
  const void* target(const std::type_info& type) const noexcept override {
    return type == typeid(F) ? &callback_ : nullptr;
  }

 private:
  F callback_;
};

}  // namespace detail

/// The type that every callback of references to T converts to: something that can be called with a const
/// ref<T>&, or None. One pointer wide; copies share the callback.
export template <class T>
class callback_of {
 public:
  callback_of() noexcept = default;
  callback_of(std::nullptr_t) noexcept {}  // NOLINT(google-explicit-constructor)

  template <class F>
    requires(!std::same_as<std::remove_cvref_t<F>, callback_of> &&
             std::invocable<std::decay_t<F>&, const ref<T>&>)
  callback_of(F&& callback)  // NOLINT(google-explicit-constructor)
      : callback_(make<detail::callback_object_of<T, std::decay_t<F>>>(std::forward<F>(callback))) {}

  template <class F>
    requires(!std::same_as<std::remove_cvref_t<F>, callback_of> &&
             !std::same_as<std::decay_t<F>, std::nullptr_t> &&
             !std::invocable<std::decay_t<F>&, const ref<T>&>)
  callback_of(F&&) = delete ("a callback must be callable with a const ref<T>&, which is dead by then");

  /// Calls it. None: does nothing.
  void operator()(const ref<T>& dead) const {
    if (callback_ != None) callback_->call(dead);
  }

  explicit operator bool() const noexcept { return callback_ != None; }

  /// The callback if it is an F, or null.
  template <class F>
  [[nodiscard]] const F* target() const noexcept {
    return static_cast<const F*>(target(typeid(F)));
  }
  [[nodiscard]] const void* target(const std::type_info& type) const noexcept {
    return callback_ != None ? callback_->target(type) : nullptr;
  }

 private:
  strong_ref<detail::callback_object<T>> callback_;
};

}  // namespace weakref
