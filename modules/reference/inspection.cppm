module;

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

export module weakref:inspection;

import :object;
import :proxy;
import :ref;
import :strong_ref;
import :weak_reference;
import weakref.protocol;

// What refers to an object.

namespace weakref {
namespace detail {

[[nodiscard]] std::size_t count_references(const object& asked) noexcept;

/// The weak reference objects of a living object, with a share in each: the shared proxy, then newest first.
/// Throws std::bad_alloc.
[[nodiscard]] std::vector<strong_ref<weak_reference>> references_in_ring(const object& asked);

}  // namespace detail

/// The weak references to an object, proxies and entries of containers included; 0 for everything that cannot
/// be referred to. Linear. Source: weakref.getweakrefcount.
export template <class X>
[[nodiscard]] std::size_t getweakrefcount(const X& x) noexcept {
  if constexpr (detail::is_strong_ref<X>) {
    return x == None ? 0 : detail::count_references(*x);
  } else if constexpr (std::derived_from<X, object>) {
    return detail::object_access::is_made(x) ? detail::count_references(x) : 0;
  } else {
    return 0;
  }
}

/// The weak references to an object: the shared reference, the shared proxy, then the others, newest first.
/// Linear; throws std::bad_alloc. Source: weakref.getweakrefs.
export template <class T>
[[nodiscard]] auto getweakrefs(const strong_ref<T>& x) {
  std::vector<std::variant<ref<T>, ProxyType<T>>> references;
  if (x == None) return references;
  auto ring = detail::references_in_ring(*x);
  references.reserve(ring.size() + 1);
  if (detail::block& block = detail::block_of(*x); block.is_shared()) {
    block.add_references();
    references.emplace_back(ref<T>(detail::adopt_share(), detail::reference_word(block)));
  }
  for (auto& node : ring) {
    if (node->is_proxy()) {
      references.emplace_back(ProxyType<T>(static_pointer_cast<detail::proxy_reference>(std::move(node))));
    } else {
      references.emplace_back(ref<T>(detail::adopt_share(), detail::reference_word(*node.release_share())));
    }
  }
  return references;
}
/// None for what cannot be referred to.
export template <class X>
  requires(!detail::is_strong_ref<X>)
[[nodiscard]] std::vector<std::nullptr_t> getweakrefs(const X&) noexcept {
  return {};
}

}  // namespace weakref
