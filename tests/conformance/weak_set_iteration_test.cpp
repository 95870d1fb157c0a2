#include <cstddef>
#include <iterator>
#include <ranges>
#include <thread>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;
import weakref.conformance.user_string;

// TestWeakSet of CPython's test_weakset.py: elements that vanish, and iteration meanwhile.

namespace {

using weakref::KeyError;
using weakref::make;
using weakref::strong_ref;

/// The strings are held so that they stay in the sets.
struct Fixture {
  Strings items = strings("abc");
  Strings letters = strings(ascii_letters);
};

struct RefCycle : weakref::object {};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(TestWeakSet, Fixture)

BOOST_AUTO_TEST_CASE(test_weak_destroy_while_iterating) {
  Set set(items);
  {
    auto it = set.begin();
    items.pop_back();
    // Either the element that the iterator stands on has been dropped, or another one.
    const auto left = std::ranges::distance(++it, set.end());
    BOOST_CHECK(left == std::ssize(items) || left == std::ssize(items) - 1);
  }
  // The removal has been committed.
  BOOST_TEST(len(set) == items.size());
}

BOOST_AUTO_TEST_CASE(test_weak_destroy_and_mutate_while_iterating) {
  Set set(letters);
  // Drops a string while an iterator is alive, and calls the body with an equal one, which it returns.
  const auto context = [&](auto body) {
    auto it = set.begin();
    const auto u = make<UserString>(letters.back()->data);
    const bool held = **it == *u;
    letters.pop_back();
    if (held) ++it;
    body(u);
    return u;
  };
  auto u = context([&](const auto& dropped) { BOOST_TEST(!set.contains(dropped)); });
  u = context([&](const auto& dropped) { BOOST_CHECK_THROW(set.remove(dropped), KeyError); });
  BOOST_TEST(!set.contains(u));
  u = context([&](const auto& dropped) { set.add(dropped); });
  BOOST_TEST(set.contains(u));
  const Set t = set.copy();
  u = context([&](const auto&) { set.update(t); });
  BOOST_TEST(len(set) == len(t));
  u = context([&](const auto&) { set.clear(); });
  BOOST_TEST(len(set) == 0U);
}

BOOST_AUTO_TEST_CASE(test_len_cycles) {
  std::vector<strong_ref<RefCycle>> cycles(20);
  for (auto& cycle : cycles) cycle = make<RefCycle>();
  const weakref::WeakSet<RefCycle> set(cycles);
  auto it = set.begin();
  cycles.clear();
  const std::size_t n1 = len(set);
  it = {};
  const std::size_t n2 = len(set);
  // One element may be kept alive by the iterator.
  BOOST_TEST(n1 <= 1U);
  BOOST_TEST(n2 == 0U);
}

BOOST_AUTO_TEST_CASE(test_len_race) {
  constexpr std::size_t n = 20;
  for (int threshold = 1; threshold < 100; ++threshold) {
    std::vector<strong_ref<RefCycle>> cycles(n);
    for (auto& cycle : cycles) cycle = make<RefCycle>();
    const weakref::WeakSet<RefCycle> set(cycles);
    const std::jthread collector([cycles = std::move(cycles), threshold]() mutable {
      for (int i = 0; i < threshold; ++i) std::this_thread::yield();
      for (auto& cycle : cycles) cycle.reset();
    });
    auto it = set.begin();
    const std::size_t n1 = len(set);
    it = {};
    const std::size_t n2 = len(set);
    BOOST_TEST(n1 <= n);
    BOOST_TEST(n2 <= n1);
  }
}

BOOST_AUTO_TEST_SUITE_END()
