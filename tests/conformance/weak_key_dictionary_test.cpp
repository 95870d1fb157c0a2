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

MAPPING_PROTOCOL_CASES(Fixture)

BOOST_AUTO_TEST_SUITE_END()
