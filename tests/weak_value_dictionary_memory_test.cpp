#include "allocation_failure.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// What a WeakValueDictionary is after an operation for which memory did not suffice: what it was before.

namespace {

using boost::test_tools::per_element;
using weakref::KeyError;
using weakref::make;
using weakref::None;
using weakref::strong_ref;

struct Image : weakref::object {};
using Images = weakref::WeakValueDictionary<std::string, Image>;

/// Too long to be copied without an allocation.
std::string key(int number) {
  return "a key that does not fit into a small string: " + std::to_string(number);
}

struct Fixture {
  Fixture() {
    for (int i = 0; i < 3; ++i) {
      keys.push_back(key(i));
      owners.push_back(make<Image>());
      images.set(key(i), owners.back());
    }
  }

  /// The strong guarantee.
  void nothing_changed() const {
    std::vector<std::string> found(images.begin(), images.end());
    BOOST_TEST(found == keys, per_element());
    for (std::size_t i = 0; i < keys.size(); ++i) BOOST_TEST(images.at(keys[i]) == owners[i]);
    for (const auto& owner : owners) {
      BOOST_TEST(getrefcount(owner) == 1U);
      BOOST_TEST(getweakrefcount(owner) == 1U);
    }
    BOOST_TEST(getrefcount(other) == 1U);
    BOOST_TEST(getweakrefcount(other) == 0U);
  }

  /// Lets every allocation of f fail in turn, and looks for what it changed. The number of failures.
  template <class F>
  std::size_t fails_without_a_trace(F f) {
    return for_each_allocation_failing(f, [this] { nothing_changed(); });
  }

