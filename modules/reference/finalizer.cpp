module;

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <new>

module weakref;

import weakref.protocol;

namespace weakref::detail {

namespace {

// Never destroyed: finalizers may be made and objects may die after the end of main().
constinit protocol::registry<protocol::counting, finalizer> registry;

/// Held while the exit is told to run finalizers. Not a function's static variable, whose lock is not ours to
/// give back in a forked process.
constinit never_destroyed<std::mutex> exit_handler;
constinit std::atomic<bool> is_exit_handled{false};

constinit bool forked_with_threads = false;  // guarded by the lock above

void run_finalizers_at_exit() {
  while (finalizer* const next = registry.next_at_exit()) {
    next->run_at_exit();
    drop_node(*next);
  }
}

}  // namespace

bool finalizer::alive() const noexcept { return registry.is_alive(*this); }

bool finalizer::atexit() const noexcept { return registry.runs_at_exit(*this); }

void finalizer::atexit(bool wanted) noexcept { registry.set_atexit(*this, wanted); }

void finalizer::prepare_exit() {
  // Acquire and release: a caller that finds it done may exit at once.
  if (is_exit_handled.load(std::memory_order_acquire)) return;
  const std::lock_guard lock(exit_handler.value);
  // Relaxed: written under the lock.
  if (is_exit_handled.load(std::memory_order_relaxed)) return;
  if (std::atexit(run_finalizers_at_exit) != 0) throw std::bad_alloc();
  is_exit_handled.store(true, std::memory_order_release);
}

void finalizer::enroll(block& referent) noexcept { registry.enroll(*this, referent); }

protocol::claim finalizer::claim(protocol::claimer by) noexcept { return registry.take(*this, by); }

protocol::use finalizer::claim_with_referent() noexcept { return registry.take_with_referent(*this); }

bool finalizer::look() noexcept { return registry.look(*this); }

void finalizer::end_look() noexcept { registry.end_look(*this); }

void finalizer::end_claim(protocol::claimer by) noexcept { registry.end_claim(*this, by); }

void forking::lock_finalizers() noexcept {
  exit_handler.value.lock();
  registry.lock.lock();
  forked_with_threads = !protocol::counting::alone();
}

void forking::unlock_finalizers(process here) noexcept {
  if (here == process::parent) {
    registry.lock.unlock();
  } else if (forked_with_threads) {
    registry.begin_forked();
  }
  exit_handler.value.unlock();
}

}  // namespace weakref::detail
