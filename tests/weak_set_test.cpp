#include <algorithm>
#include <concepts>
#include <cstddef>
#include <functional>
#include <iterator>
#include <list>
#include <map>
#include <optional>
#include <ranges>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// What a WeakSet is asked for. After CPython's test_weakset.py.

namespace {

using weakref::KeyError;
using weakref::make;
using weakref::None;
using weakref::strong_ref;
using weakref::TypeError;

struct Letter : weakref::object {
  static inline std::function<void()> on_equal;

  explicit Letter(char c) : character(c) {}
  friend bool operator==(const Letter& a, const Letter& b) {
    if (on_equal) std::exchange(on_equal, nullptr)();
    return a.character == b.character;
  }
  char character;
};
struct Capital : Letter {
  using Letter::Letter;
};

}  // namespace

template <>
struct std::hash<Letter> {
  std::size_t operator()(const Letter& letter) const {
    return static_cast<std::size_t>(letter.character % 8);
  }
};

namespace {

using Letters = weakref::WeakSet<Letter>;
using Owners = std::vector<strong_ref<Letter>>;

Owners owners_of(const std::string& characters) {
  Owners owners;
  for (const char c : characters) owners.push_back(make<Letter>(c));
  return owners;
}

/// In order.
std::string text(const Letters& letters) {
  std::string found;
  for (const auto& letter : letters) found += letter->character;
  return found;
}

template <class E, class F>
std::string text_of(F f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  }
  return "nothing was thrown";
}

struct Fixture {
  ~Fixture() { Letter::on_equal = nullptr; }

  Owners abc = owners_of("abc");
  Owners others = owners_of("xbya");  // of which b and a are equal to some above
  Letters set{abc[0], abc[1], abc[2]};
  Letters other = Letters(others);
};

template <class S, class T>
concept has_all_set_methods = requires(S s, std::vector<strong_ref<T>> r, strong_ref<T> x) {
  s.add(x), s.discard(x), s.remove(x), s.pop(), s.clear(), s.copy(), s.contains(x), s.size(), s.update(r);
  s.union_(r), s.intersection(r), s.intersection_update(r), s.difference(r), s.difference_update(r);
  s.symmetric_difference(r), s.symmetric_difference_update(r);
  s.issubset(r), s.issuperset(r), s.isdisjoint(r);
};

template <class A, class B>
concept joins = requires(const A& a, const B& b) { a | b; };
template <class A, class B>
concept compares = requires(const A& a, const B& b) { a == b; };
template <class A, class B>
concept orders = requires(const A& a, const B& b) { a <= b; };

}  // namespace

BOOST_FIXTURE_TEST_SUITE(weak_set, Fixture)

// ---- what it is

BOOST_AUTO_TEST_CASE(it_has_every_method_of_a_set) {  // test_methods, test_abc
  static_assert(has_all_set_methods<Letters, Letter>);
  static_assert(has_all_set_methods<weakref::WeakIdSet<Letter>, Letter>);
  static_assert(std::regular<Letters>);
  static_assert(std::ranges::input_range<const Letters>);
  static_assert(std::same_as<std::ranges::range_value_t<Letters>, strong_ref<Letter>>);
  BOOST_TEST(len(set) == 3U);
}

BOOST_AUTO_TEST_CASE(it_is_not_hashable) {  // test_hash
  static_assert(!std::is_default_constructible_v<std::hash<Letters>>);
  BOOST_TEST(set.size() == 3U);
}

BOOST_AUTO_TEST_CASE(an_element_vanishes_when_it_dies) {  // test_len, test_contains
  BOOST_TEST(set.contains(abc[0]));
  BOOST_TEST(getrefcount(abc[0]) == 1U);
  abc[0].reset();
  BOOST_TEST(set.size() == 2U);
  BOOST_TEST(!set.contains(make<Letter>('a')));
}

