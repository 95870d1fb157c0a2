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

/// Destructors that run inside one another on a stack of their own. Beyond, objects wait, dead, until the
/// outermost is done: a chain of ten million is destroyed in groups of this many. (CPython calls it the
/// trashcan.)
constexpr unsigned deepest = 50;

[[gnu::noinline]] void defer(block& dead, thread_state& thread) noexcept {
  block::guard(dead).set_link(thread.deferred);
  thread.deferred = &dead;
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
    thread.dying = &object_of(next);
    delete &object_of(next);
    thread.depth = 0;
  }
  thread.dying = nullptr;
}

}  // namespace

void destroy(object& dead) noexcept {
  thread_state& thread = this_thread;
  if (thread.depth == deepest) return defer(block_of(dead), thread);
  ++thread.depth;
  const void* const outer = std::exchange(thread.dying, &dead);
  delete &dead;
  thread.dying = outer;
  if (--thread.depth == 0 && thread.deferred != nullptr) destroy_deferred(thread);
}

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
  clear_references(block_of(orphan));
  destroy(orphan);
}

void abandon(void* body, std::size_t size, std::size_t alignment) noexcept {
  block& front = block_before(body);
  auto state = front.drop_owner();
  if (state == block::dropped::finalize) state = front.drop_owner();  // there is no object to run del() on
  if (state != block::dropped::dead) {
    std::fputs("weakref: a constructor threw after it had given away an owner of its object\n", stderr);
    std::abort();
  }
  clear_references(front);
  release_body(body, size, alignment);
}

}  // namespace weakref::detail
