module;

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

export module weakref:weak_key_dictionary;

import :dictionary;
import :gate;
import :key_table;
import :ref;
import :referent_key;
import :repr;
import :strong_ref;

namespace weakref {
namespace detail {

/// What dictionaries that do not own their keys have beyond `dictionary`.
template <class Self, class K, class V, class Hash, class Eq>
class keyed_dictionary : public dictionary<Self, key_table<K, V, Hash, Eq>> {
  static_assert(admits<K, !refused_outright<std::remove_cv_t<K>>>);

  using table = key_table<K, V, Hash, Eq>;

 public:
  using hasher = Hash;
  using key_equal = Eq;

  using dictionary<Self, table>::dictionary;

  /// The weak references to the keys, which are the entries themselves. Holding one keeps neither the key nor
  /// the value.
  [[nodiscard]] std::vector<ref<K>> keyrefs() const {
    std::vector<ref<K>> references;
    references.reserve(this->size());
    for (auto&& reference : this->template walked<typename table::yields_references>()) {
      references.push_back(std::move(reference));
    }
    return references;
  }
};

}  // namespace detail

/// A dictionary that does not own its keys: an entry vanishes when its key dies. It adds to objects what
/// their class knows nothing of:
///
///     weakref::WeakKeyDictionary<Window, std::string> titles;
///     titles[window] = "Untitled";
///     titles.at(window);                              // a copy of the value
///     window.reset();                                 // and titles.empty()
///
/// A key is given as an owner; to look up, the object itself will do. Keys are equal by their class's == and
/// hashed by its std::hash, or both by identity; a class with == and no hash is unhashable, and does not
/// compile. Setting the value of a key that is equal to a present one keeps that key, and the entry dies with
/// it: erase it first, or use a WeakIdKeyDictionary, to make the new key the entry's.
///
/// Values are owned, of any movable type, and given as copies (one that cannot be copied is got by pop()
/// alone); they are copied and destroyed with no lock held. The value of a dead key is destroyed in the place
/// that the entry has among the key's callbacks, when the entry has left the dictionary. A value that owns
/// its key keeps the entry forever.
///
/// Iteration gives the keys, held one at a time, in insertion order. The order, complexity and exceptions are
/// those of WeakValueDictionary; None as a key throws TypeError, but is contained in no dictionary. KeyError
/// tells the weak reference to the key. deepcopy() shares the keys and copies the values: those that are
/// owners get a copy of the object, by its deepcopy() or its copy constructor.
///
/// ---- Thread safety: every operation is atomic, compound ones too; any thread may use one dictionary. To
/// move it, to assign to it and to destroy it is for one thread alone. Source: the Python documentation,
/// weakref.WeakKeyDictionary.
export template <class K, class V, class Hash = referent_hash<K>, class Eq = referent_equal<K>>
class WeakKeyDictionary : public detail::keyed_dictionary<WeakKeyDictionary<K, V, Hash, Eq>, K, V, Hash, Eq> {
 public:
  using detail::keyed_dictionary<WeakKeyDictionary, K, V, Hash, Eq>::keyed_dictionary;
};

/// "<WeakKeyDictionary at 0x..>".
export template <class K, class V, class H, class E>
[[nodiscard]] std::string repr(const WeakKeyDictionary<K, V, H, E>& x) {
  return "<WeakKeyDictionary at " + detail::address(reinterpret_cast<std::uintptr_t>(&x)) + ">";
}

namespace detail {

template <class K, class V, class H, class E>
inline constexpr bool prints_repr<WeakKeyDictionary<K, V, H, E>> = true;

}  // namespace detail
}  // namespace weakref
