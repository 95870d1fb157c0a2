module;

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

export module weakref.protocol:block;

import :check;
import :node;
import :policy;

// The block in front of every object: who owns it, who refers to it weakly, and how it dies.
//
//   counts   owners : 30 | references : 32 | flags : 2      all owners together hold one reference
//   head     the newest node of the ring of references | flags : 4, one of which is the lock of the ring
//
// One of either fits an instruction as its immediate operand, which processors of today add without waiting.
//
// The counts are written by locked operations, and to look at them behind one of these costs nearly as much
// as another: so an owner asks the head first whether a look is worth it, and a reference does not look at
// all.
//
// A plain reference is one count. Everything that wants to be told of the death (a reference with a callback,
// an entry of a container, a finalizer, a proxy) is a node in the ring. The block outlives the object for as
// long as `references` is not zero, so whoever holds a reference may always look at the block.
//
// A node needs no count while the object lives: it is in the ring, and clear() cannot pass it by. When the
// object dies, clear() takes each node out and gives it one reference, so that its block is there for as long
// as it is.
//
// Nor does the death need a share in the nodes that it tells. While a node is in the ring or with the death,
// its last share is dropped under the lock of the ring only: so the death knows which nodes have owners, and
// what would be the last share is left to it.

namespace weakref::protocol {

export template <class Policy, class Node>
class block {
  using word = std::uint64_t;
  using links = node_links<Node>;

 public:
  using node_type = Node;

  /// What is left to do for the one who dropped an owner's share.
  enum class dropped {
    owned,         // nothing: others own the object
    finalize,      // it was the last share, and is still held: run del(), then drop it again
    node,          // it is a node's, and still held, the last one or not: drop_last_owner()
    dead,          // there are no owners, and never will be
    outlived,      // the same, and references were left a moment ago
    unreferenced,  // there is nothing to clear either
  };

  /// One owner: the caller. `finalizer`: the object has a del() to be run. `node`: it is a node itself, so
  /// that whoever has the lock of its ring can reach it without a share, and no drop may take itself for the
  /// only one who can.
  explicit block(bool finalizer, bool node = false) noexcept
      : counts_(one_owner + one_reference + (finalizer ? finalizer_pending : word{0}) +
                (node ? is_node : word{0})),
        head_(finalizer || node ? asks : word{0}) {}

  // ---- owners

  /// Makes the caller, who has a share, a further owner.
  inline void add_owner() noexcept {
    mark_shared();
    const word seen = add(one_owner, too_many_owners);
    check([seen] { return owners(seen) != 0; }, "weakref: an object without owners is given one");
  }

  /// The same for the one owner of a new object, to which nothing else leads yet.
  void add_owner_of_new() noexcept {
    counts_.store(counts_.load(std::memory_order_relaxed) + one_owner, std::memory_order_relaxed);
  }

  /// The constructor of the object threw: takes the share of its maker, and what the block was told of its
  /// class. False: the constructor gave another owner away, which the object cannot outlive.
  [[nodiscard]] bool abandon() noexcept {
    // Acquire: what former owners did is behind the caller, as in count_drop().
    word seen = counts_.load(std::memory_order_acquire);
    while (owners(seen) == 1) {
      const word left = (seen - one_owner) & ~(finalizer_pending | is_node);
      // A reference that the constructor gave away may revive the share meanwhile.
      if (counts_.compare_exchange_weak(seen, left, std::memory_order_acq_rel, std::memory_order_acquire)) {
        return true;
      }
    }
    return false;
  }

  /// Makes the caller, who has a reference, an owner; false once there are none: zero owners is final.
  [[nodiscard]] inline bool try_add_owner() noexcept {
    word seen = counts_.load(std::memory_order_relaxed);
    // None, or too many.
    if (owners(seen) - 1 >= too_many_owners - 1) [[unlikely]] {
      if (owners(seen) == 0) return false;
      refuse_to_count();
    }
    mark_shared();
    if (Policy::alone()) {
      counts_.store(seen + one_owner, std::memory_order_relaxed);
      return true;
    }
    // Acquire: pairs with the release of owners that dropped their share, so that what they did to the object
    // is seen by whoever revives a share from a reference.
    while (!counts_.compare_exchange_weak(seen, seen + one_owner, std::memory_order_acquire,
                                          std::memory_order_relaxed)) {
      if (owners(seen) == 0) return false;
    }
    return true;
  }

