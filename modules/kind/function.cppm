module;

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

export module weakref:function;

import :object;

namespace weakref {

export template <class Signature>
class function;

/// A function, a lambda or anything else that can be called so, as an object: make<function<int(int)>>(f).
/// Never empty unless it was made from something empty; then calls throw std::bad_function_call. Thread
/// safety: that of what is called. Source: "User-defined functions" in Python's data model.
template <class R, class... A>
class function<R(A...)> : public object {
 public:
  template <class F>
    requires(!std::derived_from<std::remove_cvref_t<F>, function> &&
             std::is_invocable_r_v<R, std::decay_t<F>&, A...>)
  explicit function(F&& callable) : callable_(std::forward<F>(callable)) {}

  R operator()(A... arguments) const { return callable_(std::forward<A>(arguments)...); }

 private:
  std::function<R(A...)> callable_;
};

}  // namespace weakref
