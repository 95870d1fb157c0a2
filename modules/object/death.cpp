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
/// containers, until half of these are done: a chain of ten million is destroyed in groups of so many.
/// (CPython calls it the trashcan.)
constexpr unsigned deepest = 50;
constexpr unsigned room_again = deepest / 2;

/// Callbacks and del() inside one another that have such a stack each.
constexpr unsigned most_stacks = 16;

/// For as long as callbacks or del() run: deaths begin on a stack of their own, so that what they drop is
/// destroyed when they go on, however deep in other deaths they are. What dies later would find things gone
/// that only lived as long as they ran.
class user_code {
 public:
  explicit user_code(thread_state& thread) noexcept : thread_(thread), outer_(thread.deaths) {
    if (++thread.user_code <= most_stacks) thread.deaths = {};
  }
  user_code(const user_code&) = delete;
  user_code& operator=(const user_code&) = delete;
  ~user_code() {
    if (--thread_.user_code < most_stacks) thread_.deaths = outer_;
  }

 private:
  thread_state& thread_;
  const nested_deaths outer_;
};

/// With what clear_references() left to do.
[[gnu::noinline]] void defer(block& dead, weak_reference* cleared, nested_deaths& deaths) noexcept {
  block::guard(dead).set_link(deaths.deferred);
  deaths.deferred = &dead;
  if (cleared == nullptr) return;
  weak_reference* const last = cleared->previous;
  last->next = deaths.deferred_references;
  deaths.deferred_references = cleared;
}

/// Those of the object deferred last, a ring again; or null.
weak_reference* take_deferred_references(const block& dead, nested_deaths& deaths) noexcept {
  weak_reference* const first = deaths.deferred_references;
  if (first == nullptr || first->referent != &dead) return nullptr;
  weak_reference* const last = first->previous;
  deaths.deferred_references = last->next;
  last->next = first;
  return first;
}

[[gnu::noinline]] void notify(block& dead, weak_reference* cleared, thread_state& thread) noexcept {
  const user_code scope(thread);
  notify_references(dead, cleared);
}

/// The end at the depth that the caller has counted.
void finish(object& dead, weak_reference* cleared, bool outlived, thread_state& thread) noexcept {
  if (cleared != nullptr) [[unlikely]]
    notify(block_of(dead), cleared, thread);
  const ending outer = std::exchange(thread.dying, ending(dead, outlived));
  delete &dead;
  thread.dying = outer;
}

[[gnu::noinline]] void destroy_deferred(thread_state& thread) noexcept {
  nested_deaths& deaths = thread.deaths;
  while (deaths.deferred != nullptr) {
    block& next = *deaths.deferred;
    {
      block::guard ring(next);
      deaths.deferred = ring.link();
      ring.set_link(nullptr);
    }
    ++deaths.depth;
    finish(object_of(next), take_deferred_references(next, deaths), false, thread);
    --deaths.depth;
  }
}

inline void destroy(object& dead, weak_reference* cleared, bool outlived) noexcept {
  thread_state& thread = this_thread;
  nested_deaths& deaths = thread.deaths;
  if (deaths.depth == deepest) return defer(block_of(dead), cleared, deaths);
  ++deaths.depth;
  finish(dead, cleared, outlived, thread);
  if (--deaths.depth <= room_again && deaths.deferred != nullptr) destroy_deferred(thread);
}

/// del() runs, and the ring is asked, before the share is dropped.
[[gnu::noinline]] block::dropped ask_first(object& orphan, block::dropped state) noexcept {
  if (state == block::dropped::finalize) {
    const user_code scope(this_thread);
    try {
      finalizer_of::run(orphan);
    } catch (...) {
      report_unraisable("Exception ignored while calling del()");
    }
    state = block_of(orphan).drop_owner();
  }
  if (state != block::dropped::node) return state;
  auto& node = static_cast<weak_reference&>(orphan);
  state = block::drop_owner(node);  // which the only one who leads to it does without the counts
  return state == block::dropped::node ? block::drop_last_owner(node) : state;
}

}  // namespace

void destroy(object& dead) noexcept { destroy(dead, nullptr, false); }

void after_last_owner(object& orphan, block::dropped state) noexcept {
  if (state == block::dropped::finalize || state == block::dropped::node) [[unlikely]]
    state = ask_first(orphan, state);
  if (state == block::dropped::owned) return;  // del() may have resurrected it, a death have taken the share
  destroy(orphan, state != block::dropped::unreferenced ? clear_references(block_of(orphan)) : nullptr,
          state == block::dropped::outlived);
}

void drop_owner_apart(object& owned) noexcept {
  const auto state = block_of(owned).drop_owner();
  if (state == block::dropped::unreferenced) [[likely]]
    return destroy(owned, nullptr, false);
  if (state != block::dropped::owned) after_last_owner(owned, state);
}

void abandon(void* body, std::size_t size, std::size_t alignment) noexcept {
  block& front = block_before(body);
  front.end_node();  // which it may have had no time to be
  auto state = front.drop_owner();
  if (state == block::dropped::finalize) state = front.drop_owner();  // there is no object to run del() on
  if (state == block::dropped::owned || state == block::dropped::node) {
    std::fputs("weakref: a constructor threw after it had given away an owner of its object\n", stderr);
    std::abort();
  }
  if (weak_reference* const cleared = clear_references(front)) {
    notify(front, cleared, this_thread);
  }
  release_body(body, size, alignment);
}

}  // namespace weakref::detail
