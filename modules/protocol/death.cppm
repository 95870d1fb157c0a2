module;

#include <atomic>
#include <cstdint>

export module weakref.protocol:death;

import :block;
import :check;
import :node;

// The death of an object: what follows when a share is dropped, and what is done with the nodes that want to
// be told.

namespace weakref::protocol {

/// What follows when the last owner has dropped his share. The references are dead before anything else
/// happens; then entries leave their containers, which runs no user code. What is left is for
/// notify_references(): the nodes that were alive, a ring in order; or null.
///
/// `Node` has: leave(), take an entry out of its container; notify(), run the callback; let_go(), destroy the
/// callback or what an entry owns, or do what it was kept for; after_last_owner(), what dropping a share asks
/// for; die(), when it has no owners and is in no ring.
export template <class Policy, class Node>
[[nodiscard]] Node* clear_references(block<Policy, Node>& dead) noexcept {
  Node* const chain = dead.clear();
  if (chain == nullptr) return nullptr;
  Node* at = chain;
  do {
    if (at->kind == node_kind::entry) at->leave();
    at = at->next;
  } while (at != chain);
  return chain;
}

/// What follows when an owner's share was dropped, or is to be, but del() has run or there is none. `Life`
/// says what the protocol's blocks and nodes belong to: `object` and `node`; front(object), its block;
/// as_node(object), for a node; and end(object, cleared, outlived), which tells the nodes that were cleared,
/// destroys the body, and lets go of the block.
export template <class Life>
void end_share(typename Life::object& orphan, typename Life::block::dropped state) noexcept {
  using block = typename Life::block;
  using dropped = typename block::dropped;
  block& front = Life::front(orphan);
  if (state == dropped::node) [[unlikely]] {
    // The ring is asked before the share is dropped; without the counts, where this share is the only way to
    // the node.
    typename Life::node& node = Life::as_node(orphan);
    state = block::drop_owner(node);
    if (state == dropped::node) state = block::drop_last_owner(node);
  }
  if (state == dropped::owned) return;  // del() may have resurrected it, a death have taken the share
  Life::end(orphan, state != dropped::unreferenced ? clear_references(front) : nullptr,
            state == dropped::outlived);
}

/// Lets a node of a class of the user's into the ring, when its construction is over. Until then the node has
/// a reference to the block of its referent, which may have lost all owners meanwhile. False: it has, and
/// could not tell the node.
export template <class Life>
[[nodiscard]] bool begin_to_watch(typename Life::node& made) noexcept {
  check<typename Life::policy>(
      [&] { return made.where.load(std::memory_order_relaxed) == standing::cleared; },
      "weakref: a reference is made without a referent");
  typename Life::block& referent = *made.referent;
  if (!referent.try_add_owner()) return false;
  // The destructor of the class may ask for the referent: until then the node stays in the ring, be it
  // dropped by its only owner.
  made.own().mark_shared();
  referent.attach(made);
  // The ring is the node's way to the block from now on. This reference is not the last one, as there is an
  // owner.
  [[maybe_unused]] const bool last = referent.drop_reference();
  check<typename Life::policy>([last] { return !last; }, "weakref: a block with an owner has no reference");
  return true;
}

/// Callbacks run and what entries owned is destroyed, newest first, with no lock held; then the references
/// that nobody else holds go.
export template <class Policy, class Node>
void notify_references(block<Policy, Node>& dead, Node* chain) noexcept {
  using links = node_links<Node>;
  std::uint32_t destroyed = 0;
  const auto drop = [&destroyed](Node& told) {
    using dropped = block<Policy, Node>::dropped;
    const dropped state = block<Policy, Node>::drop_owner(told);
    if (state != dropped::unreferenced) return told.after_last_owner(state);
    // Its reference to the dead block is dropped with those of others. Relaxed: nobody else asks any more.
    told.where.store(standing::detached, std::memory_order_relaxed);
    ++destroyed;
    told.die();
  };
  // Relaxed: a node that was left is ours.
  const auto drop_left = [&drop](Node& left) {
    left.where.store(standing::cleared, std::memory_order_relaxed);
    drop(left);
  };
  Node* told = nullptr;
  while (chain != nullptr) {
    Node& at = *links::take_first(chain);
    if (at.kind == node_kind::entry) {
      at.let_go();
      drop(at);
    } else {
      at.notify();
      links::append(told, &at);
    }
  }
  // The oldest first, as CPython drops the array in which it holds them.
  Node* kept = nullptr;
  while (told != nullptr) {
    told = told->previous;
    Node& at = *links::take_first(told);
    at.let_go();
    if (dead.was_left(at)) {
      drop_left(at);
    } else {
      links::append(kept, &at);
    }
  }
  if (kept != nullptr) kept = dead.give_back(kept);
  while (kept != nullptr) drop_left(*links::take_first(kept));
  dead.drop_references_of_nodes(destroyed);
}

}  // namespace weakref::protocol