BOOST_AUTO_TEST_CASE(contains_is_by_equality_and_false_for_what_can_be_no_element) {
  BOOST_TEST(set.contains(others[1]));
  BOOST_TEST(set.contains(*others[1]));
  BOOST_TEST(set.contains(Letter('c')));
  BOOST_TEST(!set.contains(others[0]));
  BOOST_TEST(!set.contains(1));
  BOOST_TEST(!set.contains("a"));
  BOOST_TEST(!set.contains(None));
}

BOOST_AUTO_TEST_CASE(
    it_is_made_from_nothing_a_list_a_range_or_another) {  // test_init, test_constructor_identity
  BOOST_TEST(Letters().empty());
  BOOST_TEST(text(Letters{abc[1], abc[0], abc[1]}) == "ba");
  BOOST_TEST(text(Letters(abc)) == "abc");
  BOOST_TEST(text(Letters(std::list(abc.begin(), abc.end()))) == "abc");
  BOOST_TEST(text(Letters(abc | std::views::reverse)) == "cba");
  const Letters copy(set);
  BOOST_TEST((copy == set));
  static_assert(!std::constructible_from<Letters, int>);
  set = Letters(others);
  BOOST_TEST(text(set) == "xbya");
}

BOOST_AUTO_TEST_CASE(a_set_of_temporaries_is_empty_at_once) {  // test_gc
  const Letters gone(std::views::iota(0, 1000) |
                     std::views::transform([](int i) { return make<Letter>(static_cast<char>(i % 100)); }));
  BOOST_TEST(gone.empty());
  for (const auto& letter : gone) BOOST_TEST((letter == None));
}

BOOST_AUTO_TEST_CASE(a_move_leaves_the_source_empty_and_usable) {
  Letters moved = std::move(set);
  BOOST_TEST(text(moved) == "abc");
  BOOST_TEST(set.empty());  // NOLINT(bugprone-use-after-move)
  set.add(abc[0]);
  BOOST_TEST(text(set) == "a");
  moved.swap(set);
  BOOST_TEST(text(moved) == "a");
}

// ---- one element

BOOST_AUTO_TEST_CASE(an_equal_element_that_is_there_is_kept) {  // test_add
  set.add(others[3]);
  BOOST_TEST(set.size() == 3U);
  BOOST_TEST((*set.begin() == abc[0]));
  BOOST_TEST(getweakrefcount(others[3]) == 1U);  // in `other`
  abc[0].reset();
  BOOST_TEST(!set.contains(others[3]));
  set.add(others[3]);
  BOOST_TEST(text(set) == "bca");
}

BOOST_AUTO_TEST_CASE(a_temporary_leaves_at_once) {
  set.add(make<Letter>('f'));
  BOOST_TEST(set.size() == 3U);
  set.add(make<Capital>('F'));
  BOOST_TEST(set.size() == 3U);
}

BOOST_AUTO_TEST_CASE(remove_takes_the_equal_element_or_throws_its_reference) {  // test_remove
  set.remove(others[1]);
  BOOST_TEST(text(set) == "ac");
  BOOST_TEST(text_of<KeyError>([&] { set.remove(others[1]); }) == repr(weakref::ref<Letter>(others[1])));
}

BOOST_AUTO_TEST_CASE(discard_takes_the_equal_element_if_there_is_one) {  // test_discard
  set.discard(others[1]);
  set.discard(others[1]);
  set.discard(Letter('c'));
  BOOST_TEST(text(set) == "a");
}

BOOST_AUTO_TEST_CASE(pop_takes_the_last_or_throws) {  // test_pop
  abc[2].reset();
  BOOST_TEST((set.pop() == abc[1]));
  BOOST_TEST((set.pop() == abc[0]));
  BOOST_TEST(text_of<KeyError>([&] { (void)set.pop(); }) == "'pop from empty WeakSet'");
}

BOOST_AUTO_TEST_CASE(clear_takes_all) {  // test_clear
  set.clear();
  BOOST_TEST(set.empty());
  BOOST_TEST(getweakrefcount(abc[0]) == 0U);
}

