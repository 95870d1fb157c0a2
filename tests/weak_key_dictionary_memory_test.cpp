#include "allocation_failure.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// What the containers that are weak in their keys are after an operation for which memory did not suffice:
// what they were before.

namespace {

using weakref::KeyError;
using weakref::make;
using weakref::strong_ref;

struct Image : weakref::object {};
using Titles = weakref::WeakKeyDictionary<Image, std::string>;
using Images = weakref::WeakSet<Image>;

/// Too long to be copied without an allocation.
std::string title(int number) {
  return "a title that does not fit into a small string: " + std::to_string(number);
}

struct Fixture {
  Fixture() {
    for (int i = 0; i < 3; ++i) {
      texts.push_back(title(i));
      owners.push_back(make<Image>());
      titles.set(owners.back(), texts.back());
      images.add(owners.back());
    }
  }

  /// The strong guarantee.
  void nothing_changed() const {
    BOOST_TEST(titles.size() == owners.size());
    BOOST_TEST(images.size() == owners.size());
    for (std::size_t i = 0; i < owners.size(); ++i) {
      BOOST_TEST(titles.at(owners[i]) == texts[i]);
      BOOST_TEST(images.contains(owners[i]));
      BOOST_TEST(getrefcount(owners[i]) == 1U);
      BOOST_TEST(getweakrefcount(owners[i]) == 2U);
    }
    BOOST_TEST(getrefcount(other) == 1U);
    BOOST_TEST(getweakrefcount(other) == 0U);
  }

  /// Lets every allocation of f fail in turn, and looks for what it changed. The number of failures.
  template <class F>
  std::size_t fails_without_a_trace(F f) {
    return for_each_allocation_failing(f, [this] { nothing_changed(); });
  }

