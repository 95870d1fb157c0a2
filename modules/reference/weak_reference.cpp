module;

#include <atomic>

module weakref;

import weakref.protocol;

namespace weakref::detail {

weak_reference::weak_reference(protocol::node_kind kind) : node(kind) {
  // Nothing was constructed since the base.
  if (!this_thread.last_is_made) throw TypeError("a weak reference object must be made by make()");
}

weak_reference::weak_reference(protocol::node_kind kind, block& referent) : weak_reference(kind) {
  block::hold(*this, referent);
}

weak_reference::~weak_reference() {
  if (block::end(*this)) drop_reference(*referent);
}

void weak_reference::release_removed() noexcept { drop_node(*this); }

void drop_node(weak_reference& owned) noexcept {
  const auto state = block::drop_owner(owned);
  if (state == block::dropped::unreferenced) return destroy(owned);
  if (state != block::dropped::owned) after_last_owner(owned, state);
}

void refuse_none() { throw TypeError("cannot create weak reference to 'NoneType' object"); }

}  // namespace weakref::detail
