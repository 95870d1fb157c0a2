module;

export module weakref:fork;

// fork() copies the locks of a process as they are, but only the thread that called it. A lock that another
// thread held would never be free in the new process. So those that a process has once are taken before the
// fork and given back after it, in both processes.
//
// The order of these locks: type objects, hooks, objects that make() did not make, threads, the exit's
// handler, finalizers. Elsewhere no two are held at once, but that the first type object makes an object, and
// with it, perhaps, a thread's entry in its register.
//
// The lock of an object's ring or of a container is not among them: it is as free in the new process as it
// was at that moment.

namespace weakref::detail {

/// What is never destroyed: threads may end, and objects die, after static objects did. Where T's constructor
/// is constexpr, `constinit` spares it the lock of a function's static variable as well, which fork() would
/// copy like any other.
template <class T>
union never_destroyed {
  constexpr never_destroyed() noexcept : value() {}
  never_destroyed(const never_destroyed&) = delete;
  never_destroyed& operator=(const never_destroyed&) = delete;
  constexpr ~never_destroyed() {}

  T value;
};

namespace forking {

enum class process { parent, child };

void lock_types() noexcept;
void unlock_types() noexcept;
void lock_hooks() noexcept;
void unlock_hooks() noexcept;
void lock_unmade() noexcept;
void unlock_unmade() noexcept;
void lock_threads() noexcept;
void unlock_threads(process here) noexcept;
void lock_finalizers() noexcept;
void unlock_finalizers(process here) noexcept;

/// False: memory does not suffice.
bool install_handlers() noexcept;

/// Set as the module is initialised, which is before what imports it is.
const bool is_handled = install_handlers();

}  // namespace forking
}  // namespace weakref::detail
