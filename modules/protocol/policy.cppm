module;

#include <atomic>
#include <cstdint>
#include <version>

#include <sched.h>

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#define WEAKREF_KNOWS_SINGLE_THREADED 1
#else
#define WEAKREF_KNOWS_SINGLE_THREADED 0
#endif

export module weakref.protocol:policy;

// How the protocol counts. A policy names the atomics, says whether the process is known to have one thread
// only, and how to wait: pause() while a lock is expected to be free at once, wait() until another thread has
// changed an atomic and called wake_one(). All policies run the same protocol code; the model checker brings
// one of its own.

namespace weakref::protocol {

struct machine {
  template <class T>
  using atomic = std::atomic<T>;

  /// A variable that the protocol guards by other means; the model checker watches it for data races.
  template <class T>
  using variable = T;

  /// Waits for the holder of a lock, longer each time; gives up the processor in the end.
  static void pause(unsigned attempt) noexcept {
    if (attempt < 8) {
      for (unsigned i = 0; i < 1u << attempt; ++i) {
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        asm volatile("yield");
#endif
      }
    } else {
      sched_yield();
    }
  }

  /// Pauses before a lock sleeps: some microseconds, longer than any section that a lock of a table guards.
  /// None of them gives up the processor.
  static constexpr unsigned patience = 8;

  /// Returns some time after the value has changed; may return earlier.
  template <class T>
  static void wait(const atomic<T>& changing, T value) noexcept {
    // Relaxed: the caller looks again, by an operation of its own.
    changing.wait(value, std::memory_order_relaxed);
  }
  template <class T>
  static void wake_one(atomic<T>& changed) noexcept {
    changed.notify_one();
  }
};

/// Always atomic.
export struct atomic_counting : machine {
  static constexpr bool alone() noexcept { return false; }
};

/// Never atomic: for programs that promise to have one thread.
export struct single_threaded_counting : machine {
  static constexpr bool alone() noexcept { return true; }
};

/// Plain loads and stores while the process has never had a second thread, atomic from then on. The switch is
/// safe: whoever creates a thread synchronises with it, and the C library flips the flag before it does.
export struct elided_counting : machine {
  static inline bool alone() noexcept {
#if WEAKREF_KNOWS_SINGLE_THREADED
    return __libc_single_threaded != 0;
#else
    return false;
#endif
  }
};

/// The policy of this build: the CMake option WEAKREF_COUNTING.
#if defined(WEAKREF_COUNTING_ATOMIC)
export using counting = atomic_counting;
#elif defined(WEAKREF_COUNTING_SINGLE_THREADED)
export using counting = single_threaded_counting;
#else
export using counting = elided_counting;
#endif

}  // namespace weakref::protocol
