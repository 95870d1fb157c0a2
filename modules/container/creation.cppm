module;

#include <atomic>
#include <concepts>
#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>

export module weakref:creation;

import :object;
import :strong_ref;
import :table;
import :weak_reference;

// A value that a factory is about to make, and those who wait for it: see dictionary::get_or_create().
//
// While it is entered, a creation stands in the index of its table in the place of the entry that it will
// become. Who looks the key up finds nothing; who would create the value finds that it is being created, and
// waits. Whatever changes the key, or all keys, supersedes the creation: takes it out, and then its value is
// for those who wait already, and is not stored.

namespace weakref::detail {

/// What a thread waits for, for the threads that look whether they would wait for one another.
struct creator {
  const class creation* awaited = nullptr;
};

/// A node of no ring: an entry is held, compared and dropped by that, and so is this.
class creation : public weak_reference, public entry_links {
 public:
  using entry_links::hash;  // that of the key

  /// The calling thread is the creator.
  creation(entry_table& home, std::size_t key_hash);

  /// Waits for the end. Throws RuntimeError if that would never come: if the creator, or the one for whom it
  /// waits, and so on, is the calling thread.
  void wait() const;

  void end() noexcept;

 private:
  [[nodiscard]] bool is_awaited_for_ever() const noexcept;

  const creator* creator_;  // null after the end; guarded by the lock of all creations
  std::atomic<bool> over_ = false;
};

/// One whose key, as the table's entries have it, is known.
template <class Key>
class keyed_creation : public creation {
 public:
  keyed_creation(entry_table& home, std::size_t key_hash, Key&& made)
      : creation(home, key_hash),
        key(std::move(made)) {}
  const Key key;
};

template <class Key, class Result>
class creation_of final : public keyed_creation<Key> {
 public:
  using keyed_creation<Key>::keyed_creation;

  /// What came of it, false if it failed. Written before the end by the creator, read after it.
  Result result;
};

/// What there was of a key for which a creation was to be entered. Neither: it was.
template <class Creation, class Found>
struct creation_claim {
  Found present;
  strong_ref<Creation> running;
};

template <class Creation>
strong_ref<Creation> adopt_creation(entry_share& running) noexcept {
  return {adopt_share(), static_cast<Creation*>(running.release())};
}

/// Ends a creation, out of its table by then, on every way out.
class creation_end {
 public:
  creation_end(const table_handle& table, creation& ending) noexcept : table_(table), ending_(ending) {}
  creation_end(const creation_end&) = delete;
  creation_end& operator=(const creation_end&) = delete;
  ~creation_end() {
    // Out first: who asks from now on shall find the value, or make another.
    table_.withdraw(ending_);
    ending_.end();
  }

 private:
  const table_handle& table_;
  creation& ending_;
};

/// What makes values of type V for keys of type K.
template <class F, class K, class V>
concept factory_of = std::is_invocable_r_v<V, F> || std::is_invocable_r_v<V, F, const K&>;

/// Calls a factory: without the key where it can be called both ways.
template <class V, class K, class F>
V make_by(F&& factory, const K& key) {
  if constexpr (std::is_invocable_r_v<V, F>) {
    return std::invoke(std::forward<F>(factory));
  } else {
    return std::invoke(std::forward<F>(factory), key);
  }
}

}  // namespace weakref::detail
