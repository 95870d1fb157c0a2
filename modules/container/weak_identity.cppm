module;

#include <cstdint>
#include <string>

export module weakref:weak_identity;

import :element_set;
import :referent_key;
import :repr;
import :weak_key_dictionary;

namespace weakref {

/// A WeakKeyDictionary whose keys are equal only to themselves, whatever == their class has: two equal keys
/// have two entries, and each dies with its own. No code of the keys runs. Beyond Python's weakref; after
/// PyTorch's WeakIdKeyDictionary.
export template <class K, class V>
class WeakIdKeyDictionary : public detail::keyed_dictionary<WeakIdKeyDictionary<K, V>, K, V,
                                                            detail::identity_hash, detail::identity_equal> {
 public:
  using detail::keyed_dictionary<WeakIdKeyDictionary, K, V, detail::identity_hash,
                                 detail::identity_equal>::keyed_dictionary;
};

/// A WeakSet whose elements are equal only to themselves.
export template <class T>
class WeakIdSet : public detail::element_set<WeakIdSet<T>, T, detail::identity_hash, detail::identity_equal> {
 public:
  using detail::element_set<WeakIdSet, T, detail::identity_hash, detail::identity_equal>::element_set;
};

/// "<WeakIdKeyDictionary at 0x..>".
export template <class K, class V>
[[nodiscard]] std::string repr(const WeakIdKeyDictionary<K, V>& x) {
  return "<WeakIdKeyDictionary at " + detail::address(reinterpret_cast<std::uintptr_t>(&x)) + ">";
}
/// As a WeakSet's.
export template <class T>
[[nodiscard]] std::string repr(const WeakIdSet<T>& x) {
  return x.text();
}

namespace detail {

template <class K, class V>
inline constexpr bool prints_repr<WeakIdKeyDictionary<K, V>> = true;
template <class T>
inline constexpr bool prints_repr<WeakIdSet<T>> = true;

}  // namespace detail
}  // namespace weakref
