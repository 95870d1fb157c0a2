#include <algorithm>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// The tests of CPython's test_copy.py that copy references and weak dictionaries.

namespace {

using weakref::make;
using weakref::strong_ref;

struct C : weakref::object {
  explicit C(int number = 0) : i(number) {}
  int i;
};

using WeakKeyed = weakref::WeakKeyDictionary<C, strong_ref<C>>;
using WeakValued = weakref::WeakValueDictionary<strong_ref<C>, C>;
using Reference = weakref::ref<C>;

template <class Copy>
void check_weakref(Copy copy) {
  auto obj = make<C>();
  const Reference x(obj);
  BOOST_TEST(is(copy(x), x));
  obj.reset();
  BOOST_TEST(is(copy(x), x));
  BOOST_TEST(x.expired());
}

template <class D>
void check_copy_weakdict() {
  const auto a = make<C>();
  const auto b = make<C>();
  auto c = make<C>();
  auto d = make<C>();
  D u;
  u[a] = b;
  u[c] = d;
  D v = u.copy();
  BOOST_TEST(&v != &u);
  BOOST_CHECK(v == u);
  BOOST_CHECK(v[a] == b);
  BOOST_CHECK(v[c] == d);
  BOOST_TEST(len(v) == 2U);
  c.reset();
  d.reset();
  BOOST_TEST(len(v) == 1U);
  const auto x = make<C>();
  const auto y = make<C>();
  // The underlying containers are decoupled.
  v[x] = y;
  BOOST_TEST(v.contains(x));
  BOOST_TEST(!u.contains(x));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(TestCopy)

BOOST_AUTO_TEST_CASE(test_copy_weakref) {
  check_weakref([](const Reference& reference) { return Reference(reference); });
}

// A deep copy is what containers make of what they own.
BOOST_AUTO_TEST_CASE(test_deepcopy_weakref) {
  check_weakref([](const Reference& reference) {
    const auto key = make<C>();
    const weakref::WeakKeyDictionary<C, Reference> owner{{key, reference}};
    return owner.deepcopy().at(key);
  });
}

BOOST_AUTO_TEST_CASE(test_copy_weakkeydict) { check_copy_weakdict<WeakKeyed>(); }

BOOST_AUTO_TEST_CASE(test_copy_weakvaluedict) { check_copy_weakdict<WeakValued>(); }

BOOST_AUTO_TEST_CASE(test_deepcopy_weakkeydict) {
  const auto a = make<C>(0);
  const auto b = make<C>(1);
  auto c = make<C>(2);
  const auto d = make<C>(3);
  WeakKeyed u;
  u[a] = b;
  u[c] = d;
  // Keys are not copied, values are.
  const WeakKeyed v = u.deepcopy();
  BOOST_CHECK(v != u);
  BOOST_TEST(len(v) == 2U);
  BOOST_CHECK(v[a] != b);
  BOOST_CHECK(v[c] != d);
  BOOST_TEST(v[a]->i == b->i);
  BOOST_TEST(v[c]->i == d->i);
  c.reset();
  BOOST_TEST(len(v) == 1U);
}

BOOST_AUTO_TEST_CASE(test_deepcopy_weakvaluedict) {
  const auto a = make<C>(0);
  const auto b = make<C>(1);
  const auto c = make<C>(2);
  auto d = make<C>(3);
  WeakValued u;
  u[a] = b;
  u[c] = d;
  // Keys are copied, values are not.
  const WeakValued v = u.deepcopy();
  BOOST_CHECK(v != u);
  BOOST_TEST(len(v) == 2U);
  {
    std::vector<std::pair<strong_ref<C>, strong_ref<C>>> items;
    for (auto&& item : v.items()) items.push_back(item);
    std::ranges::sort(items, {}, [](const auto& item) { return item.first->i; });
    const auto& [x, y] = items.at(0);
    const auto& [z, t] = items.at(1);
    BOOST_CHECK(x != a);
    BOOST_TEST(x->i == a->i);
    BOOST_CHECK(y == b);
    BOOST_CHECK(z != c);
    BOOST_TEST(z->i == c->i);
    BOOST_CHECK(t == d);
  }
  d.reset();
  BOOST_TEST(len(v) == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
