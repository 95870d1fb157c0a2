#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <ostream>
#include <ranges>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// What a WeakValueDictionary is asked for, one operation a case.

namespace {

using weakref::KeyError;
using weakref::len;
using weakref::make;
using weakref::None;
using weakref::strong_ref;
using weakref::TypeError;

struct Image : weakref::object {
  explicit Image(int w = 0) : width(w) {}
  int width;
};

struct Photo : Image {
  using Image::Image;
};

using Images = weakref::WeakValueDictionary<std::string, Image>;
using Numbered = weakref::WeakValueDictionary<int, Image>;
using Map = std::map<std::string, strong_ref<Image>>;
using Pairs = std::vector<std::pair<std::string, strong_ref<Image>>>;

struct Fixture {
  strong_ref<Image> a = make<Image>(1);
  strong_ref<Image> b = make<Image>(2);
  strong_ref<Image> c = make<Image>(3);
  Images images{{"a", a}, {"b", b}};
};

Map live(const Images& images) {
  Map found;
  for (auto [key, value] : images.items()) found[key] = value;
  return found;
}

/// The text of the exception that f throws.
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

BOOST_FIXTURE_TEST_SUITE(weak_value_dictionary, Fixture)

// ---- what it is

BOOST_AUTO_TEST_CASE(an_entry_vanishes_when_its_value_dies) {
  a.reset();
  BOOST_TEST(!images.contains("a"));
  BOOST_TEST(images.size() == 1U);
  BOOST_TEST(images.contains("b"));
}

BOOST_AUTO_TEST_CASE(an_entry_does_not_own_its_value) {
  BOOST_TEST(weakref::getrefcount(a) == 1U);
  BOOST_TEST(weakref::getweakrefcount(a) == 1U);
}

BOOST_AUTO_TEST_CASE(a_temporary_is_gone_at_once) {
  images.set("t", make<Image>());
  BOOST_TEST(images.size() == 2U);
  BOOST_CHECK_THROW((void)images.at("t"), KeyError);
}

BOOST_AUTO_TEST_CASE(its_types_are_those_of_a_map) {
  static_assert(std::same_as<Images::key_type, std::string>);
  static_assert(std::same_as<Images::mapped_type, strong_ref<Image>>);
  static_assert(std::same_as<Images::value_type, std::pair<std::string, strong_ref<Image>>>);
  static_assert(std::regular<Images>);
  BOOST_TEST(Images().empty());
}

BOOST_AUTO_TEST_CASE(a_value_may_be_constant) {
  const weakref::WeakValueDictionary<int, const Image> constant{{1, a}};
  BOOST_TEST(constant.at(1)->width == 1);
  BOOST_TEST((*constant.values().begin() == a));
}

BOOST_AUTO_TEST_CASE(a_value_may_be_a_boxed_class) {
  struct Plain {
    int x;
  };
  const auto boxed = make<Plain>(7);
  weakref::WeakValueDictionary<int, weakref::boxed<Plain>> plain{{1, boxed}};
  BOOST_TEST(plain.at(1)->x == 7);
}

// ---- construction

BOOST_AUTO_TEST_CASE(a_new_dictionary_is_empty) {
  const Images none;
  BOOST_TEST(none.empty());
  BOOST_TEST(none.size() == 0U);
  BOOST_TEST(len(none) == 0U);
  BOOST_TEST((none.begin() == none.end()));
}

BOOST_AUTO_TEST_CASE(it_is_made_from_an_initializer_list_where_the_last_of_a_key_wins) {
  const Images made{{"x", a}, {"y", b}, {"x", c}};
  BOOST_TEST((live(made) == Map{{"x", c}, {"y", b}}));
  BOOST_TEST((*made.begin() == "x"));
}

BOOST_AUTO_TEST_CASE(it_is_made_from_a_map) {
  const Map map{{"x", a}, {"y", c}};
  BOOST_TEST((live(Images(map)) == map));
}

BOOST_AUTO_TEST_CASE(it_is_made_from_pairs) {
  const Images made(Pairs{{"x", a}, {"y", c}, {"x", b}});
  BOOST_TEST((live(made) == Map{{"x", b}, {"y", c}}));
}

BOOST_AUTO_TEST_CASE(it_is_made_from_another_dictionary) {
  const Images made(images);
  BOOST_TEST((live(made) == live(images)));
  BOOST_TEST((live(Images(images.items())) == live(images)));
}

BOOST_AUTO_TEST_CASE(it_is_made_from_pairs_that_convert) {
  const std::vector<std::pair<const char*, strong_ref<Photo>>> photos{{"p", make<Photo>(9)}};
  const Images made(photos);
  BOOST_TEST(made.at("p")->width == 9);
}

BOOST_AUTO_TEST_CASE(nothing_else_makes_one) {
  static_assert(!std::constructible_from<Images, int>);
  static_assert(!std::constructible_from<Images, std::vector<int>>);
  static_assert(!std::constructible_from<Images, Images, Images>);
  static_assert(!updatable<Images&, int>);
  static_assert(!updatable<Images&, std::vector<std::tuple<std::string, strong_ref<Image>, int>>>);
  BOOST_TEST(images.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_move_leaves_the_source_empty_and_usable) {
  Images moved = std::move(images);
  BOOST_TEST((live(moved) == Map{{"a", a}, {"b", b}}));
  BOOST_TEST(images.empty());  // NOLINT(bugprone-use-after-move)
  images.set("c", c);
  BOOST_TEST((live(images) == Map{{"c", c}}));
  BOOST_TEST(!moved.contains("c"));
  a.reset();
  BOOST_TEST(moved.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_move_assignment_replaces_the_target) {
  Images target{{"c", c}};
  target = std::move(images);
  BOOST_TEST((live(target) == Map{{"a", a}, {"b", b}}));
}

BOOST_AUTO_TEST_CASE(a_copy_assignment_replaces_the_target) {
  Images target{{"c", c}};
  target = images;
  BOOST_TEST((live(target) == live(images)));
  const Images& self = target;
  target = self;
  BOOST_TEST((live(target) == live(images)));
}

BOOST_AUTO_TEST_CASE(swap_exchanges_the_entries) {
  Images other{{"c", c}};
  other.swap(images);
  BOOST_TEST((live(images) == Map{{"c", c}}));
  a.reset();
  BOOST_TEST((live(other) == Map{{"b", b}}));
}

// ---- look-up

BOOST_AUTO_TEST_CASE(a_subscription_reads_the_value) {
  const strong_ref<Image> found = images["a"];
  BOOST_TEST(found == a);
  BOOST_TEST(images["b"] == b);
  BOOST_TEST((images["a"] != None));
  BOOST_TEST(images["a"]->width == 1);
  BOOST_TEST((*images["b"]).width == 2);
  BOOST_TEST(images["a"].get() == a.get());
}

BOOST_AUTO_TEST_CASE(subscriptions_compare) {
  images["c"] = a;
  BOOST_TEST((images["a"] == images["c"]));
  BOOST_TEST((images["a"] != images["b"]));
  BOOST_TEST((b == images["b"]));
}

template <class T>
concept printable = requires(std::ostream& out, T x) { out << x; };

BOOST_AUTO_TEST_CASE(a_subscription_is_moved_and_printed_as_the_value_is) {
  using Subscription = decltype(images["a"]);
  BOOST_TEST(std::is_move_constructible_v<Subscription>);
  BOOST_TEST(printable<Subscription>);
}

BOOST_AUTO_TEST_CASE(a_subscription_of_a_constant_dictionary_is_the_value) {
  const Images& constant = images;
  static_assert(std::same_as<decltype(constant["a"]), strong_ref<Image>>);
  BOOST_TEST(constant["a"] == a);
  BOOST_CHECK_THROW((void)constant["x"], KeyError);
}

BOOST_AUTO_TEST_CASE(a_subscription_of_a_missing_key_throws_when_it_is_read) {
  BOOST_CHECK_THROW(strong_ref<Image> read = images["x"], KeyError);
  BOOST_CHECK_THROW(images["x"]->width = 1, KeyError);
  BOOST_CHECK_THROW((void)(images["x"] == a), KeyError);
  BOOST_TEST(!images.contains("x"));
}

BOOST_AUTO_TEST_CASE(a_subscription_that_is_discarded_reads_nothing) {
  images["x"];
  (void)images["x"];
  static_assert(std::is_nothrow_destructible_v<decltype(images["x"])>);
  BOOST_TEST(!images.contains("x"));
}

template <class T>
concept reads = requires(T x) { static_cast<strong_ref<Image>>(std::forward<T>(x)); } || requires(T x) {
  std::forward<T>(x)->width;
} || requires(T x) { *std::forward<T>(x); } || requires(T x) { std::forward<T>(x).get(); };
template <class T>
concept assignable = requires(T x, strong_ref<Image> image) { std::forward<T>(x) = image; };

BOOST_AUTO_TEST_CASE(a_subscription_that_has_a_name_is_neither_read_nor_assigned) {
  using Subscription = decltype(images["a"]);
  static_assert(reads<Subscription> && assignable<Subscription>);
  static_assert(!reads<Subscription&> && !assignable<Subscription&>);
  static_assert(!reads<const Subscription&> && !assignable<const Subscription&>);
  static_assert(!std::is_copy_constructible_v<Subscription>);
  static_assert(!std::is_constructible_v<bool, Subscription>,
                "neither d[key] nor its name is a test of life");
  BOOST_TEST(reads<Subscription>);
}

BOOST_AUTO_TEST_CASE(a_subscription_keeps_a_key_that_is_given_away) {
  const auto subscribe = [&](const std::string& text) { return images[text + ""]; };
  BOOST_TEST((subscribe("a") == a));
  BOOST_TEST(subscribe("b")->width == 2);
  std::string key(100, 'k');
  images[std::move(key)] = c;
  BOOST_TEST(images.at(std::string(100, 'k')) == c);
}

BOOST_AUTO_TEST_CASE(a_subscription_converts_to_owners_of_bases_and_is_called) {
  const strong_ref<weakref::object> base = images["a"];
  BOOST_TEST(base == a);
  using Function = weakref::function<int(int)>;
  const auto twice = make<Function>([](int x) { return 2 * x; });
  weakref::WeakValueDictionary<std::string, Function> functions{{"twice", twice}};
  BOOST_TEST(functions["twice"](21) == 42);
}

BOOST_AUTO_TEST_CASE(what_a_look_up_gives_is_not_assigned) {
  const Images& constant = images;
  static_assert(!assignable<decltype(constant["a"])>);
  static_assert(!assignable<decltype(images.at("a"))>);
  static_assert(!assignable<decltype(images.get("a"))>);
  static_assert(!assignable<decltype(images.get("a", None))>);
  static_assert(!assignable<decltype(images.pop("a"))>);
  static_assert(!std::is_assignable_v<strong_ref<Image>, std::nullptr_t>);
  static_assert(!std::is_assignable_v<weakref::ref<Image>, weakref::ref<Image>>);
  BOOST_TEST((std::is_assignable_v<strong_ref<Image>&, std::nullptr_t>));
}

BOOST_AUTO_TEST_CASE(ranges_of_a_temporary_dictionary_keep_it) {
  int width = 0;
  for (const auto& image : Images(images).values()) width += image->width;
  BOOST_TEST(width == a->width + b->width);
  std::string text;
  for (const auto& key : Images(images).keys()) text += key;
  BOOST_TEST(text == "ab");
  for (const auto& [key, image] : Images(images).items()) BOOST_TEST((images.at(key) == image));
  std::size_t count = 0;
  for (const auto& reference : Images(images).itervaluerefs()) count += images.contains(reference->key());
  BOOST_TEST(count == 2U);
  auto range = Images(images).values();
  auto moved = std::move(range);
  range = Images().values();
  BOOST_TEST(std::ranges::distance(moved) == 2);
}

BOOST_AUTO_TEST_CASE(a_subscription_is_assigned) {
  images["c"] = c;
  BOOST_TEST(images.at("c") == c);
  images["a"] = b;
  BOOST_TEST(images.at("a") == b);
  images["p"] = make<Photo>(4);
  BOOST_TEST(!images.contains("p"));
  BOOST_TEST(images.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_subscription_is_assigned_from_another) {
  images["c"] = images["a"];
  BOOST_TEST(images.at("c") == a);
  BOOST_CHECK_THROW(images["d"] = images["x"], KeyError);
  BOOST_TEST(!images.contains("d"));
}

BOOST_AUTO_TEST_CASE(an_assignment_yields_the_value) {
  const strong_ref<Image> made = (images["p"] = make<Image>(5));
  BOOST_TEST(images.at("p") == made);
}

BOOST_AUTO_TEST_CASE(at_gives_the_value_or_throws) {
  BOOST_TEST(images.at("a") == a);
  BOOST_CHECK_THROW((void)images.at("x"), KeyError);
  BOOST_CHECK_THROW((void)images.at("x"), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(get_gives_the_value_or_none) {
  BOOST_TEST(images.get("a") == a);
  BOOST_TEST((images.get("x") == None));
  a.reset();
  BOOST_TEST((images.get("a") == None));
}

BOOST_AUTO_TEST_CASE(get_gives_the_fallback_for_what_is_missing_only) {
  BOOST_TEST(images.get("a", c) == a);
  BOOST_TEST(images.get("x", c) == c);
  BOOST_TEST((images.get("x", None) == None));
  BOOST_TEST(!images.contains("x"));
}

BOOST_AUTO_TEST_CASE(get_holds_the_value) {
  const auto held = images.get("a");
  a.reset();
  BOOST_TEST(images.at("a") == held);
}

BOOST_AUTO_TEST_CASE(contains_size_len_and_empty_follow_the_deaths) {
  BOOST_TEST(images.contains("a"));
  BOOST_TEST(len(images) == 2U);
  b.reset();
  BOOST_TEST(len(images) == 1U);
  BOOST_TEST(!images.empty());
  a.reset();
  BOOST_TEST(images.size() == 0U);
  BOOST_TEST(images.empty());
}

// ---- change

BOOST_AUTO_TEST_CASE(set_stores_and_replaces) {
  images.set("c", c);
  images.set("a", b);
  BOOST_TEST((live(images) == Map{{"a", b}, {"b", b}, {"c", c}}));
  BOOST_TEST(weakref::getweakrefcount(a) == 0U);
}

BOOST_AUTO_TEST_CASE(a_replaced_value_takes_nothing_along) {
  images.set("a", c);
  a.reset();
  BOOST_TEST(images.at("a") == c);
}

BOOST_AUTO_TEST_CASE(none_is_refused_as_a_value) {
  const std::string refusal = "cannot create weak reference to 'NoneType' object";
  BOOST_TEST(text_of<TypeError>([&] { images.set("a", None); }) == refusal);
  BOOST_TEST(text_of<TypeError>([&] { images["a"] = None; }) == refusal);
  BOOST_TEST(text_of<TypeError>([&] { images.setdefault("x", None); }) == refusal);
  BOOST_TEST(text_of<TypeError>([&] { images.update({{"a", None}}); }) == refusal);
  BOOST_TEST((live(images) == Map{{"a", a}, {"b", b}}));
}

BOOST_AUTO_TEST_CASE(del_takes_out_or_throws) {
  images.del("a");
  BOOST_TEST((live(images) == Map{{"b", b}}));
  BOOST_CHECK_THROW(images.del("a"), KeyError);
  BOOST_TEST(weakref::getweakrefcount(a) == 0U);
}

BOOST_AUTO_TEST_CASE(erase_counts_what_it_took_out) {
  BOOST_TEST(images.erase("a") == 1U);
  BOOST_TEST(images.erase("a") == 0U);
  BOOST_TEST((live(images) == Map{{"b", b}}));
}

BOOST_AUTO_TEST_CASE(clear_takes_all_out) {
  images.clear();
  BOOST_TEST(images.empty());
  BOOST_TEST(weakref::getweakrefcount(a) == 0U);
  images.set("a", a);
  BOOST_TEST(images.at("a") == a);
}

BOOST_AUTO_TEST_CASE(pop_gives_what_it_takes_out) {
  BOOST_TEST(images.pop("a") == a);
  BOOST_TEST(images.size() == 1U);
  BOOST_CHECK_THROW((void)images.pop("a"), KeyError);
}

BOOST_AUTO_TEST_CASE(pop_gives_the_fallback_for_what_is_missing_only) {
  BOOST_TEST(images.pop("a", c) == a);
  BOOST_TEST(!images.contains("a"));
  BOOST_TEST(images.pop("a", c) == c);
  BOOST_TEST((images.pop("a", None) == None));
}

BOOST_AUTO_TEST_CASE(pop_holds_the_last_owner) {
  const strong_ref<Image> popped = images.pop("a");
  a.reset();
  BOOST_TEST(popped->width == 1);
}

BOOST_AUTO_TEST_CASE(popitem_takes_the_last_in) {
  images.set("c", c);
  images.set("a", c);  // keeps its place
  BOOST_TEST((images.popitem() == std::pair(std::string("c"), c)));
  BOOST_TEST((images.popitem() == std::pair(std::string("b"), b)));
  BOOST_TEST((images.popitem() == std::pair(std::string("a"), c)));
  BOOST_CHECK_THROW((void)images.popitem(), KeyError);
}

BOOST_AUTO_TEST_CASE(popitem_passes_the_dead_by) {
  b.reset();
  BOOST_TEST((images.popitem() == std::pair(std::string("a"), a)));
  BOOST_TEST(images.empty());
}

BOOST_AUTO_TEST_CASE(setdefault_gives_what_is_there_or_stores) {
  BOOST_TEST(images.setdefault("a", c) == a);
  BOOST_TEST(images.setdefault("c", c) == c);
  BOOST_TEST((live(images) == Map{{"a", a}, {"b", b}, {"c", c}}));
  BOOST_TEST(weakref::getweakrefcount(c) == 1U);
}

BOOST_AUTO_TEST_CASE(setdefault_asks_for_no_default_where_a_value_is_there) {
  BOOST_CHECK_NO_THROW(BOOST_TEST(images.setdefault("a", None) == a));
}

BOOST_AUTO_TEST_CASE(setdefault_replaces_what_has_died) {
  a.reset();
  BOOST_TEST(images.setdefault("a", c) == c);
  BOOST_TEST(images.at("a") == c);
}

BOOST_AUTO_TEST_CASE(update_takes_a_dictionary_a_map_pairs_a_list_or_nothing) {
  images.update(Images{{"b", c}, {"d", a}});
  BOOST_TEST((live(images) == Map{{"a", a}, {"b", c}, {"d", a}}));
  images.update(Map{{"a", b}});
  BOOST_TEST((live(images) == Map{{"a", b}, {"b", c}, {"d", a}}));
  images.update(Pairs{{"a", c}, {"a", a}});
  BOOST_TEST((live(images) == Map{{"a", a}, {"b", c}, {"d", a}}));
  images.update({{"e", b}});
  images.update();
  BOOST_TEST((live(images) == Map{{"a", a}, {"b", c}, {"d", a}, {"e", b}}));
}

BOOST_AUTO_TEST_CASE(update_from_itself_changes_nothing) {
  images.update(images);
  images |= images;
  BOOST_TEST((live(images) == Map{{"a", a}, {"b", b}}));
}

BOOST_AUTO_TEST_CASE(update_takes_any_input_range_of_pairs) {
  auto wide = Pairs{{"x", a}, {"y", c}} |
              std::views::filter([](const auto& entry) { return entry.second->width > 1; });
  BOOST_TEST((updatable<Images&, decltype(wide)&>));
  auto made = std::views::iota(0, 3) |
              std::views::transform([this](int i) { return std::pair(std::to_string(i), a); });
  static_assert(updatable<Images&, decltype(made)&>);
  images.update(made);
  BOOST_TEST(images.at("2") == a);
}

BOOST_AUTO_TEST_CASE(update_takes_a_mapping_that_is_no_range_of_pairs) {
  struct Numbers {
    static std::vector<std::string> keys() { return {"1", "2"}; }
    strong_ref<Image> operator[](const std::string& key) const { return key == "1" ? one : two; }
    strong_ref<Image> one;
    strong_ref<Image> two;
  };
  const Numbers numbers{a, b};
  BOOST_TEST((live(Images(numbers)) == Map{{"1", a}, {"2", b}}));
  images |= numbers;
  BOOST_TEST((live(images) == Map{{"a", a}, {"b", b}, {"1", a}, {"2", b}}));
  const auto photo = make<Photo>();
  images.update(weakref::WeakValueDictionary<std::string, Photo>{{"p", photo}});
  BOOST_TEST(images.at("p") == photo);
}

BOOST_AUTO_TEST_CASE(update_keeps_what_came_before_an_exception) {
  auto failing = std::views::iota(0, 3) | std::views::transform([this](int i) {
                   if (i == 2) throw std::runtime_error("no third");
                   return std::pair(std::to_string(i), c);
                 });
  BOOST_CHECK_THROW(images.update(failing), std::runtime_error);
  BOOST_TEST((live(images) == Map{{"a", a}, {"b", b}, {"0", c}, {"1", c}}));
}

// ---- copies

BOOST_AUTO_TEST_CASE(a_copy_is_another_dictionary_of_the_same_values) {
  Images copy = images.copy();
  BOOST_TEST((live(copy) == live(images)));
  copy.del("a");
  BOOST_TEST(images.contains("a"));
  b.reset();
  BOOST_TEST(copy.empty());
  BOOST_TEST(images.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_deep_copy_shares_the_values) {
  const Images copy = images.deepcopy();
  BOOST_TEST((live(copy) == live(images)));
}

BOOST_AUTO_TEST_CASE(a_deep_copy_copies_the_objects_that_keys_own) {
  const weakref::WeakValueDictionary<strong_ref<Image>, Image> owning{{a, b}};
  const auto copy = owning.deepcopy();
  const auto [key, value] = *copy.items().begin();
  BOOST_TEST((key != a));
  BOOST_TEST(key->width == a->width);
  BOOST_TEST(value == b);
}

BOOST_AUTO_TEST_CASE(copies_keep_the_order) {
  images.set("Z", c);
  images.set("Y", c);
  const auto keys = [](const Images& of) { return std::vector<std::string>(of.begin(), of.end()); };
  BOOST_TEST(keys(images.copy()) == (std::vector<std::string>{"a", "b", "Z", "Y"}),
             boost::test_tools::per_element());
  BOOST_TEST(keys(images.deepcopy()) == keys(images), boost::test_tools::per_element());
}

// ---- | and ==

BOOST_AUTO_TEST_CASE(a_union_is_a_new_dictionary_where_the_right_wins) {
  const Images other{{"b", c}, {"d", a}};
  const Images joined = images | other;
  BOOST_TEST((live(joined) == Map{{"a", a}, {"b", c}, {"d", a}}));
  BOOST_TEST((live(images) == Map{{"a", a}, {"b", b}}));
}

BOOST_AUTO_TEST_CASE(a_union_with_a_map_or_pairs_is_a_dictionary) {
  static_assert(std::same_as<decltype(images | Map()), Images>);
  static_assert(std::same_as<decltype(Map() | images), Images>);
  BOOST_TEST((live(images | Map{{"b", c}}) == Map{{"a", a}, {"b", c}}));
  BOOST_TEST((live(images | Pairs{{"b", c}}) == Map{{"a", a}, {"b", c}}));
}

BOOST_AUTO_TEST_CASE(a_reflected_union_is_a_dictionary_where_the_dictionary_wins) {
  const auto joined = Map{{"b", c}, {"d", c}} | images;
  BOOST_TEST((live(joined) == Map{{"b", b}, {"d", c}, {"a", a}}));
  BOOST_TEST(*joined.begin() == "b");
}

BOOST_AUTO_TEST_CASE(a_union_in_place_takes_dictionaries_maps_and_pairs) {
  (images |= Images{{"a", b}}) |= Map{{"d", a}};
  images |= Pairs{{"e", c}};
  BOOST_TEST((live(images) == Map{{"a", b}, {"b", b}, {"d", a}, {"e", c}}));
}

BOOST_AUTO_TEST_CASE(unions_let_their_values_die) {
  const auto plain = images | Map{{"d", a}};
  const auto reflected = Map{{"d", a}} | images;
  a.reset();
  BOOST_TEST((live(plain) == Map{{"b", b}}));
  BOOST_TEST((live(reflected) == Map{{"b", b}}));
}

BOOST_AUTO_TEST_CASE(dictionaries_are_equal_with_the_same_keys_and_values_in_any_order) {
  BOOST_TEST((Images() == Images()));
  BOOST_TEST((images == Images{{"b", b}, {"a", a}}));
  BOOST_TEST((images != Images{{"a", a}}));
  BOOST_TEST((images != Images{{"a", a}, {"b", b}, {"c", c}}));
  BOOST_TEST((images != Images{{"a", a}, {"c", b}}));
  BOOST_TEST((images != Images{{"a", a}, {"b", make<Image>(2)}}));
}

BOOST_AUTO_TEST_CASE(a_dictionary_is_equal_to_a_map_with_the_same_entries) {
  BOOST_TEST((images == Map{{"a", a}, {"b", b}}));
  BOOST_TEST((Map{{"a", a}, {"b", b}} == images));
  BOOST_TEST((images != Map{{"a", a}}));
  BOOST_TEST((Map{{"a", b}, {"b", b}} != images));
}

BOOST_AUTO_TEST_CASE(equality_sees_the_living_only) {
  const Images other{{"a", a}, {"b", b}, {"c", c}};
  BOOST_TEST((images != other));
  c.reset();
  BOOST_TEST((images == other));
}

struct Point : weakref::object {
  explicit Point(int c) : x(c) {}
  int x;
  friend bool operator==(const Point& p, const Point& q) { return p.x == q.x; }
};

BOOST_AUTO_TEST_CASE(values_with_an_equality_of_their_own_compare_by_it) {
  const auto p = make<Point>(1);
  const auto q = make<Point>(1);
  const auto other = make<Point>(2);
  using Points = weakref::WeakValueDictionary<int, Point>;
  BOOST_TEST((Points{{1, p}} == Points{{1, q}}));
  BOOST_TEST((Points{{1, p}} != Points{{1, other}}));
}

// ---- the references

BOOST_AUTO_TEST_CASE(valuerefs_are_the_keyed_references_in_order) {
  const auto references = images.valuerefs();
  BOOST_TEST_REQUIRE(references.size() == 2U);
  static_assert(
      std::same_as<decltype(references[0]), const strong_ref<weakref::KeyedRef<Image, std::string>>&>);
  BOOST_TEST(references[0]->key() == "a");
  BOOST_TEST((*references[0])() == a);
  BOOST_TEST(references[1]->key() == "b");
  BOOST_TEST(references[1]() == b);
}

BOOST_AUTO_TEST_CASE(itervaluerefs_yields_what_valuerefs_lists) {
  auto expected = images.valuerefs();
  for (const auto& reference : images.itervaluerefs()) {
    BOOST_TEST(reference == expected.front());
    expected.erase(expected.begin());
  }
  BOOST_TEST(expected.empty());
}

BOOST_AUTO_TEST_CASE(a_valueref_keeps_no_value) {
  const auto references = images.valuerefs();
  BOOST_TEST(weakref::getrefcount(a) == 1U);
  a.reset();
  BOOST_TEST((references[0]() == None));
  BOOST_TEST(references[0]->key() == "a");
}

BOOST_AUTO_TEST_CASE(a_valueref_is_a_reference) {
  const weakref::ref<Image> reference = images.valuerefs()[0];
  BOOST_TEST(reference() == a);
  BOOST_TEST((reference == weakref::ref(a)));
  a.reset();
  BOOST_TEST(reference.expired());
}

BOOST_AUTO_TEST_CASE(a_valueref_whose_entry_was_taken_out_still_refers_to_the_value) {
  const auto references = images.valuerefs();
  images.del("a");
  BOOST_TEST(references[0]() == a);
  images.clear();
  BOOST_TEST(references[1]() == b);
}

BOOST_AUTO_TEST_CASE(a_valueref_whose_entry_was_taken_out_sees_the_value_die) {
  const auto deleted = images.valuerefs()[0];
  const auto replaced = images.valuerefs()[1];
  images.del("a");
  images.set("b", c);
  a.reset();
  b.reset();
  BOOST_TEST((deleted() == None));
  BOOST_TEST(replaced->expired());
}

BOOST_AUTO_TEST_CASE(a_valueref_outlives_the_dictionary_and_then_the_value) {
  const auto references = images.valuerefs();
  images = Images();
  a.reset();
  BOOST_TEST((references[0]() == None));
  BOOST_TEST(references[1]() == b);
}

// ---- text

BOOST_AUTO_TEST_CASE(its_repr_is_its_address) {
  std::ostringstream text;
  text << "<WeakValueDictionary at 0x" << std::hex << reinterpret_cast<std::uintptr_t>(&images) << ">";
  BOOST_TEST(weakref::repr(images) == text.str());
  std::ostringstream printed;
  printed << images;
  BOOST_TEST(printed.str() == text.str());
}

BOOST_AUTO_TEST_SUITE_END()
