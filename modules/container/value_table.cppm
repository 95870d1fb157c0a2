module;

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

export module weakref:value_table;

import :creation;
import :deep_copier;
import :key;
import :make;
import :object;
import :reference_type;
import :referent_key;
import :repr;
import :strong_ref;
import :table;
import :walk;
import weakref.protocol;

namespace weakref::detail {

/// The weak reference to a value, the node of the table, and the key: one object.
template <class K, class V>
class value_entry final : public KeyedRef<V, K>, public entry_links {
 public:
  value_entry(entry_table& table, std::size_t hash, const strong_ref<V>& value, K&& key)
      : KeyedRef<V, K>(protocol::node_kind::entry, value, std::move(key)),
        entry_links(table, hash, *this) {}

  void leave() noexcept override { leave_table(*this); }

  template <class Equal, class L>
  static constexpr comparison compares =
      equal_runs_no_user_code<K, L, Equal> ? comparison::harmless : comparison::of_keys;

  /// Of an entry or a creation.
  static const K& key_of(const entry_links& entry) noexcept {
    return entry.is_creation() ? static_cast<const keyed_creation<K>&>(entry).key
                               : static_cast<const value_entry&>(entry).key();
  }

  template <class Equal, class L>
  static bool matches(const entry_links& entry, const Equal& equal, const L& key) {
    return static_cast<bool>(equal(key_of(entry), key));
  }

 protected:
  // The key goes with the reference.
  void let_go() noexcept override {}

 private:
  void weakref_destroy(ending how) noexcept override {
    if constexpr (plain_key<K>) {
      object_access::destroy_quietly(*this, how);
    } else {
      object::weakref_destroy(how);
    }
  }
};

/// A table from keys to values that it does not own: what `dictionary` needs, for WeakValueDictionary. Every
/// operation is atomic. Copies share the table.
template <class K, class V, class Hash, class Equal>
class value_table {
 public:
  using entry_type = value_entry<K, V>;
  using key_type = K;
  using mapped_type = strong_ref<V>;
  using offered_type = const strong_ref<V>&;
  using found_type = strong_ref<V>;
  using optional_type = strong_ref<V>;
  using creation_type = creation_of<K, found_type>;
  using key_copier = deep_copier<K>;
  using value_copier = sharing_copier;

  template <class L>
  static constexpr bool accepts = key_for<L, K, Hash, Equal>;
  template <class L>
  static constexpr bool refuses = false;

  /// Can an operation with such a key not destroy the container before it is done?
  template <class L>
  static constexpr bool is_harmless = plain_lookup<K, L, Hash, Equal>;

  [[nodiscard]] const table_handle& entries() const noexcept { return entries_; }

  /// The live value, or None.
  template <class L>
  [[nodiscard]] strong_ref<V> find(const L& key) const {
    decltype(auto) wanted = as_key<K, Hash, Equal>(key);
    return adopt(entries_.find(look_up(wanted)));
  }

  template <class L>
  [[nodiscard]] bool contains(const L& key) const {
    return find(key) != None;
  }

  /// Stores the value; an equal key keeps its place.
  void set(K&& key, const strong_ref<V>& offered) const {
    // Moving a key of the user's might change the caller's variable.
    const std::conditional_t<plain_key<K>, const strong_ref<V>&, strong_ref<V>> value = offered;
    const std::size_t hash = functions_.hash(key);
    entry_share fresh = entry(hash, value, std::move(key));
    const lookup<K> wanted(functions_, entry_type::key_of(*fresh.get()), hash);
    const entry_share replaced = entries_.set(std::move(fresh), wanted);
  }

  /// The live value, or else stores this one, which the caller holds himself.
  strong_ref<V> setdefault(K&& key, const strong_ref<V>& value) const {
    if (auto present = find(key)) return present;
    const std::size_t hash = functions_.hash(key);
    entry_share fresh = entry(hash, value, std::move(key));
    const lookup<K> wanted(functions_, entry_type::key_of(*fresh.get()), hash);
    object* present = nullptr;
    const entry_share replaced = entries_.set_default(fresh, wanted, [&present](entry_links& old) noexcept {
      present = hold_referent(old);
      return present != nullptr;
    });
    return present != nullptr ? adopt(present) : value;
  }