  /// Advises the drops to come not to ask whether they are of the only share. In front of the operation that
  /// makes the share, so that nothing waits for that; for a caller that has a share or a reference.
  inline void mark_shared() noexcept {
    const word head = head_.load(std::memory_order_relaxed);
    if ((head & shared) != 0) [[likely]]
      return;
    if (Policy::alone()) {
      head_.store(head | shared, std::memory_order_relaxed);
    } else {
      // Relaxed, and lost where the holder of the lock writes the head: nothing depends on it.
      head_.fetch_or(shared, std::memory_order_relaxed);
    }
  }

  /// For a new node that is not in the ring yet, but knows its referent: it has a reference to that block.
  /// The caller owns both.
  static void hold(Node& fresh, block& referent) noexcept {
    fresh.referent = &referent;
    referent.add_references();
    // Relaxed: nothing leads to the node yet.
    fresh.where.store(standing::cleared, std::memory_order_relaxed);
  }

  /// The end of a node, whose class is destroyed already: it leaves the ring, and its block is an ordinary
  /// one from now on, which references may keep. True: the node has a reference to the block of its referent,
  /// which the caller drops.
  [[nodiscard]] static bool end(Node& ending) noexcept {
    ending.own().end_node();
    // Acquire: a death that has cleared this node has also given it that reference.
    const standing seen = ending.where.load(std::memory_order_acquire);
    return seen != standing::detached && (seen != standing::attached || !ending.referent->detach(ending));
  }

  /// Gives the caller's share up.
  [[nodiscard]] inline dropped drop_owner() noexcept {
    if (is_merely_counted()) return drop_counted_owner();
    if (is_sole(one_owner + one_reference)) {
      counts_.store(one_reference, std::memory_order_relaxed);
      return dropped::unreferenced;
    }
    // Relaxed: written before the object was there.
    if ((head_.load(std::memory_order_relaxed) & asks) != 0) return drop_asking();
    const word seen = count_drop();
    if (owners(seen) != 1) return dropped::owned;
    return references(seen) > 1 ? dropped::outlived : dropped::dead;
  }

  /// The same for a node. With its only owner it leaves the ring, and knows its referent no more; or it is
  /// left to the death that tells it.
  [[nodiscard]] static inline dropped drop_owner(Node& owned) noexcept {
    block& own = owned.own();
    if (!own.is_sole_node()) return own.drop_owner();
    // Acquire: what the ring and the death did with the node is behind us.
    const standing seen = owned.where.load(std::memory_order_acquire);
    if (is_within_reach(seen)) {
      guard ring(*owned.referent);
      // Who reaches a node without having a share, takes one under this lock.
      if (!own.is_sole_node()) return dropped::node;
      switch (owned.where.load(std::memory_order_relaxed)) {
        case standing::attached:
          owned.referent->unlink(ring, owned);
          owned.where.store(standing::detached, std::memory_order_relaxed);
          break;
        case standing::dying:
          // Relaxed: the death takes the lock after us.
          owned.where.store(standing::left, std::memory_order_relaxed);
          return dropped::owned;
        default:
          break;
      }
    } else if (!own.is_sole_node()) {  // asked again: somebody took a share before
      return dropped::node;
    }
    own.counts_.store(one_reference, std::memory_order_relaxed);
    return dropped::unreferenced;
  }

  /// The same for what may be the last share in a node. Others may have taken one meanwhile: the death drops
  /// what is left to it like any owner.
  [[nodiscard]] static dropped drop_last_owner(Node& owned) noexcept {
    block& own = owned.own();
    // Acquire: as in drop_owner().
    const standing seen = owned.where.load(std::memory_order_acquire);
    if (is_within_reach(seen)) {
      guard ring(*owned.referent);
      switch (owned.where.load(std::memory_order_relaxed)) {
        case standing::attached:
          return own.drop_counted_owner();
        case standing::dying:
          // Relaxed: the death takes the lock after us.
          owned.where.store(standing::left, std::memory_order_relaxed);
          return dropped::owned;
        default:
          break;
      }
    }
    // Not under the lock: whoever has the last share then may free the block of the referent.
    return own.drop_counted_owner();
  }

