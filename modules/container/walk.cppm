module;

#include <cstddef>
#include <iterator>
#include <ranges>
#include <utility>

export module weakref:walk;

import :object;
import :strong_ref;
import :table;

// Iteration over weak containers.

namespace weakref::detail {

// What a step of a walk takes from an entry, under the lock; false: it is passed by.

struct take_live {
  static bool take(entry_links& entry) noexcept { return !entry.node().referent->expired(); }
};

struct take_referent {
  bool take(entry_links& entry) noexcept {
    referent = strong_ref<object>(adopt_share(), hold_referent(entry));
    return referent != None;
  }
  template <class T>
  [[nodiscard]] strong_ref<T> held() const noexcept {
    return static_pointer_cast<T>(referent);
  }

  strong_ref<object> referent;
};

/// A range over the entries of a table that are alive when they are reached. It begins with what was there
/// when the range was made, never throws, sees no later addition, yields no entry twice, and holds no more
/// than the current element: a `Yield`, which has value_type; take(entry), see above, on a new one; and
/// get(entry).
///
/// ---- Thread safety: the table may change meanwhile, in any thread. One iterator is for one thread.
template <class Yield>
class walk : public std::ranges::view_base {
 public:
  class iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using iterator_category = std::input_iterator_tag;
    using value_type = typename Yield::value_type;
    using difference_type = std::ptrdiff_t;
    using reference = value_type;
    using pointer = void;

    /// The end.
    iterator() noexcept = default;
    explicit iterator(cursor start) noexcept : cursor_(std::move(start)) { ++*this; }

    value_type operator*() const { return taken_.get(*entry_); }

    iterator& operator++() noexcept {
      Yield next;
      entry_ = cursor_.next([&next](entry_links& entry) noexcept { return next.take(entry); });
      // The element before goes last: its death may change the table, and this iterator stands elsewhere.
      std::swap(taken_, next);
      if (entry_ == nullptr) cursor_ = cursor();
      return *this;
    }
    iterator operator++(int) noexcept {
      iterator before = *this;
      ++*this;
      return before;
    }

    friend inline bool operator==(const iterator& a, const iterator& b) noexcept {
      return a.entry_ == b.entry_;
    }

   private:
    cursor cursor_;
    entry_links* entry_ = nullptr;
    Yield taken_;
  };

  explicit walk(const table_handle& walked) noexcept : start_(walked) {}

  [[nodiscard]] iterator begin() const noexcept { return iterator(start_); }
  [[nodiscard]] iterator end() const noexcept { return {}; }

 private:
  cursor start_;
};

/// The same over the entries of a temporary container, whose table it takes and keeps.
template <class Table, class Yield>
class owning_walk : public walk<Yield> {
 public:
  explicit owning_walk(Table& abandoned) : walk<Yield>(abandoned.entries()) { swap(table_, abandoned); }
  owning_walk(owning_walk&& other) : walk<Yield>(other) { swap(table_, other.table_); }
  owning_walk& operator=(owning_walk&& other) noexcept {
    walk<Yield>::operator=(other);
    swap(table_, other.table_);
    return *this;
  }

 private:
  Table table_;
};

}  // namespace weakref::detail
