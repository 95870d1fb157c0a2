module;

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <ostream>
#include <ranges>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

export module weakref:weak_value_dictionary;

import :creation;
import :errors;
import :gate;
import :key;
import :mapping;
import :object;
import :ref;
import :reference_type;
import :repr;
import :strong_ref;
import :table;
import :value_table;
import :walk;

namespace weakref {

/// A dictionary that does not own its values: an entry vanishes when its value dies.
///
///     weakref::WeakValueDictionary<std::string, Image> images;
///     auto logo = images.get_or_create("logo", [] { return weakref::make<Image>("logo.png"); });
///     logo.reset();                                   // and images.contains("logo") is false
///
/// Keys are owned, and destroyed with their entries. The order is that of insertion; setting a key that is
/// there keeps its place. A dead entry leaves in the death of its value, in constant time and before any
/// callback runs; user code (hashes, ==, destructors, factories) runs with no lock held and may use the
/// dictionary.
///
/// Complexity: average constant, where nothing else is said. Exceptions: what Hash, Equal and copies of keys
/// throw, and std::bad_alloc; strong guarantee. With std::string, arithmetic or pointer keys and
/// std::equal_to look-ups compare under the lock.
///
/// ---- Thread safety: every operation is atomic, compound ones too; any thread may use one dictionary. To
/// move it, to assign to it and to destroy it is for one thread alone. Source: the Python documentation,
/// weakref.WeakValueDictionary.
export template <class K, class V, class Hash = std::hash<K>, class Eq = std::equal_to<K>>
class WeakValueDictionary {
  static_assert(detail::admits<V, !detail::refused_outright<std::remove_cv_t<V>>>);

  using value_table = detail::value_table<K, V, Hash, Eq>;
  using entry_type = typename value_table::entry_type;

 public:
  using key_type = K;
  using mapped_type = strong_ref<V>;
  using value_type = std::pair<K, strong_ref<V>>;
  using hasher = Hash;
  using key_equal = Eq;

  /// An empty dictionary.
  WeakValueDictionary() = default;
  WeakValueDictionary(std::initializer_list<value_type> entries) { update(entries); }
  /// The live entries of a range of pairs.
  template <class R>
    requires(detail::pairs_of<R, K, strong_ref<V>> &&
             !std::derived_from<std::remove_cvref_t<R>, WeakValueDictionary>)
  explicit WeakValueDictionary(R&& entries) {
    update(std::forward<R>(entries));
  }
  /// The live entries of another dictionary.
  WeakValueDictionary(const WeakValueDictionary& other) { update(other); }
  /// Leaves the other empty.
  WeakValueDictionary(WeakValueDictionary&& other) { swap(other); }  // NOLINT: an empty table is allocated
  WeakValueDictionary& operator=(WeakValueDictionary other) noexcept {
    swap(other);
    return *this;
  }
  ~WeakValueDictionary() = default;

  void swap(WeakValueDictionary& other) noexcept {
    using std::swap;
    swap(table_, other.table_);
    swap(creations_, other.creations_);
  }

  // ---- look-up

