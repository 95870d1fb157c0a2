#include <cstddef>
#include <ranges>
#include <thread>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// MappingTestCase of CPython's test_weakref.py: the length while entries vanish.

namespace {

using weakref::make;
using weakref::strong_ref;

struct RefCycle : weakref::object {};

template <class D, class Items>
void check_len_cycles(Items item_of) {
  constexpr int n = 20;
  std::vector<strong_ref<RefCycle>> items;
  for (int i = 0; i < n; ++i) items.push_back(make<RefCycle>());
  const D dct(items | std::views::transform(item_of));
  // An iterator is alive.
  auto it = dct.items().begin();
  items.clear();
  const std::size_t n1 = len(dct);
  it = {};
  const std::size_t n2 = len(dct);
  // One item may be kept alive by the iterator.
  BOOST_TEST(n1 <= 1U);
  BOOST_TEST(n2 == 0U);
}

/// In place of a collection that begins sooner or later, another thread drops the owners.
template <class D, class Items>
void check_len_race(Items item_of) {
  constexpr std::size_t n = 20;
  for (int threshold = 1; threshold < 100; ++threshold) {
    std::vector<strong_ref<RefCycle>> items;
    for (std::size_t i = 0; i < n; ++i) items.push_back(make<RefCycle>());
    const D dct(items | std::views::transform(item_of));
    const std::jthread collector([items = std::move(items), threshold]() mutable {
      for (int i = 0; i < threshold; ++i) std::this_thread::yield();
      for (auto& item : items) item.reset();
    });
    auto it = dct.items().begin();
    const std::size_t n1 = len(dct);
    it = {};
    const std::size_t n2 = len(dct);
    BOOST_TEST(n1 <= n);
    BOOST_TEST(n2 <= n1);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(MappingTestCase)

BOOST_AUTO_TEST_CASE(test_weak_keyed_len_cycles) {
  check_len_cycles<weakref::WeakKeyDictionary<RefCycle, int>>([](const auto& k) { return std::pair(k, 1); });
}

BOOST_AUTO_TEST_CASE(test_weak_valued_len_cycles) {
  check_len_cycles<weakref::WeakValueDictionary<int, RefCycle>>(
      [](const auto& k) { return std::pair(1, k); });
}

BOOST_AUTO_TEST_CASE(test_weak_keyed_len_race) {
  check_len_race<weakref::WeakKeyDictionary<RefCycle, int>>([](const auto& k) { return std::pair(k, 1); });
}

BOOST_AUTO_TEST_CASE(test_weak_valued_len_race) {
  check_len_race<weakref::WeakValueDictionary<int, RefCycle>>([](const auto& k) { return std::pair(1, k); });
}

BOOST_AUTO_TEST_SUITE_END()
