#include <array>
#include <concepts>
#include <map>
#include <ranges>
#include <set>
#include <tuple>
#include <type_traits>
#include <unordered_set>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;
import weakref.conformance.user_string;

// TestWeakSet of CPython's test_weakset.py: sets joined and compared with others.

namespace {

using weakref::make;
using weakref::strong_ref;

// Python's set and frozenset, here and in the standard library; and its dict, whose iteration gives the keys.
using OrderedSet = std::set<String>;
using UnorderedSet = std::unordered_set<String>;
using PlainSet = weakref::set<String>;
using FrozenSet = weakref::frozenset<String>;

template <class S>
S set_of(const Strings& list) {
  return S(list.begin(), list.end());
}
template <>
FrozenSet set_of(const Strings& list) {
  return FrozenSet(list);
}

/// Calls f with the same strings in every kind of iterable.
template <class F>
void with_each_iterable(const Strings& list, F f) {
  f(set_of<OrderedSet>(list));
  f(set_of<UnorderedSet>(list));
  f(set_of<PlainSet>(list));
  f(set_of<FrozenSet>(list));
  std::map<String, int> dict;
  for (const auto& string : list) dict[string] = 0;
  f(std::views::keys(dict));
  f(list);
  BOOST_REQUIRE(list.size() == 3U);
  f(std::array{list[0], list[1], list[2]});
}

/// Calls f with the same strings in every kind of set.
template <class F>
void with_each_set(const Strings& list, F f) {
  f(set_of<OrderedSet>(list));
  f(set_of<UnorderedSet>(list));
  f(set_of<PlainSet>(list));
  f(set_of<FrozenSet>(list));
}

/// The strings are held so that they stay in the sets.
struct Fixture {
  Strings items = strings("abc");
  Strings items2 = strings("xyz");
  Strings ab_items = strings("ab");
  Strings abcde_items = strings("abcde");
  Strings def_items = strings("def");
  Strings letters = strings(ascii_letters);
  Set ab_weakset = Set(ab_items);
  Set abcde_weakset = Set(abcde_items);
  Set def_weakset = Set(def_items);
  Set s = Set(items);

  Strings both() const {
    Strings all = items;
    all.insert(all.end(), items2.begin(), items2.end());
    return all;
  }
};

/// A list that has a list as its element, which is no string.
using Nested = std::vector<Strings>;

template <class S, class R>
concept has_union = requires(const S& s, R r) { s.union_(r); };
template <class S, class R>
concept has_difference = requires(const S& s, R r) { s.difference(r); };
template <class S, class R>
concept has_symmetric_difference = requires(const S& s, R r) { s.symmetric_difference(r); };
template <class S, class R>
concept updates = requires(S& s, R r) { s.update(r); };
template <class S, class R>
concept updates_intersection = requires(S& s, R r) { s.intersection_update(r); };
template <class S, class R>
concept updates_difference = requires(S& s, R r) { s.difference_update(r); };
template <class S, class R>
concept updates_symmetric_difference = requires(S& s, R r) { s.symmetric_difference_update(r); };
template <class A, class B>
concept comparable = requires(const A& a, const B& b) { a == b; };

}  // namespace

BOOST_FIXTURE_TEST_SUITE(TestWeakSet, Fixture)

BOOST_AUTO_TEST_CASE(test_union) {
  const auto u = s.union_(items2);
  for (const auto& c : letters) BOOST_TEST(u.contains(c) == (in(c, items) || in(c, items2)));
  BOOST_CHECK(s == Set(items));
  static_assert(std::same_as<decltype(u), const Set>);
  static_assert(!has_union<Set, Nested>);
  with_each_iterable(items2, [&](const auto& c) { BOOST_CHECK(s.union_(c) == Set(both())); });
  BOOST_TEST(len(u) == items.size() + items2.size());
  items2.pop_back();
  BOOST_TEST(len(u) == items.size() + items2.size());
}