BOOST_AUTO_TEST_CASE(none_is_refused_as_an_element) {
  const std::string refusal = "cannot create weak reference to 'NoneType' object";
  const Owners none{None};
  for (const auto& refused : std::vector<std::function<void()>>{
           [&] { set.add(None); },
           [&] { set.discard(None); },
           [&] { set.remove(None); },
           [&] { set.update(none); },
           [&] { (void)set.union_(none); },
           [&] { (void)set.difference(none); },
           [&] { (void)set.symmetric_difference(none); },
           [&] { set.intersection_update(none); },
           [&] { (void)set.issubset(none); },
           [&] { (void)set.issuperset(none); },
       }) {
    BOOST_TEST(text_of<TypeError>(refused) == refusal);
  }
  BOOST_TEST(set.intersection(none).empty());
  BOOST_TEST(set.isdisjoint(none));
  BOOST_TEST(text(set) == "abc");
}

BOOST_AUTO_TEST_CASE(a_copy_is_another_set_of_the_same_elements) {  // test_copy, test_copying
  Letters copy = set.copy();
  BOOST_TEST((copy == set));
  copy.remove(abc[0]);
  BOOST_TEST(set.contains(abc[0]));
  abc[1].reset();
  BOOST_TEST(text(copy) == "c");
}

// ---- other elements

BOOST_AUTO_TEST_CASE(update_adds) {  // test_update, test_update_set, test_ior
  set.update(others);
  BOOST_TEST(text(set) == "abcxy");
  set.update({others[0], abc[0]});
  set |= other;
  BOOST_TEST(text(set) == "abcxy");
}

BOOST_AUTO_TEST_CASE(a_union_is_a_new_weak_set) {  // test_union, test_or
  Letters joined = set.union_(others);
  BOOST_TEST(text(joined) == "abcxy");
  BOOST_TEST(text(set) == "abc");
  BOOST_TEST(text(set | other) == "abcxy");
  BOOST_TEST(text(set.union_({others[0]})) == "abcx");
  BOOST_TEST(text(set.union_(others | std::views::take(1))) == "abcx");
  others.clear();
  BOOST_TEST(text(joined) == "abc");
}

BOOST_AUTO_TEST_CASE(an_intersection_has_the_elements_of_the_other) {  // test_intersection, test_and
  const Letters common = set.intersection(others);
  BOOST_TEST(text(common) == "ba");
  BOOST_TEST((*common.begin() == others[1]));
  BOOST_TEST(text(set & other) == "ba");
  BOOST_TEST(text(set) == "abc");
  others[1].reset();
  BOOST_TEST(text(common) == "a");
}

BOOST_AUTO_TEST_CASE(an_intersection_in_place_leaves_what_is_here) {  // test_intersection_update, test_iand
  set.intersection_update(others);
  BOOST_TEST(text(set) == "ab");
  BOOST_TEST((*set.begin() == abc[0]));
  abc[0].reset();  // CPython no longer notices this
  BOOST_TEST(set.size() == 1U);
  set &= other;
  BOOST_TEST(text(set) == "b");
  set &= Letters();
  BOOST_TEST(set.empty());
}

BOOST_AUTO_TEST_CASE(a_difference_lacks_the_elements_of_the_other) {  // test_difference, test_sub, test_isub
  BOOST_TEST(text(set.difference(others)) == "c");
  BOOST_TEST(text(set - other) == "c");
  BOOST_TEST(text(set) == "abc");
  set.difference_update(others);
  BOOST_TEST(text(set) == "c");
  set -= Letters(abc);
  BOOST_TEST(set.empty());
}

BOOST_AUTO_TEST_CASE(
    a_symmetric_difference_has_what_is_in_one_only) {  // test_symmetric_difference, test_xor, test_ixor
  BOOST_TEST(text(set.symmetric_difference(others)) == "cxy");
  BOOST_TEST(text(set ^ other) == "cxy");
  BOOST_TEST(text(set.symmetric_difference({others[0], others[0]})) == "abcx");
  set.symmetric_difference_update(others);
  BOOST_TEST(text(set) == "cxy");
  set ^= other;
  BOOST_TEST(text(set) == "cba");
}

