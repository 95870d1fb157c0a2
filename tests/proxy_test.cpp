#include <string>
#include <type_traits>
#include <utility>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::strong_ref;

namespace {

struct Image : weakref::object {
  int width = 3;
};
struct Adder : weakref::object {
  int operator()(int a, int b) const { return a + b; }
};
struct Generic : weakref::object {
  template <class T>
  T operator()(T x) const {
    return x;
  }
};
struct Overloaded : weakref::object {
  int operator()(int x) const { return x; }
  std::string operator()(std::string x) const { return x; }
};

template <class T>
using proxy_type = decltype(weakref::proxy(std::declval<strong_ref<T>>()));

static_assert(std::is_same_v<proxy_type<Image>, weakref::ProxyType<Image>>);
static_assert(std::is_same_v<proxy_type<Adder>, weakref::CallableProxyType<Adder>>);
static_assert(std::is_same_v<proxy_type<Generic>, weakref::CallableProxyType<Generic>>);
static_assert(std::is_same_v<proxy_type<Overloaded>, weakref::CallableProxyType<Overloaded>>);
static_assert(weakref::is_proxy_v<proxy_type<Image>> && weakref::is_proxy_v<proxy_type<Adder>>);
static_assert(!weakref::is_proxy_v<weakref::ref<Image>>);

}  // namespace

BOOST_AUTO_TEST_SUITE(proxy)

BOOST_AUTO_TEST_CASE(it_gives_the_members_of_the_referent_until_that_dies) {
  auto image = make<Image>();
  const auto p = weakref::proxy(image);
  p->width = 7;
  BOOST_TEST(image->width == 7);
  image.reset();
  BOOST_CHECK_EXCEPTION((void)p->width, weakref::ReferenceError, [](const auto& e) {
    return std::string(e.what()) == "weakly-referenced object no longer exists";
  });
}

BOOST_AUTO_TEST_CASE(the_referent_is_held_for_the_full_expression) {
  struct Owner : weakref::object {
    strong_ref<Owner>* self = nullptr;
    int value = 5;
    int drop_and_read() {
      self->reset();
      return value;
    }
  };
  auto owner = make<Owner>();
  owner->self = &owner;
  const auto p = weakref::proxy(owner);
  BOOST_TEST(p->drop_and_read() == 5);
  BOOST_TEST(!owner);
}

BOOST_AUTO_TEST_CASE(there_is_one_proxy_without_callback) {
  const auto image = make<Image>();
  const auto a = weakref::proxy(image);
  const weakref::ref between{image};
  const auto b = weakref::proxy(image, weakref::None);
  BOOST_TEST(is(a, b));
  BOOST_TEST(id(a) == id(b));
  BOOST_TEST(weakref::getweakrefcount(image) == 2U);
  BOOST_TEST(!is(a, weakref::proxy(image, [](const auto&) {})));
}

BOOST_AUTO_TEST_CASE(it_is_found_again_behind_newer_references) {
  const auto image = make<Image>();
  const auto first = weakref::proxy(image);
  const weakref::ref newer{image, [](const weakref::ref<Image>&) {}};
  const auto again = weakref::proxy(image);
  BOOST_TEST(is(first, again));
  BOOST_TEST(weakref::getweakrefcount(image) == 2U);
}

BOOST_AUTO_TEST_CASE(its_callback_gets_the_proxy) {
  auto image = make<Image>();
  std::uintptr_t seen = 0;
  const auto p = weakref::proxy(image, [&](const weakref::ProxyType<Image>& dead) {
    seen = id(dead);
    BOOST_CHECK_THROW((void)dead->width, weakref::ReferenceError);
  });
  image.reset();
  BOOST_TEST(seen == id(p));
}

BOOST_AUTO_TEST_CASE(a_callable_is_called_through_it) {
  auto adder = make<Adder>();
  const auto p = weakref::proxy(adder);
  BOOST_TEST(p(2, 3) == 5);
  static_assert(!std::is_invocable_v<decltype(p), std::string>);
  static_assert(!std::is_invocable_v<weakref::ProxyType<Image>>);
  adder.reset();
  BOOST_CHECK_THROW(p(2, 3), weakref::ReferenceError);
}

BOOST_AUTO_TEST_CASE(its_repr_works_when_it_is_dead) {
  auto image = make<Image>();
  const auto p = weakref::proxy(image);
  BOOST_TEST(repr(p).find("<weakproxy at 0x") == 0U);
  BOOST_TEST((repr(p).find("; to '") != std::string::npos));
  image.reset();
  BOOST_TEST(repr(p).ends_with("; dead>"));
}

BOOST_AUTO_TEST_CASE(one_that_was_moved_from_refers_to_nothing) {
  const auto adder = make<Adder>();
  auto p = weakref::proxy(adder);
  const auto moved = std::move(p);
  BOOST_TEST(moved(2, 3) == 5);
  BOOST_CHECK_THROW(p(2, 3), weakref::ReferenceError);  // NOLINT(bugprone-use-after-move)
  BOOST_CHECK_THROW((void)p->operator()(2, 3), weakref::ReferenceError);
  BOOST_TEST(repr(p).ends_with("; dead>"));
  BOOST_TEST(id(p) == 0U);
  BOOST_TEST(!is(p, moved));
  p = moved;
  BOOST_TEST(p(2, 3) == 5);
}

BOOST_AUTO_TEST_SUITE_END()