BOOST_AUTO_TEST_CASE(test_or) {
  const auto i = s.union_(items2);
  with_each_set(items2, [&](const auto& c) { BOOST_CHECK((s | c) == i); });
}

BOOST_AUTO_TEST_CASE(test_intersection) {
  // Of the letters, so that the elements of the intersection are those of items2 alone.
  const Set all(letters);
  const auto i = all.intersection(items2);
  for (const auto& c : letters) BOOST_TEST(i.contains(c) == in(c, items2));
  BOOST_CHECK(all == Set(letters));
  static_assert(std::same_as<decltype(i), const Set>);
  with_each_iterable(items, [&](const auto& c) { BOOST_CHECK(i.intersection(c) == Set()); });
  BOOST_TEST(len(i) == items2.size());
  items2.pop_back();
  BOOST_TEST(len(i) == items2.size());
}

BOOST_AUTO_TEST_CASE(test_isdisjoint) {
  BOOST_TEST(s.isdisjoint(Set(items2)));
  BOOST_TEST(!s.isdisjoint(Set(letters)));
}

BOOST_AUTO_TEST_CASE(test_and) {
  const auto i = s.intersection(items2);
  with_each_set(items2, [&](const auto& c) { BOOST_CHECK((s & c) == i); });
}

BOOST_AUTO_TEST_CASE(test_difference) {
  const auto i = s.difference(items2);
  for (const auto& c : letters) BOOST_TEST(i.contains(c) == (in(c, items) && !in(c, items2)));
  BOOST_CHECK(s == Set(items));
  static_assert(std::same_as<decltype(i), const Set>);
  static_assert(!has_difference<Set, Nested>);
}

BOOST_AUTO_TEST_CASE(test_sub) {
  const auto i = s.difference(items2);
  with_each_set(items2, [&](const auto& c) { BOOST_CHECK((s - c) == i); });
}

BOOST_AUTO_TEST_CASE(test_symmetric_difference) {
  const auto i = s.symmetric_difference(items2);
  for (const auto& c : letters) BOOST_TEST(i.contains(c) == (in(c, items) != in(c, items2)));
  BOOST_CHECK(s == Set(items));
  static_assert(std::same_as<decltype(i), const Set>);
  static_assert(!has_symmetric_difference<Set, Nested>);
  BOOST_TEST(len(i) == items.size() + items2.size());
  items2.pop_back();
  BOOST_TEST(len(i) == items.size() + items2.size());
}

BOOST_AUTO_TEST_CASE(test_xor) {
  const auto i = s.symmetric_difference(items2);
  with_each_set(items2, [&](const auto& c) { BOOST_CHECK((s ^ c) == i); });
}

BOOST_AUTO_TEST_CASE(test_sub_and_super) {
  BOOST_TEST((ab_weakset <= abcde_weakset));
  BOOST_TEST((abcde_weakset <= abcde_weakset));
  BOOST_TEST((abcde_weakset >= ab_weakset));
  BOOST_TEST(!(abcde_weakset <= def_weakset));
  BOOST_TEST(!(abcde_weakset >= def_weakset));
  // The original asks a plain set; here it is a weak one, and any range.
  BOOST_TEST(Set(ab_items).issubset(abcde_items));
  BOOST_TEST(Set(abcde_items).issuperset(ab_items));
  BOOST_TEST(!Set(ab_items).issubset(strings("cbs")));
  BOOST_TEST(!Set(def_items).issuperset(ab_items));
}

BOOST_AUTO_TEST_CASE(test_lt) {
  BOOST_TEST((ab_weakset < abcde_weakset));
  BOOST_TEST(!(abcde_weakset < def_weakset));
  BOOST_TEST(!(ab_weakset < ab_weakset));
  BOOST_TEST(!(Set() < Set()));
}

BOOST_AUTO_TEST_CASE(test_gt) {
  BOOST_TEST((abcde_weakset > ab_weakset));
  BOOST_TEST(!(abcde_weakset > def_weakset));
  BOOST_TEST(!(ab_weakset > ab_weakset));
  BOOST_TEST(!(Set() > Set()));
}