  /// Is dropping a share no more than counting it, drop_counted_owner()? Not if it may be the only one, or if
  /// the last one asks.
  [[nodiscard]] inline bool is_merely_counted() const noexcept {
    // Relaxed: advice, but for `asks`, which was written before the object was there.
    return (head_.load(std::memory_order_relaxed) & (shared | asks)) == shared;
  }

  /// drop_owner() where that is so.
  [[nodiscard]] inline dropped drop_counted_owner() noexcept {
    return owners(count_drop()) == 1 ? dropped::dead : dropped::owned;
  }

  [[nodiscard]] std::uint32_t owners() const noexcept {
    return owners(counts_.load(std::memory_order_relaxed));
  }

  /// Are there just so many owners? For one of them.
  [[nodiscard]] bool has_owners(std::uint32_t count) const noexcept {
    // Acquire: what former owners did to the object is behind whoever is told so.
    return owners(counts_.load(std::memory_order_acquire)) == count;
  }

  /// True once there are no owners.
  [[nodiscard]] inline bool expired() const noexcept {
    return owners(counts_.load(std::memory_order_relaxed)) == 0;
  }

  // ---- references

  /// Adds references for the caller, which has a share or a reference itself.
  inline void add_references(std::uint32_t count = 1) noexcept {
    const word seen = add(count * one_reference, too_many_references);
    check([seen] { return references(seen) != 0; }, "weakref: a block that is free is given a reference");
  }

  /// Gives a reference up. True: it was the last, and the caller frees the storage.
  [[nodiscard]] inline bool drop_reference() noexcept {
    word seen;
    if (Policy::alone()) {
      seen = counts_.load(std::memory_order_relaxed);
      if (seen != one_reference) counts_.store(seen - one_reference, std::memory_order_relaxed);
    } else {
      // Release: what was done with the block is before its freeing. Acquire: the caller that frees it sees
      // that.
      seen = counts_.fetch_sub(one_reference, std::memory_order_acq_rel);
    }
    check([seen] { return references(seen) != 0; }, "weakref: a reference is dropped that nobody has");
    return seen == one_reference;
  }

  /// Gives references up for nodes that their death destroyed, which has one itself.
  inline void drop_references_of_nodes(std::uint32_t count) noexcept {
    if (count == 0) return;
    // Acquire: if there are no others, nobody else can come by one, and former ones are behind us.
    if (counts_.load(std::memory_order_acquire) == (word{1} + count) * one_reference) {
      counts_.store(one_reference, std::memory_order_relaxed);
    } else {
      // Release: what was done with the block is before its freeing.
      counts_.fetch_sub(count * one_reference, std::memory_order_release);
    }
  }

  /// The same for a handle of the shared reference, whose cached hash dies with the last of its handles.
  [[nodiscard]] inline bool drop_shared_reference() noexcept {
    if ((head_.load(std::memory_order_relaxed) & hashed) != 0) forget_hash_of_last_handle();
    return drop_reference();
  }

  /// Are there handles of the shared reference? Exact while the object lives and nobody else changes it.
  [[nodiscard]] bool is_shared() const noexcept {
    return references(counts_.load(std::memory_order_relaxed)) > 1;
  }

  /// May the storage go with the body? Only for the caller that is destroying the object.
  [[nodiscard]] inline bool is_last_reference() const noexcept {
    // Acquire: what others did with the block is before its freeing.
    return counts_.load(std::memory_order_acquire) == one_reference;
  }

  /// The same, and there is no cached hash to be freed either.
  [[nodiscard]] inline bool is_bare() const noexcept {
    // Relaxed: as in last_hash().
    return is_last_reference() && (head_.load(std::memory_order_relaxed) & hashed) == 0;
  }

  /// The cached hash, for the one who frees the storage; null if there is none. Without the lock: whoever
  /// held it did so with a reference, or before clear() was done, and all of that was acquired with the last
  /// drop.
  struct cached_hash;
  [[nodiscard]] inline cached_hash* last_hash() const noexcept {
    const word head = head_.load(std::memory_order_relaxed);
    return (head & hashed) != 0 ? reinterpret_cast<cached_hash*>(head & ~flags) : nullptr;
  }

