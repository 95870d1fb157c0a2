#include <algorithm>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// Walks through a WeakValueDictionary: in insertion order, over what was there, whatever happens meanwhile.

namespace {

using boost::test_tools::per_element;
using weakref::make;
using weakref::None;
using weakref::strong_ref;

struct Image : weakref::object {};

using Numbered = weakref::WeakValueDictionary<int, Image>;
using Ints = std::vector<int>;

Ints keys(const Numbered& images) { return {images.begin(), images.end()}; }

/// Ten images, by number.
struct Fixture {
  Fixture() {
    for (int i = 0; i < 10; ++i) {
      owners.push_back(make<Image>());
      images.set(i, owners.back());
    }
  }

  void kill(int number) { owners[static_cast<std::size_t>(number)].reset(); }

  /// The keys that a walk yields, while `change` runs after the first of them.
  template <class Walk, class Change>
  static Ints walk(const Walk& range, Change change) {
    Ints seen;
    for (const auto& entry : range) {
      seen.push_back(key_of(entry));
      if (seen.size() == 1) change();
    }
    return seen;
  }

  static int key_of(int key) { return key; }
  static int key_of(const std::pair<int, strong_ref<Image>>& item) { return item.first; }
  static int key_of(const strong_ref<weakref::KeyedRef<Image, int>>& reference) { return reference->key(); }

