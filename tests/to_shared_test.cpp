#include <memory>

#include <boost/test/unit_test.hpp>

#include "allocation_failure.hpp"

import weakref;

using weakref::make;
using weakref::ref;
using weakref::strong_ref;

namespace {

struct Node : weakref::object {
  int value = 3;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(to_shared)

BOOST_AUTO_TEST_CASE(it_is_one_further_owner) {
  auto node = make<Node>();
  const ref r{node};
  auto shared = weakref::to_shared(node);
  BOOST_TEST(shared.get() == node.get());
  BOOST_TEST(getrefcount(node) == 2U);
  auto copy = shared;
  BOOST_TEST(getrefcount(node) == 2U);
  node.reset();
  shared.reset();
  BOOST_TEST(!r.expired());
  BOOST_TEST(copy->value == 3);
  copy.reset();
  BOOST_TEST(r.expired());
}

BOOST_AUTO_TEST_CASE(a_weak_ptr_does_not_keep_the_object) {
  auto node = make<Node>();
  const ref r{node};
  auto shared = weakref::to_shared(node);
  const std::weak_ptr<Node> weak = shared;
  node.reset();
  shared.reset();
  BOOST_TEST(r.expired());
  BOOST_TEST(weak.expired());
}

BOOST_AUTO_TEST_CASE(none_gives_an_empty_pointer) {
  BOOST_TEST(weakref::to_shared(strong_ref<Node>()) == nullptr);
}

BOOST_AUTO_TEST_CASE(without_memory_no_owner_is_lost) {
  auto node = make<Node>();
  for_each_allocation_failing([&] {
    BOOST_TEST(getrefcount(node) == 1U);
    BOOST_TEST(weakref::to_shared(node)->value == 3);
  });
  BOOST_TEST(getrefcount(node) == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