  /// Takes the entry out, be its value dead. False: there is none.
  template <class L>
  bool erase(const L& key) const {
    decltype(auto) wanted = as_key<K, Hash, Equal>(key);
    return static_cast<bool>(entries_.extract(look_up(wanted), [](entry_links&) noexcept { return true; }));
  }

  /// The same; the value, or None.
  template <class L>
  strong_ref<V> pop(const L& key) const {
    decltype(auto) wanted = as_key<K, Hash, Equal>(key);
    object* value = nullptr;
    const entry_share removed = entries_.extract(look_up(wanted), [&value](entry_links& entry) noexcept {
      value = hold_referent(entry);
      return true;
    });
    return adopt(value);
  }

  /// Takes the newest live entry out.
  std::optional<std::pair<K, strong_ref<V>>> popitem() const {
    for (;;) {
      object* value = nullptr;
      const entry_share last = entries_.newest([&value](entry_links& entry) noexcept {
        value = hold_referent(entry);
        return value != nullptr;
      });
      if (!last) return std::nullopt;
      const strong_ref<V> held = adopt(value);
      std::optional<std::pair<K, strong_ref<V>>> item(std::in_place, entry_type::key_of(*last.get()), held);
      if (entries_.extract(*last.get(), [](entry_links&) noexcept { return true; })) return item;
    }
  }

  // ---- creations

  [[nodiscard]] strong_ref<creation_type> new_creation(K key) const {
    const std::size_t hash = functions_.hash(key);
    return make_object<creation_type>(entries_.get(), hash, std::move(key));
  }

  /// Enters a creation, unless there is a live value, or another creation of that key is entered.
  creation_claim<creation_type, found_type> claim(creation_type& mine) const {
    const lookup<K> wanted(functions_, mine.key, mine.hash);
    object* present = nullptr;
    entry_share running = entries_.enter(mine, wanted, [&present](entry_links& entry) noexcept {
      present = hold_referent(entry);
      return present != nullptr;
    });
    return {adopt(present), adopt_creation<creation_type>(running)};
  }

  /// Stores what a creation made, unless it was superseded. Throws TypeError for None.
  void fulfil(creation_type& mine, const strong_ref<V>& made) const {
    entry_share fresh = entry(mine.hash, made, K(mine.key));
    mine.result = made;
    entries_.fulfil(mine, std::move(fresh));
  }

  template <class L>
  static std::string describe(const L& key) {
    return repr_of(sought<L>::of(key));
  }

  struct yields_keys : take_live {
    using value_type = K;
    static K get(const entry_links& entry) { return static_cast<const entry_type&>(entry).key(); }
  };
  struct yields_values : take_referent {
    using value_type = strong_ref<V>;
    [[nodiscard]] value_type get(const entry_links&) const { return this->template held<V>(); }
  };
  struct yields_items : take_referent {
    using value_type = std::pair<K, strong_ref<V>>;
    [[nodiscard]] value_type get(const entry_links& entry) const {
      return {static_cast<const entry_type&>(entry).key(), this->template held<V>()};
    }
  };
  struct yields_references : take_live {
    using value_type = strong_ref<KeyedRef<V, K>>;
    static value_type get(const entry_links& entry) {
      auto& reference = const_cast<entry_type&>(static_cast<const entry_type&>(entry));
      block_of(reference).add_owner();
      return {adopt_share(), &reference};
    }
  };

  friend inline void swap(value_table& a, value_table& b) noexcept {
    std::swap(a.entries_, b.entries_);
    std::swap(a.functions_, b.functions_);
  }

 private:
  using functions = key_functions<entry_type, Hash, Equal>;
  template <class L>
  using lookup = typename functions::template lookup<L>;

  template <class L>
  lookup<L> look_up(const L& key) const {
    return lookup<L>(functions_, key);
  }

  static strong_ref<V> adopt(object* held) noexcept {
    if (held == nullptr) return None;
    return {adopt_share(), as<V>(*held)};
  }

  /// A new entry, which is not in yet.
  entry_share entry(std::size_t hash, const strong_ref<V>& value, K&& key) const {
    return entry_share(make_object<entry_type>(entries_.get(), hash, value, std::move(key)).release_share());
  }

  table_handle entries_;
  functions functions_{hash_for<Hash, Equal, K>()};
};

}  // namespace weakref::detail
