module;

#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <optional>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>

// A subscription that outlives its key, or its dictionary, is a warning.
#if defined(__clang__)
#define WEAKREF_LIFETIMEBOUND [[clang::lifetimebound]]
#else
#define WEAKREF_LIFETIMEBOUND
#endif

export module weakref:dictionary;

import :creation;
import :errors;
import :mapping;
import :object;
import :strong_ref;
import :walk;

namespace weakref {
namespace detail {

/// What may be looked up in a table.
template <class L, class Table>
concept accepted_by = Table::template accepts<L>;

/// What is in no table of that type, as every value of L could never be: contains() says so.
template <class L, class Table>
concept refused_by = !accepted_by<L, Table> && Table::template refuses<L>;

/// What a look-up gives: a copy, to which nothing is assigned by mistake. Owners see to that themselves.
template <class V>
using given = std::conditional_t<std::is_class_v<V> && !is_strong_ref<V>, const V, V>;

/// What all weak dictionaries do; `Self` is the class that derives from it.
///
/// `Table` says what a key is and what may be looked up; finds, sets, erases and pops, each atomically; and
/// knows what a walk yields: see value_table and key_table. Its found_type is false where there is nothing.
///
/// Code of the user that runs in an operation may destroy this, assign to it or swap it: the operation ends
/// in the table with which it began. So every function works with a copy of `table_`, which shares it, and
/// uses nothing of this afterwards; or with `table_` itself where no such code runs, see in_use().
template <class Self, class Table>
class dictionary {
  using found_type = typename Table::found_type;
  using optional_type = typename Table::optional_type;
  using given_type = given<typename Table::mapped_type>;

 public:
  using key_type = typename Table::key_type;
  using mapped_type = typename Table::mapped_type;
  using offered_type = typename Table::offered_type;
  using value_type = std::pair<key_type, mapped_type>;

  /// An empty dictionary.
  dictionary() = default;
  dictionary(std::initializer_list<value_type> entries) { update(entries); }
  /// The live entries of a range of pairs.
  template <class R>
    requires(pairs_of<R, key_type, mapped_type> && !std::derived_from<std::remove_cvref_t<R>, dictionary>)
  explicit dictionary(R&& entries) {
    update(std::forward<R>(entries));
  }
  /// Those of a mapping that has items(), or keys() and [].
  template <class M>
    requires(!std::derived_from<std::remove_cvref_t<M>, dictionary> && mapping_of<M, key_type, mapped_type>)
  explicit dictionary(M&& mapping) {
    update(std::forward<M>(mapping));
  }
  /// The live entries of another dictionary.
  dictionary(const dictionary& other) { update(other.items()); }
  /// Leaves the other empty.
  dictionary(dictionary&& other) { swap(other); }  // NOLINT: an empty table is allocated
  dictionary& operator=(const dictionary& other) {
    dictionary(other).swap(*this);
    return *this;
  }
  dictionary& operator=(dictionary&& other) {  // NOLINT: as above
    dictionary(std::move(other)).swap(*this);
    return *this;
  }
  ~dictionary() { table_.entries().clear(); }

  void swap(dictionary& other) noexcept {
    table_.entries().supersede_creations();
    other.table_.entries().supersede_creations();
    using std::swap;
    swap(table_, other.table_);
  }

  // ---- look-up

