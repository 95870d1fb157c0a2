#include <array>
#include <atomic>
#include <barrier>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <typeinfo>
#include <variant>  // of getweakrefs(), which GCC 15 cannot instantiate out of sight
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

import weakref;

// Processes that fork while other threads of theirs use the library: `forks NAME CHILDREN`. What they print
// is checked by fork_threads_test.cpp.

// Children may start threads, cannot join those of their parent, and need not wait for any; what those had is
// lost to them.
extern "C" const char* __tsan_default_options();
extern "C" const char* __tsan_default_options() {
  return "die_after_fork=0:report_thread_leaks=0:atexit_sleep_ms=0";
}
extern "C" const char* __lsan_default_options();
extern "C" const char* __lsan_default_options() { return "detect_leaks=0"; }

namespace {

using weakref::make;
using weakref::ref;
using weakref::strong_ref;

struct Node : weakref::object {};
struct Large : weakref::object {
  std::array<std::byte, 20'000> pixels;
};

// ---- what threads do while the process forks

template <int number>
struct Typed : weakref::object {};

void use_objects() {
  std::vector<ref<Node>> references;
  for (int i = 0; i < 20; ++i) {
    auto node = make<Node>();
    auto large = make<Large>();
    references.emplace_back(node);
    const ref watched{node, [](const ref<Node>&) {}};
    const ref outliving{large};
    large.reset();
    node.reset();
  }
}

void use_finalizers() {
  static std::atomic<int> calls{0};
  auto node = make<Node>();
  const weakref::finalize one{node, [] { ++calls; }};
  const weakref::finalize another{node, [] { ++calls; }};
  another.detach();
}

void use_unmade_objects() {
  std::array<Node, 20> unmade;
  try {
    (void)ref{unmade[7]};
    std::abort();
  } catch (const weakref::TypeError&) {
  }
}

void use_hooks() {
  weakref::set_unraisablehook([](const weakref::unraisable&) {});
  weakref::set_excepthook([](const weakref::unraisable&) {});
  auto node = make<Node>();
  const ref thrower{node, [](const ref<Node>&) { throw std::runtime_error("for the hook"); }};
}

void use_types() {
  (void)weakref::type_of<Typed<1>>();
  (void)weakref::type_of(*make<Typed<2>>());
}

void use_threads() {
  std::thread([] { const ref outliving{make<Node>()}; }).join();
  (void)weakref::pinned_bytes();
}

void use_everything() {
  use_objects();
  use_finalizers();
  use_unmade_objects();
  use_hooks();
  use_types();
}

// ---- the forks

/// Does `work` over and over in a thread, from before the constructor returns.
class busy {
 public:
  explicit busy(std::function<void()> work)
      : thread_([this, work = std::move(work)] {
          do {
            work();
            if (!begun_.exchange(true)) begun_.notify_one();
          } while (!done_);
        }) {
    begun_.wait(false);
  }
  busy(const busy&) = delete;
  busy& operator=(const busy&) = delete;
  ~busy() {
    done_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> begun_{false};
  std::atomic<bool> done_{false};
  std::thread thread_;
};

/// Forks. A child that hangs is killed after some time.
template <class Child>
bool ends_well(Child child) {
  const pid_t forked = ::fork();
  if (forked == 0) {
    ::alarm(30);
    child();
    std::exit(EXIT_SUCCESS);
  }
  int status = -1;
  return forked > 0 && ::waitpid(forked, &status, 0) == forked && WIFEXITED(status) &&
         WEXITSTATUS(status) == EXIT_SUCCESS;
}

long children = 1;

/// How many children end well; no further ones after one that does not.
template <class Child>
void fork_often(Child child) {
  long well = 0;
  while (well < children && ends_well(child)) ++well;
  std::printf("%ld\n", well);
  std::fflush(stdout);  // before another child has a copy of it
}

std::atomic<bool> expects_a_finalizer{false};
std::atomic<bool> finalizer_ran{false};

void check_that_the_finalizer_ran() {
  if (expects_a_finalizer && !finalizer_ran) std::_Exit(EXIT_FAILURE);
}

/// In a child: everything works, and a finalizer runs at its exit.
void live_on() {
  use_everything();
  static auto& kept = *new auto(make<Node>());
  weakref::finalize(kept, [] { finalizer_ran = true; });
  expects_a_finalizer = true;
}

// ---- the programs

void busy_threads() {
  const busy objects([] {
    use_objects();
    use_finalizers();
  });
  const busy others([] {
    use_unmade_objects();
    use_hooks();
    use_types();
  });
  const busy threads(use_threads);
  fork_often(live_on);
}

void finalizers_only() {
  const std::array<busy, 3> threads{busy(use_finalizers), busy(use_finalizers), busy(use_finalizers)};
  fork_often(live_on);
}

void unmade_objects_only() {
  const std::array<busy, 2> threads{busy(use_unmade_objects), busy(use_unmade_objects)};
  fork_often(use_unmade_objects);
}

void hooks_only() {
  const std::array<busy, 2> threads{busy(use_hooks), busy(use_hooks)};
  fork_often(use_hooks);
}

void types_only() {
  const std::array<busy, 2> threads{busy(use_types), busy(use_types)};
  fork_often(use_types);
}

void threads_only() {
  const std::array<busy, 2> threads{busy(use_threads), busy(use_threads)};
  fork_often(live_on);
}

/// The finalizer's object is in the hands of another thread nearly all the time.
void finalizer_of_a_busy_object() {
  static auto& node = *new auto(make<Node>());
  static auto& handle = *new auto(weakref::finalize(node, [] { finalizer_ran = true; }));
  const busy watching([] {
    for (int i = 0; i < 100; ++i) const ref watched{node, [](const ref<Node>&) {}};
  });
  fork_often([] { expects_a_finalizer = true; });
  // Nor does it hang where the child calls it, and drops its handles.
  fork_often([] {
    if (!handle.alive() || !handle.peek() || !handle() || handle.alive()) std::_Exit(EXIT_FAILURE);
    delete &handle;
  });
}

/// Many threads begin finalizers at once, in the children too: the first one installs the exit's handler.
void first_finalizers() {
  std::barrier start(3);
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      use_finalizers();
    });
  }
  start.arrive_and_wait();
  fork_often(live_on);
  for (auto& thread : threads) thread.join();
}

