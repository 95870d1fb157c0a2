module;

#include <utility>

module weakref;

import weakref.protocol;

namespace weakref::detail {
namespace {

/// The shared proxy that leads the ring, unless it is on its way out.
proxy_reference* leading_proxy(const block::guard& ring) noexcept {
  weak_reference* const first = ring.first();
  if (first == nullptr || first->kind != protocol::node_kind::leading || !first->own().try_add_owner())
    return nullptr;
  return static_cast<proxy_reference*>(first);
}

}  // namespace

strong_ref<proxy_reference> shared_proxy(block& referent) {
  {
    const block::guard ring(referent);
    if (proxy_reference* const present = leading_proxy(ring)) return {adopt_share(), present};
  }
  auto fresh = make_object<proxy_reference>(protocol::node_kind::leading);
  block::guard ring(referent);
  // Another thread may have been faster; its proxy is returned, and ours destroyed once the lock is free.
  if (proxy_reference* const present = leading_proxy(ring)) return {adopt_share(), present};
  referent.attach(ring, *fresh);
  return fresh;
}

}  // namespace weakref::detail