  /// The value; throws KeyError if there is none, or the entry is dead.
  template <accepted_by<Table> L = key_type>
  given_type at(const L& key) const {
    found_type found = in_use<L>().find(key);
    if (!found) throw KeyError(Table::describe(key));
    return detail::value_of(std::move(found));
  }
  /// The same, or sets it: d[key] = value. In the same expression only: see subscription.
  template <accepted_by<Table> L = key_type>
  auto operator[](const L& key WEAKREF_LIFETIMEBOUND) WEAKREF_LIFETIMEBOUND {
    return subscription<Self, const L&, mapped_type>(self(), key);
  }
  /// A key that the caller gives away is kept; objects stay where they are.
  template <accepted_by<Table> L = key_type>
    requires(!std::is_reference_v<L> && !std::derived_from<L, object> && std::move_constructible<L>)
  auto operator[](L&& key) WEAKREF_LIFETIMEBOUND {
    return subscription<Self, L, mapped_type>(self(), std::move(key));
  }
  template <accepted_by<Table> L = key_type>
  given_type operator[](const L& key) const {
    return at(key);
  }
  /// The value, or None.
  template <accepted_by<Table> L = key_type>
  [[nodiscard]] given<optional_type> get(const L& key) const {
    found_type found = in_use<L>().find(key);
    if constexpr (std::same_as<found_type, optional_type>) {
      return found;
    } else {
      return found ? detail::value_of(std::move(found)) : optional_type();
    }
  }
  /// The value, or the fallback.
  template <accepted_by<Table> L = key_type>
  [[nodiscard]] given_type get(const L& key, mapped_type fallback) const {
    found_type found = in_use<L>().find(key);
    return found ? detail::value_of(std::move(found)) : std::move(fallback);
  }
  template <accepted_by<Table> L = key_type>
  [[nodiscard]] bool contains(const L& key) const {
    return in_use<L>().contains(key);
  }
  /// False, as in Python, for what can be no key.
  template <refused_by<Table> L>
  [[nodiscard]] static constexpr bool contains(const L&) noexcept {
    return false;
  }
  /// Live entries. Constant.
  [[nodiscard]] std::size_t size() const noexcept { return table_.entries().size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  // ---- change

  /// Sets the value. Throws TypeError if what is referred to weakly, the key or the value, is None.
  void set(key_type key, offered_type value) {
    in_use<key_type>().set(std::move(key), std::forward<offered_type>(value));
  }

  /// For d[key] = value. To copy the key, or convert it, is the user's code as well, which may destroy this.
  template <class L, class X>
  void assign(L&& key, X&& value) {
    decltype(auto) used = in_use<key_type>();
    set_in(used, key_type(std::forward<L>(key)), std::forward<X>(value));
  }

  /// Takes the entry out. Throws KeyError if there is none.
  template <accepted_by<Table> L = key_type>
  void del(const L& key) {
    if (!in_use<L>().erase(key)) throw KeyError(Table::describe(key));
  }
  /// The same; returns the number of entries taken out.
  template <accepted_by<Table> L = key_type>
  std::size_t erase(const L& key) {
    return in_use<L>().erase(key) ? 1 : 0;
  }
  /// Everything leaves in one instant. Linear: what the entries own is destroyed one by one, with the lock
  /// free.
  void clear() noexcept { table_.entries().clear(); }

  /// Takes the entry out and returns its value; throws KeyError if there is none, or it was dead.
  template <accepted_by<Table> L = key_type>
  mapped_type pop(const L& key) {
    found_type found = Table(table_).pop(key);
    if (!found) throw KeyError(Table::describe(key));
    return detail::value_of(std::move(found));
  }
  template <accepted_by<Table> L = key_type>
  mapped_type pop(const L& key, mapped_type fallback) {
    found_type found = Table(table_).pop(key);
    return found ? detail::value_of(std::move(found)) : std::move(fallback);
  }
  /// Takes the newest live entry out. Throws KeyError if there is none.
  value_type popitem() {
    std::optional<value_type> item = Table(table_).popitem();
    if (!item) throw KeyError("'popitem(): dictionary is empty'");
    return *std::move(item);
  }
  /// The live value, or else stores this one. Of threads that race, all get the same. Throws TypeError as
  /// set() does.
  mapped_type setdefault(key_type key, mapped_type value) {
    return in_use<key_type>().setdefault(std::move(key), std::move(value));
  }

  /// The live value, or else what the factory returns, stored. The factory is called as factory(), or else as
  /// factory(key); once however many threads ask for the key meanwhile, with no lock held, and the others
  /// wait for it. If it throws, its caller gets the exception, and one of those that wait calls its own.
  ///
  /// What changes the key meanwhile, the factory itself included, wins: set(), erase(), clear(), assignment
  /// and all else that would take a value out or put one in. Then the callers get what was made, it is not
  /// stored, and who asks later has another made.
  ///
  /// Throws TypeError as set() does, and RuntimeError instead of waiting for ever: in a factory that asks for
  /// the key that it is to create, and in one of the factories that ask for one another's, in whatever
  /// dictionaries. A value that is there costs what get() costs. Beyond Python.
  template <accepted_by<Table> L = key_type, factory_of<key_type, mapped_type> F>
    requires std::constructible_from<key_type, const L&>
  mapped_type get_or_create(const L& key, F&& factory) {
    decltype(auto) used = in_use<L>();
    if (found_type present = used.find(key)) return detail::value_of(std::move(present));
    return create(Table(used), key_type(key), std::forward<F>(factory));
  }

  /// Sets every pair of a range: a dictionary, a std::map, a list of pairs. Each is set, or not, by itself.
  template <class R>
    requires(pairs_of<R, key_type, mapped_type> && !std::derived_from<std::remove_cvref_t<R>, dictionary>)
  void update(R&& entries) {
    const Table used(table_);
    for (auto&& entry : entries) {
      set_in(used, std::get<0>(entry), std::get<1>(std::forward<decltype(entry)>(entry)));
    }
  }
  /// Sets what a mapping has that is no range itself: by its items(), or else by its keys() and [].
  template <class M>
    requires(!std::derived_from<std::remove_cvref_t<M>, dictionary> && mapping_of<M, key_type, mapped_type>)
  void update(M&& mapping) {
    if constexpr (has_items<M, key_type, mapped_type>) {
      update(mapping.items());
    } else {
      const Table used(table_);
      for (auto&& key : mapping.keys()) set_in(used, key, mapping[key]);
    }
  }
  void update(std::initializer_list<value_type> entries) {
    const Table used(table_);
    for (const auto& [key, value] : entries) set_in(used, key, value);
  }
  void update(const dictionary& other) { update(other.items()); }
  void update() const noexcept {}

  // ---- copies

  /// The live entries.
  [[nodiscard]] Self copy() const { return self(); }
  /// What the entries refer to is shared; what they own is copied deeply.
  [[nodiscard]] Self deepcopy() const {
    Self copied;
    typename Table::key_copier copy_key;
    typename Table::value_copier copy_value;
    for (auto&& [key, value] : items()) copied.set(copy_key(key), copy_value(value));
    return copied;
  }

  /// Does a range of pairs, unique by key, hold the same keys with equal values? Linear.
  template <class R>
    requires pairs_of<R, key_type, mapped_type>
  [[nodiscard]] bool holds_same(R&& pairs) const {
    const Table used(table_);
    std::size_t matched = 0;
    for (auto&& pair : pairs) {
      const found_type mine = used.find(std::get<0>(pair));
      if (!mine || !detail::equal_values(detail::value_in(mine), std::get<1>(pair))) return false;
      ++matched;
    }
    return matched == used.entries().size();
  }

  // ---- iteration

  using iterator = typename walk<typename Table::yields_keys>::iterator;
  using const_iterator = iterator;

  /// The keys of live entries, in order; a walk that never throws: see walk.
  [[nodiscard]] iterator begin() const noexcept { return keys().begin(); }
  [[nodiscard]] iterator end() const noexcept { return {}; }
  [[nodiscard]] auto keys() const& noexcept { return walked<typename Table::yields_keys>(); }
  [[nodiscard]] auto values() const& noexcept { return walked<typename Table::yields_values>(); }
  /// Pairs of keys and values.
  [[nodiscard]] auto items() const& noexcept { return walked<typename Table::yields_items>(); }
  // Of a temporary, which they keep.
  [[nodiscard]] auto keys() && { return kept<typename Table::yields_keys>(); }
  [[nodiscard]] auto values() && { return kept<typename Table::yields_values>(); }
  [[nodiscard]] auto items() && { return kept<typename Table::yields_items>(); }

 protected:
  template <class Yield>
  [[nodiscard]] walk<Yield> walked() const noexcept {
    return walk<Yield>(table_.entries());
  }
  template <class Yield>
  [[nodiscard]] owning_walk<Table, Yield> kept() {
    return owning_walk<Table, Yield>(table_);
  }

 private:
  [[nodiscard]] Self& self() noexcept { return static_cast<Self&>(*this); }
  [[nodiscard]] const Self& self() const noexcept { return static_cast<const Self&>(*this); }

  /// The table for an operation with such a key.
  template <class L>
  [[nodiscard]] decltype(auto) in_use() const {
    if constexpr (Table::template is_harmless<L>) {
      return (table_);
    } else {
      return Table(table_);
    }
  }

  static void set_in(const Table& used, key_type key, offered_type value) {
    used.set(std::move(key), std::forward<offered_type>(value));
  }

  /// get_or_create() where a look has found nothing.
  template <class F>
  static mapped_type create(const Table& used, key_type key, F&& factory) {
    const auto mine = used.new_creation(std::move(key));
    for (;;) {
      auto claim = used.claim(*mine);
      if (claim.present) return detail::value_of(std::move(claim.present));
      if (claim.running == None) break;
      claim.running->wait();
      if (claim.running->result) return detail::value_of(found_type(claim.running->result));
    }
    const creation_end end(used.entries(), *mine);
    mapped_type made = make_by<mapped_type>(std::forward<F>(factory), mine->key);
    used.fulfil(*mine, made);
    return made;
  }

  Table table_;
};

}  // namespace detail

// ---- | and ==

/// A copy of `a`, updated with `b`: a dictionary, a std::map, a list of pairs.
export template <class Self, class Table, class R>
  requires(detail::pairs_of<const R&, typename Table::key_type, typename Table::mapped_type> ||
           std::derived_from<R, detail::dictionary<Self, Table>>)
[[nodiscard]] Self operator|(const detail::dictionary<Self, Table>& a, const R& b) {
  if constexpr (std::derived_from<R, detail::dictionary<Self, Table>>) {
    const auto theirs = b.items();  // whatever copying the other does to it
    Self joined = a.copy();
    joined.update(theirs);
    return joined;
  } else {
    Self joined = a.copy();
    joined.update(b);
    return joined;
  }
}
export template <class Self, class Table, class R>
  requires(detail::pairs_of<const R&, typename Table::key_type, typename Table::mapped_type> &&
           !std::derived_from<R, detail::dictionary<Self, Table>>)
[[nodiscard]] Self operator|(const R& a, const detail::dictionary<Self, Table>& b) {
  Self joined(a);
  joined.update(b);
  return joined;
}
export template <class Self, class Table, class R>
Self& operator|=(detail::dictionary<Self, Table>& a, const R& b)
  requires requires { a.update(b); }
{
  a.update(b);
  return static_cast<Self&>(a);
}

/// The same keys, with values that are equal (by identity where they have no ==). Linear; takes a snapshot of
/// both.
export template <class Self, class Table>
[[nodiscard]] bool operator==(const detail::dictionary<Self, Table>& a,
                              const detail::dictionary<Self, Table>& b) {
  return a.holds_same(b.items());
}
export template <class Self, class Table, class R>
  requires detail::pairs_of<const R&, typename Table::key_type, typename Table::mapped_type>
[[nodiscard]] bool operator==(const detail::dictionary<Self, Table>& a, const R& b) {
  return a.holds_same(b);
}

}  // namespace weakref