  // ---- the ring

  /// What is cached of the shared reference's hash; also where the ring begins once it exists.
  struct alignas(16) cached_hash {
    typename Policy::template variable<std::size_t> value;
    typename Policy::template variable<word> first;
  };

  /// The cached hash, or nothing. For a caller that has a reference.
  [[nodiscard]] std::optional<std::size_t> find_hash() noexcept {
    guard ring(*this);
    const cached_hash* const cell = ring.hash();
    return cell != nullptr ? std::optional<std::size_t>(cell->value) : std::nullopt;
  }

  /// Keeps the cell unless there is one: the first to come decides. Returns the one that is kept.
  cached_hash& keep_hash(cached_hash& offered) noexcept {
    guard ring(*this);
    if (cached_hash* const first = ring.hash()) return *first;
    ring.set_hash(&offered);
    return offered;
  }

  /// Holds the lock of the ring. No user code runs, nothing is allocated and no other lock is taken inside.
  class guard {
   public:
    explicit guard(block& guarded) noexcept : block_(guarded), head_(guarded.lock()) {}
    guard(const guard&) = delete;
    guard& operator=(const guard&) = delete;
    ~guard() { block_.unlock(head_); }

    [[nodiscard]] Node* first() const noexcept { return reinterpret_cast<Node*>(slot()); }
    void set_first(Node* newest) noexcept { set_slot(reinterpret_cast<word>(newest)); }

    [[nodiscard]] cached_hash* hash() const noexcept {
      return (head_ & hashed) != 0 ? reinterpret_cast<cached_hash*>(head_ & ~flags) : nullptr;
    }
    void set_hash(cached_hash* hash) noexcept {
      hash->first = slot();
      head_ = reinterpret_cast<word>(hash) | (head_ & flags) | hashed;
    }
    cached_hash* take_hash() noexcept {
      cached_hash* taken = hash();
      if (taken != nullptr) head_ = taken->first | (head_ & flags & ~hashed);
      return taken;
    }

    /// A node leads to the object from now on: see is_sole().
    void mark_shared() noexcept { head_ |= shared; }

    /// A dead block has no ring: its place may link it into a list.
    [[nodiscard]] block* link() const noexcept { return reinterpret_cast<block*>(slot()); }
    void set_link(block* next) noexcept { set_slot(reinterpret_cast<word>(next)); }

   private:
    [[nodiscard]] word slot() const noexcept {
      const cached_hash* cell = hash();
      return cell != nullptr ? word{cell->first} : head_ & ~flags;
    }
    void set_slot(word value) noexcept {
      if (cached_hash* cell = hash()) {
        cell->first = value;
      } else {
        head_ = value | (head_ & flags);
      }
    }

    block& block_;
    word head_;
  };

  /// Has a thread the lock of the ring?
  [[nodiscard]] bool is_locked() const noexcept {
    // Relaxed: a question that makes sense only where no other thread is.
    return (head_.load(std::memory_order_relaxed) & locked) != 0;
  }

  /// Puts a node into the ring: in front, but behind the shared proxy. The caller has a share in the object.
  void attach(Node& added) noexcept {
    guard ring(*this);
    attach(ring, added);
  }

  /// The same for one who has the lock.
  void attach(guard& ring, Node& added) noexcept {
    check([&] { return added.where.load(std::memory_order_relaxed) != standing::attached; },
          "weakref: a node enters a ring twice");
    check([&] { return !expired(); }, "weakref: a node enters the ring of a dead object");
    added.referent = this;
    // For good: an owner who is about to drop his share may have looked at the counts already. He would not
    // see the share that somebody takes through this node, if he finds the ring empty again afterwards.
    ring.mark_shared();
    // Relaxed: read by other threads only under the lock.
    added.where.store(standing::attached, std::memory_order_relaxed);
    Node* const first = ring.first();
    if (first == nullptr) {
      links::init_header(&added);
      ring.set_first(&added);
    } else if (first->kind == node_kind::leading && added.kind != node_kind::leading) {
      links::link_after(first, &added);
    } else {
      links::link_before(first, &added);
      ring.set_first(&added);
    }
  }

