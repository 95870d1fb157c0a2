module;

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <version>

#include <sched.h>
#include <time.h>

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

  /// Waits for the holder of a lock that is not held for long, longer each time. In the end the caller
  /// sleeps: the holder may be waiting for the caller's processor, with a lower priority.
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
      constexpr std::timespec shortly{.tv_sec = 0, .tv_nsec = 50'000};
      nanosleep(&shortly, nullptr);
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
  /// Then lets the woken thread run if it waits for this processor. Else the caller, which may take the same
  /// lock again at once, would be interrupted for it some time later only, and then as likely as not while it
  /// holds the lock: the other would wake in vain many times.
  template <class T>
  static void wake_one(atomic<T>& changed) noexcept {
    changed.notify_one();
    sched_yield();
  }

#if defined(NDEBUG)
  static constexpr bool checks = false;
#else
  static constexpr bool checks = true;
#endif
  /// While the condition of a check is asked; the model checker has loads of its own then.
  struct checking {};

  /// Ends the program, whose state nobody could trust any more, with one line.
  [[noreturn]] static void fail(const char* line) noexcept {
    std::fprintf(stderr, "%s\n", line);
    std::abort();
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
