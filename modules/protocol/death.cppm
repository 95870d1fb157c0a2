module;

#include <atomic>
#include <cstdint>

export module weakref.protocol:death;

import :block;
import :node;

// What the death of an object does with those who wanted to be told of it.

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