BOOST_AUTO_TEST_CASE(a_set_combines_with_itself) {  // test_inplace_on_self
  set |= set;
  BOOST_TEST(text(set) == "abc");
  set &= set;
  BOOST_TEST(text(set) == "abc");
  Letters copy = set;
  copy -= copy;
  BOOST_TEST(copy.empty());
  set ^= set;
  BOOST_TEST(set.empty());
  BOOST_TEST(((other | other) == other));
  BOOST_TEST(((other & other) == other));
  BOOST_TEST((other - other).empty());
  BOOST_TEST((other ^ other).empty());
}

BOOST_AUTO_TEST_CASE(subsets_and_supersets) {  // test_sub_and_super, test_lt, test_gt, test_isdisjoint
  const Letters ab{abc[0], abc[1]};
  BOOST_TEST((ab <= set && ab < set && set >= ab && set > ab));
  BOOST_TEST(!(set <= ab || set < ab || ab >= set || ab > set));
  BOOST_TEST((set <= set && set >= set && !(set < set) && !(set > set)));
  BOOST_TEST((ab.issubset(abc) && ab.issubset(others) && !set.issubset(others)));
  BOOST_TEST((set.issuperset(ab) && !set.issuperset(others) && set.issuperset(Owners())));
  BOOST_TEST(set.isdisjoint({others[0], others[2]}));
  BOOST_TEST(!set.isdisjoint(others));
  BOOST_TEST((Letters().issubset(set) && Letters() < set));
}

BOOST_AUTO_TEST_CASE(weak_sets_are_equal_by_their_elements) {  // test_eq, test_ne
  BOOST_TEST((set == Letters(abc | std::views::reverse)));
  BOOST_TEST((set != other));
  BOOST_TEST((Letters() == Letters()));
  const Letters equal{others[3], others[1]};
  BOOST_TEST((equal == Letters{abc[0], abc[1]}));
  // Python gives False for a set or a list; here it does not compile.
  static_assert(!compares<Letters, std::set<strong_ref<Letter>>>);
  static_assert(!compares<Letters, Owners>);
  static_assert(!compares<Letters, int>);
}

BOOST_AUTO_TEST_CASE(operators_take_sets_on_the_right_only) {
  const std::set<strong_ref<Letter>> ordered(others.begin(), others.end());
  const std::unordered_set<strong_ref<Letter>> hashed(others.begin(), others.end());
  const weakref::frozenset<strong_ref<Letter>> frozen(others);
  BOOST_TEST(((set | ordered) == (set | other)));
  BOOST_TEST(((set & hashed) == (set & other)));
  BOOST_TEST(((set - ordered) == (set - other)));
  BOOST_TEST(((set ^ hashed) == (set ^ other)));
  BOOST_TEST(((set | frozen) == (set | other)));
  set |= ordered;
  BOOST_TEST((set > ordered && set >= hashed && !(set <= ordered) && !(set < hashed)));
  set &= hashed;
  set -= ordered;
  set ^= ordered;
  BOOST_TEST((set == other));
  static_assert(!joins<Letters, Owners> && !orders<Letters, Owners>);
  static_assert(!joins<std::set<strong_ref<Letter>>, Letters>);
  static_assert(!joins<Letters, std::map<strong_ref<Letter>, int>>);
}

// ---- text

BOOST_AUTO_TEST_CASE(the_repr_lists_the_references) {  // test_repr
  BOOST_TEST(repr(Letters()) == "set()");
  const Letters one{abc[0]};
  BOOST_TEST(repr(one).starts_with("{<weakref at 0x"));
  const std::string object = repr(abc[0]);  // "<… object at 0x..>"
  BOOST_TEST(repr(one).ends_with(object.substr(object.rfind("at 0x")) + "}"));
  BOOST_TEST((repr(set).find(">, <weakref at 0x") != std::string::npos));
  std::ostringstream out;
  out << one;
  BOOST_TEST(out.str() == repr(one));
}

