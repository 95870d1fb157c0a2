module;

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

export module weakref.protocol:registry;

import :check;
import :membership;
import :policy;

// Finalizers, and the registry that owns those that are alive, in the order in which they were made.
//
// A finalizer is a node of its referent's ring, owned by the registry as an entry is by its container:
// dropping its handles does not cancel it, and the death of the referent adopts the registry's share. The
// party that takes it out of the registry, by a call, in the death or at exit, is the only one to use its
// function.
//
// Order of locks: the registry's, alone. Nothing but links and counts is touched under it.

namespace weakref::protocol {

export template <class Policy, class Finalizer>
class registry;

/// What a registry knows of a finalizer. `Finalizer` derives from it and from the node, and has discard(),
/// which destroys the function and its arguments, and drop_share(), which drops a share in it.
export template <class Policy, class Finalizer>
class registered {
 protected:
  ~registered() = default;

 private:
  friend class registry<Policy, Finalizer>;

  /// Guarded by the lock of the registry.
  struct state {
    template <class T>
    using variable = typename Policy::template variable<T>;

    variable<Finalizer*> older{nullptr};
    variable<Finalizer*> newer{nullptr};
    variable<std::size_t> users{
        1};  // of the function: the registry, or the claimer; and those who look at it
    variable<bool> alive{false};
    variable<bool> atexit{true};
    variable<bool> was_selected{false};        // before atexit was changed
    variable<std::uint32_t> changed_after{0};  // so many selections for the exit
    variable<bool> is_cut_off{false};          // in a forked process: its referent's ring is locked for ever
    variable<bool> claimed_alone{false};       // nobody looked at it when it was claimed, nor will
  };
  state in_registry_;
};

/// The party that takes a finalizer out: the death, or a caller that has a share in it.
export enum class claimer { death, owner };

/// What is to be done with a finalizer that was claimed.
export enum class claim { dead, due, too_late };

/// What a claimer that wants the function itself may do with it: nothing, take it, or copy it.
export enum class use { none, sole, shared };

/// Constant time for everything but the exit and a fork.
export template <class Policy, class Finalizer>
class registry {
 public:
  brief_lock<Policy> lock;

  /// Makes a new finalizer a reference to the object, and alive. The caller owns both; the registry becomes a
  /// further owner of the finalizer.
  template <class Block>
  void enroll(Finalizer& made, Block& referent) noexcept {
    made.own().add_owner_of_new();
    referent.attach(made);
    const std::lock_guard guard(lock);
    made.in_registry_.alive = true;
    made.in_registry_.older = newest_;
    if (newest_ != nullptr) newest_->in_registry_.newer = &made;
    newest_ = &made;
    is_selected_ = false;
  }

  [[nodiscard]] bool is_alive(const Finalizer& asked) noexcept {
    const std::lock_guard guard(lock);
    return asked.in_registry_.alive;
  }

  /// Shall it run at exit? False once it is dead; setting is ignored then.
  [[nodiscard]] bool runs_at_exit(const Finalizer& asked) noexcept {
    const std::lock_guard guard(lock);
    return asked.in_registry_.alive && asked.in_registry_.atexit;
  }
  void set_atexit(Finalizer& changed, bool wanted) noexcept {
    const std::lock_guard guard(lock);
    if (changed.in_registry_.changed_after != selections_) {
      changed.in_registry_.changed_after = static_cast<std::uint32_t>(selections_);
      changed.in_registry_.was_selected = static_cast<bool>(changed.in_registry_.atexit);
    }
    changed.in_registry_.atexit = wanted;
  }

  /// Takes it out, for the claimer to run; not any more once the exit is over.
  [[nodiscard]] claim take(Finalizer& taken, claimer by) noexcept {
    claim result;
    {
      const std::lock_guard guard(lock);
      if (!taken.in_registry_.alive) return claim::dead;
      erase(taken);
      taken.in_registry_.claimed_alone = taken.in_registry_.users == 1;
      // Asked together with the rest: the exit may find nothing left, and be over, as soon as this one is
      // out.
      result = is_shut_down_ ? claim::too_late : claim::due;
    }
    if (by == claimer::owner) take_share(taken);
    return result;
  }

  /// Takes it out for an owner, if the referent is alive, in which the caller gets a share.
  [[nodiscard]] use take_with_referent(Finalizer& taken) noexcept {
    {
      const std::lock_guard guard(lock);
      if (!taken.in_registry_.alive || !taken.referent->try_add_owner()) return use::none;
      erase(taken);
      taken.in_registry_.claimed_alone = taken.in_registry_.users == 1;
    }
    take_share(taken);
    return taken.in_registry_.claimed_alone ? use::sole : use::shared;
  }

