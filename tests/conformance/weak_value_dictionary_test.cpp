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

MAPPING_PROTOCOL_CASES(Fixture)

BOOST_AUTO_TEST_SUITE_END()
