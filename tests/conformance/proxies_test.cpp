#include <cstddef>
#include <functional>
#include <numeric>
#include <optional>
#include <ranges>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;

namespace {

/// An attribute that can be deleted is a member that can be empty.
struct C : weakref::object {
  int bar = 0;
  std::optional<int> foo;
  explicit operator bool() const { return true; }
};

struct Callable : weakref::object {
  std::optional<int> foo;
  std::string bar;
  void operator()(std::string x) { bar = std::move(x); }
};

struct UserList : weakref::object, std::vector<int> {
  using std::vector<int>::vector;
  explicit operator bool() const { return !empty(); }
  void append(int x) { push_back(x); }
};

template <class T>
using proxy_type = decltype(weakref::proxy(std::declval<strong_ref<T>>()));

template <class T, class P>
void check_proxy(const strong_ref<T>& o, const P& proxy) {
  o->foo = 1;
  BOOST_CHECK(proxy->foo == 1);
  o->foo = 2;
  BOOST_CHECK(proxy->foo == 2);
  o->foo.reset();
  BOOST_TEST(!proxy->foo.has_value());

  proxy->foo = 1;
  BOOST_CHECK(o->foo == 1);
  proxy->foo = 2;
  BOOST_CHECK(o->foo == 2);
  proxy->foo.reset();
  BOOST_TEST(!o->foo.has_value());
}

struct Hashable : weakref::object {};
struct Unhashable : weakref::object {
  bool operator==(const Unhashable&) const { return true; }
};

template <class X>
concept hashable = requires(const X& x) { std::hash<X>()(x); };

}  // namespace

template <>
struct std::hash<Hashable> {
  std::size_t operator()(const Hashable&) const { return 42; }
};

BOOST_AUTO_TEST_SUITE(ReferencesTestCase)

BOOST_AUTO_TEST_CASE(test_proxy_ref) {
  int cbcalled = 0;
  const auto callback = [&](const auto&) { ++cbcalled; };
  auto o = make<C>();
  o->bar = 1;
  const auto ref1 = weakref::proxy(o, callback);
  const auto ref2 = weakref::proxy(o, callback);
  o.reset();
  BOOST_CHECK_THROW((void)ref1->bar, weakref::ReferenceError);
  BOOST_CHECK_THROW((void)ref2->bar, weakref::ReferenceError);
  const auto ref3 = weakref::proxy(make<C>());
  BOOST_CHECK_THROW((void)static_cast<bool>(ref3), weakref::ReferenceError);
  BOOST_TEST(cbcalled == 2);
}

BOOST_AUTO_TEST_CASE(test_proxy_reuse) {
  const auto o = make<C>();
  const auto proxy1 = weakref::proxy(o);
  const ref between{o};
  const auto proxy2 = weakref::proxy(o);
  BOOST_TEST(is(proxy1, proxy2));
}

BOOST_AUTO_TEST_CASE(test_shared_proxy_without_callback) {
  const auto o = make<C>();
  {
    const auto p1 = weakref::proxy(o, None);
    const auto p2 = weakref::proxy(o, None);
    BOOST_TEST(is(p1, p2));
  }
  {
    const auto p1 = weakref::proxy(o);
    const auto p2 = weakref::proxy(o, None);
    BOOST_TEST(is(p1, p2));
  }
  {
    const auto p1 = weakref::proxy(o);
    const auto p2 = weakref::proxy(o);
    BOOST_TEST(is(p1, p2));
  }
  {
    const auto p1 = weakref::proxy(o, None);
    const auto p2 = weakref::proxy(o);
    BOOST_TEST(is(p1, p2));
  }
}

BOOST_AUTO_TEST_CASE(test_basic_proxy) {
  const auto o = make<C>();
  check_proxy(o, weakref::proxy(o));

  const auto L = make<UserList>();
  const auto p = weakref::proxy(L);
  BOOST_TEST(!static_cast<bool>(p));
  p->append(12);
  BOOST_TEST(L->size() == 1U);
  BOOST_TEST(static_cast<bool>(p));
  // p[:] = [2, 3]
  *p = UserList{2, 3};
  BOOST_TEST(L->size() == 2U);
  BOOST_TEST(len(p) == 2U);
  BOOST_TEST(p.contains(3));
  p[1] = 5;
  BOOST_TEST((*L)[1] == 5);
  BOOST_TEST(p[1] == 5);
  const auto L2 = make<UserList>(*L);
  const auto p2 = weakref::proxy(L2);
  BOOST_CHECK(p == p2);
  const auto L3 = make<UserList>(std::size_t{10});
  std::iota(L3->begin(), L3->end(), 0);
  const auto p3 = weakref::proxy(L3);
  const auto slice = [](auto& sequence, int from, int to) {
    auto part = sequence | std::views::drop(from) | std::views::take(to - from);
    std::vector<int> copied;
    for (const int x : part) copied.push_back(x);
    return copied;
  };
  BOOST_TEST(slice(*L3, 0, 10) == slice(p3, 0, 10));
  BOOST_TEST(slice(*L3, 5, 10) == slice(p3, 5, 10));
  BOOST_TEST(slice(*L3, 0, 5) == slice(p3, 0, 5));
  BOOST_TEST(slice(*L3, 2, 5) == slice(p3, 2, 5));
  BOOST_TEST(slice(p3, 2, 5) == (std::vector{2, 3, 4}));
}

BOOST_AUTO_TEST_CASE(test_callable_proxy) {
  const auto o = make<Callable>();
  const auto ref1 = weakref::proxy(o);
  check_proxy(o, ref1);
  static_assert(std::is_same_v<decltype(ref1), const weakref::CallableProxyType<Callable>>);
  ref1("twinkies!");
  BOOST_TEST(o->bar == "twinkies!");
  ref1(std::string("Splat."));
  BOOST_TEST(o->bar == "Splat.");

  // too few arguments, and too many
  BOOST_TEST((!std::is_invocable_v<decltype(ref1)>));
  BOOST_TEST((!std::is_invocable_v<decltype(ref1), int, int, int>));
}

BOOST_AUTO_TEST_CASE(test_proxy_bool) {
  struct List : UserList {};
  const auto lyst = make<List>();
  BOOST_TEST(static_cast<bool>(weakref::proxy(lyst)) == static_cast<bool>(*lyst));
}

BOOST_AUTO_TEST_CASE(test_proxy_hash) {
  static_assert(hashable<Hashable>);
  static_assert(!hashable<Unhashable>);
  BOOST_TEST(!hashable<proxy_type<Hashable>>);
  BOOST_TEST(!hashable<proxy_type<Unhashable>>);
}

BOOST_AUTO_TEST_SUITE_END()
