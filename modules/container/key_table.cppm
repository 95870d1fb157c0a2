module;

#include <concepts>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

export module weakref:key_table;

import :creation;
import :deep_copier;
import :key_entries;
import :make;
import :mapping;
import :object;
import :owned_value;
import :ref;
import :strong_ref;
import :table;
import :walk;

namespace weakref::detail {

/// A table from keys that it does not own to values: what `dictionary` needs, for WeakKeyDictionary. Every
/// operation is atomic. An entry stays the same for as long as it is in, and with it the key; values change.
///
/// Values are copied with the lock free: what an entry owns is shared under the lock, and copied then.
template <class K, class V, class Hash, class Equal>
class key_table : public key_entries<K, V, Hash, Equal> {
  using base = key_entries<K, V, Hash, Equal>;

 public:
  using entry_type = typename base::entry_type;
  using mapped_type = V;
  using offered_type = V;
  using found_type = maybe<V>;
  using optional_type = std::conditional_t<is_strong_ref<V>, V, maybe<V>>;
  using creation_type = creation_of<strong_ref<K>, found_type>;
  using key_copier = sharing_copier;
  using value_copier = deep_copier<V>;

  template <class L>
  static constexpr bool is_harmless = base::template is_harmless<L> && owned_value<V>::in_place;

  template <class L>
  [[nodiscard]] maybe<V> find(const L& key) const {
    const auto held = base::hold(key);
    owned_value<V> value;
    const bool found = this->entries_.visit(this->look_up(*held), [&value](entry_links& entry) noexcept {
      value = base::value_in_entry(entry);
      return true;
    });
    if (!found) return {};
    return value.get();
  }

  /// Sets the value of an equal key, which stays, or puts this one in.
  void set(strong_ref<K> key, V value) const {
    (void)referent_block(key);
    owned_value<V> mine(std::move(value));
    const auto wanted = this->look_up(*key);
    // The old value is destroyed last, with the lock free.
    if (this->entries_.visit(wanted, [&mine](entry_links& entry) noexcept {
          swap(mine, base::value_in_entry(entry));
          return true;
        })) {
      return;
    }
    entry_share fresh = this->entry(query(wanted).hash, key, std::move(mine));
    owned_value<V>& offered = base::value_in_entry(*fresh.get());
    const entry_share none =
        this->entries_.set_default(fresh, wanted, [&offered](entry_links& entry) noexcept {
          swap(offered, base::value_in_entry(entry));
          return true;
        });
  }

  /// The value of an equal key, or else stores this one.
  V setdefault(strong_ref<K> key, V value) const {
    (void)referent_block(key);
    const auto wanted = this->look_up(*key);
    owned_value<V> present;
    const auto read = [&present](entry_links& entry) noexcept {
      present = base::value_in_entry(entry);
      return true;
    };
    if (this->entries_.visit(wanted, read)) return present.get();
    V result = value;
    entry_share fresh = this->entry(query(wanted).hash, key, owned_value<V>(std::move(value)));
    const entry_share none = this->entries_.set_default(fresh, wanted, read);
    if (present) return present.get();
    return result;
  }

  template <class L>
  maybe<V> pop(const L& key) const {
    const auto held = base::hold(key);
    const auto wanted = this->look_up(*held);
    for (;;) {
      entry_share entry;
      object* key_found = nullptr;
      owned_value<V> seen;
      // Not taken yet, but what is being created is superseded.
      const entry_share none = this->entries_.extract(wanted, [&](entry_links& found) noexcept {
        entry = share_in(found);
        key_found = hold_referent(found);
        seen = base::value_in_entry(found);
        return false;
      });
      if (!entry) return {};
      // Held until the entry is taken, which would leave with it.
      const strong_ref<object> key_held(adopt_share(), key_found);
      if (maybe<V> value = take(entry, seen); value.has_value()) return value;
    }
  }

  /// Takes the newest live entry out.
  std::optional<std::pair<strong_ref<K>, V>> popitem() const {
    for (;;) {
      object* key = nullptr;
      owned_value<V> seen;
      entry_share last = this->entries_.newest([&](entry_links& entry) noexcept {
        key = hold_referent(entry);
        if (key != nullptr) seen = base::value_in_entry(entry);
        return key != nullptr;
      });
      if (!last) return std::nullopt;
      strong_ref<K> held = base::adopt(key);
      maybe<V> value = take(last, seen);
      if (value.has_value()) return std::pair<strong_ref<K>, V>(std::move(held), *std::move(value));
    }
  }

  // ---- creations

  [[nodiscard]] strong_ref<creation_type> new_creation(strong_ref<K> key) const {
    (void)referent_block(key);
    const std::size_t hash = base::hash(*key);
    return make_object<creation_type>(this->entries_.get(), hash, std::move(key));
  }

  /// Enters a creation, unless there is a value, or another creation of that key is entered.
  creation_claim<creation_type, found_type> claim(creation_type& mine) const {
    owned_value<V> present;
    entry_share running = this->entries_.enter(mine, this->look_up(*mine.key, mine.hash),
                                               [&present](entry_links& entry) noexcept {
                                                 present = base::value_in_entry(entry);
                                                 return true;
                                               });
    return {present ? found_type(present.get()) : found_type(), adopt_creation<creation_type>(running)};
  }

  /// Stores what a creation made, unless it was superseded.
  void fulfil(creation_type& mine, const V& made) const {
    entry_share fresh = this->entry(mine.hash, mine.key, owned_value<V>(V(made)));
    mine.result = found_type(made);
    this->entries_.fulfil(mine, std::move(fresh));
  }

  using yields_keys = typename base::yields_keys;
  struct yields_values {
    using value_type = V;
    bool take(entry_links& entry) noexcept {
      if (!take_live::take(entry)) return false;
      value = base::value_in_entry(entry);
      return true;
    }
    [[nodiscard]] V get(const entry_links&) const { return value.get(); }

    owned_value<V> value;
  };
  struct yields_items : take_referent {
    using value_type = std::pair<strong_ref<K>, V>;
    bool take(entry_links& entry) noexcept {
      if (!take_referent::take(entry)) return false;
      value = base::value_in_entry(entry);
      return true;
    }
    [[nodiscard]] value_type get(const entry_links&) const { return {this->template held<K>(), value.get()}; }

    owned_value<V> value;
  };

 private:
  /// Takes that very entry out and returns its value; nothing if it left, or has another value than was seen.
  maybe<V> take(const entry_share& entry, const owned_value<V>& seen) const {
    maybe<V> copied;
    for (;;) {
      owned_value<V> removed;
      bool same = false;
      bool movable = false;
      const bool taken = this->entries_.extract(*entry.get(), [&](entry_links& links) noexcept {
        owned_value<V>& value = base::value_in_entry(links);
        if constexpr (owned_value<V>::in_place) {
          same = movable = true;
        } else {
          same = value.holder == seen.holder;
          // The entry's share and ours are all, and nobody gets at another without the lock.
          movable = !std::copy_constructible<V> ||
                    (std::is_nothrow_move_constructible_v<V> && block_of(*seen.holder).has_owners(2));
        }
        if (!same || (!movable && !copied.has_value())) return false;
        swap(removed, value);
        return true;
      });
      if (taken && movable) return removed.moved();
      if (taken) return copied;
      if (!same) return {};
      if constexpr (std::copy_constructible<V>) copied.emplace(seen.get());
    }
  }
};

}  // namespace weakref::detail
