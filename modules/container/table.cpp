module;

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <mutex>
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
                           intrusive::list_member_hook<intrusive::link_mode<intrusive::auto_unlink>>,
                           &entry_links::in_order>,
    intrusive::constant_time_size<false>>;

}  // namespace

class entry_table : public protocol::membership<protocol::counting, entry_table, entry_links> {
  using brief_lock = protocol::brief_lock<protocol::counting>;

 public:
  using holding = std::unique_lock<brief_lock>;

  /// For the last keeper.
  static void destroy(entry_table* self) noexcept {
    // What was put in after the container had gone leaves like everything else, and a death that has found
    // it already is a keeper then.
    self->add_keeper();
    self->clear();
    if (self->drop_keeper()) delete self;
  }

  /// In one step: what is put in while the entries are destroyed, stays.
  void clear() noexcept {
    order cleared;
    {
      std::array<entry_index::storage, 2> chains;
      const holding guard(lock);
      supersede_creations();
      chains = index_.abandon();
      cleared.swap(order_);
      cleared_before_ = next_serial_;
      set_size(0);
    }
    for (bool is_more = true; is_more;) {
      entry_links* taken = nullptr;
      is_more = dismantle(cleared, taken);
      while (taken != nullptr) std::exchange(taken, taken->next)->node().release_removed();
    }
  }

  /// Is it in? What was cleared is not, though it may still be a member.
  [[nodiscard]] bool has(const entry_links& asked) const noexcept {
    return asked.member && asked.serial >= cleared_before_;
  }

  /// The equal entry, alive or dead, or the creation of an equal key; null if there is neither. For where
  /// comparing is harmless.
  [[nodiscard]] entry_links* locate(const query& wanted) const noexcept {
    entry_links* at = index_.first(wanted.hash);
    while (at != nullptr && !wanted.equal(*at, wanted.key)) at = index_.next(*at);
    return at;
  }

  /// The same where comparing runs user code. Gives the lock up meanwhile: an entry whose referent dies of
  /// that is not found. What is put in meanwhile comes behind what is compared, so the search goes on from
  /// there as long as that is in.
  [[gnu::noinline]] entry_links* locate(holding& lock, const query& wanted) {
    entry_links* at = index_.first(wanted.hash);
    while (at != nullptr) {
      entry_links& candidate = *at;
      strong_ref<object> pin;
      if (wanted.compares == comparison::of_referents && !candidate.is_creation()) {
        object* const referent = hold_referent(candidate);
        if (referent == nullptr) {
          // It is on its way out in another thread. What may be equal to it is not to be counted beside it.
          entry_share dead = take(candidate);
          lock.unlock();
          if (dead) dead.release()->node().release_removed();
          lock.lock();
          at = index_.first(wanted.hash);
          continue;
        }
        pin = strong_ref<object>(adopt_share(), referent);
      }
      entry_share held = share_in(candidate);
      lock.unlock();
      const bool equal = wanted.equal(candidate, wanted.key);
      pin.reset();
      lock.lock();
      if (!has(candidate)) {
        // Ours may be the last share in it.
        lock.unlock();
        held = entry_share();
        lock.lock();
        at = index_.first(wanted.hash);
        continue;
      }
      // The table's own share remains, or that of the creation's thread, so this destroys nothing.
      held = entry_share();
      if (equal) return &candidate;
      at = index_.next(candidate);
    }
    return nullptr;
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
    if (removed.cursors == 0) removed.in_order.unlink();
    // What was cleared is neither indexed nor counted any more.
    if (removed.serial < cleared_before_) return;
    index_.erase(removed);
    set_size(size() - 1);
  }

