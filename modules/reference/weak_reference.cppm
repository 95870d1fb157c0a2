module;

#include <atomic>
#include <cstddef>
#include <typeinfo>

export module weakref:weak_reference;

import :object;
import weakref.protocol;

namespace weakref::detail {

/// What hangs in the ring of an object and is told of its death: references with a callback or a class of
/// their own, proxies, entries of containers. Itself an object, with owners: the handles (ref,
/// strong_ref<ReferenceType<T>>).
///
/// A plain reference needs none of this: it is a count in the referent's block.
class weak_reference : public object, public protocol::node<protocol::counting, weak_reference, block> {
  using node = protocol::node<protocol::counting, weak_reference, block>;

 public:
  /// A node of no ring, yet: it enters when its construction is over, since other threads find it there.
  /// Throws TypeError unless make() makes it: a reference that is told of a death is held meanwhile.
  explicit weak_reference(protocol::node_kind kind);
  /// For classes of the user's: it has a referent already, whose block it keeps until begin_to_watch().
  weak_reference(protocol::node_kind kind, block& referent);
  weak_reference(const weak_reference&) = delete;
  weak_reference& operator=(const weak_reference&) = delete;
  ~weak_reference() override;

  /// Is this a proxy, or else a reference?
  [[nodiscard]] virtual inline bool is_proxy() const noexcept { return false; }

  /// The callback if it is of that type, or null. For a caller that holds the referent, whose death destroys
  /// the callback.
  [[nodiscard]] virtual const void* callback(const std::type_info&) const noexcept { return nullptr; }
  [[nodiscard]] virtual bool has_callback() const noexcept { return false; }

  // What the death of the referent does with the node: see protocol::clear_references() and
  // notify_references().
  [[nodiscard]] inline block& own() noexcept { return block_of(*this); }
  virtual void leave() noexcept {}
  virtual void notify() noexcept {}
  virtual void let_go() noexcept {}
  void after_last_owner(block::dropped state) noexcept { detail::after_last_owner(*this, state); }
  void die() noexcept { destroy(*this); }

  /// The container's end with an entry that it took out: drops its share, and what the entry kept for it.
  virtual void release_removed() noexcept;

  /// The hash of the referent, once asked for. Atomic: handles of one reference may ask in several threads.
  std::atomic<bool> hash_known{false};
  std::atomic<std::size_t> hash{0};
};

/// Drops a share in a node, which is mostly the only one; a call, beside the shared reference that is dropped
/// in place.
void drop_node(weak_reference& owned) noexcept;

}  // namespace weakref::detail
