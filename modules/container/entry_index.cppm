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
/// It grows in steps: the old chains stay beside the new ones, and each advance() moves the next few of them.
/// A hash has one chain at any time, the old one until that is moved, so that nothing is looked for twice and
/// members with one hash keep their order.
///
/// ---- Thread safety: none; the table's lock guards it. Whatever takes long is left to the caller, to be
/// done without the lock: room is made, and storage freed, by the owners that go in and come out.
class entry_index {
 public:
  using storage = std::unique_ptr<entry_links*[]>;

  inline entry_index() noexcept = default;
  entry_index(const entry_index&) = delete;
  entry_index& operator=(const entry_index&) = delete;

  /// The member with that hash that came first, and the one after it; null if there is none. So they are
  /// compared in the order in which they were put in, as in CPython.
  [[nodiscard]] inline entry_links* first(std::size_t hash) const noexcept {
    return seek(*chain_of(hash), hash);
  }
  [[nodiscard]] inline entry_links* next(const entry_links& member) const noexcept {
    return seek(member.next, member.hash);
  }

  inline void append(entry_links& added) noexcept {
    entry_links** end = chain_of(added.hash);
    while (*end != nullptr) end = &(*end)->next;
    insert(added, *end);
  }

  inline static void erase(const entry_links& removed) noexcept {
    *removed.link = removed.next;
    if (removed.next != nullptr) removed.next->link = removed.link;
  }

  /// Are there too few chains for so many members? Not while the last growth is under way, which ends long
  /// before the next one is due.
  [[nodiscard]] inline bool is_crowded(std::size_t members) const noexcept {
    return 2 * members > count_ && old_count_ == 0;
  }

  /// Chains for twice as many members, without memory none: the table merely gets slower then.
  struct room {
    inline explicit room(std::size_t members) noexcept
        : count(std::bit_ceil(2 * members)),
          chains(new (std::nothrow) entry_links* [count] {}) {}
    std::size_t count;
    storage chains;
  };

  /// Begins to move there, unless another thread was first.
  inline void grow(room& larger) noexcept {
    if (larger.chains == nullptr || larger.count <= count_ || old_count_ != 0) return;
    old_ = std::exchange(chains_, larger.chains.get());
    old_count_ = std::exchange(count_, larger.count);
    old_storage_ = std::exchange(storage_, std::move(larger.chains));
    moved_ = 0;
  }

  /// How many chains an operation moves at most.
  static constexpr std::size_t step = 8;

  /// Moves the next few chains. What they leave in the end is the caller's to free.
  [[nodiscard]] inline storage advance() noexcept {
    if (old_count_ == 0) [[likely]]
      return nullptr;
    for (std::size_t i = 0; i < step && moved_ < old_count_; ++i) move_next();
    if (moved_ < old_count_) return nullptr;
    old_count_ = 0;
    return std::move(old_storage_);
  }

  /// Forgets all members, whose links lead nowhere from now on.
  [[nodiscard]] inline std::array<storage, 2> abandon() noexcept {
    few_.fill(nullptr);
    chains_ = few_.data();
    count_ = few_.size();
    old_count_ = 0;
    return {std::move(storage_), std::move(old_storage_)};
  }

 private:
  [[nodiscard]] inline entry_links** chain_of(std::size_t hash) const noexcept {
    // The high bits of a product: spreads hashes that differ in their high bits only, or are multiples of
    // something.
    const std::uint64_t product = hash * std::uint64_t{0x9E3779B97F4A7C15};
    const auto mixed = static_cast<std::size_t>(product >> 32);
    if (old_count_ != 0) [[unlikely]] {
      const std::size_t place = mixed & (old_count_ - 1);
      if (place >= moved_) return old_ + place;
    }
    return chains_ + (mixed & (count_ - 1));
  }

  static inline void insert(entry_links& added, entry_links*& before) noexcept {
    added.next = before;
    added.link = &before;
    if (before != nullptr) before->link = &added.next;
    before = &added;
  }

  /// What is moved comes in front of what was moved before it: from the last to the first. The chains that it
  /// goes to are empty, since the hashes that lead there led to the old one until now.
  inline void move_next() noexcept {
    entry_links* moved = reverse(old_[moved_++]);
    while (moved != nullptr) {
      entry_links* const next = moved->next;
      insert(*moved, *chain_of(moved->hash));
      moved = next;
    }
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
  storage storage_;
  entry_links** chains_ = few_.data();
  std::size_t count_ = few_.size();
  // The chains before the last growth, a power of two; none unless some are still to be moved.
  std::size_t old_count_ = 0;
  std::size_t moved_ = 0;
  entry_links** old_ = nullptr;
  storage old_storage_;
};

}  // namespace weakref::detail