  /// Without the lock as well. Acquire: pairs with set_size(), so that whatever was done before is seen by
  /// the thread that is told so.
  [[nodiscard]] std::size_t size() const noexcept { return size_.load(std::memory_order_acquire); }
  [[nodiscard]] std::uint64_t next_serial() const noexcept { return next_serial_; }
  [[nodiscard]] entry_links* first() noexcept { return order_.empty() ? nullptr : &order_.front(); }
  [[nodiscard]] entry_links* last() noexcept { return order_.empty() ? nullptr : &order_.back(); }
  /// Null after an entry that was cleared.
  [[nodiscard]] entry_links* after(entry_links& entry) noexcept {
    if (entry.serial < cleared_before_) return nullptr;
    const auto next = std::next(order_.iterator_to(entry));
    return next == order_.end() ? nullptr : &*next;
  }
  [[nodiscard]] entry_links* before(entry_links& entry) noexcept {
    const auto at = order_.iterator_to(entry);
    return at == order_.begin() ? nullptr : &*std::prev(at);
  }

  /// A cursor leaves an entry.
  void abandon(entry_links& entry) noexcept {
    if (--entry.cursors == 0 && !entry.member && entry.in_order.is_linked()) entry.in_order.unlink();
  }

  /// Gives the lock up, to allocate and to free without it.
  void grow(holding& lock) noexcept {
    const entry_index::storage emptied = index_.advance();
    const std::size_t members = size();
    const bool is_crowded = index_.is_crowded(members);
    lock.unlock();
    if (!is_crowded) return;
    entry_index::room larger(members);
    const holding guard(this->lock);
    index_.grow(larger);
  }

  // ---- creations: members of the index only, and of a list of their own

  void begin(entry_links& creation) noexcept {
    creation.serial = next_serial_++;
    creation.member = true;
    creations_.push_back(creation);
    index_.append(creation);
  }
  void supersede(entry_links& creation) noexcept {
    creation.member = false;
    creation.in_order.unlink();
    index_.erase(creation);
  }
  void supersede_creations() noexcept {
    while (!creations_.empty()) supersede(creations_.front());
  }

 private:
  /// The one place where an entry becomes a member. It was made, and its caller holds the referent; it enters
  /// the ring of that as a member, since a death that finds it there takes over the table's share.
  void enter(entry_links& added) noexcept {
    added.member = true;
    index_.append(added);
    added.target().attach(added.node());
    set_size(size() + 1);
  }

  /// With the lock held. Release: see size().
  void set_size(std::size_t members) noexcept { size_.store(members, std::memory_order_release); }

  /// Takes the next entries out of what was cleared: a list by their `next`, with the table's share in each.
  /// False: there are no more.
  [[nodiscard]] bool dismantle(order& cleared, entry_links*& taken) noexcept {
    // So many leave within some microseconds.
    constexpr int portion = 64;
    entry_links** last = &taken;
    const holding guard(lock);
    for (int i = 0; i < portion; ++i) {
      if (cleared.empty()) return false;
      entry_links& entry = cleared.front();
      const bool is_ours = entry.member && remove(entry);
      // Cursors that stand here go no further, and need no place for that.
      if (entry.in_order.is_linked()) entry.in_order.unlink();
      if (!is_ours) continue;
      entry.next = nullptr;
      *last = &entry;
      last = &entry.next;
    }
    return true;
  }

  entry_index index_;
  protocol::counting::atomic<std::size_t> size_{0};
  std::uint64_t next_serial_ = 0;
  std::uint64_t cleared_before_ = 0;  // what has a lesser serial was cleared
  order order_;
  order creations_;
};

namespace {

/// A look-up and the lock that it ended with.
class locked {
  entry_table::holding lock_;

 public:
  locked(entry_table& searched, const query& wanted) : lock_(searched.lock), table(searched) {
    entry = wanted.compares == comparison::harmless ? table.locate(wanted) : table.locate(lock_, wanted);
  }

  /// The creation of an equal key.
  [[nodiscard]] entry_links* entered() const noexcept {
    return entry != nullptr && entry->is_creation() ? entry : nullptr;
  }
  /// The entry, if there is one and not a creation.
  [[nodiscard]] entry_links* present() const noexcept {
    return entry != nullptr && !entry->is_creation() ? entry : nullptr;
  }
  /// The same for an operation that supersedes a creation.
  [[nodiscard]] entry_links* claim() noexcept {
    if (entry != nullptr && entry->is_creation()) table.supersede(*std::exchange(entry, nullptr));
    return entry;
  }

