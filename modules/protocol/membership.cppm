module;

#include <atomic>
#include <cstddef>

export module weakref.protocol:membership;

import :block;
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

/// A short lock: nothing that is done under it waits, allocates or runs user code.
export template <class Policy>
class spin_lock {
 public:
  void lock() noexcept {
    if (Policy::alone()) return;
    for (unsigned attempt = 0;; ++attempt) {
      // Acquire: what the last holder did is seen.
      if (!locked_.load(std::memory_order_relaxed) && !locked_.exchange(true, std::memory_order_acquire))
        return;
      Policy::pause(attempt);
    }
  }

  void unlock() noexcept {
    if (Policy::alone()) return;
    // Release: pairs with lock().
    locked_.store(false, std::memory_order_release);
  }

 private:
  typename Policy::template atomic<bool> locked_{false};
};

/// The container's side. `Table` derives from it and has unlink(Entry&), which takes an entry out of its
/// structures under the lock. `Entry` has `table` and `member`, guarded by the lock.
export template <class Policy, class Table, class Entry>
class membership {
 public:
  membership() = default;
  membership(const membership&) = delete;
  membership& operator=(const membership&) = delete;

  spin_lock<Policy> lock;

  /// Keeps the table from being destroyed. The caller is a keeper, or has the lock.
  void add_keeper() noexcept {
    // Relaxed: the caller's own share, or the lock, holds the table meanwhile.
    keepers_.fetch_add(1, std::memory_order_relaxed);
  }

  /// True: the caller was the last and destroys the table.
  [[nodiscard]] bool drop_keeper() noexcept {
    // Release and acquire: all that was done with the table is before its destruction.
    return keepers_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }

  /// Takes a member out, with the lock held. True: the caller drops the container's share in the entry, after
  /// unlocking. False: the death of the referent found the entry first and drops it.
  [[nodiscard]] bool remove(Entry& removed) noexcept {
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