  std::vector<strong_ref<Image>> owners;
  Numbered images;
  const Ints all{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(weak_value_dictionary_iteration, Fixture)

// ---- order

BOOST_AUTO_TEST_CASE(iteration_gives_the_keys_in_the_order_of_insertion) {
  BOOST_TEST(keys(images) == all, per_element());
  const auto image = make<Image>();
  const Numbered shuffled{{5, image}, {3, image}, {9, image}, {1, image}};
  BOOST_TEST(keys(shuffled) == (Ints{5, 3, 9, 1}), per_element());
}

BOOST_AUTO_TEST_CASE(keys_values_and_items_are_in_one_order) {
  auto value = owners.begin();
  auto key = all.begin();
  for (const auto& [k, v] : images.items()) {
    BOOST_TEST(k == *key++);
    BOOST_TEST(v == *value++);
  }
  BOOST_TEST((value == owners.end()));
  BOOST_TEST(std::ranges::equal(images.values(), owners));
  BOOST_TEST(std::ranges::equal(images.keys(), all));
}

BOOST_AUTO_TEST_CASE(a_value_that_is_set_again_keeps_its_place) {
  images.set(3, owners[9]);
  images[0] = owners[8];
  BOOST_TEST(keys(images) == all, per_element());
}

BOOST_AUTO_TEST_CASE(an_entry_that_is_deleted_and_set_again_goes_to_the_end) {
  images.del(3);
  images.set(3, owners[3]);
  BOOST_TEST(keys(images) == (Ints{0, 1, 2, 4, 5, 6, 7, 8, 9, 3}), per_element());
}

BOOST_AUTO_TEST_CASE(a_key_whose_value_died_goes_to_the_end_when_it_is_set_again) {
  kill(3);
  images.setdefault(3, owners[4]);
  BOOST_TEST(keys(images) == (Ints{0, 1, 2, 4, 5, 6, 7, 8, 9, 3}), per_element());
}

BOOST_AUTO_TEST_CASE(the_order_survives_growth) {
  for (int i = 10; i < 1000; ++i) images.set(i, owners[0]);
  BOOST_TEST(std::ranges::equal(images, std::views::iota(0, 1000)));
}

// ---- what it is in C++

BOOST_AUTO_TEST_CASE(dictionaries_and_their_walks_are_ranges) {
  static_assert(std::ranges::input_range<Numbered>);
  static_assert(std::ranges::input_range<const Numbered>);
  static_assert(std::same_as<std::ranges::range_value_t<Numbered>, int>);
  using Keys = decltype(images.keys());
  using Values = decltype(images.values());
  using Items = decltype(images.items());
  using References = decltype(images.itervaluerefs());
  static_assert(std::ranges::view<Keys> && std::ranges::view<Values>);
  static_assert(std::ranges::view<Items> && std::ranges::view<References>);
  static_assert(std::same_as<std::ranges::range_value_t<Values>, strong_ref<Image>>);
  static_assert(std::same_as<std::ranges::range_value_t<Items>, std::pair<int, strong_ref<Image>>>);
  static_assert(std::input_iterator<Numbered::iterator>);
  static_assert(std::same_as<Numbered::iterator, Numbered::const_iterator>);
  static_assert(noexcept(images.begin()) && noexcept(++std::declval<Numbered::iterator&>()));
  BOOST_TEST(std::ranges::distance(images.items()) == 10);
}

BOOST_AUTO_TEST_CASE(walks_are_adapted_by_views) {
  const auto even = images.keys() | std::views::filter([](int key) { return key % 2 == 0; });
  Ints found;
  std::ranges::copy(Ints(std::ranges::begin(images), std::ranges::end(images)), std::back_inserter(found));
  BOOST_TEST(found == all, per_element());
  auto taken = even;
  BOOST_TEST(std::ranges::equal(taken, Ints{0, 2, 4, 6, 8}));
}

BOOST_AUTO_TEST_CASE(an_iterator_outlives_the_walk_that_it_came_from) {
  auto it = images.items().begin();
  BOOST_TEST((*it).first == 0);
  BOOST_TEST((*++it).first == 1);
}

BOOST_AUTO_TEST_CASE(a_walk_begins_anew_with_every_begin) {
  const auto walk = images.keys();
  BOOST_TEST(std::ranges::equal(walk, all));
  BOOST_TEST(std::ranges::equal(walk, all));
}

BOOST_AUTO_TEST_CASE(a_copied_iterator_goes_its_own_way) {
  auto it = images.keys().begin();
  ++it;
  auto copy = it;
  BOOST_TEST((copy == it));
  ++it;
  BOOST_TEST(*copy == 1);
  BOOST_TEST(*it == 2);
  copy = it;
  BOOST_TEST(*++copy == 3);
  BOOST_TEST(*it++ == 2);
  BOOST_TEST(*it == 3);
}

BOOST_AUTO_TEST_CASE(a_copied_iterator_stands_on_an_entry_that_has_left) {
  auto it = images.items().begin();
  images.del(0);
  auto copy = it;
  it = {};
  BOOST_TEST((*copy).first == 0);
  BOOST_TEST((*++copy).first == 1);
  BOOST_TEST(images.size() == 9U);
}

BOOST_AUTO_TEST_CASE(an_iterator_is_moved) {
  auto it = images.values().begin();
  auto moved = std::move(it);
  BOOST_TEST(*moved == owners[0]);
  BOOST_TEST(*++moved == owners[1]);
}

BOOST_AUTO_TEST_CASE(an_iterator_that_reached_the_end_stays_there) {
  auto it = images.keys().begin();
  std::ranges::advance(it, images.keys().end());
  images.set(10, owners[0]);
  BOOST_TEST((it == images.end()));
}

BOOST_AUTO_TEST_CASE(an_empty_dictionary_has_nothing_to_walk) {
  const Numbered none;
  BOOST_TEST(std::ranges::distance(none.keys()) == 0);
  BOOST_TEST(std::ranges::distance(none.values()) == 0);
  BOOST_TEST(std::ranges::distance(none.items()) == 0);
  BOOST_TEST(std::ranges::distance(none.itervaluerefs()) == 0);
  BOOST_TEST(none.valuerefs().empty());
}

// ---- a snapshot

BOOST_AUTO_TEST_CASE(what_is_added_meanwhile_is_not_seen) {
  const auto add = [this] { images.set(10, owners[0]); };
  BOOST_TEST(walk(images, add) == all, per_element());
  BOOST_TEST(walk(images.items(), [this] { images.set(11, owners[0]); }).size() == 11U);
  BOOST_TEST(images.size() == 12U);
}

BOOST_AUTO_TEST_CASE(a_walk_begins_with_what_was_there_when_it_was_made) {
  const auto walk = images.keys();
  images.set(10, owners[0]);
  BOOST_TEST(std::ranges::equal(walk, all));
}

BOOST_AUTO_TEST_CASE(nothing_is_seen_twice) {
  const auto seen = walk(images.items(), [this] {
    images.del(0);
    images.set(0, owners[0]);
    images.del(5);
    images.set(5, owners[5]);
    images.set(7, owners[0]);
  });
  BOOST_TEST(std::ranges::is_sorted(seen));
  BOOST_TEST((std::ranges::adjacent_find(seen) == seen.end()));
  BOOST_TEST(seen.size() >= 9U);  // 5 may be passed by
}

BOOST_AUTO_TEST_CASE(a_value_that_is_set_meanwhile_is_seen_once_in_its_place) {
  const auto other = make<Image>();
  std::vector<strong_ref<Image>> seen;
  for (const auto& [key, value] : images.items()) {
    if (key == 0) images.set(1, other);
    if (key == 1) images.set(1, owners[1]);
    if (key == 2) images.set(2, other);
    seen.push_back(value);
  }
  BOOST_TEST(seen.size() == 10U);
  BOOST_TEST((seen[2] == owners[2]));
  BOOST_TEST(keys(images) == all, per_element());
}

BOOST_AUTO_TEST_CASE(dead_entries_are_passed_by_when_they_are_reached) {
  const auto kill_some = [this] {
    kill(1);
    kill(5);
    kill(9);
  };
  BOOST_TEST(walk(images, kill_some) == (Ints{0, 2, 3, 4, 6, 7, 8}), per_element());
  BOOST_TEST(walk(images.itervaluerefs(), [this] { kill(2); }) == (Ints{0, 3, 4, 6, 7, 8}), per_element());
  BOOST_TEST(walk(images.items(), [this] { kill(3); }) == (Ints{0, 4, 6, 7, 8}), per_element());
}

BOOST_AUTO_TEST_CASE(a_walk_ends_where_nothing_lives) {
  BOOST_TEST(walk(images, [this] { owners.clear(); }) == (Ints{0}), per_element());
  BOOST_TEST(images.empty());
}

// ---- what it holds

BOOST_AUTO_TEST_CASE(items_and_values_hold_the_current_element_only) {
  auto it = images.items().begin();
  BOOST_TEST(weakref::getrefcount(owners[0]) == 2U);
  BOOST_TEST(weakref::getrefcount(owners[1]) == 1U);
  ++it;
  BOOST_TEST(weakref::getrefcount(owners[0]) == 1U);
  BOOST_TEST(weakref::getrefcount(owners[1]) == 2U);
}

BOOST_AUTO_TEST_CASE(the_current_element_lives_until_the_next_step) {
  auto it = images.values().begin();
  const weakref::ref current{owners[0]};
  kill(0);
  BOOST_TEST(!current.expired());
  BOOST_TEST(images.contains(0));
  ++it;
  BOOST_TEST(current.expired());
  BOOST_TEST(!images.contains(0));
}

BOOST_AUTO_TEST_CASE(keys_and_references_hold_no_value) {
  const auto key = images.keys().begin();
  const auto reference = images.itervaluerefs().begin();
  BOOST_TEST(weakref::getrefcount(owners[0]) == 1U);
  kill(0);
  BOOST_TEST(!images.contains(0));
  BOOST_TEST(*key == 0);
  BOOST_TEST(((*reference)->expired()));
}

BOOST_AUTO_TEST_CASE(a_finished_walk_holds_nothing) {
  auto it = images.items().begin();
  while (it != images.items().end()) ++it;
  for (const auto& owner : owners) BOOST_TEST(weakref::getrefcount(owner) == 1U);
}

// ---- changes meanwhile

BOOST_AUTO_TEST_CASE(the_current_entry_may_be_taken_out) {
  for (const int key : images) images.del(key);
  BOOST_TEST(images.empty());
}

BOOST_AUTO_TEST_CASE(entries_behind_and_ahead_may_be_taken_out) {
  const auto seen = walk(images.items(), [this] {
    (void)images.pop(0);
    (void)images.popitem();
    images.erase(1);
  });
  BOOST_TEST(seen.front() == 0);
  BOOST_TEST(seen.back() < 10);
  BOOST_TEST(std::ranges::is_sorted(seen));
  BOOST_TEST(keys(images) == (Ints{2, 3, 4, 5, 6, 7, 8}), per_element());
}

BOOST_AUTO_TEST_CASE(a_walk_goes_on_after_neighbours_have_left) {
  auto it = images.keys().begin();
  std::ranges::advance(it, 4);
  for (const int gone : {3, 4, 5}) images.del(gone);
  BOOST_TEST(*it == 4);
  BOOST_TEST(*++it == 6);
}

BOOST_AUTO_TEST_CASE(all_may_be_cleared) {
  const auto seen = walk(images, [this] { images.clear(); });
  BOOST_TEST(seen.front() == 0);
  BOOST_TEST(images.empty());
}

BOOST_AUTO_TEST_CASE(a_cleared_dictionary_may_be_filled_again_under_a_walk) {
  auto it = images.keys().begin();
  images.clear();
  images.set(0, owners[0]);
  images.set(1, owners[1]);
  BOOST_TEST((++it == images.end()));
  BOOST_TEST(keys(images) == (Ints{0, 1}), per_element());
}

BOOST_AUTO_TEST_CASE(updates_and_growth_do_not_disturb) {
  const auto seen = walk(images, [this] {
    for (int i = 0; i < 1000; ++i) images.set(i, owners[0]);
  });
  BOOST_TEST(seen == all, per_element());
}

BOOST_AUTO_TEST_CASE(every_change_is_counted_under_a_walk) {
  auto it = images.items().begin();
  kill(9);
  BOOST_TEST(len(images) == 9U);
  (void)images.pop(*images.begin());
  BOOST_TEST(len(images) == 8U);
  images.set(20, owners[1]);
  BOOST_TEST(len(images) == 9U);
  (void)images.popitem();
  BOOST_TEST(len(images) == 8U);
  images.del(*images.keys().begin());
  BOOST_TEST(len(images) == 7U);
  images.clear();
  BOOST_TEST(len(images) == 0U);
  BOOST_TEST((++it == images.items().end()));
}

BOOST_AUTO_TEST_CASE(many_walks_stand_on_one_entry) {
  std::vector<Numbered::iterator> walks(5, images.begin());
  images.del(0);
  for (auto& it : walks) BOOST_TEST(*it++ == 0);
  images.del(1);
  for (const auto& it : walks) BOOST_TEST(*it == 1);
  walks.clear();
  BOOST_TEST(keys(images).front() == 2);
}

BOOST_AUTO_TEST_CASE(popitem_and_clear_pass_entries_by_that_only_a_walk_keeps) {
  auto it = images.keys().begin();
  std::ranges::advance(it, 9);
  images.del(9);
  BOOST_TEST(images.popitem().first == 8);
  images.clear();
  BOOST_TEST(*it == 9);
  BOOST_TEST((++it == images.end()));
}

BOOST_AUTO_TEST_CASE(a_walk_outlives_its_dictionary) {
  std::optional<Numbered> dying(images);
  auto it = dying->items().begin();
  const auto walk = dying->keys();
  dying.reset();
  BOOST_TEST((*it).second == owners[0]);
  BOOST_TEST((++it == decltype(it)()));
  BOOST_TEST(std::ranges::distance(walk) == 0);
}

BOOST_AUTO_TEST_CASE(a_loop_may_destroy_its_dictionary) {
  auto dying = std::make_unique<Numbered>(images);
  Ints seen;
  for (const int key : dying->keys()) {
    seen.push_back(key);
    dying.reset();
  }
  BOOST_TEST(seen == (Ints{0}), per_element());
}

BOOST_AUTO_TEST_CASE(a_walk_stays_with_the_entries_when_they_are_moved) {
  auto it = images.keys().begin();
  const Numbered moved = std::move(images);
  BOOST_TEST(*++it == 1);
  images = Numbered{{100, owners[0]}};
  BOOST_TEST(*++it == 2);
}

BOOST_AUTO_TEST_CASE(the_death_of_the_current_element_may_change_the_dictionary) {
  const weakref::ref watch(owners[0], [this](const weakref::ref<Image>&) {
    images.clear();
    images.set(0, owners[5]);
  });
  auto it = images.values().begin();
  kill(0);
  const auto next = *++it;
  BOOST_TEST(next == owners[1]);
  BOOST_TEST(keys(images) == (Ints{0}), per_element());
  BOOST_TEST((++it == images.values().end()));
}

BOOST_AUTO_TEST_CASE(a_value_that_is_replaced_meanwhile_is_yielded_in_its_place) {
  const auto other = make<Image>();
  std::vector<strong_ref<Image>> seen;
  for (const auto& [key, value] : images.items()) {
    if (key == 0) images.set(5, other);
    seen.push_back(value);
  }
  BOOST_TEST(seen.size() == 10U);
  BOOST_TEST((seen.at(5) == other));
}

BOOST_AUTO_TEST_SUITE_END()