  std::vector<std::string> texts;
  std::vector<strong_ref<Image>> owners;
  Titles titles;
  Images images;
  const strong_ref<Image> other = make<Image>();
  const std::string text = title(9);
};

/// At least so many allocations fail where one is known to be made.
constexpr std::size_t some = allocation_failure::possible ? 1 : 0;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(weak_key_dictionary_memory, Fixture)

BOOST_AUTO_TEST_CASE(a_construction_that_fails_leaves_nothing) {
  BOOST_TEST(fails_without_a_trace([] { const Titles none; }) >= some);
  const std::map<strong_ref<Image>, std::string> map{{make<Image>(), text}};
  fails_without_a_trace([&] { const Titles made(map); });
  fails_without_a_trace([&] { const Titles made{{other, text}}; });
  fails_without_a_trace([&] { const Images made{other}; });
  fails_without_a_trace([&] { const Images made(owners); });
}

BOOST_AUTO_TEST_CASE(a_copy_that_fails_changes_nothing) {
  BOOST_TEST(fails_without_a_trace([&] { const Titles copy(titles); }) >= 4 * some);
  fails_without_a_trace([&] { (void)titles.deepcopy(); });
  fails_without_a_trace([&] { (void)images.copy(); });
  Titles target{{owners[0], text}};
  for_each_allocation_failing([&] { target = titles; }, [&] { BOOST_TEST(target.at(owners[0]) == text); });
  BOOST_TEST((target == titles));
}

BOOST_AUTO_TEST_CASE(a_move_that_fails_moves_nothing) {
  fails_without_a_trace([&] {
    Titles moved(std::move(titles));
    titles.swap(moved);
  });
  fails_without_a_trace([&] {
    Images moved(std::move(images));
    images.swap(moved);
  });
  nothing_changed();
}

BOOST_AUTO_TEST_CASE(a_set_that_fails_sets_nothing) {
  BOOST_TEST(fails_without_a_trace([&] { titles.set(other, text); }) >= 2 * some);
  BOOST_TEST(titles.at(other) == text);
}

BOOST_AUTO_TEST_CASE(a_replacement_that_fails_keeps_the_old_value) {
  BOOST_TEST(fails_without_a_trace([&] { titles.set(owners[1], text); }) >= some);
  texts[1] = text;
  texts[0] = title(8);
  titles[owners[0]] = texts[0];
  for_each_allocation_failing([&] { titles[owners[2]] = text; }, [this] { nothing_changed(); });
  BOOST_TEST(titles.at(owners[1]) == text);
}

BOOST_AUTO_TEST_CASE(a_setdefault_that_fails_sets_nothing) {
  fails_without_a_trace([&] { (void)titles.setdefault(owners[0], text); });
  nothing_changed();
  BOOST_TEST(fails_without_a_trace([&] { (void)titles.setdefault(other, text); }) >= 2 * some);
  BOOST_TEST(titles.at(other) == text);
}

BOOST_AUTO_TEST_CASE(a_creation_that_fails_stores_nothing) {
  fails_without_a_trace([&] { (void)titles.get_or_create(other, [this] { return text; }); });
  BOOST_TEST(titles.at(other) == text);
}

BOOST_AUTO_TEST_CASE(look_ups_without_a_copy_allocate_nothing) {
  BOOST_TEST(fails_without_a_trace([&] {
               (void)titles.contains(owners[0]);
               (void)titles.contains(other);
               (void)titles.get(other);
               (void)images.contains(owners[0]);
               (void)titles.size();
             }) == 0U);
  BOOST_TEST(fails_without_a_trace([&] { (void)titles.at(owners[0]); }) >= some);
}

BOOST_AUTO_TEST_CASE(a_key_error_that_cannot_be_made_changes_nothing) {
  BOOST_TEST(fails_without_a_trace([&] {
               try {
                 titles.del(other);
               } catch (const KeyError&) {
               }
             }) >= some);
  fails_without_a_trace([&] {
    try {
      images.remove(other);
    } catch (const KeyError&) {
    }
  });
}

BOOST_AUTO_TEST_CASE(taking_out_allocates_nothing) {
  BOOST_TEST(for_each_allocation_failing([&] {
               (void)titles.pop(owners[0]);
               (void)titles.popitem();
               titles.erase(owners[1]);
               titles.clear();
               (void)images.pop();
               images.discard(owners[0]);
               images.clear();
             }) == 0U);
  BOOST_TEST(titles.empty());
  BOOST_TEST(images.empty());
}

BOOST_AUTO_TEST_CASE(a_pop_that_must_copy_and_cannot_takes_nothing) {
  auto reader = titles.values().begin();
  BOOST_TEST(for_each_allocation_failing([&] { (void)titles.pop(owners[0]); },
                                         [this] { nothing_changed(); }) >= some);
  BOOST_TEST(titles.size() == 2U);
  BOOST_TEST(*reader == texts[0]);
}

BOOST_AUTO_TEST_CASE(deaths_allocate_nothing) {
  const weakref::ref watch(owners[0], [](const weakref::ref<Image>&) {});
  BOOST_TEST(for_each_allocation_failing([&] { owners.clear(); }) == 0U);
  BOOST_TEST(titles.empty());
  BOOST_TEST(images.empty());
}

BOOST_AUTO_TEST_CASE(an_add_that_fails_adds_nothing) {
  BOOST_TEST(fails_without_a_trace([&] { images.add(other); }) >= some);
  BOOST_TEST(images.contains(other));
}

BOOST_AUTO_TEST_CASE(set_algebra_that_fails_changes_nothing) {
  const std::vector<strong_ref<Image>> more{owners[0], other};
  const auto unchanged = [&] {
    BOOST_TEST(images.size() == 3U);
    BOOST_TEST(getweakrefcount(other) == 0U);
    BOOST_TEST(getweakrefcount(owners[0]) == 2U);
  };
  BOOST_TEST(for_each_allocation_failing([&] { (void)images.union_(more); }, unchanged) >= some);
  BOOST_TEST(for_each_allocation_failing([&] { (void)images.intersection(more); }, unchanged) >= some);
  BOOST_TEST(for_each_allocation_failing([&] { (void)images.symmetric_difference(more); }, unchanged) >=
             some);
  BOOST_TEST(for_each_allocation_failing([&] { (void)images.issubset(more); }, unchanged) >= some);
  BOOST_TEST(for_each_allocation_failing([&] { images.intersection_update(more); }, unchanged) >= some);
  BOOST_TEST(images.size() == 1U);
  BOOST_TEST(for_each_allocation_failing([&] { images.difference_update(more); }) == 0U);
  BOOST_TEST(images.empty());
}

BOOST_AUTO_TEST_CASE(a_walk_that_fails_changes_nothing) {
  fails_without_a_trace([&] {
    for (const auto& item : titles.items()) (void)item;
  });
  fails_without_a_trace([&] { (void)titles.keyrefs(); });
  fails_without_a_trace([&] { (void)repr(images); });
  BOOST_TEST(fails_without_a_trace([&] {
               for (const auto& key : titles) (void)key;
               for (const auto& image : images) (void)image;
             }) == 0U);
}

BOOST_AUTO_TEST_CASE(a_table_that_cannot_grow_is_merely_slower) {
  Images crowd;
  std::vector<strong_ref<Image>> many;
  for (std::size_t i = 0; i < 300; ++i) {
    many.push_back(make<Image>());
    for_each_allocation_failing([&] { crowd.add(many.back()); }, [&] { BOOST_TEST(crowd.size() == i); });
  }
  bool all = true;
  for (const auto& image : many) all = all && crowd.contains(image);
  BOOST_TEST(all);
}

BOOST_AUTO_TEST_SUITE_END()
