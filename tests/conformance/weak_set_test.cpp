#include <concepts>
#include <cstddef>
#include <functional>
#include <ranges>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <variant>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;
import weakref.conformance.user_string;

// TestWeakSet of CPython's test_weakset.py: what a set is, its elements, and copies.

namespace {

using weakref::KeyError;
using weakref::make;
using weakref::strong_ref;

/// The strings are held so that they stay in the sets.
struct Fixture {
  Strings items = strings("abc");
  Strings items2 = strings("xyz");
  Strings letters = strings(ascii_letters);
  Set s = Set(items);
  strong_ref<UserString> obj = make<UserString>('F');
  Set fs{obj};
};

struct Foo : weakref::object {
  const weakref::WeakSet<Foo>* cycle = nullptr;
  strong_ref<Foo> sub;
  weakref::WeakSet<Foo> set;
};

template <class S>
concept has_the_methods_of_set = requires(S& s, const S& t, Strings range, strong_ref<UserString> x) {
  s.add(x);
  s.clear();
  { t.copy() } -> std::same_as<S>;
  { t.difference(range) } -> std::same_as<S>;
  s.difference_update(range);
  s.discard(x);
  { t.intersection(range) } -> std::same_as<S>;
  s.intersection_update(range);
  { t.isdisjoint(range) } -> std::same_as<bool>;
  { t.issubset(range) } -> std::same_as<bool>;
  { t.issuperset(range) } -> std::same_as<bool>;
  { s.pop() } -> std::same_as<strong_ref<UserString>>;
  s.remove(x);
  { t.symmetric_difference(range) } -> std::same_as<S>;
  s.symmetric_difference_update(range);
  { t.union_(range) } -> std::same_as<S>;
  s.update(range);
};

/// What the abstract class Set of Python's collections asks for, and MutableSet.
template <class S>
concept abstract_set = std::ranges::input_range<const S> && requires(const S& a, const S& b) {
  { len(a) } -> std::convertible_to<std::size_t>;
  { a.contains(*a.begin()) } -> std::convertible_to<bool>;
  { a <= b } -> std::convertible_to<bool>;
  { a < b } -> std::convertible_to<bool>;
  { a == b } -> std::convertible_to<bool>;
  { a >= b } -> std::convertible_to<bool>;
  { a > b } -> std::convertible_to<bool>;
  { a & b } -> std::same_as<S>;
  { a | b } -> std::same_as<S>;
  { a - b } -> std::same_as<S>;
  { a ^ b } -> std::same_as<S>;
  { a.isdisjoint(b) } -> std::convertible_to<bool>;
};
template <class S>
concept abstract_mutable_set = abstract_set<S> && requires(S& a, const S& b, strong_ref<UserString> x) {
  a.add(x);
  a.discard(x);
  a.remove(x);
  a.pop();
  a.clear();
  a |= b;
  a &= b;
  a -= b;
  a ^= b;
};

template <class S, class X>
concept adds = requires(S& s, X x) { s.add(x); };
template <class S, class X>
concept removes = requires(S& s, X x) { s.remove(x); };
template <class S, class X>
concept discards = requires(S& s, X x) { s.discard(x); };
template <class S>
concept has_y = requires(S& s) { s.y; };

struct List : weakref::object, std::vector<std::string> {
  using std::vector<std::string>::vector;
};

/// A class of sets with a state of its own, which refers to other objects.
struct WeakSetWithSlots : weakref::object, Set {
  using Set::Set;
  [[nodiscard]] strong_ref<WeakSetWithSlots> deepcopy() const {
    auto copied = make<WeakSetWithSlots>(*this);
    copied->x = make<List>(*x);
    copied->z = make<List>(*z);
    return copied;
  }
  strong_ref<List> x;
  strong_ref<List> z;
};

/// Equal, and hashed, by identity: strong_ref compares it so.
struct IdHash {
  template <class T>
  std::size_t operator()(const strong_ref<T>& x) const {
    return weakref::id(x) & 0x7fffffffU;
  }
};
struct H : weakref::object, weakref::WeakSet<UserString> {};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(TestWeakSet, Fixture)

BOOST_AUTO_TEST_CASE(test_methods) {
  static_assert(has_the_methods_of_set<Set>);
  BOOST_TEST(len(s) == 3U);
}

BOOST_AUTO_TEST_CASE(test_len) {
  BOOST_TEST(len(s) == items.size());
  BOOST_TEST(len(fs) == 1U);
  obj.reset();
  BOOST_TEST(len(fs) == 0U);
}

BOOST_AUTO_TEST_CASE(test_contains) {
  for (const auto& c : letters) BOOST_TEST(s.contains(c) == in(c, items));
  // A number is not weakly referenceable: it is in no set.
  BOOST_TEST(!s.contains(1));
  BOOST_TEST(fs.contains(obj));
  obj.reset();
  BOOST_TEST(!fs.contains(make<UserString>('F')));
}

BOOST_AUTO_TEST_CASE(test_gc) {
  const weakref::WeakSet<Foo> set(std::views::iota(0, 1000) |
                                  std::views::transform([](int) { return make<Foo>(); }));
  for (const auto& elem : set) {
    elem->cycle = &set;
    elem->sub = elem;
    elem->set = weakref::WeakSet<Foo>{elem};
  }
  BOOST_TEST(len(set) == 0U);
}

BOOST_AUTO_TEST_CASE(test_subclass_with_custom_hash) {
  const auto set = make<H>();
  std::unordered_set<strong_ref<H>, IdHash> f;
  f.insert(set);
  BOOST_TEST(f.contains(set));
  BOOST_TEST(f.erase(set) == 1U);
  f.insert(set);
  BOOST_TEST(f.erase(set) == 1U);
}

BOOST_AUTO_TEST_CASE(test_init) {
  Set made;
  made = Set(items);
  BOOST_CHECK(made == s);
  made = Set(items2);
  BOOST_CHECK(made == Set(items2));
  static_assert(!std::constructible_from<Set, Set, int>);
  static_assert(!std::constructible_from<Set, int>);
}

BOOST_AUTO_TEST_CASE(test_constructor_identity) {
  const Set first(items);
  const Set second(first);
  BOOST_TEST(&first != &second);
  BOOST_CHECK(first == second);
}

BOOST_AUTO_TEST_CASE(test_hash) {
  static_assert(!std::is_default_constructible_v<std::hash<Set>>);
  BOOST_TEST(len(s) == 3U);
}

BOOST_AUTO_TEST_CASE(test_clear) {
  s.clear();
  BOOST_CHECK(s == Set());
  BOOST_TEST(len(s) == 0U);
}

BOOST_AUTO_TEST_CASE(test_copy) {
  const Set dup = s.copy();
  BOOST_CHECK(s == dup);
  BOOST_TEST(&s != &dup);
}

BOOST_AUTO_TEST_CASE(test_add) {
  const auto x = make<UserString>('Q');
  s.add(x);
  BOOST_TEST(s.contains(x));
  const Set dup = s.copy();
  s.add(x);
  BOOST_CHECK(s == dup);
  static_assert(!adds<Set, Strings>);
  fs.add(make<UserString>('G'));
  BOOST_TEST(len(fs) == 1U);
  fs.add(obj);
  BOOST_TEST(len(fs) == 1U);
}

BOOST_AUTO_TEST_CASE(test_remove) {
  const auto x = make<UserString>('a');
  s.remove(x);
  BOOST_TEST(!s.contains(x));
  BOOST_CHECK_THROW(s.remove(x), KeyError);
  static_assert(!removes<Set, Strings>);
}

BOOST_AUTO_TEST_CASE(test_discard) {
  const auto a = make<UserString>('a');
  const auto q = make<UserString>('Q');
  s.discard(a);
  BOOST_TEST(!s.contains(a));
  s.discard(q);
  BOOST_TEST(len(s) == 2U);
  static_assert(!discards<Set, Strings>);
}

BOOST_AUTO_TEST_CASE(test_pop) {
  for (std::size_t left = len(s); left > 0; --left) {
    const auto elem = s.pop();
    BOOST_TEST(!s.contains(elem));
  }
  BOOST_CHECK_THROW((void)s.pop(), KeyError);
}

// In place of a collection that begins sooner or later, another thread drops the owners.

BOOST_AUTO_TEST_CASE(test_repr) {
  std::string listed;
  for (const auto& item : items) {
    const auto references = weakref::getweakrefs(item);
    BOOST_REQUIRE(references.size() == 1U);
    listed += (listed.empty() ? "{" : ", ") + repr(std::get<weakref::ref<UserString>>(references[0]));
  }
  BOOST_TEST(repr(s) == listed + "}");
}

BOOST_AUTO_TEST_CASE(test_abc) {
  static_assert(abstract_set<Set>);
  static_assert(abstract_mutable_set<Set>);
  BOOST_TEST(len(s) == 3U);
}

BOOST_AUTO_TEST_CASE(test_copying) {
  const auto set = make<WeakSetWithSlots>(items);
  set->x = make<List>(List{"x"});
  set->z = make<List>(List{"z"});

  auto dup = make<WeakSetWithSlots>(*set);
  BOOST_CHECK(*dup == *set);
  BOOST_CHECK(dup != set);
  BOOST_CHECK(dup->x == set->x);
  BOOST_CHECK(dup->z == set->z);

  // A deep copy is what containers make of what they own.
  const weakref::WeakKeyDictionary<UserString, strong_ref<WeakSetWithSlots>> owner{{obj, set}};
  dup = owner.deepcopy().at(obj);
  BOOST_CHECK(*dup == *set);
  BOOST_CHECK(dup != set);
  BOOST_TEST(*dup->x == *set->x, boost::test_tools::per_element());
  BOOST_CHECK(dup->x != set->x);
  BOOST_TEST(*dup->z == *set->z, boost::test_tools::per_element());
  BOOST_CHECK(dup->z != set->z);
  static_assert(!has_y<WeakSetWithSlots>);
  // Unlike CPython's, the copies are decoupled from the original.
  dup->add(obj);
  BOOST_TEST(!set->contains(obj));
}

BOOST_AUTO_TEST_SUITE_END()
