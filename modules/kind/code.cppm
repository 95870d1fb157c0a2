module;

#include <functional>
#include <source_location>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

export module weakref:code;

import :object;

namespace weakref {

export template <class Signature>
class code;

/// A piece of code that knows where it was written:
///
///     auto twice = make<code<int(int)>>("twice", [](int x) { return 2 * x; },
///     std::source_location::current());
///
/// Calls throw what the code throws. Thread safety: that of what is called. Source: "Code objects" in
/// Python's data model.
template <class R, class... A>
class code<R(A...)> : public object {
 public:
  template <class F>
    requires std::is_invocable_r_v<R, std::decay_t<F>&, A...>
  code(std::string_view name, F&& body, const std::source_location& where)
      : name_(name),
        where_(where),
        body_(std::forward<F>(body)) {}

  R operator()(A... arguments) const { return body_(std::forward<A>(arguments)...); }

  /// Python's co_name.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Python's co_filename.
  [[nodiscard]] std::string filename() const { return where_.file_name(); }
  /// Python's co_firstlineno, from 1.
  [[nodiscard]] unsigned firstlineno() const noexcept { return where_.line(); }

 private:
  std::string name_;
  std::source_location where_;
  std::function<R(A...)> body_;
};

}  // namespace weakref
