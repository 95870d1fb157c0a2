module;

#include <string>

export module weakref:weak_set;

import :element_set;
import :referent_key;
import :repr;

namespace weakref {

/// A set that does not own its elements: one vanishes when it dies.
///
///     weakref::WeakSet<Listener> listeners;
///     listeners.add(logger);
///     for (const auto& listener : listeners) listener->notify();      // held for its turn only
///     logger.reset();                                                  // and listeners.empty()
///
/// Elements are equal by their class's == and hashed by its std::hash, or both by identity; a class with ==
/// and no hash is unhashable, and does not compile. Adding an element that is equal to a present one changes
/// nothing, and that one's death takes it out. To look up, an owner will do, or the object itself. None
/// throws TypeError, but is contained in no set.
///
/// The order is that of insertion, and pop() takes the last. The named methods take any range of owners; the
/// operators take sets, weak ones or others such as std::set. intersection() and & give elements of the
/// other, as in Python; intersection_update() and &= leave those that are here. An element leaves in its
/// death, in constant time and before any callback runs; user code (hashes, ==) runs with no lock held and
/// may use the set. Walks never throw, see no later addition and hold the current element only.
///
/// Complexity: average constant for one element, linear for many. Exceptions: what Hash and Eq throw, and
/// std::bad_alloc; strong guarantee for one element.
///
/// ---- Thread safety: every operation on one element is atomic; any thread may use one set. To move it, to
/// assign to it and to destroy it is for one thread alone. Source: the Python documentation, weakref.WeakSet.
export template <class T, class Hash = referent_hash<T>, class Eq = referent_equal<T>>
class WeakSet : public detail::element_set<WeakSet<T, Hash, Eq>, T, Hash, Eq> {
 public:
  using detail::element_set<WeakSet, T, Hash, Eq>::element_set;
};

/// "{<weakref at 0x..; to 'T' at 0x..>, …}", or "set()".
export template <class T, class H, class E>
[[nodiscard]] std::string repr(const WeakSet<T, H, E>& x) {
  return x.text();
}

namespace detail {

template <class T, class H, class E>
inline constexpr bool prints_repr<WeakSet<T, H, E>> = true;

}  // namespace detail
}  // namespace weakref
