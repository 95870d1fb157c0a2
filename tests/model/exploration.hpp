#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "clock.hpp"

// Which schedules are run: a depth-first walk over the tree of choices, one execution from the start for
// every leaf. A choice is a thread, and for a load also which store it reads.
//
// Schedules that differ in the order of independent operations only are one: dynamic partial-order reduction
// (Flanagan, Godefroid, POPL 2005) adds a choice where it finds that two dependent operations could have come
// in the other order, and sleep sets (Godefroid 1996) cut what was seen elsewhere. Nothing else is left out.

namespace model {

using thread_set = unsigned;
constexpr thread_set only(unsigned thread) noexcept { return 1U << thread; }

/// An atomic operation; plain accesses are no choices, since a race is an error in whatever order it runs.
struct operation {
  unsigned location = 0;
  bool writes = false;

  friend bool dependent(const operation& a, const operation& b) noexcept {
    return a.location == b.location && (a.writes || b.writes);
  }
};

enum class reduction { none, partial_order };

class exploration {
 public:
  explicit exploration(reduction used) noexcept : reduction_(used) {}

  /// What the threads are about to do.
  struct threads {
    thread_set running = 0;  // not finished
    thread_set enabled = 0;  // and not waiting for another
    std::array<operation, max_threads> next{};
  };

  /// The thread whose turn it is. None: whatever comes now has been seen in another order.
  std::optional<unsigned> choose_thread(const threads& now);

  /// Which of the possible outcomes its operation has.
  std::size_t choose_outcome(std::size_t outcomes) noexcept;

  /// It was done; a failed compare-exchange has not written.
  void done(bool wrote) noexcept;

  /// Goes on to the next schedule; false when there are no more.
  bool next() noexcept;

 private:
  struct choice {
    threads at;
    thread_set sleeping = 0;   // explored elsewhere
    thread_set explored = 0;   // explored here
    thread_set backtrack = 0;  // to be explored here
    unsigned thread = 0;
    std::size_t outcome = 0;
    std::size_t outcomes = 1;
    operation executed{};
    vector_clock past{};  // the operations, counted from 1, that it depends on, and itself
  };

  void find_races(const threads& now) noexcept;
  void find_race(unsigned thread, const threads& now) noexcept;
  [[nodiscard]] thread_set asleep() const noexcept;

  const reduction reduction_;
  std::vector<choice> path_;
  std::size_t depth_ = 0;
  std::array<vector_clock, max_threads> past_{};
};

}  // namespace model
