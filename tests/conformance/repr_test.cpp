#include <map>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::ref;

namespace named {

struct C : weakref::object {};

/// Python's property `__name__`.
struct WithName : weakref::object {
  static std::string name() { return "custom_name"; }
};

/// Every attribute is looked up among the items, and most are not there.
struct MyConfig : weakref::object, std::map<std::string, int> {
  [[nodiscard]] std::string name() const { return std::to_string(at("name")); }
};

}  // namespace named

namespace {

bool matches(const std::string& text, const std::string& pattern) {
  return std::regex_match(text, std::regex(pattern));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ReferencesTestCase)

BOOST_AUTO_TEST_CASE(test_ref_repr) {
  auto obj = make<named::C>();
  const ref r{obj};
  BOOST_TEST(matches(repr(r), "<weakref at 0x[0-9a-fA-F]+; to 'named::C' at 0x[0-9a-fA-F]+>"), repr(r));
  obj.reset();
  BOOST_TEST(matches(repr(r), "<weakref at 0x[0-9a-fA-F]+; dead>"), repr(r));

  // a class with a name
  const auto obj2 = make<named::WithName>();
  const ref ref2{obj2};
  BOOST_TEST(
      matches(repr(ref2),
              "<weakref at 0x[0-9a-fA-F]+; to 'named::WithName' at 0x[0-9a-fA-F]+ +\\(custom_name\\)>"),
      repr(ref2));
}

BOOST_AUTO_TEST_CASE(test_repr_failure_gh99184) {
  const auto obj = make<named::MyConfig>();
  obj->emplace("offset", 5);
  BOOST_REQUIRE_THROW((void)obj->name(), std::out_of_range);
  const ref obj_weakref{obj};
  BOOST_TEST((repr(obj_weakref).find("MyConfig") != std::string::npos));
  std::ostringstream str;
  str << obj_weakref;
  BOOST_TEST((str.str().find("MyConfig") != std::string::npos));
}

BOOST_AUTO_TEST_CASE(test_proxy_repr) {
  auto obj = make<named::C>();
  const auto p = weakref::proxy(obj, [](const auto&) {});
  BOOST_TEST(matches(repr(p), "<weakproxy at 0x[0-9a-fA-F]+; to 'named::C' at 0x[0-9a-fA-F]+>"), repr(p));
  obj.reset();
  BOOST_TEST(matches(repr(p), "<weakproxy at 0x[0-9a-fA-F]+; dead>"), repr(p));
}

BOOST_AUTO_TEST_SUITE_END()
