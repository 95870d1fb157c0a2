module;

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

export module weakref:entry_index;

import :table;

namespace weakref::detail {

/// Where the members of a table are found by their hashes: chains of entries, half as many members as chains.
/// A member leaves by its own links, at once and unsearched, however many share its hash.
///
/// ---- Thread safety: none; the table's lock guards it.
class entry_index {
 public:
  inline entry_index() noexcept = default;
  entry_index(const entry_index&) = delete;
  entry_index& operator=(const entry_index&) = delete;

  /// The member with that hash that came first, and the one after it; null if there is none. So they are
  /// compared in the order in which they were put in, as in CPython.
  [[nodiscard]] inline entry_links* first(std::size_t hash) const noexcept {
    return seek(chains_[place(hash)], hash);
  }
  [[nodiscard]] inline entry_links* next(const entry_links& member) const noexcept {
    return seek(member.next, member.hash);
  }

  inline void append(entry_links& added) noexcept {
    entry_links** end = &chains_[place(added.hash)];
    while (*end != nullptr) end = &(*end)->next;
    insert(added, *end);
  }

  inline static void erase(const entry_links& removed) noexcept {
    *removed.link = removed.next;
    if (removed.next != nullptr) removed.next->link = removed.link;
  }

  /// Are there too few chains for so many members?
  [[nodiscard]] inline bool is_crowded(std::size_t members) const noexcept { return 2 * members > count_; }

  /// Chains for twice as many members, without memory none: the table merely gets slower then.
  struct room {
    inline explicit room(std::size_t members) noexcept
        : count(std::bit_ceil(2 * members)),
          chains(new (std::nothrow) entry_links* [count] {}) {}
    std::size_t count;
    std::unique_ptr<entry_links*[]> chains;
  };

  /// Moves there; what was left is in `larger` afterwards, to be freed without the lock.
  inline void move_to(room& larger) noexcept {
    if (larger.chains == nullptr || larger.count <= count_) return;
    entry_links** const old = std::exchange(chains_, larger.chains.get());
    const std::size_t old_count = std::exchange(count_, larger.count);
    for (std::size_t i = 0; i < old_count; ++i) {
      // What is moved comes in front of what was moved before it: from the last to the first.
      entry_links* moved = reverse(old[i]);
      while (moved != nullptr) {
        entry_links* const next = moved->next;
        insert(*moved, chains_[place(moved->hash)]);
        moved = next;
      }
    }
    more_.swap(larger.chains);
  }

 private:
  /// The high bits of a product: spreads hashes that differ in their high bits only, or are multiples of
  /// something.
  [[nodiscard]] inline std::size_t place(std::size_t hash) const noexcept {
    const std::uint64_t mixed = hash * std::uint64_t{0x9E3779B97F4A7C15};
    return static_cast<std::size_t>(mixed >> 32) & (count_ - 1);
  }

  static inline void insert(entry_links& added, entry_links*& before) noexcept {
    added.next = before;
    added.link = &before;
    if (before != nullptr) before->link = &added.next;
    before = &added;
  }

  static inline entry_links* reverse(entry_links* chain) noexcept {
    entry_links* reversed = nullptr;
    while (chain != nullptr) {
      entry_links* const next = std::exchange(chain->next, reversed);
      reversed = std::exchange(chain, next);
    }
    return reversed;
  }

  static inline entry_links* seek(entry_links* at, std::size_t hash) noexcept {
    while (at != nullptr && at->hash != hash) at = at->next;
    return at;
  }

  std::array<entry_links*, 8> few_{};
  std::unique_ptr<entry_links*[]> more_;
  entry_links** chains_ = few_.data();
  std::size_t count_ = few_.size();
};

}  // namespace weakref::detail