  /// The value; throws KeyError if there is none, or it is dead.
  template <detail::key_for<K, Hash, Eq> L = K>
  strong_ref<V> at(const L& key) const {
    strong_ref<V> value = get(key);
    if (value == None) throw KeyError(detail::repr_of(key));
    return value;
  }
  /// The same, or sets it: d[key] = value.
  template <detail::key_for<K, Hash, Eq> L = K>
  auto operator[](const L& key) {
    return detail::subscription<WeakValueDictionary, L, strong_ref<V>>(*this, key);
  }
  template <detail::key_for<K, Hash, Eq> L = K>
  strong_ref<V> operator[](const L& key) const {
    return at(key);
  }
  /// The value, or None.
  template <detail::key_for<K, Hash, Eq> L = K>
  [[nodiscard]] strong_ref<V> get(const L& key) const {
    return table_.get(detail::as_key<K, Hash, Eq>(key));
  }
  /// The value, or the fallback.
  template <detail::key_for<K, Hash, Eq> L = K>
  [[nodiscard]] strong_ref<V> get(const L& key, strong_ref<V> fallback) const {
    strong_ref<V> value = get(key);
    return value != None ? value : fallback;
  }
  template <detail::key_for<K, Hash, Eq> L = K>
  [[nodiscard]] bool contains(const L& key) const {
    return get(key) != None;
  }
  /// Live entries. Constant.
  [[nodiscard]] std::size_t size() const noexcept { return table_.entries().size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  // ---- change

  /// Throws TypeError if the value is None.
  void set(K key, strong_ref<V> value) { table_.set(std::move(key), value); }

  /// Takes the entry out. Throws KeyError if there is none.
  template <detail::key_for<K, Hash, Eq> L = K>
  void del(const L& key) {
    if (erase(key) == 0) throw KeyError(detail::repr_of(key));
  }
  /// The same; returns the number of entries taken out.
  template <detail::key_for<K, Hash, Eq> L = K>
  std::size_t erase(const L& key) {
    return table_.take(detail::as_key<K, Hash, Eq>(key)).entry ? 1 : 0;
  }
  /// Linear. The keys are destroyed one by one, with the lock free.
  void clear() noexcept { table_.entries().clear(); }

  /// Takes the entry out and returns its value; throws KeyError if there is none, or it was dead.
  template <detail::key_for<K, Hash, Eq> L = K>
  strong_ref<V> pop(const L& key) {
    strong_ref<V> value = pop(key, None);
    if (value == None) throw KeyError(detail::repr_of(key));
    return value;
  }
  template <detail::key_for<K, Hash, Eq> L = K>
  strong_ref<V> pop(const L& key, strong_ref<V> fallback) {
    strong_ref<V> value = table_.take(detail::as_key<K, Hash, Eq>(key)).value;
    return value != None ? value : fallback;
  }
  /// Takes the newest live entry out. Throws KeyError if there is none.
  value_type popitem() {
    for (;;) {
      const auto last = table_.newest();
      if (!last.entry) throw KeyError("'popitem(): dictionary is empty'");
      value_type item(value_table::key_of(last.entry), last.value);
      if (table_.take(last)) return item;
    }
  }
  /// The live value, or else stores this one. Of threads that race, all get the same. Throws TypeError for
  /// None.
  strong_ref<V> setdefault(K key, strong_ref<V> value) { return table_.setdefault(std::move(key), value); }

  /// The live value, or else what the factory returns, stored. The factory runs once however many threads ask
  /// for the key meanwhile, with no lock held; the others wait for it. If it throws, its caller gets the
  /// exception, and one of those that wait runs its own. Throws RuntimeError if a factory asks for the key
  /// that it is to create. Beyond Python.
  template <std::invocable F>
    requires std::convertible_to<std::invoke_result_t<F>, strong_ref<V>>
  strong_ref<V> get_or_create(K key, F&& factory) {
    for (;;) {
      if (auto present = table_.get(key)) return present;
      auto mine = make<detail::creation<V>>();
      const auto creation = creations_.setdefault(key, mine);
      if (creation != mine) {
        if (auto created = creation->wait()) return created;
        continue;
      }
      const detail::creation_end end(creations_, key, *mine);
      // Between the look and the claim another creation may have ended.
      if (auto present = table_.get(key)) return mine->result = present;
      strong_ref<V> created = std::forward<F>(factory)();
      table_.set(key, created);
      return mine->result = created;
    }
  }

  /// Sets every pair of a range: a dictionary, a std::map, a list of pairs.
  template <class R>
    requires detail::pairs_of<R, K, strong_ref<V>>
  void update(R&& entries) {
    for (auto&& entry : entries) set(std::get<0>(entry), std::get<1>(entry));
  }
  void update(std::initializer_list<value_type> entries) {
    for (const auto& [key, value] : entries) set(key, value);
  }
  void update(const WeakValueDictionary& other) { update(other.items()); }
  void update() const noexcept {}

  // ---- copies

  /// The live entries.
  [[nodiscard]] WeakValueDictionary copy() const { return *this; }
  /// Keys are copied, values shared. (In C++ a copy of a key is a deep one.)
  [[nodiscard]] WeakValueDictionary deepcopy() const { return *this; }

  // ---- iteration

  struct yields_keys {
    using value_type = K;
    static constexpr bool holds_referent = false;
    static K of(const detail::entry_links& entry, const strong_ref<object>&) {
      return static_cast<const entry_type&>(entry).key();
    }
  };
  struct yields_values {
    using value_type = strong_ref<V>;
    static constexpr bool holds_referent = true;
    static strong_ref<V> of(const detail::entry_links&, const strong_ref<object>& referent) {
      return static_pointer_cast<V>(referent);
    }
  };
  struct yields_items {
    using value_type = std::pair<K, strong_ref<V>>;
    static constexpr bool holds_referent = true;
    static value_type of(const detail::entry_links& entry, const strong_ref<object>& referent) {
      return {static_cast<const entry_type&>(entry).key(), static_pointer_cast<V>(referent)};
    }
  };
  struct yields_references {
    using value_type = strong_ref<KeyedRef<V, K>>;
    static constexpr bool holds_referent = false;
    static value_type of(const detail::entry_links& entry, const strong_ref<object>&) {
      auto& reference = const_cast<entry_type&>(static_cast<const entry_type&>(entry));
      detail::block_of(reference).add_owner();
      return {detail::adopt_share(), &reference};
    }
  };

  using iterator = typename detail::walk<yields_keys>::iterator;
  using const_iterator = iterator;

  /// The keys of live entries, in order; a walk that never throws: see detail::walk.
  [[nodiscard]] iterator begin() const noexcept { return keys().begin(); }
  [[nodiscard]] iterator end() const noexcept { return {}; }
  [[nodiscard]] auto keys() const noexcept { return detail::walk<yields_keys>(table_.entries()); }
  [[nodiscard]] auto values() const noexcept { return detail::walk<yields_values>(table_.entries()); }
  /// Pairs of keys and values.
  [[nodiscard]] auto items() const noexcept { return detail::walk<yields_items>(table_.entries()); }

  /// The weak references to the values, with their keys. Holding one does not keep the value.
  [[nodiscard]] auto itervaluerefs() const noexcept {
    return detail::walk<yields_references>(table_.entries());
  }
  [[nodiscard]] std::vector<strong_ref<KeyedRef<V, K>>> valuerefs() const {
    std::vector<strong_ref<KeyedRef<V, K>>> references;
    references.reserve(size());
    for (auto&& reference : itervaluerefs()) references.push_back(std::move(reference));
    return references;
  }

 private:
  value_table table_;
  detail::value_table<K, detail::creation<V>, Hash, Eq> creations_;
};

// ---- | and ==

/// A copy of `a`, updated with `b`.
export template <class K, class V, class H, class E, class R>
  requires(detail::pairs_of<const R&, K, strong_ref<V>> || std::same_as<R, WeakValueDictionary<K, V, H, E>>)
[[nodiscard]] WeakValueDictionary<K, V, H, E> operator|(const WeakValueDictionary<K, V, H, E>& a,
                                                        const R& b) {
  auto joined = a.copy();
  joined.update(b);
  return joined;
}
export template <class K, class V, class H, class E, class R>
  requires detail::pairs_of<const R&, K, strong_ref<V>>
[[nodiscard]] WeakValueDictionary<K, V, H, E> operator|(const R& a,
                                                        const WeakValueDictionary<K, V, H, E>& b) {
  WeakValueDictionary<K, V, H, E> joined(a);
  joined.update(b);
  return joined;
}
export template <class K, class V, class H, class E, class R>
WeakValueDictionary<K, V, H, E>& operator|=(WeakValueDictionary<K, V, H, E>& a, const R& b)
  requires requires { a.update(b); }
{
  a.update(b);
  return a;
}

/// The same keys, with values that are equal (by identity where V has no ==). Linear; takes a snapshot of
/// both.
export template <class K, class V, class H, class E>
[[nodiscard]] bool operator==(const WeakValueDictionary<K, V, H, E>& a,
                              const WeakValueDictionary<K, V, H, E>& b) {
  return detail::equal_items(a, b.items());
}
export template <class K, class V, class H, class E, class R>
  requires detail::pairs_of<const R&, K, strong_ref<V>>
[[nodiscard]] bool operator==(const WeakValueDictionary<K, V, H, E>& a, const R& b) {
  return detail::equal_items(a, b);
}

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
