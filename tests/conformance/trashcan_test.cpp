#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;

namespace {

/// Looks, when its parent dies, whether it is alive itself.
struct C : weakref::object {
  C(const strong_ref<C>& parent, std::vector<bool>& seen) {
    if (parent == None) return;
    wparent = ref(parent, [&seen, wself = ref(*this)](const ref<C>& dead) {
      BOOST_CHECK(dead() == None);
      seen.push_back(wself() != None);
    });
  }
  ref<C> wparent;
};

/// A chain in a dictionary, each object the key of the next, dies from its beginning on.
void check_chain(std::size_t length) {
  std::vector<bool> seen;
  weakref::WeakKeyDictionary<C, strong_ref<C>> d;
  strong_ref<C> c = make<C>(None, seen);
  auto root = c;
  for (std::size_t n = 0; n < length; ++n) {
    auto next = make<C>(c, seen);
    d[c] = next;
    c = std::move(next);
  }
  BOOST_TEST(d.size() == length);
  root.reset();
  BOOST_TEST(d.empty());
  BOOST_TEST(seen.size() == length);
  // Only the last has another owner; all others were dead when they were asked for.
  std::size_t alive = 0;
  for (const bool one : seen) alive += one ? 1 : 0;
  BOOST_TEST(alive == 1U);
  BOOST_TEST(c->wparent.expired());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ReferencesTestCase)

BOOST_AUTO_TEST_CASE(test_trashcan_16602) { check_chain(100); }

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(AcyclicHalves)

BOOST_AUTO_TEST_CASE(a_chain_of_100000_in_a_dictionary_dies_on_an_ordinary_stack) { check_chain(100'000); }

BOOST_AUTO_TEST_SUITE_END()
