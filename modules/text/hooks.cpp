module;

#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>

module weakref;

namespace weakref {
namespace {

/// What its class is called; nothing if memory does not suffice.
std::string name_of(const std::exception& error) noexcept {
  try {
    return detail::type_name(typeid(error));
  } catch (const std::bad_alloc&) {
    return {};
  }
}

void print(const unraisable& report) noexcept {
  const auto message = static_cast<int>(report.message.size());
  try {
    std::rethrow_exception(report.exception);
  } catch (const std::exception& error) {
    const std::string name = name_of(error);
    std::fprintf(stderr, "%.*s:\n%s: %s\n", message, report.message.data(),
                 name.empty() ? typeid(error).name() : name.c_str(), error.what());
  } catch (...) {
    std::fprintf(stderr, "%.*s:\nan exception of unknown type\n", message, report.message.data());
  }
}

/// A hook that can be replaced while another thread runs it: whoever runs it holds it.
class replaceable_hook {
 public:
  std::mutex mutex;

  exception_hook exchange(exception_hook next) {
    auto replacement = next ? std::make_shared<const exception_hook>(std::move(next)) : nullptr;
    {
      const std::lock_guard lock(mutex);
      hook_.swap(replacement);
    }
    return replacement != nullptr ? *replacement : exception_hook(print);
  }

  void run(const unraisable& report) noexcept {
    std::shared_ptr<const exception_hook> hook;
    {
      const std::lock_guard lock(mutex);
      hook = hook_;
    }
    if (hook == nullptr) return print(report);
    try {
      (*hook)(report);
    } catch (...) {
      print({std::current_exception(), "Exception ignored in the exception hook"});
      print(report);
    }
  }

 private:
  std::shared_ptr<const exception_hook> hook_;
};

constinit detail::never_destroyed<replaceable_hook> unraisable_hook;
constinit detail::never_destroyed<replaceable_hook> exit_hook;

}  // namespace

exception_hook set_unraisablehook(exception_hook hook) {
  return unraisable_hook.value.exchange(std::move(hook));
}

exception_hook set_excepthook(exception_hook hook) { return exit_hook.value.exchange(std::move(hook)); }

void detail::report_unraisable(std::string_view message) noexcept {
  unraisable_hook.value.run({std::current_exception(), message});
}

void detail::report_at_exit(std::string_view message) noexcept {
  exit_hook.value.run({std::current_exception(), message});
}

void detail::forking::lock_hooks() noexcept {
  unraisable_hook.value.mutex.lock();
  exit_hook.value.mutex.lock();
}

void detail::forking::unlock_hooks() noexcept {
  exit_hook.value.mutex.unlock();
  unraisable_hook.value.mutex.unlock();
}

}  // namespace weakref
