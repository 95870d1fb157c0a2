module;

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>

#include <boost/intrusive/list.hpp>

module weakref;

import weakref.protocol;

namespace weakref::detail {
namespace {

namespace intrusive = boost::intrusive;

using order = intrusive::list<
    entry_links,
    intrusive::member_hook<entry_links,
                           intrusive::list_member_hook<intrusive::link_mode<intrusive::normal_link>>,
                           &entry_links::in_order>,
    intrusive::constant_time_size<false>>;

}  // namespace

class entry_table : public protocol::membership<protocol::counting, entry_table, entry_links> {
  using brief_lock = protocol::brief_lock<protocol::counting>;

 public:
  using holding = std::unique_lock<brief_lock>;

  static void destroy(entry_table* self) noexcept {
    self->clear();
    delete self;
  }

  /// In one step: what is put in while the entries are destroyed, stays.
  void clear() noexcept {
    entry_links* cleared = nullptr;
    entry_links** last = &cleared;
    {
      const holding guard(lock);
      entry_links* next = nullptr;
      for (entry_links* entry = first(); entry != nullptr; entry = next) {
        next = after(*entry);
        if (!entry->member || !remove(*entry)) continue;
        entry->next = nullptr;
        *last = entry;
        last = &entry->next;
      }
    }
    while (cleared != nullptr) std::exchange(cleared, cleared->next)->node().release_removed();
  }

  /// The equal entry, alive or dead, or null, where comparing is harmless.
  [[nodiscard]] entry_links* locate(const query& wanted) const noexcept {
    entry_links* at = index_.first(wanted.hash);
    while (at != nullptr && !wanted.equal(*at, wanted.key)) at = index_.next(*at);
    return at;
  }

  /// The same where comparing runs user code. Gives the lock up meanwhile: an entry whose referent dies of
  /// that is not found.
  [[gnu::noinline]] entry_links* locate(holding& lock, const query& wanted) {
    for (;;) {
      const std::uint64_t seen = version_;
      bool changed = false;
      entry_links* next = nullptr;
      for (entry_links* at = index_.first(wanted.hash); at != nullptr; at = next) {
        entry_links& candidate = *at;
        strong_ref<object> pin;
        if (wanted.compares == comparison::of_referents) {
          object* const referent = hold_referent(candidate);
          if (referent == nullptr) {
            // It is on its way out in another thread. What may be equal to it is not to be counted beside it.
            entry_share dead = take(candidate);
            lock.unlock();
            if (dead) dead.release()->node().release_removed();
            lock.lock();
            changed = true;
            break;
          }
          pin = strong_ref<object>(adopt_share(), referent);
        }
        entry_share held = share_in(candidate);
        lock.unlock();
        const bool equal = wanted.equal(candidate, wanted.key);
        pin.reset();
        lock.lock();
        if (!candidate.member) {
          // Ours may be the last share in it.
          lock.unlock();
          held = entry_share();
          lock.lock();
          changed = true;
          break;
        }
        // The table's own share remains, so this destroys nothing.
        held = entry_share();
        if (equal) return &candidate;
        if ((changed = version_ != seen)) break;
        next = index_.next(candidate);
      }
      if (!changed) return nullptr;
    }
  }

  void append(entry_links& added) noexcept {
    added.serial = next_serial_++;
    order_.push_back(added);
    enter(added);
  }

  /// Puts an entry in the place of another, which is removed: its share is the caller's, but for the one that
  /// a death has adopted.
  [[nodiscard]] entry_share replace(entry_links& old, entry_links& fresh) noexcept {
    fresh.serial = old.serial;
    order_.insert(order_.iterator_to(old), fresh);
    entry_share removed = take(old);
    enter(fresh);
    return removed;
  }

  [[nodiscard]] entry_share take(entry_links& removed) noexcept {
    return entry_share(remove(removed) ? &removed : nullptr);
  }

  void unlink(entry_links& removed) noexcept {
    index_.erase(removed);
    if (removed.cursors == 0) order_.erase(order_.iterator_to(removed));
    --size_;
    ++version_;
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::uint64_t next_serial() const noexcept { return next_serial_; }
  [[nodiscard]] entry_links* first() noexcept { return order_.empty() ? nullptr : &order_.front(); }
  [[nodiscard]] entry_links* last() noexcept { return order_.empty() ? nullptr : &order_.back(); }
  [[nodiscard]] entry_links* after(entry_links& entry) noexcept {
    const auto next = std::next(order_.iterator_to(entry));
    return next == order_.end() ? nullptr : &*next;
  }
  [[nodiscard]] entry_links* before(entry_links& entry) noexcept {
    const auto at = order_.iterator_to(entry);
    return at == order_.begin() ? nullptr : &*std::prev(at);
  }

  /// A cursor leaves an entry.
  void abandon(entry_links& entry) noexcept {
    if (--entry.cursors == 0 && !entry.member) order_.erase(order_.iterator_to(entry));
  }

  /// Gives the lock up, to allocate without it.
  void grow_if_crowded(holding& lock) noexcept {
    if (!index_.is_crowded(size_)) return lock.unlock();
    const std::size_t members = size_;
    lock.unlock();
    entry_index::room larger(members);
    const holding guard(this->lock);
    index_.move_to(larger);
    ++version_;
  }

 private:
  void enter(entry_links& added) noexcept {
    added.member = true;
    index_.append(added);
    ++size_;
    ++version_;
  }

  entry_index index_;
  std::size_t size_ = 0;
  std::uint64_t version_ = 0;  // of the index
  std::uint64_t next_serial_ = 0;
  order order_;
};

namespace {

/// Keeps a table while user code runs, which may destroy the dictionary.
class keeper {
 public:
  explicit keeper(entry_table& kept) noexcept : table_(kept) { table_.add_keeper(); }
  keeper(const keeper&) = delete;
  keeper& operator=(const keeper&) = delete;
  ~keeper() {
    if (table_.drop_keeper()) entry_table::destroy(&table_);
  }
  entry_table* operator->() const noexcept { return &table_; }

