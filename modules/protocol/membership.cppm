module;

#include <atomic>
#include <cstddef>
#include <limits>

export module weakref.protocol:membership;

import :block;
import :check;
import :policy;

// What a container and the deaths of its referents agree on, so that a dead entry leaves at once and in O(1).
//
// An entry is a weak reference, owned by its container for as long as it is a member. When its referent dies,
// the death adopts the container's share, takes the entry out, and drops the share last. When the container
// removes the entry first, but the death has already found it, the share is still the death's to drop; the
// container then must not go before the death has asked it, and counts a keeper for that.
//
// Order of locks: the container's, then that of one ring.

namespace weakref::protocol {

/// A lock for short sections: spins for a moment, then sleeps. So a thread that must not be preempted does
/// not keep the processor from the holder of the lock. Under it nothing waits, nothing is allocated and no
/// user code runs.
///
/// In a process with one thread it does nothing. There can be no second thread before such a section ends,
/// since nothing in it starts one; so what was locked without the state is unlocked without it.
export template <class Policy>
class brief_lock {
  enum class state : int {
    free,
    held,
    contended,  // held, and other threads may sleep
  };

 public:
  inline void lock() noexcept {
    if (Policy::alone()) return;
    if (!try_acquire(state::held)) [[unlikely]]
      lock_contended();
  }

  inline void unlock() noexcept {
    if (Policy::alone()) return;
    // Release: pairs with the acquisitions. An exchange, since a store could not tell whether others sleep.
    // From here on the next holder may destroy the lock: it is only named to wake who sleeps on it.
    if (state_.exchange(state::free, std::memory_order_release) == state::contended) [[unlikely]]
      Policy::wake_one(state_);
  }

 private:
  inline bool try_acquire(state as) noexcept {
    state seen = state::free;
    // Acquire: what the last holder did is seen. Relaxed: a failure tells nothing of that.
    return state_.compare_exchange_strong(seen, as, std::memory_order_acquire, std::memory_order_relaxed);
  }

  /// Apart, so that the loop is not in every place that locks.
  [[gnu::noinline]] void lock_contended() noexcept {
    // A thread that has slept does not know whether others still do, and says yes.
    state as = state::held;
    for (unsigned pauses = 0;;) {
      // Relaxed: try_acquire() does the rest.
      state seen = state_.load(std::memory_order_relaxed);
      if (seen == state::free) {
        if (try_acquire(as)) return;
      } else if (pauses != Policy::patience) {
        Policy::pause(pauses++);
      } else if (seen == state::contended ||
                 // Relaxed: nothing is read or written but the state.
                 state_.compare_exchange_strong(seen, state::contended, std::memory_order_relaxed,
                                                std::memory_order_relaxed)) {
        Policy::wait(state_, state::contended);
        as = state::contended;
        pauses = 0;
      }
    }
  }

  typename Policy::template atomic<state> state_{state::free};
};

/// The container's side. `Table` derives from it and has unlink(Entry&), which takes an entry out of its
/// structures under the lock. `Entry` has `table` and `member`, guarded by the lock.
export template <class Policy, class Table, class Entry>
class membership {
 public:
  membership() = default;
  membership(const membership&) = delete;
  membership& operator=(const membership&) = delete;

  brief_lock<Policy> lock;

  /// Keeps the table from being destroyed. The caller is a keeper, or has the lock. Ends the program where
  /// the count is past half its range.
  void add_keeper() noexcept {
    std::size_t seen;
    if (Policy::alone()) {
      seen = keepers_.load(std::memory_order_relaxed);
      keepers_.store(seen + 1, std::memory_order_relaxed);
    } else {
      // Relaxed: the caller's own share, or the lock, holds the table meanwhile.
      seen = keepers_.fetch_add(1, std::memory_order_relaxed);
    }
    if (seen > std::numeric_limits<std::size_t>::max() / 2) [[unlikely]]
      Policy::fail("weakref: a container has too many walks and operations under way");
  }

  /// True: the caller was the last and destroys the table.
  [[nodiscard]] bool drop_keeper() noexcept {
    if (Policy::alone()) {
      const std::size_t seen = keepers_.load(std::memory_order_relaxed);
      keepers_.store(seen - 1, std::memory_order_relaxed);
      return seen == 1;
    }
    // Release and acquire: all that was done with the table is before its destruction.
    return keepers_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }

  /// Takes a member out, with the lock held. True: the caller drops the container's share in the entry, after
  /// unlocking. False: the death of the referent found the entry first and drops it.
  [[nodiscard]] bool remove(Entry& removed) noexcept {
    check<Policy>([&] { return removed.member; }, "weakref: an entry leaves a table in which it is not");
    removed.member = false;
    static_cast<Table*>(this)->unlink(removed);
    if (removed.node().referent->disown(removed.node())) return true;
    add_keeper();
    return false;
  }

  /// The death's side: takes the entry out unless the container was first.
  static void leave(Entry& dead) noexcept {
    Table& table = *dead.table;
    table.lock.lock();
    const bool member = dead.member;
    if (member) {
      dead.member = false;
      table.unlink(dead);
    }
    table.lock.unlock();
    if (!member && table.drop_keeper()) Table::destroy(&table);
  }

 protected:
  ~membership() = default;

 private:
  typename Policy::template atomic<std::size_t> keepers_{1};
};

}  // namespace weakref::protocol
