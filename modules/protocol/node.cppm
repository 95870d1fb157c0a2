module;

#include <cstddef>

export module weakref.protocol:node;

import :policy;

// A weak reference that wants to be told of the death of its referent, and the ring in which it waits for
// that.

namespace weakref::protocol {

/// Where a node stands. Written under the lock of the ring, or by the last who knows the node.
export enum class standing : unsigned char {
  attached,  // in the ring
  detached,  // not yet in the ring, or taken out by its own side; the block may be gone
  dying,     // taken out by the death of the referent, which still tells it; holds one reference to the block
  left,      // the same, and an owner has left his share to the death
  cleared,   // not in the ring any more, or not yet; holds one reference to the block
};

/// What is to be done with a node.
export enum class node_kind : unsigned char {
  reference,  // has a callback or an identity of its own
  leading,    // the shared proxy: stays in front of the ring
  entry,      // of a container, or the registry of finalizers, that owns it: a death adopts that share
  retired,    // has nothing more to say, and no longer counts as a reference
};

/// The part of a weak reference that hangs in its referent's ring. `Node` derives from it and has: own(), the
/// block that counts the node's owners; leave(), notify() and after_last_owner(), see clear_references().
export template <class Policy, class Node, class Block>
struct node {
  explicit node(node_kind k) noexcept : kind(k) {}
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  typename Policy::template variable<Node*> next{nullptr};
  typename Policy::template variable<Node*> previous{nullptr};
  typename Policy::template variable<Block*> referent{nullptr};
  typename Policy::template atomic<standing> where{standing::detached};
  typename Policy::template variable<node_kind> kind;  // changed under the lock of the ring only

 protected:
  ~node() = default;
};

/// A ring of nodes, by their links.
template <class Node>
struct node_links {
  static void init_header(Node* only) noexcept { join(only, only); }
  static void link_before(Node* place, Node* added) noexcept {
    join(place->previous, added);
    join(added, place);
  }
  static void link_after(Node* place, Node* added) noexcept { link_before(place->next, added); }
  [[nodiscard]] static bool is_linked(const Node* member) noexcept {
    return member->previous->next == member && member->next->previous == member;
  }
  static void unlink(Node* removed) noexcept { join(removed->previous, removed->next); }
  // For rings that may be empty: null.
  static Node* take_first(Node*& ring) noexcept {
    Node* const first = ring;
    Node* const next = first->next;
    ring = next != first ? next : nullptr;
    unlink(first);
    return first;
  }
  static void append(Node*& ring, Node* added) noexcept {
    if (ring != nullptr) return link_before(ring, added);
    init_header(added);
    ring = added;
  }
  static std::size_t count(const Node* ring) noexcept {
    std::size_t nodes = 1;
    for (const Node* at = ring->next; at != ring; at = at->next) ++nodes;
    return nodes;
  }

 private:
  static void join(Node* left, Node* right) noexcept {
    left->next = right;
    right->previous = left;
  }
};

}  // namespace weakref::protocol
