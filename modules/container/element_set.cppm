module;

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <ranges>
#include <string>
#include <type_traits>
#include <utility>

export module weakref:element_set;

import :dictionary;
import :element_table;
import :errors;
import :gate;
import :ref;
import :repr;
import :strong_ref;
import :walk;

// A refusal says what to write instead.
#pragma GCC diagnostic ignored "-Wc++26-extensions"

namespace weakref {
namespace detail {

/// Owners of T's: a weak set, a std::vector of strong_refs.
template <class R, class T>
concept elements_of =
    std::ranges::input_range<R> && std::convertible_to<std::ranges::range_reference_t<R>, strong_ref<T>>;

/// The same in a set: a weak one, a std::set.
template <class R, class T>
concept set_of = elements_of<const R&, T> && std::same_as<typename R::key_type, typename R::value_type>;

/// What all weak sets do; `Self` is the class that derives from it. Code of the user may destroy it
/// meanwhile: see dictionary.
template <class Self, class T, class Hash, class Eq>
class element_set {
  static_assert(admits<T, !refused_outright<std::remove_cv_t<T>>>);

  using table = element_table<T, Hash, Eq>;
  using list = std::initializer_list<strong_ref<T>>;

 public:
  using key_type = strong_ref<T>;
  using value_type = strong_ref<T>;
  using hasher = Hash;
  using key_equal = Eq;

  /// An empty set.
  element_set() = default;
  element_set(list elements) { update(elements); }
  /// Of the elements of a range of owners.
  template <elements_of<T> R>
    requires(!std::derived_from<std::remove_cvref_t<R>, element_set>)
  explicit element_set(R&& elements) {
    update(std::forward<R>(elements));
  }
  element_set(const element_set& other) { update(other); }
  /// Leaves the other empty.
  element_set(element_set&& other) { swap(other); }  // NOLINT: an empty table is allocated
  element_set& operator=(const element_set& other) {
    element_set(other).swap(*this);
    return *this;
  }
  element_set& operator=(element_set&& other) {  // NOLINT: as above
    element_set(std::move(other)).swap(*this);
    return *this;
  }
  ~element_set() { table_.entries().clear(); }

  void swap(element_set& other) noexcept {
    using std::swap;
    swap(table_, other.table_);
  }

  // ---- elements

