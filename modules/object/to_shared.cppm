module;

#include <memory>

export module weakref:to_shared;

import :object;
import :strong_ref;

namespace weakref {

/// A std::shared_ptr to the object: it and its copies are one further owner, together. Empty for None. Throws
/// std::bad_alloc; nothing is lost then. Constant. Thread safety: as strong_ref.
export template <class T>
[[nodiscard]] std::shared_ptr<T> to_shared(const strong_ref<T>& owner) {
  if (owner == None) return {};
  // Dropped when the last owner calls it: std::weak_ptrs may keep the deleter itself for longer.
  return std::shared_ptr<T>(owner.get(), [owned = owner](T*) mutable { owned.reset(); });
}

}  // namespace weakref