  /// Puts a new entry in. Nothing else is done after it: the lock is given up.
  void append(entry_share& fresh) noexcept {
    table.append(*fresh.release());
    table.grow(lock_);
  }

 private:
  entry_links* entry;

 public:
  entry_table& table;
};

}  // namespace

table_handle::table_handle() : table_(new entry_table) {}

table_handle::table_handle(const table_handle& other) noexcept : table_(other.table_) {
  table_->add_keeper();
}

table_handle::~table_handle() {
  if (table_ != nullptr && table_->drop_keeper()) entry_table::destroy(table_);
}

std::size_t table_handle::size() const noexcept { return table_->size(); }

object* table_handle::find(const query& wanted) const {
  if (wanted.compares == comparison::harmless) [[likely]] {
    const std::lock_guard lock(table_->lock);
    const entry_links* const entry = table_->locate(wanted);
    return entry != nullptr && !entry->is_creation() ? hold_referent(*entry) : nullptr;
  }
  const locked found(*table_, wanted);
  return found.present() != nullptr ? hold_referent(*found.present()) : nullptr;
}

bool table_handle::visit(const query& wanted, visitor visit) const {
  const locked found(*table_, wanted);
  return found.present() != nullptr && (visit(*found.present()), true);
}

entry_share table_handle::set(entry_share fresh, const query& wanted) const {
  locked found(*table_, wanted);
  if (entry_links* const old = found.claim()) return found.table.replace(*old, *fresh.release());
  found.append(fresh);
  return {};
}

entry_share table_handle::set_default(entry_share& fresh, const query& wanted, visitor keep) const {
  locked found(*table_, wanted);
  entry_links* const old = found.claim();
  if (old == nullptr) {
    found.append(fresh);
  } else if (!keep(*old)) {
    return found.table.replace(*old, *fresh.release());
  }
  return {};
}

entry_share table_handle::extract(const query& wanted, visitor take) const {
  entry_share removed;
  locked found(*table_, wanted);
  entry_links* const entry = found.claim();
  if (entry == nullptr || !take(*entry)) return {};
  entry_share result = share_in(*entry);
  removed = found.table.take(*entry);
  return result;
}

entry_share table_handle::newest(visitor accept) const noexcept {
  const entry_table::holding lock(table_->lock);
  for (entry_links* entry = table_->last(); entry != nullptr; entry = table_->before(*entry)) {
    if (entry->member && accept(*entry)) return share_in(*entry);
  }
  return {};
}

bool table_handle::extract(entry_links& entry, visitor take) const noexcept {
  entry_share removed;
  const entry_table::holding lock(table_->lock);
  if (!table_->has(entry) || !take(entry)) return false;
  removed = table_->take(entry);
  return true;
}

void table_handle::clear() const noexcept {
  const table_handle kept(*this);
  kept.table_->clear();
}

entry_share table_handle::enter(entry_links& creation, const query& wanted, visitor accept) const {
  entry_share dead;
  locked found(*table_, wanted);
  if (found.entered() != nullptr) return share_in(*found.entered());
  entry_links* const present = found.present();
  if (present != nullptr) {
    if (accept(*present)) return {};
    dead = table_->take(*present);
  }
  table_->begin(creation);
  return {};
}

void table_handle::fulfil(entry_links& creation, entry_share made) const noexcept {
  entry_table::holding lock(table_->lock);
  if (!creation.member) return;
  table_->supersede(creation);
  table_->append(*made.release());
  table_->grow(lock);
}

void table_handle::withdraw(entry_links& creation) const noexcept {
  const entry_table::holding lock(table_->lock);
  if (creation.member) table_->supersede(creation);
}

void table_handle::supersede_creations() const noexcept {
  const entry_table::holding lock(table_->lock);
  table_->supersede_creations();
}

void leave_table(entry_links& dead) noexcept { entry_table::leave(dead); }

cursor::cursor(const table_handle& walked) noexcept : table_(&walked.get()) {
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