  /// Takes a node out of the ring. False: the death of the object was first, and the node is cleared.
  bool detach(Node& removed) noexcept {
    guard ring(*this);
    if (removed.where.load(std::memory_order_relaxed) != standing::attached) return false;
    unlink(ring, removed);
    removed.where.store(standing::detached, std::memory_order_relaxed);
    return true;
  }

  /// The container gives its share in an entry back to the caller: from now on the entry is an ordinary
  /// reference, for those who hold it, and leaves the ring with the last of them. It is not taken out here,
  /// be the caller its only owner: a weak reference to the entry may still make another. False: the death of
  /// the object was first, and has adopted the share.
  bool disown(Node& removed) noexcept {
    guard ring(*this);
    if (removed.where.load(std::memory_order_relaxed) != standing::attached) return false;
    check([&] { return removed.kind == node_kind::entry; }, "weakref: a node is disowned that nobody owns");
    removed.kind = node_kind::reference;
    return true;
  }

  /// The node, in which the caller has a share, has nothing more to say. It is not taken out: those who hold
  /// it may still ask it for its referent.
  void retire(Node& done) noexcept {
    // Relaxed: where it is not attached now, it never will be again.
    if (done.where.load(std::memory_order_relaxed) != standing::attached) return;
    guard ring(*this);
    if (done.where.load(std::memory_order_relaxed) == standing::attached) done.kind = node_kind::retired;
  }

  /// Walks the ring, newest first, under the lock: `visit` must be as harmless as guard says.
  template <class Visit>
  void for_each(Visit visit) noexcept {
    guard ring(*this);
    Node* const first = ring.first();
    if (first == nullptr) return;
    Node* at = first;
    do {
      visit(*at);
      at = at->next;
    } while (at != first);
  }

  /// Clears every reference of an object without owners. When this returns, no node can reach the block but
  /// through the reference that it was given, and the nodes that were alive are the caller's: a ring of their
  /// own, in order, until give_back(). Null: there are none. Allocates nothing.
  [[nodiscard]] inline Node* clear() noexcept {
    // Acquire: if the ring is empty, whoever emptied it is done with the block. Without owners nobody
    // attaches.
    if ((head_.load(std::memory_order_acquire) & ~(shared | asks)) == 0) return nullptr;
    return clear_ring();
  }

  /// Has an owner of this node, which the death tells, left his share to it?
  [[nodiscard]] bool was_left(const Node& told) noexcept {
    // Relaxed: the lock brings the rest.
    if (told.where.load(std::memory_order_relaxed) != standing::left) return false;
    // Whoever left it did so under the lock, and is not done with the block before he has given that back.
    const guard ring(*this);
    return true;
  }

  /// The death is done with these, a ring. Those that were left to it remain the caller's, a ring in the same
  /// order, with a share in each; or null.
  [[nodiscard]] Node* give_back(Node* told) noexcept {
    Node* left = nullptr;
    guard ring(*this);
    while (told != nullptr) {
      Node* const at = links::take_first(told);
      if (at->where.load(std::memory_order_relaxed) == standing::left) {
        links::append(left, at);
      } else {
        // Release: what the death did with the node is before its destruction, which may follow at once.
        at->where.store(standing::cleared, std::memory_order_release);
      }
    }
    return left;
  }

 private:
  /// See end().
  void end_node() noexcept {
    // Acquire: as in pin().
    const word seen = counts_.load(std::memory_order_acquire);
    if ((seen & is_node) == 0) return;
    // With one reference, nobody else writes the counts.
    if (Policy::alone() || seen == (is_node | one_reference)) {
      counts_.store(seen & ~is_node, std::memory_order_relaxed);
    } else {
      counts_.fetch_and(~is_node, std::memory_order_relaxed);
    }
  }

  static constexpr word one_owner = 1;
  static constexpr word one_reference = word{1} << 30;
  static constexpr word finalizer_pending = word{1} << 62;
  static constexpr word is_node = word{1} << 63;

  static constexpr word too_many_owners = one_owner << 29;
  static constexpr word too_many_references = one_reference << 31;

