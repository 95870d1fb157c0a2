#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include <boost/test/unit_test.hpp>

#include "mapping_protocol.hpp"

import weakref;

// WeakKeyDictionaryTestCase of CPython's test_weakref.py: a WeakKeyDictionary is a mapping.

namespace {

using weakref::make;

struct Object : weakref::object {
  explicit Object(std::string a) : arg(std::move(a)) {}
  friend bool operator==(const Object& a, const Object& b) { return a.arg == b.arg; }
  std::string arg;
};

}  // namespace

template <>
struct std::hash<Object> {
  std::size_t operator()(const Object& x) const { return std::hash<std::string>()(x.arg); }
};

namespace {

using Tested = weakref::WeakKeyDictionary<Object, int>;

struct Fixture : MappingProtocol<Tested, weakref::KeyError> {
  Fixture()
      : MappingProtocol({make<Object>("key1"), 1}, {make<Object>("key2"), 2}, {make<Object>("key3"), 3},
                        909) {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(WeakKeyDictionaryTestCase)

BOOST_AUTO_TEST_CASE(test_read) { Fixture().test_read(); }
BOOST_AUTO_TEST_CASE(test_write) { Fixture().test_write(); }
BOOST_AUTO_TEST_CASE(test_constructor) { Fixture().test_constructor(); }
BOOST_AUTO_TEST_CASE(test_bool) { Fixture().test_bool(); }
BOOST_AUTO_TEST_CASE(test_keys) { Fixture().test_keys(); }
BOOST_AUTO_TEST_CASE(test_values) { Fixture().test_values(); }
BOOST_AUTO_TEST_CASE(test_items) { Fixture().test_items(); }
BOOST_AUTO_TEST_CASE(test_len) { Fixture().test_len(); }
BOOST_AUTO_TEST_CASE(test_update) { Fixture().test_update(); }
BOOST_AUTO_TEST_CASE(test_get) { Fixture().test_get(); }
BOOST_AUTO_TEST_CASE(test_popitem) { Fixture().test_popitem(); }
BOOST_AUTO_TEST_CASE(test_pop) { Fixture().test_pop(); }

BOOST_AUTO_TEST_SUITE_END()
