module;

#include <cstddef>
#include <utility>

export module weakref:value_table;

import :key;
import :make;
import :object;
import :reference_type;
import :strong_ref;
import :table;
import weakref.protocol;

namespace weakref::detail {

/// The weak reference to a value, the node of the table, and the key: one object.
template <class K, class V>
class value_entry final : public KeyedRef<V, K>, public entry_links {
 public:
  value_entry(entry_table& table, std::size_t hash, const strong_ref<V>& value, K key)
      : KeyedRef<V, K>(protocol::node_kind::entry, value, std::move(key)),
        entry_links(table, hash, *this) {}

  void leave() noexcept override { leave_table(*this); }
};

/// A table from keys to values that it does not own. Every operation is atomic.
template <class K, class V, class Hash, class Equal>
class value_table {
 public:
  using entry_type = value_entry<K, V>;

  value_table() = default;

  [[nodiscard]] const table_owner& entries() const noexcept { return entries_; }
  [[nodiscard]] table_owner& entries() noexcept { return entries_; }

  /// The live value, or None.
  template <class L>
  [[nodiscard]] strong_ref<V> get(const L& key) const {
    return adopt(entries_.find(lookup<L>(functions_, key)));
  }

  // The caller holds the value himself, not through a variable that user code might change meanwhile.

  /// Stores the value; an equal key keeps its place.
  void set(K key, const strong_ref<V>& value) {
    const std::size_t hash = functions_.hash(key);
    entry_share fresh = entry(hash, value, std::move(key));
    const lookup<K> wanted(functions_, key_of(fresh), hash);
    const entry_share replaced = entries_.set(std::move(fresh), wanted);
  }

  /// The live value, or else stores this one.
  strong_ref<V> setdefault(K key, const strong_ref<V>& value) {
    if (auto present = get(key)) return present;
    const std::size_t hash = functions_.hash(key);
    entry_share fresh = entry(hash, value, std::move(key));
    const lookup<K> wanted(functions_, key_of(fresh), hash);
    const found present = entries_.set_default(fresh, wanted);
    return present.referent != nullptr ? adopt(present.referent) : value;
  }

  /// An entry, if there was one, and its value, or None if that was dead.
  struct taken {
    entry_share entry;
    strong_ref<V> value;
  };

  template <class L>
  taken take(const L& key) {
    found removed = entries_.extract(lookup<L>(functions_, key));
    return {std::move(removed.entry), adopt(removed.referent)};
  }

  /// The newest live entry.
  taken newest() const {
    found last = entries_.newest();
    return {std::move(last.entry), adopt(last.referent)};
  }

  /// Takes that very entry out. False: it was not there any more.
  bool take(const taken& entry) noexcept { return entries_.extract(*entry.entry.get()); }

  [[nodiscard]] static const K& key_of(const entry_share& entry) noexcept {
    return static_cast<const entry_type&>(*entry.get()).key();
  }

  friend void swap(value_table& a, value_table& b) noexcept {
    std::swap(a.entries_, b.entries_);
    std::swap(a.functions_, b.functions_);
  }

 private:
  using functions = key_functions<entry_type, K, Hash, Equal>;
  template <class L>
  using lookup = typename functions::template lookup<L>;

  static strong_ref<V> adopt(object* held) noexcept {
    if (held == nullptr) return None;
    return {adopt_share(), as<V>(*held)};
  }

  entry_share entry(std::size_t hash, const strong_ref<V>& value, K&& key) {
    return entry_share(make<entry_type>(entries_.get(), hash, value, std::move(key)).release_share());
  }

  table_owner entries_;
  functions functions_;
};

}  // namespace weakref::detail
