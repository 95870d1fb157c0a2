module;

#include <cstddef>
#include <new>
#include <utility>

#include <pthread.h>

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

/// Callbacks and del() inside one another within which another del() runs at once.
constexpr unsigned deepest_del = 64;

/// Puts off a cancellation of the thread: a death cannot stop in its middle. It takes effect afterwards.
class no_cancellation {
 public:
  explicit no_cancellation(bool outermost) noexcept : is_needed_(outermost) {
    if (is_needed_) pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_);
  }
  no_cancellation(const no_cancellation&) = delete;
  no_cancellation& operator=(const no_cancellation&) = delete;
  ~no_cancellation() {
    if (is_needed_) pthread_setcancelstate(before_, &before_);
  }

 private:
  const bool is_needed_;
  int before_ = PTHREAD_CANCEL_ENABLE;
};

/// For as long as callbacks or del() run: deaths begin on a stack of their own, so that what they drop is
/// destroyed when they go on, however deep in other deaths they are. What dies later would find things gone
/// that only lived as long as they ran.
class user_code {
 public:
  explicit user_code(thread_state& thread) noexcept
      : thread_(thread),
        outer_(thread.deaths),
        scope_(thread.user_code == 0) {
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
  const no_cancellation scope_;
};

}  // namespace

struct waiting_objects::cell {
  object& orphan;
  cell* next = nullptr;
};

namespace {

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
  object_access::destroy(dead, ending(dead, outlived));
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

/// What the protocol's blocks and nodes belong to.
struct life {
  using policy = protocol::counting;
  using object = weakref::object;
  using block = detail::block;
  using node = weak_reference;

  static block& front(const object& made) noexcept { return block_of(made); }
  static node& as_node(object& made) noexcept { return static_cast<weak_reference&>(made); }
  static void end(object& dead, weak_reference* cleared, bool outlived) noexcept {
    destroy(dead, cleared, outlived);
  }
};

/// Runs del(), and drops the last share then.
void finalize_and_die(object& orphan) noexcept {
  {
    const user_code scope(this_thread);
    try {
      object_access::run_del(orphan);
    } catch (...) {
      report_unraisable("Exception ignored while calling del()");
    }
  }
  protocol::end_share<life>(orphan, block_of(orphan).drop_owner());
}

/// Lets an object whose del() is to run wait, and its last share with it. False: there is no memory for that.
bool wait(object& orphan, waiting_objects& waiting) noexcept {
  auto* const last = ::new (std::nothrow) waiting_objects::cell{orphan};
  if (last == nullptr) return false;
  (waiting.first != nullptr ? *waiting.end : waiting.first) = last;
  waiting.end = &last->next;
  return true;
}

[[gnu::noinline]] void run_waiting(waiting_objects& waiting) noexcept {
  // What begins to wait meanwhile is run here, too, so that a chain of any length takes no stack.
  waiting.being_run = true;
  while (waiting.first != nullptr) {
    waiting_objects::cell* const next = waiting.first;
    object& orphan = next->orphan;
    waiting.first = next->next;
    delete next;
    finalize_and_die(orphan);
  }
  waiting.being_run = false;
}

/// del() runs before the last share is dropped; or it waits, deep inside others, until one of these is done.
[[gnu::noinline]] void finalize(object& orphan) noexcept {
  thread_state& thread = this_thread;
  waiting_objects& waiting = thread.waiting;
  if (thread.user_code >= deepest_del && wait(orphan, waiting)) return;
  finalize_and_die(orphan);
  if (waiting.first != nullptr && !waiting.being_run) run_waiting(waiting);
}

}  // namespace

void destroy(object& dead) noexcept { destroy(dead, nullptr, false); }

void after_last_owner(object& orphan, block::dropped state) noexcept {
  if (state == block::dropped::finalize) [[unlikely]]
    return finalize(orphan);
  protocol::end_share<life>(orphan, state);
}

void drop_owner_apart(object& owned) noexcept {
  const auto state = block_of(owned).drop_owner();
  if (state == block::dropped::unreferenced) [[likely]]
    return destroy(owned, nullptr, false);
  if (state != block::dropped::owned) after_last_owner(owned, state);
}

void begin_to_watch(weak_reference& made) noexcept {
  if (protocol::begin_to_watch<life>(made)) return drop_owner(object_of(*made.referent));
  const user_code scope(this_thread);
  made.notify();
  made.let_go();
}

void abandon(void* body, std::size_t size, std::size_t alignment) noexcept {
  block& front = block_before(body);
  if (!front.abandon()) {
    protocol::counting::fail("weakref: a constructor threw after it had given away an owner of its object");
  }
  if (weak_reference* const cleared = clear_references(front)) {
    notify(front, cleared, this_thread);
  }
  release_body(body, size, alignment);
}

}  // namespace weakref::detail

void weakref::object::weakref_destroy(detail::ending how) noexcept {
  const auto& thread = detail::this_thread;
  if (protocol::counting::alone() || thread.user_code != 0 || thread.deaths.depth != 1) {
    return detail::object_access::destroy_quietly(*this, how);
  }
  const detail::no_cancellation scope(true);
  detail::object_access::destroy_quietly(*this, how);
}
