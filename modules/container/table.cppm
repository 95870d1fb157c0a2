module;

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <boost/intrusive/list_hook.hpp>

export module weakref:table;

import :object;
import :weak_reference;
import weakref.protocol;

// The one core of all weak containers: a hash table of entries in insertion order, where an entry is the weak
// reference, the node of the table and the key and value of the user, in one allocation.
//
// The core knows hashes, links, order and the lock; the typed face above it knows keys and values. The
// entries of a table that is weak in its values never change: to set another value is to replace the entry.
// Those of a table that is weak in its keys keep their key, and own a value that changes under the lock. A
// dead entry leaves in the death itself, by its own links.
//
// User code (hash, ==, copies and destructors of keys and values, allocation) never runs under the lock. It
// may destroy the container, or give it another table: see table_handle.
//
// What get_or_create() is making has its place in the index, too: a creation, see there. So what changes a
// key finds in one look what there is of it, the entry or the creation, and supersedes it under the same
// lock.
//
// No operation holds the lock for long. The index grows in steps; clear() takes everything out at once by its
// serial numbers, and then takes it apart in small portions.

namespace weakref::detail {

class entry_table;

/// What the core knows of an entry, which derives from this and from weak_reference; or of a creation, which
/// has no referent.
class entry_links {
 public:
  entry_links(entry_table& home, std::size_t key_hash, weak_reference& self) noexcept
      : hash(key_hash),
        target_(self.referent),
        node_(&self),
        table(&home) {}
  entry_links(const entry_links&) = delete;
  entry_links& operator=(const entry_links&) = delete;

  [[nodiscard]] inline block& target() const noexcept { return *target_; }
  [[nodiscard]] inline weak_reference& node() const noexcept { return *node_; }
  [[nodiscard]] inline bool is_creation() const noexcept { return target_ == nullptr; }

  // What a look-up reads comes first: beside the key, which is in front.
  const std::size_t hash;
  entry_links* next = nullptr;  // in the chain of the index; where clear() took it out, in the list of those

 private:
  block* const target_;
  weak_reference* const node_;

 public:
  entry_table* const table;

  // Guarded by the table's lock, as `next` is:
  entry_links** link = nullptr;  // what leads to a member in its chain
  std::uint64_t serial = 0;      // grows in insertion order; a replacement inherits it
  std::uint32_t cursors = 0;     // that stand here: an entry that left keeps its place in the order for them
  bool member = false;           // that was cleared, too, until it is taken apart: see entry_table::has()
  boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> in_order;

 protected:
  ~entry_links() = default;
};

/// What comparing an entry with a key takes.
enum class comparison {
  harmless,      // runs no user code, and is done under the lock
  of_keys,       // runs code of the key, which the entry owns: the entry is held
  of_referents,  // runs code of the referent, which is held too; a dead one is equal to nothing
};

/// What is looked for.
struct query {
  std::size_t hash;
  const void* key;
  bool (*equal)(const entry_links& entry, const void* key);
  comparison compares;
};

/// A function object bool(entry_links&), not owned. It is called under the lock: it runs no user code,
/// allocates nothing and drops no share that could be the last.
class visitor {
 public:
  template <class F>
    requires(!std::same_as<std::remove_cvref_t<F>, visitor>)
  visitor(F&& visit) noexcept  // NOLINT(google-explicit-constructor)
      : visit_(&visit),
        call_(call<std::remove_reference_t<F>>) {}

  bool operator()(entry_links& entry) const noexcept { return call_(visit_, entry); }

 private:
  template <class F>
  static bool call(const void* visit, entry_links& entry) noexcept {
    return (*static_cast<F*>(const_cast<void*>(visit)))(entry);
  }

  const void* visit_;
  bool (*call_)(const void* visit, entry_links& entry) noexcept;
};

/// The referent of an entry, with a share in it; null if it is dead.
inline object* hold_referent(const entry_links& entry) noexcept {
  block& referent = entry.target();
  return referent.try_add_owner() ? &object_of(referent) : nullptr;
}

/// A share in an entry; dropping it may destroy the entry, so never with the lock held.
class entry_share {
 public:
  entry_share() noexcept = default;
  explicit entry_share(entry_links* adopted) noexcept : entry_(adopted) {}
  entry_share(entry_share&& other) noexcept : entry_(other.entry_) { other.entry_ = nullptr; }
  entry_share& operator=(entry_share&& other) noexcept {
    entry_links* const mine = entry_;
    entry_ = other.entry_;
    other.entry_ = mine;
    return *this;
  }
  ~entry_share() {
    if (entry_ != nullptr) drop_node(entry_->node());
  }

