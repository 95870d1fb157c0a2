module;

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <new>
#include <utility>

module weakref;

import weakref.protocol;

namespace weakref::detail {

/// All live finalizers, in the order in which they were made. Constant time for everything but the exit.
class finalizer_registry {
 public:
  /// Nothing but links and counts is touched under it: neither user code runs nor another lock is taken.
  protocol::brief_lock<protocol::counting> lock;

  void insert(finalizer& made) noexcept {
    made.alive_ = true;
    made.older_ = newest_;
    if (newest_ != nullptr) newest_->newer_ = &made;
    newest_ = &made;
    is_selected_ = false;
  }

  void erase(finalizer& removed) noexcept {
    removed.alive_ = false;
    if (removed.older_ != nullptr) removed.older_->newer_ = removed.newer_;
    if (removed.newer_ != nullptr) removed.newer_->older_ = removed.older_;
    if (newest_ == &removed) newest_ = removed.older_;
    if (next_at_exit_ == &removed) next_at_exit_ = removed.older_;
  }

  /// The newest that was selected for the exit, with a share in it, since another thread may call it before
  /// the caller does. When there is none, nothing is called any more.
  finalizer* next_at_exit() noexcept {
    const std::lock_guard guard(lock);
    if (!is_selected_) select();
    while (next_at_exit_ != nullptr) {
      finalizer& next = *std::exchange(next_at_exit_, next_at_exit_->older_);
      if (!is_selected(next)) continue;
      next.own().add_owner();
      return &next;
    }
    is_shut_down = true;
    return nullptr;
  }

  void set_atexit(finalizer& changed, bool wanted) noexcept {
    if (changed.changed_after_ != selections_) {
      changed.changed_after_ = selections_;
      changed.was_selected_ = changed.atexit_;
    }
    changed.atexit_ = wanted;
  }

  bool is_shut_down = false;

 private:
  /// What is to run is settled when the exit begins, and again after a finalizer was made meanwhile, as
  /// CPython makes a list: whoever changes his mind in between is not heard.
  void select() noexcept {
    next_at_exit_ = newest_;
    ++selections_;
    is_selected_ = true;
  }

  bool is_selected(const finalizer& asked) const noexcept {
    return asked.changed_after_ == selections_ ? asked.was_selected_ : asked.atexit_;
  }

  finalizer* newest_ = nullptr;
  finalizer* next_at_exit_ = nullptr;
  std::uint32_t selections_ = 0;
  bool is_selected_ = false;
};

namespace {

// Never destroyed: finalizers may be made and objects may die after the end of main().
constinit finalizer_registry registry;

void run_finalizers_at_exit() {
  while (finalizer* const next = registry.next_at_exit()) {
    next->run_at_exit();
    drop_node(*next);
  }
}

}  // namespace

bool finalizer::alive() const noexcept {
  const std::lock_guard guard(registry.lock);
  return alive_;
}

bool finalizer::atexit() const noexcept {
  const std::lock_guard guard(registry.lock);
  return alive_ && atexit_;
}

void finalizer::atexit(bool wanted) noexcept {
  const std::lock_guard guard(registry.lock);
  registry.set_atexit(*this, wanted);
}

void finalizer::prepare_exit() {
  static const bool registered = std::atexit(run_finalizers_at_exit) == 0;
  if (!registered) throw std::bad_alloc();
}

void finalizer::enroll(block& referent) noexcept {
  own().add_owner_of_new();  // the registry
  referent.attach(*this);
  const std::lock_guard guard(registry.lock);
  registry.insert(*this);
}

finalizer::call finalizer::claim(claimer by) noexcept {
  call result;
  {
    const std::lock_guard guard(registry.lock);
    if (!alive_) return call::dead;
    registry.erase(*this);
    claimed_alone_ = users_ == 1;
    // Asked together with the rest: the exit may find nothing left, and be over, as soon as this one is out.
    result = registry.is_shut_down ? call::too_late : call::due;
  }
  if (by == claimer::owner) take_share_of_registry();
  return result;
}

finalizer::use finalizer::claim_with_referent() noexcept {
  {
    const std::lock_guard guard(registry.lock);
    if (!alive_ || !referent->try_add_owner()) return use::none;
    registry.erase(*this);
    claimed_alone_ = users_ == 1;
  }
  take_share_of_registry();
  return claimed_alone_ ? use::sole : use::shared;
}

void finalizer::take_share_of_registry() noexcept {
  // Where the death was first, it has adopted that share, and finds nothing more to call.
  if (!referent->disown(*this)) own().add_owner();
}

bool finalizer::look() noexcept {
  const std::lock_guard guard(registry.lock);
  if (!alive_ || !referent->try_add_owner()) return false;
  ++users_;
  return true;
}

void finalizer::end_look() noexcept {
  bool last;
  {
    const std::lock_guard guard(registry.lock);
    last = --users_ == 0;
  }
  if (last) discard();
}

void finalizer::end_claim(claimer by) noexcept {
  // Only now: while its function runs, it still is a reference to the object.
  if (by == claimer::owner) referent->retire(*this);
  if (claimed_alone_) {
    discard();
  } else {
    end_look();
  }
  if (by == claimer::owner) drop_node(*this);
}

}  // namespace weakref::detail
