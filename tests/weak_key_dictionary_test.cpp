#include <concepts>
#include <cstddef>
#include <functional>
#include <map>
#include <ranges>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// What a WeakKeyDictionary is asked for, one operation a case. After CPython's MappingTestCase (the weak
// keyed parts) and WeakKeyDictionaryTestCase.

namespace {

using weakref::KeyError;
using weakref::len;
using weakref::make;
using weakref::None;
using weakref::strong_ref;
using weakref::TypeError;

/// Equal by name.
struct Name : weakref::object {
  explicit Name(std::string t) : text(std::move(t)) {}
  friend bool operator==(const Name& a, const Name& b) { return a.text == b.text; }
  std::string text;
};
struct Nickname : Name {
  using Name::Name;
};

/// Equal by identity.
struct Image : weakref::object {};

using Numbers = weakref::WeakKeyDictionary<Name, int>;
using Pairs = std::vector<std::pair<strong_ref<Name>, int>>;
using Map = std::map<strong_ref<Name>, int>;

}  // namespace

template <>
struct std::hash<Name> {
  std::size_t operator()(const Name& name) const { return std::hash<std::string>()(name.text); }
};

namespace {

struct Fixture {
  strong_ref<Name> a = make<Name>("a");
  strong_ref<Name> b = make<Name>("b");
  strong_ref<Name> c = make<Name>("c");
  strong_ref<Name> other_a = make<Name>("a");
  Numbers numbers{{a, 1}, {b, 2}};
};

Pairs live(const Numbers& numbers) {
  Pairs found;
  for (auto item : numbers.items()) found.push_back(std::move(item));
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

template <class D, class R>
concept updatable = requires(D d, R r) { d.update(std::forward<R>(r)); };

}  // namespace

BOOST_FIXTURE_TEST_SUITE(weak_key_dictionary, Fixture)

// ---- what it is

BOOST_AUTO_TEST_CASE(an_entry_vanishes_when_its_key_dies) {
  a.reset();
  BOOST_TEST(numbers.size() == 1U);
  BOOST_TEST(!numbers.contains(other_a));
  BOOST_TEST(numbers.at(b) == 2);
}

BOOST_AUTO_TEST_CASE(an_entry_does_not_own_its_key) {
  BOOST_TEST(getrefcount(a) == 1U);
  BOOST_TEST(getweakrefcount(a) == 1U);
}

BOOST_AUTO_TEST_CASE(a_temporary_is_gone_at_once) {
  numbers.set(make<Name>("t"), 3);
  BOOST_TEST(numbers.size() == 2U);
}

BOOST_AUTO_TEST_CASE(its_types_are_those_of_a_map) {
  static_assert(std::same_as<Numbers::key_type, strong_ref<Name>>);
  static_assert(std::same_as<Numbers::mapped_type, int>);
  static_assert(std::same_as<Numbers::value_type, std::pair<strong_ref<Name>, int>>);
  static_assert(std::regular<Numbers>);
  BOOST_TEST(Numbers().empty());
}

BOOST_AUTO_TEST_CASE(keys_are_equal_by_their_class) {
  BOOST_TEST(numbers.at(other_a) == 1);
  weakref::WeakKeyDictionary<Image, int> images;
  const auto image = make<Image>(), other = make<Image>();
  images[image] = 1;
  BOOST_TEST(images.contains(image));
  BOOST_TEST(!images.contains(other));
}

BOOST_AUTO_TEST_CASE(keys_may_have_a_hash_and_an_equality_of_their_own) {
  struct Length {
    std::size_t operator()(const Name& name) const { return name.text.size(); }
  };
  struct SameLength {
    bool operator()(const Name& x, const Name& y) const { return x.text.size() == y.text.size(); }
  };
  weakref::WeakKeyDictionary<Name, int, Length, SameLength> lengths;
  lengths[a] = 1;
  lengths[b] = 2;
  BOOST_TEST(lengths.size() == 1U);
  BOOST_TEST(lengths.at(c) == 2);
}

BOOST_AUTO_TEST_CASE(a_key_may_be_constant_or_a_boxed_class) {
  const strong_ref<const Image> constant = make<Image>();
  weakref::WeakKeyDictionary<const Image, int> images{{constant, 1}};
  BOOST_TEST(images.at(constant) == 1);
  struct Plain {
    int x;
  };
  const auto boxed = make<Plain>(7);
  const weakref::WeakKeyDictionary<weakref::boxed<Plain>, int> plain{{boxed, 2}};
  BOOST_TEST(plain.at(boxed) == 2);
}

BOOST_AUTO_TEST_CASE(a_class_may_have_a_dictionary_of_its_own_kind) {
  struct Node : weakref::object {
    weakref::WeakKeyDictionary<Node, int> distances;
    weakref::WeakSet<Node> neighbours;
  };
  const auto x = make<Node>(), y = make<Node>();
  x->distances[y] = 3;
  x->neighbours.add(y);
  BOOST_TEST(x->distances.at(y) == 3);
}

// ---- construction

BOOST_AUTO_TEST_CASE(a_new_dictionary_is_empty) {
  const Numbers none;
  BOOST_TEST(none.empty());
  BOOST_TEST(len(none) == 0U);
  BOOST_TEST((none.begin() == none.end()));
  BOOST_TEST((none == Numbers()));
}

BOOST_AUTO_TEST_CASE(it_is_made_from_a_list_a_map_pairs_or_another) {
  BOOST_TEST((live(Numbers{{b, 1}, {a, 2}, {b, 3}}) == Pairs{{b, 3}, {a, 2}}));
  BOOST_TEST((Numbers(Map{{a, 1}, {b, 2}}) == numbers));
  BOOST_TEST((live(Numbers(Pairs{{a, 1}, {b, 2}})) == live(numbers)));
  BOOST_TEST((live(Numbers(numbers)) == live(numbers)));
  BOOST_TEST((live(Numbers(numbers.items())) == live(numbers)));
}

BOOST_AUTO_TEST_CASE(keys_and_values_convert) {
  const auto nickname = make<Nickname>("n");
  const std::vector<std::pair<strong_ref<Nickname>, short>> short_ones{{nickname, short{7}}};
  weakref::WeakKeyDictionary<Name, long> made(short_ones);
  made[nickname] = 8;
  BOOST_TEST(made.at(nickname) == 8);
  static_assert(!std::constructible_from<Numbers, int>);
  static_assert(!updatable<Numbers&, std::vector<int>>);
}

BOOST_AUTO_TEST_CASE(a_move_leaves_the_source_empty_and_usable) {
  Numbers moved = std::move(numbers);
  BOOST_TEST(moved.size() == 2U);
  BOOST_TEST(numbers.empty());  // NOLINT(bugprone-use-after-move)
  numbers[c] = 3;
  Numbers assigned{{a, 7}};
  assigned = std::move(moved);
  BOOST_TEST((live(assigned) == Pairs{{a, 1}, {b, 2}}));
  assigned = numbers;
  BOOST_TEST((live(assigned) == Pairs{{c, 3}}));
  assigned.swap(moved);
  BOOST_TEST(moved.at(c) == 3);
}

// ---- look-up

BOOST_AUTO_TEST_CASE(a_subscription_reads_or_sets) {
  const int one = numbers[a];
  BOOST_TEST(one == 1);
  numbers[c] = 3;
  numbers[a] = numbers[c];
  BOOST_TEST((live(numbers) == Pairs{{a, 3}, {b, 2}, {c, 3}}));
  const Numbers& constant = numbers;
  static_assert(std::same_as<decltype(constant[a]), int>);
  BOOST_TEST(constant[b] == 2);
  const int chained = numbers[b] = numbers[c] = 9;
  BOOST_TEST(chained == 9);
  BOOST_TEST(numbers.at(b) == 9);
}

BOOST_AUTO_TEST_CASE(a_missing_key_is_told_as_its_weak_reference) {
  const std::string told = repr(weakref::ref<Name>(c));
  BOOST_TEST(told.starts_with("<weakref at 0x"));
  BOOST_TEST(text_of<KeyError>([&] { (void)numbers.at(c); }) == told);
  BOOST_TEST(text_of<KeyError>([&] { (void)(numbers[c] == 0); }) == told);
  BOOST_TEST(text_of<KeyError>([&] { numbers.del(c); }) == told);
  BOOST_TEST(text_of<KeyError>([&] { (void)numbers.pop(c); }) == told);
  BOOST_TEST(getweakrefcount(c) == 0U);
}

BOOST_AUTO_TEST_CASE(get_gives_the_value_none_or_the_fallback) {
  BOOST_TEST((numbers.get(a) == 1));
  BOOST_TEST((numbers.get(c) == None));
  BOOST_TEST((numbers.get(a) != None));
  BOOST_TEST(!numbers.get(c).has_value());
  BOOST_TEST(numbers.get(a, 7) == 1);
  BOOST_TEST(numbers.get(c, 7) == 7);
  BOOST_TEST((numbers.get(c) == numbers.get(make<Name>("x"))));
  BOOST_TEST((numbers.get(a) == numbers.get(other_a)));
}

BOOST_AUTO_TEST_CASE(an_object_is_looked_up_without_an_owner) {
  BOOST_TEST(numbers.contains(*a));
  BOOST_TEST(numbers.at(Name("b")) == 2);
  BOOST_TEST((numbers.get(Name("x")) == None));
  BOOST_TEST(text_of<KeyError>([&] { (void)numbers.at(Name("x")); }).find("Name object at 0x") !=
             std::string::npos);
  numbers.del(Name("b"));
  BOOST_TEST(numbers.size() == 1U);
}

struct AnyHash {
  using is_transparent = void;
  std::size_t operator()(const Name& name) const { return std::hash<std::string>()(name.text); }
  std::size_t operator()(const char* text) const { return std::hash<std::string>()(text); }
};
struct AnyEqual {
  using is_transparent = void;
  bool operator()(const Name& x, const Name& y) const { return x == y; }
  bool operator()(const Name& x, const char* y) const { return x.text == y; }
};

BOOST_AUTO_TEST_CASE(look_ups_are_heterogeneous_where_the_functions_are_transparent) {
  weakref::WeakKeyDictionary<Name, int, AnyHash, AnyEqual> named{{a, 1}};
  const char* const text = "a";
  BOOST_TEST(named.at(text) == 1);
  BOOST_TEST(named.erase(text) == 1U);
  BOOST_CHECK_THROW((void)named.at(text), KeyError);
  weakref::WeakSet<Name, AnyHash, AnyEqual> set{a};
  BOOST_TEST(set.contains(text));
}

BOOST_AUTO_TEST_CASE(what_can_be_no_key_is_not_in) {  // test_weak_keys
  BOOST_TEST(!numbers.contains(34));
  BOOST_TEST(!numbers.contains("a"));
  BOOST_TEST(!numbers.contains(std::string("a")));
  BOOST_TEST(!numbers.contains(None));
  BOOST_TEST(!numbers.contains(strong_ref<Name>()));
}

BOOST_AUTO_TEST_CASE(none_is_refused_as_a_key) {  // test_weak_keyed_bad_delitem
  const std::string refusal = "cannot create weak reference to 'NoneType' object";
  const strong_ref<Name> none;
  const std::vector<std::function<void()>> all{
      [&] { numbers.set(None, 1); },        [&] { numbers[none] = 1; },
      [&] { (void)numbers.at(none); },      [&] { (void)numbers.get(none); },
      [&] { (void)numbers.get(None, 1); },  [&] { numbers.del(none); },
      [&] { numbers.erase(None); },         [&] { (void)numbers.pop(none); },
      [&] { (void)numbers.pop(None, 1); },  [&] { numbers.setdefault(None, 1); },
      [&] { numbers.update({{None, 1}}); }, [&] { (void)numbers.get_or_create(None, [] { return 1; }); },
  };
  for (const auto& refused : all) BOOST_TEST(text_of<TypeError>(refused) == refusal);
  BOOST_TEST((live(numbers) == Pairs{{a, 1}, {b, 2}}));
}

// ---- change

BOOST_AUTO_TEST_CASE(an_equal_key_gives_its_value_and_the_old_key_stays) {  // gh-91081
  numbers[other_a] = 5;
  BOOST_TEST((live(numbers) == Pairs{{a, 5}, {b, 2}}));
  BOOST_TEST(getweakrefcount(other_a) == 0U);
  a.reset();
  BOOST_TEST(!numbers.contains(other_a));
}

BOOST_AUTO_TEST_CASE(an_equal_key_is_put_in_after_the_old_one_was_erased) {
  numbers.del(a);
  numbers[other_a] = 5;
  a.reset();
  BOOST_TEST((live(numbers) == Pairs{{b, 2}, {other_a, 5}}));
}

BOOST_AUTO_TEST_CASE(a_value_that_is_set_again_keeps_its_place_and_its_reference) {
  const auto before = numbers.keyrefs();
  numbers[a] = 7;
  BOOST_TEST((live(numbers) == Pairs{{a, 7}, {b, 2}}));
  BOOST_TEST(is(numbers.keyrefs()[0], before[0]));
  BOOST_TEST(getweakrefcount(a) == 1U);
}

BOOST_AUTO_TEST_CASE(del_and_erase_take_out) {  // test_weak_keyed_delitem
  numbers.del(other_a);
  BOOST_TEST((live(numbers) == Pairs{{b, 2}}));
  BOOST_CHECK_THROW(numbers.del(a), KeyError);
  BOOST_TEST(numbers.erase(b) == 1U);
  BOOST_TEST(numbers.erase(b) == 0U);
  BOOST_TEST(getweakrefcount(a) == 0U);
}

BOOST_AUTO_TEST_CASE(clear_takes_all_out) {
  numbers.clear();
  BOOST_TEST(numbers.empty());
  numbers[a] = 4;
  BOOST_TEST(numbers.at(a) == 4);
}

BOOST_AUTO_TEST_CASE(pop_gives_what_it_takes_out) {
  BOOST_TEST(numbers.pop(other_a) == 1);
  BOOST_CHECK_THROW((void)numbers.pop(a), KeyError);
  BOOST_TEST(numbers.pop(a, 9) == 9);
  BOOST_TEST(numbers.pop(b, 9) == 2);
  BOOST_TEST(numbers.empty());
}

BOOST_AUTO_TEST_CASE(popitem_takes_the_last_in) {  // test_weak_keyed_dict_popitem
  numbers[c] = 3;
  numbers[a] = 4;
  BOOST_TEST((numbers.popitem() == std::pair(c, 3)));
  b.reset();
  BOOST_TEST((numbers.popitem() == std::pair(a, 4)));
  BOOST_TEST(text_of<KeyError>([&] { (void)numbers.popitem(); }) == "'popitem(): dictionary is empty'");
}

BOOST_AUTO_TEST_CASE(setdefault_gives_what_is_there_or_stores) {  // test_weak_keyed_dict_setdefault
  BOOST_TEST(numbers.setdefault(other_a, 9) == 1);
  BOOST_TEST(numbers.setdefault(c, 9) == 9);
  BOOST_TEST(numbers.setdefault(c, 8) == 9);
  BOOST_TEST(numbers.at(c) == 9);
}

BOOST_AUTO_TEST_CASE(get_or_create_asks_the_factory_once) {
  int runs = 0;
  const auto factory = [&] { return ++runs; };
  BOOST_TEST(numbers.get_or_create(c, factory) == 1);
  BOOST_TEST(numbers.get_or_create(c, factory) == 1);
  BOOST_TEST(numbers.get_or_create(a, factory) == 1);
  BOOST_TEST(runs == 1);
}

BOOST_AUTO_TEST_CASE(a_factory_that_asks_for_its_own_key_is_told_so) {
  BOOST_CHECK_THROW((void)numbers.get_or_create(
                        c, [&] { return numbers.get_or_create(make<Name>("c"), [] { return 1; }); }),
                    weakref::RuntimeError);
  BOOST_TEST(!numbers.contains(c));
}

BOOST_AUTO_TEST_CASE(a_factory_that_throws_leaves_nothing) {
  BOOST_CHECK_THROW((void)numbers.get_or_create(c, []() -> int { throw std::logic_error("none"); }),
                    std::logic_error);
  BOOST_TEST(numbers.get_or_create(c, [] { return 3; }) == 3);
}

BOOST_AUTO_TEST_CASE(
    update_takes_a_dictionary_a_map_pairs_a_list_or_nothing) {  // test_weak_keyed_dict_update
  numbers.update(Numbers{{b, 4}, {c, 5}});
  numbers.update(Map{{a, 6}});
  numbers.update(Pairs{{a, 7}, {a, 8}});
  numbers.update({{b, 9}});
  numbers.update();
  numbers.update(numbers);
  BOOST_TEST((live(numbers) == Pairs{{a, 8}, {b, 9}, {c, 5}}));
}

BOOST_AUTO_TEST_CASE(update_keeps_what_came_before_an_exception) {
  const std::vector<strong_ref<Name>> keys{c, make<Name>("d"), make<Name>("e")};
  auto failing = keys | std::views::transform([&](const auto& key) {
                   if (key == keys[2]) throw std::runtime_error("no third");
                   return std::pair(key, 7);
                 });
  BOOST_CHECK_THROW(numbers.update(failing), std::runtime_error);
  BOOST_TEST((live(numbers) == Pairs{{a, 1}, {b, 2}, {c, 7}, {keys[1], 7}}));
}

// ---- copies, | and ==

BOOST_AUTO_TEST_CASE(a_copy_is_another_dictionary_of_the_same_keys) {
  Numbers copy = numbers.copy();
  BOOST_TEST((live(copy) == live(numbers)));
  copy.del(a);
  BOOST_TEST(numbers.contains(a));
  b.reset();
  BOOST_TEST(copy.empty());
}

BOOST_AUTO_TEST_CASE(a_union_is_a_new_dictionary_where_the_right_wins) {  // test_weak_keyed_union_operators
  const Numbers other{{b, 3}, {c, 4}};
  static_assert(std::same_as<decltype(numbers | Map()), Numbers>);
  static_assert(std::same_as<decltype(Map() | numbers), Numbers>);
  BOOST_TEST((live(numbers | other) == Pairs{{a, 1}, {b, 3}, {c, 4}}));
  BOOST_TEST((live(other | numbers) == Pairs{{b, 2}, {c, 4}, {a, 1}}));
  BOOST_TEST((live(numbers | Map{{a, 5}}) == Pairs{{a, 5}, {b, 2}}));
  BOOST_TEST((live(Map{{a, 5}} | numbers) == Pairs{{a, 1}, {b, 2}}));
  numbers |= Pairs{{a, 6}};
  numbers |= other;
  numbers |= numbers;
  BOOST_TEST((live(numbers) == Pairs{{a, 6}, {b, 3}, {c, 4}}));
  Numbers joined = numbers | other;
  c.reset();
  BOOST_TEST(joined.size() == 2U);
}

BOOST_AUTO_TEST_CASE(dictionaries_with_equal_items_are_equal) {
  BOOST_TEST((numbers == Numbers{{b, 2}, {other_a, 1}}));
  BOOST_TEST((numbers != Numbers{{a, 1}}));
  BOOST_TEST((numbers != Numbers{{a, 1}, {b, 3}}));
  BOOST_TEST((numbers != Numbers{{a, 1}, {c, 2}}));
  BOOST_TEST((numbers == Map{{a, 1}, {b, 2}}));
  BOOST_TEST((Map{{a, 1}} != numbers));
}

// ---- text

BOOST_AUTO_TEST_CASE(the_repr_tells_the_class_and_the_address) {
  std::ostringstream out;
  out << numbers;
  BOOST_TEST(out.str() == repr(numbers));
  BOOST_TEST(out.str().starts_with("<WeakKeyDictionary at 0x"));
}

// ---- references and walks

BOOST_AUTO_TEST_CASE(keyrefs_are_the_entries_themselves) {  // test_weak_keyed_iters
  const std::vector<weakref::ref<Name>> references = numbers.keyrefs();
  BOOST_TEST(references.size() == 2U);
  BOOST_TEST(references[0]() == a);
  BOOST_TEST(references[1]() == b);
  BOOST_TEST(!is(references[0], weakref::ref<Name>(a)));
  a.reset();
  BOOST_TEST(references[0].expired());
  // The hash was asked for when the key was put in, and is kept.
  BOOST_TEST(std::hash<weakref::ref<Name>>()(references[0]) == std::hash<Name>()(Name("a")));
}

BOOST_AUTO_TEST_CASE(keys_values_and_items_are_in_the_order_of_insertion) {
  const std::vector<strong_ref<Name>> keys(numbers.begin(), numbers.end());
  BOOST_TEST((keys == std::vector{a, b}));
  BOOST_TEST(std::ranges::equal(numbers.keys(), keys));
  BOOST_TEST(std::ranges::equal(numbers.values(), std::vector{1, 2}));
  static_assert(std::ranges::input_range<Numbers> && std::ranges::view<decltype(numbers.values())>);
}

BOOST_AUTO_TEST_CASE(a_walk_holds_the_current_key_only) {
  auto it = numbers.items().begin();
  BOOST_TEST(getrefcount(a) == 2U);
  ++it;
  BOOST_TEST(getrefcount(a) == 1U);
  BOOST_TEST(getrefcount(b) == 2U);
  ++it;
  BOOST_TEST(getrefcount(b) == 1U);
}

BOOST_AUTO_TEST_CASE(the_current_key_lives_until_the_next_step) {  // test_weak_keys_destroy_while_iterating
  auto it = numbers.begin();
  a.reset();
  BOOST_TEST(numbers.size() == 2U);
  ++it;
  BOOST_TEST(numbers.size() == 1U);
  BOOST_TEST(*it == b);
}

BOOST_AUTO_TEST_CASE(a_value_is_there_though_its_key_dies_under_the_walk) {
  auto it = numbers.values().begin();
  a.reset();
  BOOST_TEST(numbers.size() == 1U);
  BOOST_TEST(*it == 1);
  BOOST_TEST(*++it == 2);
}

BOOST_AUTO_TEST_CASE(a_walk_passes_the_dead_by_and_sees_no_addition) {
  std::vector<int> seen;
  for (const auto& [key, value] : numbers.items()) {
    seen.push_back(value);
    b.reset();
    numbers[c] = 3;
    numbers[key] = 9;
  }
  BOOST_TEST((seen == std::vector{1}));
  BOOST_TEST((live(numbers) == Pairs{{a, 9}, {c, 3}}));
}

BOOST_AUTO_TEST_CASE(every_change_is_counted_under_a_walk) {
  auto it = numbers.items().begin();
  b.reset();
  BOOST_TEST(len(numbers) == 1U);
  numbers.del(a);
  numbers[c] = 3;
  BOOST_TEST(len(numbers) == 1U);
  (void)numbers.popitem();
  numbers.update({{c, 4}});
  numbers.clear();
  BOOST_TEST(len(numbers) == 0U);
  BOOST_TEST((*it == std::pair(a, 1)));
  BOOST_TEST((++it == numbers.items().end()));
}

BOOST_AUTO_TEST_CASE(a_walk_outlives_its_dictionary) {
  auto dying = std::make_unique<Numbers>(numbers);
  auto it = dying->items().begin();
  dying.reset();
  BOOST_TEST((*it == std::pair(a, 1)));
  BOOST_TEST((++it == decltype(it)()));
}

BOOST_AUTO_TEST_SUITE_END()