// ---- walks

BOOST_AUTO_TEST_CASE(a_walk_holds_the_current_element_only) {  // test_weak_destroy_while_iterating
  auto it = set.begin();
  BOOST_TEST(getrefcount(abc[0]) == 2U);
  abc[0].reset();
  BOOST_TEST(set.size() == 3U);
  ++it;
  BOOST_TEST(set.size() == 2U);
  BOOST_TEST(getrefcount(abc[1]) == 2U);
}

BOOST_AUTO_TEST_CASE(a_set_may_change_under_a_walk) {  // test_weak_destroy_and_mutate_while_iterating
  auto it = set.begin();
  abc[1].reset();
  set.remove(abc[0]);
  set.add(others[0]);
  set.update(others);
  BOOST_TEST(((*it)->character == 'a'));
  BOOST_TEST(((*++it)->character == 'c'));
  BOOST_TEST((++it == set.end()));
  it = set.begin();
  set.clear();
  BOOST_TEST(len(set) == 0U);
  BOOST_TEST((++it == set.end()));
}

BOOST_AUTO_TEST_CASE(the_length_is_exact_under_a_walk) {  // test_len_cycles
  auto it = set.begin();
  abc.clear();
  BOOST_TEST(len(set) == 1U);
  it = {};
  BOOST_TEST(len(set) == 0U);
}

BOOST_AUTO_TEST_CASE(a_walk_outlives_its_set) {
  std::optional<Letters> dying(set);
  auto it = dying->begin();
  dying.reset();
  BOOST_TEST((*it == abc[0]));
  BOOST_TEST((++it == Letters::iterator()));
}

// ---- the code of elements, and death

BOOST_AUTO_TEST_CASE(an_equality_may_change_the_set) {
  Letter::on_equal = [&] { set.clear(); };
  BOOST_TEST(!set.contains(others[1]));
  set.update(abc);
  Letter::on_equal = [&] { abc.clear(); };
  set.discard(others[1]);
  BOOST_TEST(set.empty());
  Letters both{others[1]};
  Letter::on_equal = [&] { both.clear(); };
  both.add(make<Letter>('b'));
  BOOST_TEST(both.empty());
}

BOOST_AUTO_TEST_CASE(an_equality_that_throws_loses_nothing) {
  for (const auto& act : std::vector<std::function<void()>>{
           [&] { (void)set.contains(others[1]); },
           [&] { set.add(others[1]); },
           [&] { set.discard(others[1]); },
           [&] { set.remove(others[1]); },
           [&] { set.intersection_update(others); },
           [&] { (void)(set | other); },
           [&] { (void)(set <= other); },
       }) {
    Letter::on_equal = [] { throw std::runtime_error("not comparable"); };
    BOOST_CHECK_THROW(act(), std::runtime_error);
    Letter::on_equal = nullptr;
    BOOST_TEST(text(set) == "abc");
    for (const auto& owner : abc) BOOST_TEST(getrefcount(owner) == 1U);
  }
}

BOOST_AUTO_TEST_CASE(an_element_is_gone_before_any_callback_runs) {
  std::size_t seen = 9;
  const weakref::ref watch(abc[0], [&](const weakref::ref<Letter>&) { seen = set.size(); });
  Letters newer{abc[0]};
  abc[0].reset();
  BOOST_TEST(seen == 2U);
  BOOST_TEST(newer.empty());
}

BOOST_AUTO_TEST_CASE(a_set_dies_first_last_or_in_a_callback) {
  std::optional<Letters> dying(set);
  const weakref::ref watch(abc[1], [&](const weakref::ref<Letter>&) { dying.reset(); });
  abc[1].reset();
  BOOST_TEST(!dying.has_value());
  BOOST_TEST(getweakrefcount(abc[0]) == 1U);
  abc.clear();
  BOOST_TEST(set.empty());
}

BOOST_AUTO_TEST_SUITE_END()
