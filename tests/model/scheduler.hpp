#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "exploration.hpp"
#include "fiber.hpp"
#include "memory.hpp"

// Runs a program of a few threads in every order. The threads are fibers, switched at atomic operations, so
// an execution is a function of the choices made. A program:
//
//     object& shared = ...;                                  // thread 0, before the others
//     concurrently([&] { ... }, [&] { ... });                // threads 1, 2, 3
//     require(..., "what must be true in the end");          // thread 0 again; and everything must be freed

namespace model {

/// Ends the execution, and the exploration.
[[noreturn]] void fail(std::string error);

inline void require(bool right, const char* otherwise) {
  if (!right) fail(otherwise);
}

struct options {
  /// Loads in one execution that may read a store that is not the newest.
  unsigned late_loads = 2;
  reduction reduce = reduction::partial_order;
  /// What was freed is allocated again, so that an address may be that of another object than before.
  /// Otherwise nothing is, and every use of what was freed is seen.
  bool reuse = false;
  /// The exploration is given up after so many executions.
  std::size_t at_most = std::numeric_limits<std::size_t>::max();
};

struct verdict {
  std::string error;           // none: the program is right, as far as it was explored
  std::string schedule;        // that led to the error
  std::size_t executions = 0;  // run to the end
  std::size_t redundant = 0;   // given up, as they had been seen in another order
};

[[nodiscard]] verdict explore(void (*program)(), const options& used);

class scheduler {
 public:
  using word = memory::word;

  // What the instrumented types do; the caller is the running fiber.
  [[nodiscard]] unsigned add_atomic(const void* address, word value);
  [[nodiscard]] unsigned add_variable(const void* address);
  void read(unsigned variable);
  void write(unsigned variable);
  [[nodiscard]] word load(unsigned atomic, std::memory_order order);
  void store(unsigned atomic, word value, std::memory_order order);
  template <class F>
  word modify(unsigned atomic, F function, std::memory_order order) {
    reach({atomic, true});
    const word old = begin_modify(atomic, order);
    end_modify(atomic, old, function(old), order);
    return old;
  }
  bool compare_exchange(unsigned atomic, word& expected, word desired, std::memory_order success,
                        std::memory_order failure);
  /// The thread will look at the atomic that it loaded last again; there is no use before it has changed.
  void pause() noexcept;

  [[nodiscard]] void* allocate(std::size_t size, const char* name);
  void free(void* start);
  [[nodiscard]] bool allocated(const void* address) const noexcept { return memory_.contains(address); }

  /// Has the execution never had a second thread?
  [[nodiscard]] bool alone() const noexcept { return !spawned_; }

  /// Starts a thread; join() runs those that were started.
  void spawn(void (*body)(const void*), const void* argument);
  void join();

  /// The checker's own loads: no operations, and always of the newest store.
  void set_aside(bool aside) noexcept { aside_ = aside; }

  [[noreturn]] void fail(std::string error);
  [[nodiscard]] verdict explore(void (*program)(), const options& used);

 private:
  struct thread {
    fiber runs;
    bool idle = false;  // between two executions; else its fiber has to begin anew
    void (*body)(const void*) = nullptr;
    const void* argument = nullptr;
    observer sees;
    bool finished = false;
    operation next;
    // For pause():
    bool spins = false;
    unsigned loaded = 0;
    std::size_t loaded_store = 0;
  };
  struct step {
    unsigned thread;
    const char* what;
    unsigned location;
    word before;
    word after;
    bool late;
  };

  static void run_program();
  static void run_thread();
  void run_once();
  static void ready(thread& fresh, void (*body)());
  void reach(const operation& next);
  void resume_any();
  void resume(unsigned thread);
  [[noreturn]] void give_up();
  [[nodiscard]] bool waits(const thread& asked) const noexcept;
  [[nodiscard]] word begin_modify(unsigned atomic, std::memory_order order);
  void end_modify(unsigned atomic, word old, word value, std::memory_order order);
  void done(const char* what, unsigned location, word before, word after, bool wrote, bool late = false);
  [[nodiscard]] std::string schedule() const;

  memory memory_;
  std::array<thread, max_threads> threads_;
  fiber explorer_;
  exploration* exploration_ = nullptr;
  void (*program_)() = nullptr;
  unsigned count_ = 0;  // of threads
  unsigned running_ = 0;
  unsigned late_loads_ = 0;
  bool reuse_ = false;
  bool spawned_ = false;
  bool starting_ = false;
  bool aside_ = false;
  bool redundant_ = false;
  std::vector<step> steps_;
  verdict verdict_;
};

/// There is one.
[[nodiscard]] scheduler& the_scheduler() noexcept;

/// Runs functions as threads, in every order, until all are done.
template <class... F>
void concurrently(const F&... bodies) {
  auto& runs = the_scheduler();
  (runs.spawn([](const void* body) { (*static_cast<const F*>(body))(); }, &bodies), ...);
  runs.join();
}

/// While it lives, loads are the checker's own.
class aside {
 public:
  aside() noexcept { the_scheduler().set_aside(true); }
  aside(const aside&) = delete;
  aside& operator=(const aside&) = delete;
  ~aside() { the_scheduler().set_aside(false); }
};

}  // namespace model
