module;

#include <exception>
#include <functional>
#include <string_view>

export module weakref:hooks;

// Where exceptions go that have nobody to catch them (Python: sys.unraisablehook, sys.excepthook).

namespace weakref {

/// What a hook receives. Converts to the exception, so that a hook may as well take a std::exception_ptr.
export struct unraisable {
  std::exception_ptr exception;
  std::string_view message;  // where it came from, as CPython words it

  operator std::exception_ptr() const { return exception; }  // NOLINT(google-explicit-constructor)
};

export using exception_hook = std::function<void(const unraisable&)>;

/// Sets what receives the exceptions thrown by callbacks and by del(); an empty hook restores the default,
/// which prints to standard error. Nothing that a hook throws propagates. Returns the hook before.
/// Thread-safe; the hook runs in the thread where the exception was thrown, with no lock held. Source:
/// sys.unraisablehook.
export exception_hook set_unraisablehook(exception_hook hook);

/// The same for what a finalizer throws at exit. Source: sys.excepthook, weakref.finalize.
export exception_hook set_excepthook(exception_hook hook);

namespace detail {

/// Hands the exception being handled to the hook.
void report_unraisable(std::string_view message) noexcept;
void report_at_exit(std::string_view message) noexcept;

}  // namespace detail
}  // namespace weakref