/// What threads of the parent pinned stays counted in the child, whose own threads come where those were.
void pinned_bytes_of_other_threads() {
  const std::size_t before = weakref::pinned_bytes();
  std::array<ref<Node>, 4> references;
  std::barrier pinned(5);
  std::barrier forked(5);
  std::vector<std::thread> threads;
  for (auto& reference : references) {
    threads.emplace_back([&] {
      reference = ref{make<Node>()};
      pinned.arrive_and_wait();
      forked.arrive_and_wait();
    });
  }
  pinned.arrive_and_wait();
  const std::size_t kept = weakref::pinned_bytes();
  fork_often([&] {
    bool right = kept > before && weakref::pinned_bytes() == kept;
    for (int i = 0; i < 20; ++i) {
      std::thread([&] {
        const ref mine{make<Node>()};
        right = right && weakref::pinned_bytes() > kept;
      }).join();
    }
    right = right && weakref::pinned_bytes() == kept;
    for (auto& reference : references) reference.reset();
    if (!right || weakref::pinned_bytes() != before) std::_Exit(EXIT_FAILURE);
  });
  forked.arrive_and_wait();
  for (auto& thread : threads) thread.join();
}

}  // namespace

int main(int, char** arguments) {
  std::atexit(check_that_the_finalizer_ran);  // before the exit's handler, so it runs after that
  const std::string_view name = arguments[1];
  children = std::strtol(arguments[2], nullptr, 10);
  if (name == "busy_threads") busy_threads();
  if (name == "finalizers_only") finalizers_only();
  if (name == "unmade_objects_only") unmade_objects_only();
  if (name == "hooks_only") hooks_only();
  if (name == "types_only") types_only();
  if (name == "threads_only") threads_only();
  if (name == "finalizer_of_a_busy_object") finalizer_of_a_busy_object();
  if (name == "first_finalizers") first_finalizers();
  if (name == "pinned_bytes_of_other_threads") pinned_bytes_of_other_threads();
}
