module;

#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

export module weakref:weak_value_dictionary;

import :dictionary;
import :gate;
import :reference_type;
import :referent_key;
import :repr;
import :strong_ref;
import :value_table;

namespace weakref {

/// A dictionary that does not own its values: an entry vanishes when its value dies.
///
///     weakref::WeakValueDictionary<std::string, Image> images;
///     auto logo = images.get_or_create("logo", [] { return weakref::make<Image>("logo.png"); });
///     logo.reset();                                   // and images.contains("logo") is false
///
/// Keys are owned, and destroyed with their entries. deepcopy() shares the values and copies the keys: those
/// that are owners get a copy of the object, by its deepcopy() or its copy constructor. The order is that of
/// insertion; setting a key that is there keeps its place. A dead entry leaves in the death of its value, in
/// constant time and before any callback runs; user code (hashes, ==, destructors, factories) runs with no
/// lock held and may use the dictionary.
///
/// Complexity: average constant, where nothing else is said. Exceptions: what Hash, Equal and copies of keys
/// throw, and std::bad_alloc; strong guarantee. With std::string, arithmetic or pointer keys and
/// std::equal_to look-ups compare under the lock.
///
/// ---- Thread safety: every operation is atomic, compound ones too; any thread may use one dictionary. To
/// move it, to assign to it and to destroy it is for one thread alone. Source: the Python documentation,
/// weakref.WeakValueDictionary.
export template <class K, class V, class Hash = std::hash<K>, class Eq = std::equal_to<K>>
class WeakValueDictionary
    : public detail::dictionary<WeakValueDictionary<K, V, Hash, Eq>, detail::value_table<K, V, Hash, Eq>> {
  static_assert(detail::admits<V, !detail::refused_outright<std::remove_cv_t<V>>>);
  static_assert((detail::refuse_unhashable<K, detail::has_hash_object<K, Hash>>(), true));

  using table = detail::value_table<K, V, Hash, Eq>;

 public:
  using hasher = Hash;
  using key_equal = Eq;

  using detail::dictionary<WeakValueDictionary, table>::dictionary;

  /// The weak references to the values, with their keys. Holding one does not keep the value.
  [[nodiscard]] auto itervaluerefs() const& noexcept {
    return this->template walked<typename table::yields_references>();
  }
  [[nodiscard]] auto itervaluerefs() && { return this->template kept<typename table::yields_references>(); }
  [[nodiscard]] std::vector<strong_ref<KeyedRef<V, K>>> valuerefs() const {
    std::vector<strong_ref<KeyedRef<V, K>>> references;
    references.reserve(this->size());
    for (auto&& reference : itervaluerefs()) references.push_back(std::move(reference));
    return references;
  }
};

/// "<WeakValueDictionary at 0x..>".
export template <class K, class V, class H, class E>
[[nodiscard]] std::string repr(const WeakValueDictionary<K, V, H, E>& x) {
  return "<WeakValueDictionary at " + detail::address(reinterpret_cast<std::uintptr_t>(&x)) + ">";
}

namespace detail {

template <class K, class V, class H, class E>
inline constexpr bool prints_repr<WeakValueDictionary<K, V, H, E>> = true;

}  // namespace detail
}  // namespace weakref