  /// Ends what a claim began. An owner drops the registry's share: the finalizer may be gone afterwards.
  void end_claim(Finalizer& taken, claimer by) noexcept {
    // Only now: while its function runs, it still is a reference to the object.
    if (by == claimer::owner && !taken.in_registry_.is_cut_off) taken.referent->retire(taken);
    if (taken.in_registry_.claimed_alone) {
      taken.discard();
    } else {
      end_look(taken);
    }
    if (by == claimer::owner) taken.drop_share();
  }

  /// Looks at it, with a share in the referent. False: one of the two is dead.
  [[nodiscard]] bool look(Finalizer& seen) noexcept {
    const std::lock_guard guard(lock);
    if (!seen.in_registry_.alive || !seen.referent->try_add_owner()) return false;
    seen.in_registry_.users = seen.in_registry_.users + 1;
    return true;
  }
  void end_look(Finalizer& seen) noexcept {
    bool last;
    {
      const std::lock_guard guard(lock);
      check<Policy>([&] { return seen.in_registry_.users != 0; },
                    "weakref: a finalizer's function is let go twice");
      seen.in_registry_.users = seen.in_registry_.users - 1;
      last = seen.in_registry_.users == 0;
    }
    if (last) seen.discard();
  }

  /// The newest that was selected for the exit, with a share in it, since another thread may call it before
  /// the caller does. When there is none, nothing is called any more.
  [[nodiscard]] Finalizer* next_at_exit() noexcept {
    const std::lock_guard guard(lock);
    if (!is_selected_) select();
    while (next_at_exit_ != nullptr) {
      Finalizer& next = *next_at_exit_;
      next_at_exit_ = static_cast<Finalizer*>(next.in_registry_.older);
      if (!is_selected(next)) continue;
      next.own().add_owner();
      return &next;
    }
    is_shut_down_ = true;
    return nullptr;
  }

  /// In a forked process, where the caller is the only thread, which had taken the lock before the fork. A
  /// finalizer whose referent had its ring locked by another thread must never go there any more.
  void begin_forked() noexcept {
    for (Finalizer* each = newest_; each != nullptr; each = each->in_registry_.older) {
      if (each->in_registry_.is_cut_off || !each->referent->is_locked()) continue;
      each->in_registry_.is_cut_off = true;
      each->own().add_owner();  // for good: the last one would take it out of the ring
    }
    // Made anew: unlock() does nothing where the new process is known to have one thread.
    std::construct_at(&lock);
  }

 private:
  template <class T>
  using variable = typename Policy::template variable<T>;

  void erase(Finalizer& removed) noexcept {
    removed.in_registry_.alive = false;
    if (removed.in_registry_.older != nullptr)
      removed.in_registry_.older->in_registry_.newer = static_cast<Finalizer*>(removed.in_registry_.newer);
    if (removed.in_registry_.newer != nullptr)
      removed.in_registry_.newer->in_registry_.older = static_cast<Finalizer*>(removed.in_registry_.older);
    if (newest_ == &removed) newest_ = static_cast<Finalizer*>(removed.in_registry_.older);
    if (next_at_exit_ == &removed) next_at_exit_ = static_cast<Finalizer*>(removed.in_registry_.older);
  }

  /// The registry's share, for an owner that took the finalizer out. Where the death was first, it has
  /// adopted that one, and finds nothing more to call.
  void take_share(Finalizer& taken) noexcept {
    if (!taken.in_registry_.is_cut_off && !taken.referent->disown(taken)) taken.own().add_owner();
  }

  /// What is to run is settled when the exit begins, and again after a finalizer was made meanwhile, as
  /// CPython makes a list: a change in between is not heard.
  void select() noexcept {
    next_at_exit_ = static_cast<Finalizer*>(newest_);
    selections_ = selections_ + 1;
    is_selected_ = true;
  }

  bool is_selected(const Finalizer& asked) const noexcept {
    return asked.in_registry_.changed_after == selections_ ? asked.in_registry_.was_selected
                                                           : asked.in_registry_.atexit;
  }

  variable<Finalizer*> newest_{nullptr};
  variable<Finalizer*> next_at_exit_{nullptr};
  variable<std::uint32_t> selections_{0};
  variable<bool> is_selected_{false};
  variable<bool> is_shut_down_{false};
};

}  // namespace weakref::protocol