  [[nodiscard]] entry_links* get() const noexcept { return entry_; }
  explicit operator bool() const noexcept { return entry_ != nullptr; }
  [[nodiscard]] entry_links* release() noexcept {
    entry_links* const released = entry_;
    entry_ = nullptr;
    return released;
  }

 private:
  entry_links* entry_ = nullptr;
};

/// For one who has the lock.
inline entry_share share_in(entry_links& entry) noexcept {
  entry.node().own().add_owner();
  return entry_share(&entry);
}

/// A share in a table, which keeps it. A container has one, and clears the table at its end. An operation in
/// which user code runs has another, taken before: so it may go on, in a table that is nobody's, whatever
/// becomes of the container. Every function is atomic, and may be called in any thread.
class table_handle {
 public:
  table_handle();  // throws std::bad_alloc
  table_handle(const table_handle& other) noexcept;
  table_handle(table_handle&& other) noexcept : table_(std::exchange(other.table_, nullptr)) {}
  table_handle& operator=(table_handle other) noexcept {
    std::swap(table_, other.table_);
    return *this;
  }
  /// Deaths that are on their way to the table still find it.
  ~table_handle();

  [[nodiscard]] entry_table& get() const noexcept { return *table_; }

  /// Entries whose referent is alive. Constant, and takes no lock.
  [[nodiscard]] std::size_t size() const noexcept;

  // Average constant; throw what `equal` throws, and then have done nothing. Where that runs user code, the
  // handle must be one that user code cannot destroy.

  /// The referent of the entry that is equal, if alive, with a share in it; null if there is none.
  [[nodiscard]] object* find(const query& wanted) const;

  /// Shows the equal entry to the visitor. False: there is none.
  bool visit(const query& wanted, visitor visit) const;

  // What follows supersedes a creation of an equal key.

  /// Puts an entry in, in place of an equal one if there is one, whose share it returns.
  entry_share set(entry_share fresh, const query& wanted) const;

  /// Puts an entry in, and takes it from the caller. If there is an equal one, the visitor decides: true
  /// keeps that, and the caller his; false replaces it, and returns its share.
  entry_share set_default(entry_share& fresh, const query& wanted, visitor keep) const;

  /// Takes the equal entry out if the visitor says so, and returns a share in it.
  entry_share extract(const query& wanted, visitor take) const;

  /// The newest entry to which the visitor says yes, which is not to be taken for dead.
  [[nodiscard]] entry_share newest(visitor accept) const noexcept;

  /// Takes that very entry out, if it is still there and the visitor says so.
  bool extract(entry_links& entry, visitor take) const noexcept;

  /// All that is there leaves in one instant. It is destroyed one by one, with the lock free.
  void clear() const noexcept;

  // ---- creations: see there

  /// Enters a creation, unless the equal entry pleases the visitor, or another creation is entered: a share
  /// in that. An equal entry that does not please leaves.
  [[nodiscard]] entry_share enter(entry_links& creation, const query& wanted, visitor accept) const;

  /// Puts the entry in that was made by a creation, if that was not superseded.
  void fulfil(entry_links& creation, entry_share made) const noexcept;

  /// Takes a creation out, if it is in.
  void withdraw(entry_links& creation) const noexcept;

  /// Supersedes all creations.
  void supersede_creations() const noexcept;

 private:
  entry_table* table_;
};

/// The death's way out of a table.
void leave_table(entry_links& dead) noexcept;

/// A place in a table, for a walk in insertion order over the entries that were there when it began. Holds a
/// share in its entry and keeps the table; throws nothing, allocates nothing. Steps are O(1) but for entries
/// that are skipped.
class cursor {
 public:
  /// Of no table.
  cursor() noexcept = default;
  /// In front of the first entry.
  explicit cursor(const table_handle& walked) noexcept;
  cursor(const cursor& other) noexcept;
  cursor(cursor&& other) noexcept;
  cursor& operator=(cursor other) noexcept;
  ~cursor();

  /// Steps to the next entry that the visitor accepts; null at the end. Entries that left are not shown.
  entry_links* next(visitor accept) noexcept;

 private:
  entry_table* table_ = nullptr;
  entry_links* at_ = nullptr;
  std::uint64_t end_ = 0;
};

}  // namespace weakref::detail