  template <accepted_by<table> L = value_type>
  [[nodiscard]] bool contains(const L& element) const {
    return in_use<L>().contains(element);
  }
  /// False, as in Python, for what can be no element.
  template <refused_by<table> L>
  [[nodiscard]] static constexpr bool contains(const L&) noexcept {
    return false;
  }
  /// Live elements. Constant.
  [[nodiscard]] std::size_t size() const noexcept { return table_.entries().size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  /// Puts the element in, unless there is an equal one: that stays, and leaves when it dies. Throws TypeError
  /// for None.
  void add(value_type element) { in_use<value_type>().add(std::move(element)); }

  /// Takes the equal element out, if there is one.
  template <accepted_by<table> L = value_type>
  void discard(const L& element) {
    in_use<L>().erase(element);
  }
  /// The same; throws KeyError if there is none.
  template <accepted_by<table> L = value_type>
  void remove(const L& element) {
    if (!in_use<L>().erase(element)) throw KeyError(table::describe(element));
  }
  /// Takes the newest live element out. Throws KeyError if there is none.
  value_type pop() {
    value_type newest = table(table_).pop();
    if (newest == None) throw KeyError("'pop from empty WeakSet'");
    return newest;
  }
  /// Everything leaves in one instant. Linear.
  void clear() noexcept { table_.entries().clear(); }

  [[nodiscard]] Self copy() const { return self(); }

  // ---- with other elements: any range of owners
  //
  // Every element is one atomic step; where one throws, those before it are done.

  template <elements_of<T> R = list>
  void update(R&& other) {
    const table used(table_);
    for (auto&& element : other) used.add(std::forward<decltype(element)>(element));
  }

  /// Python's union.
  template <elements_of<T> R = list>
  [[nodiscard]] Self union_(R&& other) const {
    auto&& theirs = kept(std::forward<R>(other));
    Self result = copy();
    result.update(std::forward<decltype(theirs)>(theirs));
    return result;
  }

  /// The elements of the other that are equal to some here, as in Python.
  template <elements_of<T> R = list>
  [[nodiscard]] Self intersection(R&& other) const {
    const table used(table_);
    Self result;
    for (value_type element : other) {
      if (used.contains(element)) result.add(std::move(element));
    }
    return result;
  }
  /// Leaves the elements that are equal to some in the other.
  template <elements_of<T> R = list>
  void intersection_update(R&& other) {
    const table used(table_);
    Self kept;
    for (const value_type& element : other) {
      if (auto mine = used.find(element); mine != None) kept.add(std::move(mine));
    }
    for (const value_type& mine : elements_in(used)) {
      if (!kept.contains(mine)) used.erase(mine);
    }
  }

  template <elements_of<T> R = list>
  [[nodiscard]] Self difference(R&& other) const {
    auto&& theirs = kept(std::forward<R>(other));
    Self result = copy();
    result.difference_update(std::forward<decltype(theirs)>(theirs));
    return result;
  }
  template <elements_of<T> R = list>
  void difference_update(R&& other) {
    const table used(table_);
    for (const value_type& element : other) used.erase(element);
  }

  template <elements_of<T> R = list>
  [[nodiscard]] Self symmetric_difference(R&& other) const {
    auto&& theirs = kept(std::forward<R>(other));
    Self result = copy();
    result.symmetric_difference_update(std::forward<decltype(theirs)>(theirs));
    return result;
  }
  template <elements_of<T> R = list>
  void symmetric_difference_update(R&& other) {
    // First a set, so that what comes twice counts once, and this may be the other.
    const table used(table_);
    for (value_type element : distinct(std::forward<R>(other))) {
      if (!used.erase(element)) used.add(std::move(element));
    }
  }

  template <elements_of<T> R = list>
  [[nodiscard]] bool issubset(R&& other) const {
    const table used(table_);
    if constexpr (is_of_this_kind<R>) {
      return is_subset(used, table(other.table_));
    } else {
      return is_subset(used, distinct(std::forward<R>(other)).table_);
    }
  }
  template <elements_of<T> R = list>
  [[nodiscard]] bool issuperset(R&& other) const {
    const table used(table_);
    for (const value_type& element : other) {
      (void)referent_block(element);
      if (!used.contains(element)) return false;
    }
    return true;
  }
  template <elements_of<T> R = list>
  [[nodiscard]] bool isdisjoint(R&& other) const {
    const table used(table_);
    for (const value_type& element : other) {
      if (used.contains(element)) return false;
    }
    return true;
  }

  /// Are the elements on both sides equal?
  [[nodiscard]] bool holds_same(const element_set& other) const {
    const table used(table_);
    const table theirs(other.table_);
    return is_subset(used, theirs) && is_subset(theirs, used);
  }
  /// Are all elements in the other, and is there one that is there only?
  template <elements_of<T> R>
  [[nodiscard]] bool is_proper_subset(const R& other) const {
    const table used(table_);
    if constexpr (is_of_this_kind<R>) {
      const table theirs(other.table_);
      return is_subset(used, theirs) && !is_subset(theirs, used);
    } else {
      const Self theirs = distinct(other);
      return is_subset(used, theirs.table_) && !is_subset(theirs.table_, used);
    }
  }
  /// The other way round.
  template <elements_of<T> R>
  [[nodiscard]] bool is_proper_superset(const R& other) const {
    const table used(table_);
    if constexpr (is_of_this_kind<R>) {
      const table theirs(other.table_);
      return is_subset(theirs, used) && !is_subset(used, theirs);
    } else {
      const Self theirs = distinct(other);
      return is_subset(theirs.table_, used) && !is_subset(used, theirs.table_);
    }
  }

  // ---- iteration

  using iterator = typename walk<typename table::yields_keys>::iterator;
  using const_iterator = iterator;

  /// The live elements, in the order of insertion, each held while it is the current one: see walk.
  [[nodiscard]] iterator begin() const noexcept { return elements_in(table_).begin(); }
  [[nodiscard]] iterator end() const noexcept { return {}; }

  /// "{<weakref at 0x..; to 'T' at 0x..>, …}", or "set()".
  [[nodiscard]] std::string text() const {
    std::string listed;
    for (const ref<T>& element : walk<typename table::yields_references>(table_.entries())) {
      listed += (listed.empty() ? "{" : ", ") + repr(element);
    }
    return listed.empty() ? "set()" : listed + "}";
  }

 private:
  [[nodiscard]] const Self& self() const noexcept { return static_cast<const Self&>(*this); }

  static walk<typename table::yields_keys> elements_in(const table& walked) noexcept {
    return walk<typename table::yields_keys>(walked.entries());
  }

  /// The table for an operation with such an element.
  template <class L>
  [[nodiscard]] decltype(auto) in_use() const {
    if constexpr (table::template is_harmless<L>) {
      return (table_);
    } else {
      return table(table_);
    }
  }

  static bool is_subset(const table& asked, const table& other) {
    for (const value_type& element : elements_in(asked)) {
      if (!other.contains(element)) return false;
    }
    return true;
  }

  template <class R>
  static constexpr bool is_of_this_kind = std::derived_from<std::remove_cvref_t<R>, element_set>;

  /// Elements that are there whatever becomes of a weak set meanwhile.
  template <class R>
  static decltype(auto) kept(R&& elements) {
    if constexpr (is_of_this_kind<R>) {
      return elements_in(elements.table_);
    } else {
      return std::forward<R>(elements);
    }
  }

  template <class R>
  static Self distinct(R&& elements) {
    Self set;
    set.update(std::forward<R>(elements));
    return set;
  }

  table table_;
};

}  // namespace detail

// The operators take sets on the right only, and give what their named methods do.

export template <class Self, class T, class H, class E, detail::set_of<T> R>
[[nodiscard]] Self operator|(const detail::element_set<Self, T, H, E>& a, const R& b) {
  return a.union_(b);
}
export template <class Self, class T, class H, class E, detail::set_of<T> R>
[[nodiscard]] Self operator&(const detail::element_set<Self, T, H, E>& a, const R& b) {
  return a.intersection(b);
}
export template <class Self, class T, class H, class E, detail::set_of<T> R>
[[nodiscard]] Self operator-(const detail::element_set<Self, T, H, E>& a, const R& b) {
  return a.difference(b);
}
export template <class Self, class T, class H, class E, detail::set_of<T> R>
[[nodiscard]] Self operator^(const detail::element_set<Self, T, H, E>& a, const R& b) {
  return a.symmetric_difference(b);
}

export template <class Self, class T, class H, class E, detail::set_of<T> R>
Self& operator|=(detail::element_set<Self, T, H, E>& a, const R& b) {
  a.update(b);
  return static_cast<Self&>(a);
}
export template <class Self, class T, class H, class E, detail::set_of<T> R>
Self& operator&=(detail::element_set<Self, T, H, E>& a, const R& b) {
  a.intersection_update(b);
  return static_cast<Self&>(a);
}
export template <class Self, class T, class H, class E, detail::set_of<T> R>
Self& operator-=(detail::element_set<Self, T, H, E>& a, const R& b) {
  a.difference_update(b);
  return static_cast<Self&>(a);
}
export template <class Self, class T, class H, class E, detail::set_of<T> R>
Self& operator^=(detail::element_set<Self, T, H, E>& a, const R& b) {
  a.symmetric_difference_update(b);
  return static_cast<Self&>(a);
}

/// Equal elements on both sides. Weak sets of one kind only, as in Python.
export template <class Self, class T, class H, class E>
[[nodiscard]] bool operator==(const detail::element_set<Self, T, H, E>& a,
                              const detail::element_set<Self, T, H, E>& b) {
  return a.holds_same(b);
}

export template <class Self, class T, class H, class E, detail::set_of<T> R>
  requires(!std::derived_from<R, detail::element_set<Self, T, H, E>>)
bool operator==(const detail::element_set<Self, T, H, E>&, const R&) =
    delete ("a weak set is equal to one of its own kind only: ask issubset() and issuperset()");

/// Subset, superset, and proper ones.
export template <class Self, class T, class H, class E, detail::set_of<T> R>
[[nodiscard]] bool operator<=(const detail::element_set<Self, T, H, E>& a, const R& b) {
  return a.issubset(b);
}
export template <class Self, class T, class H, class E, detail::set_of<T> R>
[[nodiscard]] bool operator>=(const detail::element_set<Self, T, H, E>& a, const R& b) {
  return a.issuperset(b);
}
export template <class Self, class T, class H, class E, detail::set_of<T> R>
[[nodiscard]] bool operator<(const detail::element_set<Self, T, H, E>& a, const R& b) {
  return a.is_proper_subset(b);
}
export template <class Self, class T, class H, class E, detail::set_of<T> R>
[[nodiscard]] bool operator>(const detail::element_set<Self, T, H, E>& a, const R& b) {
  return a.is_proper_superset(b);
}

}  // namespace weakref
