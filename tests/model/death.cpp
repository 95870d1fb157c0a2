module;

#include <atomic>
#include <cstddef>
#include <new>
#include <optional>

#include "atomic.hpp"

module weakref.model;

import weakref.protocol;

// The end of the model's objects, where the protocol leaves it to the library: del() runs at once, deaths
// inside others do not wait, and all storage is of one kind.

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

/// What the protocol's blocks and nodes belong to.
struct life {
  using policy = model_counting;
  using object = model::object;
  using block = model::block;
  using node = weak_reference;

  static block& front(object& made) noexcept { return made; }
  static node& as_node(object& made) noexcept { return static_cast<weak_reference&>(made); }
  static void end(object& dead, weak_reference* cleared, bool outlived) noexcept {
    if (cleared != nullptr) notify_references(front(dead), cleared);
    model::end(dead, outlived);
  }
};

}  // namespace

void end(object& dead, bool outlived) noexcept {
  dead.destroy();
  release_body(dead, outlived);
}

void drop_owner(object& owned) noexcept { after_last_owner(owned, static_cast<block&>(owned).drop_owner()); }

void after_last_owner(object& owned, block::dropped state) noexcept {
  if (state == block::dropped::finalize) {
    owned.del();
    state = static_cast<block&>(owned).drop_owner();
  }
  weakref::protocol::end_share<life>(owned, state);
}

void begin_to_watch(weak_reference& made) noexcept {
  if (weakref::protocol::begin_to_watch<life>(made)) {
    return drop_owner(static_cast<object&>(*made.referent));
  }
  made.notify();
  made.let_go();
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
  const block::cached_hash& kept = referent.keep_hash(*cell);
  if (&kept == cell) return hash;
  delete cell;
  return kept.value;
}

std::size_t cached_hash(block& referent) noexcept { return referent.find_hash().value_or(0); }

}  // namespace model
