#include <string>

#include <boost/test/unit_test.hpp>

#include "mapping_protocol.hpp"

import weakref;

// WeakValueDictionaryTestCase of CPython's test_weakref.py: a WeakValueDictionary is a mapping.

namespace {

using weakref::make;

struct Object : weakref::object {
  explicit Object(int a) : arg(a) {}
  friend bool operator==(const Object& a, const Object& b) { return a.arg == b.arg; }
  int arg;
};

using Tested = weakref::WeakValueDictionary<std::string, Object>;

struct Fixture : MappingProtocol<Tested, weakref::KeyError> {
  Fixture()
      : MappingProtocol({"key1", make<Object>(1)}, {"key2", make<Object>(2)}, {"key3", make<Object>(3)},
                        make<Object>(909)) {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(WeakValueDictionaryTestCase)

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
