#include <concepts>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::ref;
using weakref::strong_ref;

namespace {

struct Image : weakref::object {};

struct Named : weakref::object {
  std::string name() const { return "it"; }
};

struct Nameless : weakref::object {
  std::string name() const { throw std::runtime_error("no name"); }
};

bool matches(const std::string& text, const std::string& before, const std::string& after) {
  return text.starts_with(before) && text.ends_with(after);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(inspection)

BOOST_AUTO_TEST_CASE(references_and_proxies_are_counted_with_and_without_callback) {
  const auto image = make<Image>();
  {
    const ref r1{image};
    const ref r2{image, [](const ref<Image>&) {}};
    BOOST_TEST(weakref::getweakrefcount(image) == 2U);
    const auto p1 = proxy(image);
    const auto p2 = proxy(image, [](const auto&) {});
    BOOST_TEST(weakref::getweakrefcount(image) == 4U);
    BOOST_TEST(weakref::getweakrefcount(*image) == 4U);
  }
  BOOST_TEST(weakref::getweakrefcount(image) == 0U);
  BOOST_TEST(weakref::getweakrefcount(strong_ref<Image>()) == 0U);
  BOOST_TEST(weakref::getweakrefcount(1) == 0U);
}

BOOST_AUTO_TEST_CASE(the_list_is_shared_reference_shared_proxy_then_newest_first) {
  const auto image = make<Image>();
  const ref a{image, [](const ref<Image>&) {}};
  const auto p = proxy(image, [](const auto&) {});
  const ref b{image, [](const ref<Image>&) {}};
  const auto shared_proxy = proxy(image);
  const ref shared{image};
  const auto list = weakref::getweakrefs(image);
  BOOST_TEST(list.size() == 5U);
  BOOST_TEST(is(std::get<ref<Image>>(list[0]), shared));
  BOOST_TEST(is(std::get<weakref::ProxyType<Image>>(list[1]), shared_proxy));
  BOOST_TEST(is(std::get<ref<Image>>(list[2]), b));
  BOOST_TEST(is(std::get<weakref::ProxyType<Image>>(list[3]), p));
  BOOST_TEST(is(std::get<ref<Image>>(list[4]), a));
}

BOOST_AUTO_TEST_CASE(what_is_dropped_vanishes_from_the_list) {
  const auto image = make<Image>();
  {
    const ref gone{image, [](const ref<Image>&) {}};
  }
  const ref kept{image};
  const auto list = weakref::getweakrefs(image);
  BOOST_TEST(list.size() == 1U);
  BOOST_TEST(weakref::getweakrefs(strong_ref<Image>()).empty());
  BOOST_TEST(weakref::getweakrefs(1).empty());
}

BOOST_AUTO_TEST_CASE(a_reference_shows_what_it_refers_to_and_where) {
  auto image = make<Image>();
  const ref r{image};
  std::ostringstream at;
  at << "0x" << std::hex << id(r) << "; to '(anonymous namespace)::Image' at 0x" << id(image) << ">";
  BOOST_TEST(repr(r) == "<weakref at " + at.str());
  image.reset();
  BOOST_TEST(matches(repr(r), "<weakref at 0x", "; dead>"));
  BOOST_TEST(repr(ref<Image>()) == "None");
}

BOOST_AUTO_TEST_CASE(a_name_is_added_and_one_that_throws_does_not_break_it) {
  const auto named = make<Named>();
  BOOST_TEST(matches(repr(ref{named}), "<weakref at 0x", " (it)>"));
  const auto nameless = make<Nameless>();
  BOOST_TEST(matches(repr(ref{nameless}), "<weakref at 0x", ">"));
}

BOOST_AUTO_TEST_CASE(the_type_shown_is_that_of_the_object_not_of_the_variable) {
  const strong_ref<weakref::object> image = make<Image>();
  BOOST_TEST((repr(ref{image}).find("Image'") != std::string::npos));
  BOOST_TEST(matches(repr(image), "<(anonymous namespace)::Image object at 0x", ">"));
  BOOST_TEST(repr(strong_ref<Image>()) == "None");
}

BOOST_AUTO_TEST_CASE(handles_are_written_to_streams_as_their_repr) {
  const auto image = make<Image>();
  std::ostringstream out;
  out << ref{image} << image;
  BOOST_TEST(out.str() == repr(ref{image}) + repr(image));
}

BOOST_AUTO_TEST_CASE(text_is_quoted_as_python_quotes_it) {
  BOOST_TEST(weakref::repr("logo") == "'logo'");
  BOOST_TEST(weakref::repr("it's") == "\"it's\"");
  BOOST_TEST(weakref::repr("a\"'b\n\\") == "'a\"\\'b\\n\\\\'");
  BOOST_TEST(weakref::repr(5) == "5");
  BOOST_TEST(weakref::repr(true) == "True");
}

BOOST_AUTO_TEST_SUITE_END()