BOOST_AUTO_TEST_CASE(test_update) {
  static_assert(std::is_void_v<decltype(s.update(items2))>);
  s.update(items2);
  for (const auto& c : both()) BOOST_TEST(s.contains(c));
  static_assert(!updates<Set, Nested>);
}

BOOST_AUTO_TEST_CASE(test_update_set) {
  s.update(set_of<UnorderedSet>(items2));
  for (const auto& c : both()) BOOST_TEST(s.contains(c));
}

BOOST_AUTO_TEST_CASE(test_ior) {
  s |= set_of<UnorderedSet>(items2);
  for (const auto& c : both()) BOOST_TEST(s.contains(c));
}

BOOST_AUTO_TEST_CASE(test_intersection_update) {
  static_assert(std::is_void_v<decltype(s.intersection_update(items2))>);
  s.intersection_update(items2);
  for (const auto& c : both()) BOOST_TEST(s.contains(c) == (in(c, items2) && in(c, items)));
  static_assert(!updates_intersection<Set, Nested>);
}

BOOST_AUTO_TEST_CASE(test_iand) {
  s &= set_of<UnorderedSet>(items2);
  for (const auto& c : both()) BOOST_TEST(s.contains(c) == (in(c, items2) && in(c, items)));
}

BOOST_AUTO_TEST_CASE(test_difference_update) {
  static_assert(std::is_void_v<decltype(s.difference_update(items2))>);
  s.difference_update(items2);
  for (const auto& c : both()) BOOST_TEST(s.contains(c) == (in(c, items) && !in(c, items2)));
  static_assert(!updates_difference<Set, Nested>);
  static_assert(!updates_symmetric_difference<Set, Nested>);
}

BOOST_AUTO_TEST_CASE(test_isub) {
  s -= set_of<UnorderedSet>(items2);
  for (const auto& c : both()) BOOST_TEST(s.contains(c) == (in(c, items) && !in(c, items2)));
}

BOOST_AUTO_TEST_CASE(test_symmetric_difference_update) {
  static_assert(std::is_void_v<decltype(s.symmetric_difference_update(items2))>);
  s.symmetric_difference_update(items2);
  for (const auto& c : both()) BOOST_TEST(s.contains(c) == (in(c, items) != in(c, items2)));
  static_assert(!updates_symmetric_difference<Set, Nested>);
}

BOOST_AUTO_TEST_CASE(test_ixor) {
  s ^= set_of<UnorderedSet>(items2);
  for (const auto& c : both()) BOOST_TEST(s.contains(c) == (in(c, items) != in(c, items2)));
}

BOOST_AUTO_TEST_CASE(test_inplace_on_self) {
  Set t = s.copy();
  t |= t;
  BOOST_CHECK(t == s);
  t &= t;
  BOOST_CHECK(t == s);
  t -= t;
  BOOST_CHECK(t == Set());
  t = s.copy();
  t ^= t;
  BOOST_CHECK(t == Set());
}

// Where Python gives False for a thing of another kind, the comparison does not compile.
BOOST_AUTO_TEST_CASE(test_eq) {
  BOOST_CHECK(s == s);
  BOOST_CHECK(s == Set(items));
  static_assert(!comparable<Set, OrderedSet> && !comparable<Set, UnorderedSet>);
  static_assert(!comparable<Set, PlainSet> && !comparable<Set, FrozenSet>);
  static_assert(!comparable<Set, Strings>);
  static_assert(!comparable<Set, std::tuple<String, String, String>>);
  static_assert(!comparable<Set, weakref::WeakSet<weakref::type_object>>);
  static_assert(!comparable<Set, int>);
  BOOST_CHECK(!(s == Set(items2)));
}

BOOST_AUTO_TEST_CASE(test_ne) {
  static_assert(!comparable<Set, OrderedSet>);
  BOOST_CHECK(s != Set(items2));
  BOOST_CHECK(!(Set() != Set()));
}

BOOST_AUTO_TEST_SUITE_END()