  std::vector<std::string> keys;
  std::vector<strong_ref<Image>> owners;
  Images images;
  const strong_ref<Image> other = make<Image>();
  const std::string present = key(1);
  const std::string absent = key(9);
};

/// At least so many allocations fail where one is known to be made.
constexpr std::size_t some = allocation_failure::possible ? 1 : 0;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(weak_value_dictionary_memory, Fixture)

BOOST_AUTO_TEST_CASE(a_construction_that_fails_leaves_nothing) {
  BOOST_TEST(fails_without_a_trace([] { const Images none; }) >= some);
  const auto value = make<Image>();
  const std::map<std::string, strong_ref<Image>> map{{absent, value}, {present, value}};
  fails_without_a_trace([&] { const Images made(map); });
  fails_without_a_trace([&] { const Images made{{absent, value}, {present, value}}; });
  BOOST_TEST(getweakrefcount(value) == 0U);
}

BOOST_AUTO_TEST_CASE(a_copy_that_fails_changes_nothing) {
  BOOST_TEST(fails_without_a_trace([&] { const Images copy(images); }) >= 4 * some);
  fails_without_a_trace([&] { (void)images.copy(); });
  fails_without_a_trace([&] { (void)images.deepcopy(); });
  Images target{{absent, owners[0]}};
  for_each_allocation_failing([&] { target = images; }, [&] { BOOST_TEST(target.contains(absent)); });
  BOOST_TEST((target == images));
}

BOOST_AUTO_TEST_CASE(a_move_that_fails_moves_nothing) {
  fails_without_a_trace([&] {
    Images moved(std::move(images));
    images.swap(moved);
  });
  nothing_changed();
}

BOOST_AUTO_TEST_CASE(a_set_that_fails_sets_nothing) {
  BOOST_TEST(fails_without_a_trace([&] { images.set(absent, other); }) >= some);
  BOOST_TEST(images.at(absent) == other);
}

BOOST_AUTO_TEST_CASE(a_replacement_that_fails_keeps_the_old_value) {
  fails_without_a_trace([&] { images.set(present, other); });
  BOOST_TEST(images.at(present) == other);
}

BOOST_AUTO_TEST_CASE(an_assigned_subscription_that_fails_sets_nothing) {
  fails_without_a_trace([&] { images[absent] = other; });
  BOOST_TEST(images.at(absent) == other);
}

BOOST_AUTO_TEST_CASE(a_setdefault_that_fails_sets_nothing) {
  fails_without_a_trace([&] { images.setdefault(present, other); });
  nothing_changed();
  fails_without_a_trace([&] { images.setdefault(absent, other); });
  BOOST_TEST(images.at(absent) == other);
}

BOOST_AUTO_TEST_CASE(a_creation_that_fails_stores_nothing) {
  fails_without_a_trace([&] { (void)images.get_or_create(absent, [&] { return other; }); });
  BOOST_TEST(images.at(absent) == other);
}

BOOST_AUTO_TEST_CASE(a_creation_whose_factory_fails_stores_nothing) {
  strong_ref<Image> created;
  fails_without_a_trace([&] { created = images.get_or_create(absent, [] { return make<Image>(); }); });
  BOOST_TEST(images.at(absent) == created);
}

BOOST_AUTO_TEST_CASE(look_ups_allocate_nothing) {
  BOOST_TEST(fails_without_a_trace([&] {
               (void)images.get(present);
               (void)images.get(absent);
               (void)images.at(present);
               (void)images.contains(absent);
               const strong_ref<Image> read = images[present];
               (void)images.size();
             }) == 0U);
}

BOOST_AUTO_TEST_CASE(a_key_error_that_cannot_be_made_changes_nothing) {
  BOOST_TEST(fails_without_a_trace([&] {
               try {
                 images.del(absent);
               } catch (const KeyError&) {
               }
             }) >= some);
  fails_without_a_trace([&] {
    try {
      (void)images.pop(absent);
    } catch (const KeyError&) {
    }
  });
  nothing_changed();
}

BOOST_AUTO_TEST_CASE(taking_out_allocates_nothing) {
  BOOST_TEST(for_each_allocation_failing([&] {
               (void)images.pop(keys[0]);
               (void)images.pop(keys[0], None);
               images.del(keys[1]);
               images.erase(keys[2]);
               images.clear();
             }) == 0U);
  BOOST_TEST(images.empty());
}

BOOST_AUTO_TEST_CASE(a_popitem_that_fails_takes_nothing) {
  fails_without_a_trace([&] { (void)images.popitem(); });
  BOOST_TEST(images.size() == 2U);
}

BOOST_AUTO_TEST_CASE(deaths_allocate_nothing) {
  const weakref::ref watch(owners[0], [](const weakref::ref<Image>&) {});
  BOOST_TEST(for_each_allocation_failing([&] { owners.clear(); }) == 0U);
  BOOST_TEST(images.empty());
  BOOST_TEST(watch.expired());
}

BOOST_AUTO_TEST_CASE(the_end_of_a_dictionary_allocates_nothing) {
  auto* const dying = new Images(images);
  BOOST_TEST(for_each_allocation_failing([&] { delete dying; }) == 0U);
  nothing_changed();
}

BOOST_AUTO_TEST_CASE(a_walk_that_fails_changes_nothing) {
  fails_without_a_trace([&] {
    for (const auto& item : images.items()) (void)item;
  });
  fails_without_a_trace([&] { (void)images.valuerefs(); });
  BOOST_TEST(fails_without_a_trace([&] {
               for (const auto& value : images.values()) (void)value;
               for (const auto& reference : images.itervaluerefs()) (void)reference;
             }) == 0U);
}

BOOST_AUTO_TEST_CASE(a_union_or_a_comparison_that_fails_changes_nothing) {
  const auto value = make<Image>();
  const Images more{{absent, value}};
  fails_without_a_trace([&] { (void)(images | more); });
  BOOST_TEST(getweakrefcount(value) == 1U);
  fails_without_a_trace([&] { (void)(images == images); });
  fails_without_a_trace([&] { (void)repr(images); });
}

BOOST_AUTO_TEST_CASE(an_update_that_fails_has_set_whole_entries_only) {
  const Images more{{key(7), owners[0]}, {present, owners[0]}, {key(8), owners[0]}};
  const auto whole = [&] {
    for (const auto& [name, value] : images.items()) {
      BOOST_TEST((value == owners[0] || images.size() >= 3U));
      BOOST_TEST(images.at(name) == value);
    }
    BOOST_TEST((!images.contains(key(8)) || images.contains(key(7))));
    BOOST_TEST(images.contains(present));
  };
  for_each_allocation_failing([&] { images.update(more); }, whole);
  BOOST_TEST(images.at(key(8)) == owners[0]);
  BOOST_TEST(images.at(present) == owners[0]);
  BOOST_TEST(images.size() == 5U);
}

BOOST_AUTO_TEST_CASE(a_table_that_cannot_grow_is_merely_slower) {
  weakref::WeakValueDictionary<int, Image> crowd;
  for (int i = 0; i < 300; ++i) {
    for_each_allocation_failing([&] { crowd.set(i, other); },
                                [&] { BOOST_TEST(crowd.size() == static_cast<std::size_t>(i)); });
  }
  bool all = true;
  for (int i = 0; i < 300; ++i) all = all && crowd.get(i) == other;
  BOOST_TEST(all);
}

BOOST_AUTO_TEST_SUITE_END()
