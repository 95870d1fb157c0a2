module;

#include <cstddef>
#include <vector>

module weakref;

import weakref.protocol;

namespace weakref::detail {

std::size_t count_references(const object& asked) noexcept {
  block& referent = block_of(asked);
  std::size_t count = referent.is_shared() ? 1 : 0;
  // A reference without owners is being destroyed by another thread.
  referent.for_each([&](weak_reference& node) {
    if (node.kind != protocol::node_kind::retired && !node.own().expired()) ++count;
  });
  return count;
}

std::vector<strong_ref<weak_reference>> references_in_ring(const object& asked) {
  block& referent = block_of(asked);
  std::vector<strong_ref<weak_reference>> references;
  for (std::size_t present = 0;;) {
    // Memory is not allocated under the lock: if the ring has outgrown it meanwhile, try again.
    std::size_t seen = 0;
    references.reserve(present);
    referent.for_each([&](weak_reference& node) {
      if (node.kind == protocol::node_kind::retired) return;
      if (++seen <= references.capacity() && node.own().try_add_owner())
        references.emplace_back(adopt_share(), &node);
    });
    if (seen <= references.capacity()) return references;
    present = seen;
    references.clear();
  }
}

}  // namespace weakref::detail
