module;

#include <utility>

#include <pthread.h>

module weakref;

namespace weakref::detail::forking {
namespace {

void prepare() noexcept {
  lock_types();
  lock_hooks();
  lock_unmade();
  lock_threads();
  lock_finalizers();
}

void resume(process here) noexcept {
  unlock_finalizers(here);
  unlock_threads(here);
  unlock_unmade();
  unlock_hooks();
  unlock_types();
}

}  // namespace

// Where the library is in a shared object that is unloaded, the C library forgets the handlers with it.
bool install_handlers() noexcept {
  // Shared objects that share the module may each initialise it.
  static constinit bool is_done = false;
  if (std::exchange(is_done, true)) return true;
  return ::pthread_atfork(prepare, [] { resume(process::parent); }, [] { resume(process::child); }) == 0;
}

}  // namespace weakref::detail::forking
