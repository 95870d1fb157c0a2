module;

#include <array>
#include <atomic>
#include <cstddef>

#include "atomic.hpp"

export module weakref.model:dictionary;

import :object;
import :weak_reference;
import weakref.protocol;

// As modules/container/table.cpp, with a place for each of a few keys instead of buckets.

namespace model {

using weakref::protocol::membership;

class dictionary_table;

class entry final : public weak_reference {
 public:
  static constexpr const char* name = "entry";

  entry(dictionary_table& home, std::size_t k) noexcept
      : weak_reference(node_kind::entry),
        table(&home),
        key(k) {
    become_whole();
  }

  [[nodiscard]] weak_reference& node() noexcept { return *this; }
  void leave() noexcept override;
  void destroy() noexcept override {
    require(key != no_key, "a key is destroyed twice");
    key = no_key;
    weak_reference::destroy();
  }

  static constexpr std::size_t no_key = 99;

  dictionary_table* const table;
  variable<bool> member{false};
  variable<std::size_t> key;
};

class dictionary_table final : public membership<model_counting, dictionary_table, entry> {
 public:
  static constexpr const char* name = "table";
  static constexpr std::size_t keys = 2;

  static void destroy(dictionary_table* self) noexcept {
    for (const auto& place : self->places) require(place == nullptr, "a table is destroyed with an entry");
    the_scheduler().free(self);
  }

  void unlink(entry& removed) noexcept {
    require(places[removed.key] == &removed, "an entry is taken out that is not in");
    places[removed.key] = nullptr;
  }

  /// True: the caller drops the container's share.
  [[nodiscard]] bool take(std::size_t key) noexcept {
    entry* const removed = places[key];
    return removed != nullptr && remove(*removed);
  }

  std::array<variable<entry*>, keys> places{};
};

void entry::leave() noexcept { dictionary_table::leave(*this); }

/// From keys to objects that it does not own.
export class dictionary {
 public:
  dictionary() noexcept : table_(&make<dictionary_table>()) {}
  dictionary(const dictionary&) = delete;
  dictionary& operator=(const dictionary&) = delete;

  /// Instead of the destructor, which may run in any thread.
  void destroy() noexcept {
    for (std::size_t key = 0; key < dictionary_table::keys; ++key) erase(key);
    if (table_->drop_keeper()) dictionary_table::destroy(table_);
  }

  /// The caller has a share in the object.
  void set(std::size_t key, object& value) noexcept {
    entry& fresh = make<entry>(*table_, key);
    table_->lock.lock();
    entry* const replaced = table_->places[key];
    const bool ours = table_->take(key);
    table_->places[key] = &fresh;
    fresh.member = true;
    value.attach(fresh);
    table_->lock.unlock();
    if (ours) drop_owner(*replaced);
  }

  /// The live object, with a share in it, or null.
  [[nodiscard]] object* find(std::size_t key) noexcept {
    table_->lock.lock();
    entry* const found = table_->places[key];
    object* held = nullptr;
    if (found != nullptr) {
      require(found->key == key, "an entry is found under another key");
      if (found->referent->try_add_owner()) held = static_cast<object*>(static_cast<block*>(found->referent));
    }
    table_->lock.unlock();
    return held;
  }

  /// A share in the entry, which is a reference to its value; or null.
  [[nodiscard]] weak_reference* find_entry(std::size_t key) noexcept {
    table_->lock.lock();
    entry* const found = table_->places[key];
    if (found != nullptr) found->add_owner();
    table_->lock.unlock();
    return found;
  }

  void erase(std::size_t key) noexcept {
    table_->lock.lock();
    entry* const removed = table_->places[key];
    const bool ours = table_->take(key);
    table_->lock.unlock();
    if (ours) drop_owner(*removed);
  }

  /// For the checker: is there anything?
  [[nodiscard]] bool is_empty() const noexcept {
    for (const auto& place : table_->places) {
      if (place != nullptr) return false;
    }
    return true;
  }

 private:
  dictionary_table* table_;
};

}  // namespace model
