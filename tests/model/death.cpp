module;

#include <atomic>
#include <cstddef>
#include <new>

#include "atomic.hpp"

module weakref.model;

import weakref.protocol;

// The same steps as in modules/object/death.cpp and storage.cpp, without what does not concern other threads:
// storage of several sizes, the deferral of deep chains.

namespace model {
namespace {

void free_storage(object& dead) noexcept {
  delete dead.last_hash();
  the_scheduler().free(&dead);
}

/// The object is dead and its last reference gone.
void free_remains(block& front) noexcept {
  object& dead = static_cast<object&>(front);
  require(dead.remains == 1, "a block is freed before its body");
  free_storage(dead);
}

/// The body is destroyed: drops the reference of the owners.
void release_body(object& dead, bool outlived) noexcept {
  if (!outlived) {
    if (dead.is_bare()) return the_scheduler().free(&dead);
    if (dead.is_last_reference()) return free_storage(dead);
  }
  dead.remains = 1;
  if (static_cast<block&>(dead).drop_reference()) free_remains(dead);
}

}  // namespace

void end(object& dead, bool outlived) noexcept {
  dead.destroy();
  release_body(dead, outlived);
}

void drop_owner(object& owned) noexcept { after_last_owner(owned, static_cast<block&>(owned).drop_owner()); }

void after_last_owner(object& owned, block::dropped state) noexcept {
  block& front = owned;
  if (state == block::dropped::finalize) {
    owned.del();
    state = front.drop_owner();
  }
  if (state == block::dropped::node) {
    auto& node = static_cast<weak_reference&>(owned);
    state = block::drop_owner(node);
    if (state == block::dropped::node) state = block::drop_last_owner(node);
  }
  if (state == block::dropped::owned) return;
  if (state != block::dropped::unreferenced) {
    if (weak_reference* const cleared = clear_references(front)) notify_references(front, cleared);
  }
  end(owned, state == block::dropped::outlived);
}

void drop_reference(block& front) noexcept {
  if (front.drop_reference()) free_remains(front);
}

void drop_shared_reference(block& front) noexcept {
  if (front.drop_shared_reference()) free_remains(front);
}

std::size_t cache_hash(block& referent, std::size_t hash) noexcept {
  auto* const cell =
      ::new (the_scheduler().allocate(sizeof(block::cached_hash), "hash")) block::cached_hash{hash, 0};
  {
    block::guard ring(referent);
    const auto* const first = ring.hash();
    if (first == nullptr) {
      ring.set_hash(cell);
      return hash;
    }
    hash = first->value;
  }
  delete cell;
  return hash;
}

std::size_t cached_hash(block& referent) noexcept {
  block::guard ring(referent);
  const auto* const cell = ring.hash();
  return cell != nullptr ? static_cast<std::size_t>(cell->value) : 0;
}

}  // namespace model
