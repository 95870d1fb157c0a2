module;

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <typeinfo>
#include <utility>

export module weakref:key_entries;

import :creation;
import :gate;
import :key;
import :make;
import :object;
import :owned_value;
import :ref;
import :reference_type;
import :referent_key;
import :repr;
import :strong_ref;
import :table;
import :walk;
import :weak_reference;
import weakref.protocol;

// Entries whose referent is the key, and how they are found.

namespace weakref::detail {

/// The weak reference to a key, the node of the table, and the value: one object.
template <class K, class V>
class key_entry final : public ReferenceType<K>, public entry_links {
 public:
  key_entry(entry_table& table, std::size_t key_hash, bool caches_hash, const strong_ref<K>& key,
            owned_value<V> owned)
      : ReferenceType<K>(protocol::node_kind::entry, key),
        entry_links(table, key_hash, *this),
        value(std::move(owned)) {
    if (!caches_hash) return;
    // Relaxed, then release: as in cache_hash().
    weak_reference::hash.store(key_hash, std::memory_order_relaxed);
    weak_reference::hash_known.store(true, std::memory_order_release);
  }

  void leave() noexcept override { leave_table(*this); }

  template <class Equal, class L>
  static constexpr bool by_identity = compares_identity<K, Equal> && std::derived_from<L, object>;
  template <class Equal, class L>
  static constexpr comparison compares =
      by_identity<Equal, L> ? comparison::harmless : comparison::of_referents;

  template <class Equal, class L>
  static bool matches(const entry_links& entry, const Equal& equal, const L& key) {
    if constexpr (by_identity<Equal, L>) {
      return key_object(entry) == static_cast<const object*>(&key);
    } else {
      return static_cast<bool>(equal(*as<K>(*key_object(entry)), key));
    }
  }

  /// The reference goes first: the value's death does not find it among those of the key.
  void release_removed() noexcept override {
    owned_value<V> dropped;
    swap(dropped, value);
    weak_reference::release_removed();
  }

  /// Guarded by the table's lock while the entry is a member; then it is for the one who took the entry out.
  [[no_unique_address]] owned_value<V> value;

 private:
  /// The key of an entry, which may be dead, or of a creation.
  static object* key_object(const entry_links& entry) noexcept {
    return entry.is_creation() ? &as_object(*static_cast<const keyed_creation<strong_ref<K>>&>(entry).key)
                               : &object_of(entry.target());
  }

 protected:
  /// Destroys the value though others hold the reference; unless the container took the entry out before the
  /// key died.
  void let_go() noexcept override {
    if (this->kind != protocol::node_kind::entry) return;
    owned_value<V> dropped;
    swap(dropped, value);
  }
};

/// The entries of a container that is weak in its keys, by key. Every operation is atomic. Copies share them.
///
/// A key is looked up by an owner, by the object itself, or by anything that transparent functions take.
template <class K, class V, class Hash, class Equal>
class key_entries {
 public:
  using entry_type = key_entry<K, V>;
  using key_type = strong_ref<K>;

  template <class L>
  static constexpr bool accepts =
      std::derived_from<L, std::remove_cv_t<K>> ||
      std::convertible_to<const typename sought<L>::type&, strong_ref<K>> || transparent<Hash, Equal>;
  template <class L>
  static constexpr bool refuses = !weakly_referenceable<L>;

  /// Can an operation with such a key not destroy the container before it is done?
  template <class L>
  static constexpr bool is_harmless = compares_identity<K, Equal> && hashes_identity<K, Hash> &&
                                      (std::derived_from<L, object> || is_strong_ref<L>);

  [[nodiscard]] const table_handle& entries() const noexcept { return entries_; }

  /// False for None.
  template <class L>
  [[nodiscard]] bool contains(const L& key) const {
    if (is_none(key)) return false;
    const auto held = hold(key);
    return entries_.visit(look_up(*held), [](entry_links&) noexcept { return true; });
  }

  // What follows throws TypeError for None.

  /// Takes the entry out and destroys what it owned. False: there is none.
  template <class L>
  bool erase(const L& key) const {
    const auto held = hold(key);
    owned_value<V> removed;
    const entry_share entry = entries_.extract(look_up(*held), [&removed](entry_links& found) noexcept {
      swap(removed, value_in_entry(found));
      return true;
    });
    return static_cast<bool>(entry);
  }

  /// The repr of the reference to a key that is not there.
  template <class L>
  static std::string describe(const L& key) {
    if constexpr (std::derived_from<L, object>) {
      return "<" + detail::type_name(typeid(key)) + " object at " +
             address(reinterpret_cast<std::uintptr_t>(&key)) + ">";
    } else if constexpr (std::convertible_to<const typename sought<L>::type&, strong_ref<K>>) {
      return repr(ref<K>(strong_ref<K>(sought<L>::of(key))));
    } else {
      return repr_of(key);
    }
  }

  struct yields_keys : take_referent {
    using value_type = strong_ref<K>;
    [[nodiscard]] value_type get(const entry_links&) const { return this->template held<K>(); }
  };
  struct yields_references : take_live {
    using value_type = ref<K>;
    static value_type get(const entry_links& entry) {
      weak_reference& reference = entry.node();
      reference.own().add_owner();
      return {adopt_share(), reference_word(reference)};
    }
  };

  friend inline void swap(key_entries& a, key_entries& b) noexcept {
    std::swap(a.entries_, b.entries_);
    std::swap(a.functions_, b.functions_);
  }

 protected:
  using functions = key_functions<entry_type, Hash, Equal>;
  template <class X>
  using lookup = typename functions::template lookup<X>;

  template <class X>
  lookup<X> look_up(const X& key) const {
    return lookup<X>(functions_, key);
  }
  template <class X>
  lookup<X> look_up(const X& key, std::size_t hash) const {
    return lookup<X>(functions_, key, hash);
  }

  template <class L>
  static bool is_none(const L& key) noexcept {
    if constexpr (std::same_as<L, std::nullptr_t> || is_strong_ref<L>) {
      return key == nullptr;
    } else {
      return false;
    }
  }

  /// A pointer to what is hashed and compared; an owner, where the caller has one: what runs meanwhile may
  /// drop his.
  template <class L>
  static auto hold(const L& key) {
    if constexpr (std::derived_from<L, std::remove_cv_t<K>>) {
      return &key;
    } else if constexpr (is_strong_ref<L>) {
      (void)referent_block(key);
      return key;
    } else if constexpr (std::convertible_to<const typename sought<L>::type&, strong_ref<K>>) {
      strong_ref<K> owner(sought<L>::of(key));
      (void)referent_block(owner);
      return owner;
    } else {
      return &key;
    }
  }

  static owned_value<V>& value_in_entry(entry_links& entry) noexcept {
    return static_cast<entry_type&>(entry).value;
  }

  /// The key of an entry that the caller holds by its `take_referent`.
  static strong_ref<K> adopt(object* held) noexcept { return {adopt_share(), as<K>(*held)}; }

  [[nodiscard]] std::size_t hash(const K& key) const { return functions_.hash(key); }

  /// A new entry, which is not in yet.
  entry_share entry(std::size_t key_hash, const strong_ref<K>& key, owned_value<V> value) const {
    constexpr bool same_hash = std::same_as<Hash, referent_hash<K>>;
    return entry_share(
        make_object<entry_type>(entries_.get(), key_hash, same_hash, key, std::move(value)).release_share());
  }

  table_handle entries_;
  functions functions_;
};

}  // namespace weakref::detail