 private:
  entry_table& table_;
};

/// A look-up and the lock that it ended with; dropped in the order that the lock asks for.
class locked {
  std::optional<keeper> keeper_;
  entry_table::holding lock_;

 public:
  locked(entry_table& searched, const query& wanted)
      : lock_(searched.lock, std::defer_lock),
        table(searched) {
    if (wanted.compares == comparison::harmless) [[likely]] {
      lock_.lock();
      entry = table.locate(wanted);
    } else {
      keeper_.emplace(searched);
      lock_.lock();
      entry = table.locate(lock_, wanted);
    }
  }

  /// Puts a new entry in. Nothing else is done after it: the lock is given up.
  void append(entry_share& fresh) noexcept {
    table.append(*fresh.release());
    table.grow_if_crowded(lock_);
  }

  entry_table& table;
  entry_links* entry;
};

}  // namespace

table_owner::table_owner() : table_(new entry_table) {}

table_owner::~table_owner() {
  if (table_ == nullptr) return;
  table_->clear();
  if (table_->drop_keeper()) entry_table::destroy(table_);
}

std::size_t table_owner::size() const noexcept {
  const entry_table::holding lock(table_->lock);
  return table_->size();
}

object* table_owner::find(const query& wanted) const {
  if (wanted.compares == comparison::harmless) [[likely]] {
    const std::lock_guard lock(table_->lock);
    const entry_links* const entry = table_->locate(wanted);
    return entry != nullptr ? hold_referent(*entry) : nullptr;
  }
  const locked found(*table_, wanted);
  return found.entry != nullptr ? hold_referent(*found.entry) : nullptr;
}

bool table_owner::visit(const query& wanted, visitor visit) const {
  locked found(*table_, wanted);
  return found.entry != nullptr && (visit(*found.entry), true);
}

entry_share table_owner::set(entry_share fresh, const query& wanted) {
  locked found(*table_, wanted);
  if (found.entry != nullptr) return found.table.replace(*found.entry, *fresh.release());
  found.append(fresh);
  return {};
}

entry_share table_owner::set_default(entry_share& fresh, const query& wanted, visitor keep) {
  locked found(*table_, wanted);
  if (found.entry == nullptr) {
    found.append(fresh);
  } else if (!keep(*found.entry)) {
    return found.table.replace(*found.entry, *fresh.release());
  }
  return {};
}

entry_share table_owner::extract(const query& wanted, visitor take) {
  entry_share removed;
  locked found(*table_, wanted);
  if (found.entry == nullptr || !take(*found.entry)) return {};
  entry_share result = share_in(*found.entry);
  removed = found.table.take(*found.entry);
  return result;
}

entry_share table_owner::newest(visitor accept) const noexcept {
  const entry_table::holding lock(table_->lock);
  for (entry_links* entry = table_->last(); entry != nullptr; entry = table_->before(*entry)) {
    if (entry->member && accept(*entry)) return share_in(*entry);
  }
  return {};
}

bool table_owner::extract(entry_links& entry, visitor take) noexcept {
  entry_share removed;
  const entry_table::holding lock(table_->lock);
  if (!entry.member || !take(entry)) return false;
  removed = table_->take(entry);
  return true;
}

void table_owner::clear() noexcept {
  const keeper kept(*table_);
  kept->clear();
}

void leave_table(entry_links& dead) noexcept { entry_table::leave(dead); }

cursor::cursor(const table_owner& walked) noexcept : table_(&walked.get()) {
  const entry_table::holding lock(table_->lock);
  table_->add_keeper();
  end_ = table_->next_serial();
}

cursor::cursor(const cursor& other) noexcept : table_(other.table_), at_(other.at_), end_(other.end_) {
  if (table_ == nullptr) return;
  const entry_table::holding lock(table_->lock);
  table_->add_keeper();
  if (at_ != nullptr) {
    ++at_->cursors;
    (void)share_in(*at_).release();
  }
}

cursor::cursor(cursor&& other) noexcept
    : table_(std::exchange(other.table_, nullptr)),
      at_(std::exchange(other.at_, nullptr)),
      end_(other.end_) {}

cursor& cursor::operator=(cursor other) noexcept {
  std::swap(table_, other.table_);
  std::swap(at_, other.at_);
  std::swap(end_, other.end_);
  return *this;
}

cursor::~cursor() {
  if (table_ == nullptr) return;
  if (at_ != nullptr) {
    const entry_share left(at_);
    const entry_table::holding lock(table_->lock);
    table_->abandon(*at_);
  }
  if (table_->drop_keeper()) entry_table::destroy(table_);
}

entry_links* cursor::next(visitor accept) noexcept {
  entry_share left;
  const entry_table::holding lock(table_->lock);
  entry_links* next = at_ != nullptr ? table_->after(*at_) : table_->first();
  for (; next != nullptr; next = table_->after(*next)) {
    if (next->serial >= end_) {
      next = nullptr;
      break;
    }
    if (next->member && accept(*next)) break;
  }
  if (next != nullptr) {
    ++next->cursors;
    (void)share_in(*next).release();
  }
  if (at_ != nullptr) {
    left = entry_share(at_);
    table_->abandon(*at_);
  }
  at_ = next;
  return next;
}

}  // namespace weakref::detail
