module;

#include <atomic>
#include <cstddef>
#include <mutex>

module weakref;

import weakref.protocol;

namespace weakref::detail {
namespace {

/// Guards who waits for what, for all creations of all tables: a cycle may lead through several.
constinit protocol::brief_lock<protocol::counting> waits;

constinit thread_local creator this_creator;

}  // namespace

creation::creation(entry_table& home, std::size_t key_hash)
    : weak_reference(protocol::node_kind::reference),
      entry_links(home, key_hash, *this),
      creator_(&this_creator) {}

void creation::wait() const {
  bool is_for_ever = false;
  {
    // Asked and entered in one step: of the threads in a cycle, the last to come sees the others.
    const std::lock_guard guard(waits);
    is_for_ever = is_awaited_for_ever();
    if (!is_for_ever) this_creator.awaited = this;
  }
  if (is_for_ever) {
    throw RuntimeError("get_or_create(): the factory asks for a key whose creation waits for that factory");
  }
  // Acquire: pairs with end(), so that the result is seen.
  over_.wait(false, std::memory_order_acquire);
  const std::lock_guard guard(waits);
  this_creator.awaited = nullptr;
}

bool creation::is_awaited_for_ever() const noexcept {
  const creation* at = this;
  // A creation that is over keeps nobody, and nobody but the creators in the chain can change it meanwhile:
  // each waits.
  while (at != nullptr && at->creator_ != nullptr) {
    if (at->creator_ == &this_creator) return true;
    at = at->creator_->awaited;
  }
  return false;
}

void creation::end() noexcept {
  {
    const std::lock_guard guard(waits);
    creator_ = nullptr;
  }
  // Release: the result was written before.
  over_.store(true, std::memory_order_release);
  over_.notify_all();
}

}  // namespace weakref::detail
