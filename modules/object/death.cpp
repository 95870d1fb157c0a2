module;

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <utility>

module weakref;

import weakref.protocol;

// The end of an object: del(), references, body. What is said of one object in block.cppm is done here for
// chains of them, of any length, on an ordinary stack.

namespace weakref::detail {
namespace {

/// Deaths that happen inside one another on a stack of their own. Beyond, objects wait, dead and out of all
/// containers, until the outermost is done: a chain of ten million is destroyed in groups of this many.
/// (CPython calls it the trashcan.)
constexpr unsigned deepest = 50;

/// With what clear_references() left to do.
[[gnu::noinline]] void defer(block& dead, weak_reference* cleared, thread_state& thread) noexcept {
  block::guard(dead).set_link(thread.deferred);
  thread.deferred = &dead;
  if (cleared == nullptr) return;
  weak_reference* const last = cleared->previous;
  last->next = thread.deferred_references;
  thread.deferred_references = cleared;
}

/// Those of the object deferred last, a ring again; or null.
weak_reference* take_deferred_references(const block& dead, thread_state& thread) noexcept {
  weak_reference* const first = thread.deferred_references;
  if (first == nullptr || first->referent != &dead) return nullptr;
  weak_reference* const last = first->previous;
  thread.deferred_references = last->next;
  last->next = first;
  return first;
}

/// The end at the depth that the caller has counted.
void finish(object& dead, weak_reference* cleared, thread_state& thread) noexcept {
  if (cleared != nullptr) notify_references(cleared);
  const void* const outer = std::exchange(thread.dying, &dead);
  delete &dead;
  thread.dying = outer;
}

[[gnu::noinline]] void destroy_deferred(thread_state& thread) noexcept {
  while (thread.deferred != nullptr) {
    block& next = *thread.deferred;
    {
      block::guard ring(next);
      thread.deferred = ring.link();
      ring.set_link(nullptr);
    }
    thread.depth = 1;
    finish(object_of(next), take_deferred_references(next, thread), thread);
    thread.depth = 0;
  }
}

inline void destroy(object& dead, weak_reference* cleared) noexcept {
  thread_state& thread = this_thread;
  if (thread.depth == deepest) return defer(block_of(dead), cleared, thread);
  ++thread.depth;
  finish(dead, cleared, thread);
  if (--thread.depth == 0 && thread.deferred != nullptr) destroy_deferred(thread);
}

}  // namespace

void destroy(object& dead) noexcept { destroy(dead, nullptr); }

void after_last_owner(object& orphan, block::dropped state) noexcept {
  if (state == block::dropped::finalize) {
    try {
      finalizer_of::run(orphan);
    } catch (...) {
      report_unraisable("Exception ignored while calling del()");
    }
    state = block_of(orphan).drop_owner();
  }
  // If it is not dead now, del() has resurrected it.
  if (state != block::dropped::dead) return;
  destroy(orphan, clear_references(block_of(orphan)));
}

void abandon(void* body, std::size_t size, std::size_t alignment) noexcept {
  block& front = block_before(body);
  auto state = front.drop_owner();
  if (state == block::dropped::finalize) state = front.drop_owner();  // there is no object to run del() on
  if (state != block::dropped::dead) {
    std::fputs("weakref: a constructor threw after it had given away an owner of its object\n", stderr);
    std::abort();
  }
  if (weak_reference* const cleared = clear_references(front)) notify_references(cleared);
  release_body(body, size, alignment);
}

}  // namespace weakref::detail