  static constexpr word locked = 1;
  static constexpr word hashed = 2;
  static constexpr word shared = 4;  // a node has led to the object, or perhaps a further share was made
  static constexpr word asks = 8;    // the last share asks: there is a del(), or it is a node's
  static constexpr word flags = locked | hashed | shared | asks;

  static constexpr std::uint32_t owners(word counts) noexcept {
    return static_cast<std::uint32_t>(counts % one_reference);
  }
  static constexpr std::uint32_t references(word counts) noexcept {
    return static_cast<std::uint32_t>((counts & ~(finalizer_pending | is_node)) / one_reference);
  }

  /// Have the ring or the death the node?
  static constexpr bool is_within_reach(standing seen) noexcept {
    return seen == standing::attached || seen == standing::dying;
  }

  /// Does nothing lead to this node but one share, and its place in the ring of its referent?
  [[nodiscard]] inline bool is_sole_node() const noexcept {
    return is_sole(is_node | one_owner | one_reference);
  }

  /// Are these the counts of one share, and did no node ever lead to the object? Then nobody else can reach
  /// it, and the share needs no locked operation to be dropped. For whoever has it.
  [[nodiscard]] inline bool is_sole(word counts) const noexcept {
    // Acquire: all that former owners, references and nodes did is behind us. The head comes after the
    // counts, which say that nobody is left who could attach a node.
    return counts_.load(std::memory_order_acquire) == counts &&
           is_unshared(head_.load(std::memory_order_acquire));
  }

  static constexpr bool is_unshared(word head) noexcept { return (head & ~asks) == 0; }

  /// Adds to a count. Ends the program where the count is past half its range, which the count's highest bit
  /// tells: other threads may still add to it meanwhile, but never so often that it wraps.
  inline word add(word amount, word past_half) noexcept {
    word seen;
    if (Policy::alone()) {
      seen = counts_.load(std::memory_order_relaxed);
      counts_.store(seen + amount, std::memory_order_relaxed);
    } else {
      // Relaxed: the caller got its own share by an operation that made the object visible to it.
      seen = counts_.fetch_add(amount, std::memory_order_relaxed);
    }
    if ((seen & past_half) != 0) [[unlikely]]
      refuse_to_count();
    return seen;
  }

  /// A count that wrapped would destroy what is in use.
  [[noreturn, gnu::noinline, gnu::cold]] static void refuse_to_count() noexcept {
    Policy::fail("weakref: an object has too many owners or references");
  }

  /// One owner less; what the counts were.
  inline word count_drop() noexcept {
    word seen;
    if (Policy::alone()) {
      seen = counts_.load(std::memory_order_relaxed);
      counts_.store(seen - one_owner, std::memory_order_relaxed);
    } else {
      // Release: what was done with the object is before its destruction. Acquire: the destroyer sees it.
      seen = counts_.fetch_sub(one_owner, std::memory_order_acq_rel);
    }
    check([seen] { return owners(seen) != 0; }, "weakref: a share is dropped that nobody has");
    return seen;
  }

  /// The last share must not be dropped before del() has run or the ring was asked, so it is not dropped
  /// blindly.
  [[gnu::noinline]] dropped drop_asking() noexcept {
    if (drop_unless_last()) return dropped::owned;
    const word seen = counts_.load(std::memory_order_relaxed);
    if ((seen & finalizer_pending) != 0 && claim_finalizer()) return dropped::finalize;
    return (seen & is_node) != 0 ? dropped::node : drop_counted_owner();
  }

  /// False: it is the last share, and is still held.
  [[nodiscard]] bool drop_unless_last() noexcept {
    // Acquire: what former owners did is seen by whoever keeps the last share.
    word seen = counts_.load(std::memory_order_acquire);
    while (owners(seen) != 1) {
      if (Policy::alone()) {
        counts_.store(seen - one_owner, std::memory_order_relaxed);
        return true;
      }
      // Release and acquire: as in count_drop().
      if (counts_.compare_exchange_weak(seen, seen - one_owner, std::memory_order_acq_rel,
                                        std::memory_order_acquire)) {
        return true;
      }
    }
    return false;
  }

  /// True for the first who asks.
  [[nodiscard]] bool claim_finalizer() noexcept {
    if (Policy::alone()) {
      const word seen = counts_.load(std::memory_order_relaxed);
      counts_.store(seen & ~finalizer_pending, std::memory_order_relaxed);
      return (seen & finalizer_pending) != 0;
    }
    // Relaxed: it says no more than who runs del().
    return (counts_.fetch_and(~finalizer_pending, std::memory_order_relaxed) & finalizer_pending) != 0;
  }

  /// Apart, so that a death without a ring is short.
  [[gnu::noinline]] Node* clear_ring() noexcept {
    check([&] { return expired(); }, "weakref: the references of a living object are cleared");
    guard ring(*this);
    Node* chain = ring.first();
    if (chain == nullptr) return nullptr;
    ring.set_first(nullptr);
    pin(static_cast<std::uint32_t>(links::count(chain)));  // before any node can drop its own
    Node* const last = chain->previous;
    for (Node* at = chain;;) {
      Node* const next = at->next;
      const bool is_last = at == last;
      // A node without owners is on its way out in another thread: it is not told, and not touched again.
      const bool is_entry = at->kind == node_kind::entry;
      const bool gone = !is_entry && at->own().expired();
      if (gone) {
        if (at == chain) chain = next != at ? next : nullptr;
        links::unlink(at);
      }
      // Release: a node that finds itself cleared drops its reference without the lock, after ours was added.
      at->where.store(gone || is_entry ? standing::cleared : standing::dying, std::memory_order_release);
      if (is_last) return chain;
      at = next;
    }
  }

  /// Adds references in a death, with the lock held.
  void pin(std::uint32_t count) noexcept {
    // With no reference but the owners', whose last one was ours, and no way to the block but through the
    // ring, nobody else writes the counts. Acquire: our store hides the drops of former references from
    // whoever frees the block; we see them, and he comes after us.
    if (counts_.load(std::memory_order_acquire) == one_reference) {
      counts_.store((word{1} + count) * one_reference, std::memory_order_relaxed);
    } else {
      add_references(count);
    }
  }

  void unlink(guard& ring, Node& removed) noexcept {
    check([&] { return links::is_linked(&removed); }, "weakref: a node leaves a ring in which it is not");
    if (ring.first() == &removed) {
      Node* const next = removed.next;
      ring.set_first(next != &removed ? next : nullptr);
    }
    links::unlink(&removed);
  }

  /// While the object lives, two references are the owners' and the last handle's. The lock is taken first,
  /// while the caller's reference still holds the block; a handle made in between finds no hash, or its own.
  [[gnu::noinline]] void forget_hash_of_last_handle() noexcept {
    cached_hash* forgotten = nullptr;
    {
      guard ring(*this);
      const word seen = counts_.load(std::memory_order_relaxed);
      if (owners(seen) != 0 && references(seen) == 2) forgotten = ring.take_hash();
    }
    delete forgotten;
  }

  inline word lock() noexcept {
    word seen = head_.load(std::memory_order_relaxed);
    if (Policy::alone()) return seen;
    // Acquire: as in lock_contended().
    if ((seen & locked) == 0 && head_.compare_exchange_weak(seen, seen | locked, std::memory_order_acquire,
                                                            std::memory_order_relaxed)) [[likely]] {
      return seen;
    }
    return lock_contended(seen);
  }

  /// Apart, so that the loop is not in every place that locks.
  [[gnu::noinline]] word lock_contended(word seen) noexcept {
    for (unsigned attempt = 0;; ++attempt) {
      // Acquire: pairs with unlock(); what the last holder did to the ring is seen.
      if ((seen & locked) == 0 && head_.compare_exchange_weak(seen, seen | locked, std::memory_order_acquire,
                                                              std::memory_order_relaxed)) {
        return seen;
      }
      Policy::pause(attempt);
      seen = head_.load(std::memory_order_relaxed);
    }
  }

  /// A plain store: nobody but the holder of the lock writes the head.
  void unlock(word head) noexcept {
    // Release: pairs with lock(), and with the readers that skip the lock when the head is zero.
    head_.store(head, std::memory_order_release);
  }

  template <class Condition>
  static inline void check(Condition holds, const char* otherwise) noexcept {
    protocol::check<Policy>(holds, otherwise);
  }

  typename Policy::template atomic<word> counts_;
  typename Policy::template atomic<word> head_;
};

}  // namespace weakref::protocol
