#include <cstddef>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::function;
using weakref::getweakrefcount;
using weakref::getweakrefs;
using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;

namespace {

struct C : weakref::object {
  void method() {}
};

/// Compares by its argument.
struct Object : weakref::object {
  explicit Object(int a) : arg(a) {}
  bool operator==(const Object& other) const { return arg == other.arg; }
  bool operator<(const Object& other) const { return arg < other.arg; }
  int arg;
};

/// Equal to everything: Python's test.support.ALWAYS_EQ.
struct AlwaysEqual {
  template <class X>
  friend bool operator==(const AlwaysEqual&, const X&) {
    return true;
  }
};

extern "C" {
static int cfunction(int x) { return 2 * x; }
}

auto create_function() {
  return make<function<void()>>([] {});
}
auto create_bound_method() { return method(make<C>(), &C::method); }
auto create_cfunction() { return make<function<int(int)>>(&cfunction); }

struct TestBase {
  int cbcalled = 0;
  auto callback() {
    return [this](const auto&) { ++cbcalled; };
  }

  template <class Factory>
  void check_basic_ref(Factory factory) {
    const auto o = factory();
    const ref r{o};
    BOOST_CHECK(r() != None);
    const auto o2 = r();
    BOOST_TEST(is(o, o2));
  }

  template <class Factory>
  void check_basic_callback(Factory factory) {
    cbcalled = 0;
    auto o = factory();
    const ref r{o, callback()};
    o.reset();
    BOOST_TEST(cbcalled == 1);
    BOOST_CHECK(r() == None);
  }
};

template <class R>
concept less = requires(R a, R b) { a < b; };
template <class R>
concept greater = requires(R a, R b) { a > b; };
template <class R>
concept less_equal = requires(R a, R b) { a <= b; };
template <class R>
concept greater_equal = requires(R a, R b) { a >= b; };

}  // namespace

template <>
struct std::hash<Object> {
  std::size_t operator()(const Object& x) const { return std::hash<int>()(x.arg); }
};

BOOST_FIXTURE_TEST_SUITE(ReferencesTestCase, TestBase)

BOOST_AUTO_TEST_CASE(test_basic_ref) {
  check_basic_ref([] { return make<C>(); });
  check_basic_ref(create_function);
  check_basic_ref(create_bound_method);

  // A repr does not throw, of a live reference
  auto o = make<C>();
  const ref wr{o};
  BOOST_TEST(!repr(wr).empty());
  // or of a dead one.
  o.reset();
  BOOST_TEST(!repr(wr).empty());
}

BOOST_AUTO_TEST_CASE(test_basic_callback) {
  check_basic_callback([] { return make<C>(); });
  check_basic_callback(create_function);
  check_basic_callback(create_bound_method);
}

BOOST_AUTO_TEST_CASE(test_cfunction) {
  auto f = create_cfunction();
  const ref wr{f};
  BOOST_TEST(is(wr(), f));
  BOOST_TEST(wr()(21) == 42);
  f.reset();
  BOOST_CHECK(wr() == None);
  check_basic_ref(create_cfunction);
  check_basic_callback(create_cfunction);
}

BOOST_AUTO_TEST_CASE(test_multiple_callbacks) {
  auto o = make<C>();
  const ref ref1{o, callback()};
  const ref ref2{o, callback()};
  o.reset();
  BOOST_CHECK(ref1() == None);
  BOOST_CHECK(ref2() == None);
  BOOST_TEST(cbcalled == 2);
}

BOOST_AUTO_TEST_CASE(test_multiple_selfref_callbacks) {
  // The newest reference is called back first, and finds the older one dead already.
  std::optional<ref<C>> self;
  const auto look = [&](const ref<C>&) {
    ++cbcalled;
    BOOST_CHECK((*self)() == None);
  };
  auto c = make<C>();
  self.emplace(c, look);
  const ref ref1{c, look};
  c.reset();
  BOOST_TEST(cbcalled == 2);
}

BOOST_AUTO_TEST_CASE(test_ref_reuse) {
  auto o = make<C>();
  {
    const ref ref1{o};
    // A proxy made in between makes no difference.
    const auto p = weakref::proxy(o);
    const ref ref2{o};
    BOOST_TEST(is(ref1, ref2));
  }
  o = make<C>();
  std::optional p{weakref::proxy(o)};
  const ref ref1{o};
  const ref ref2{o};
  BOOST_TEST(is(ref1, ref2));
  BOOST_TEST(getweakrefcount(o) == 2U);
  p.reset();
  BOOST_TEST(getweakrefcount(o) == 1U);
}

BOOST_AUTO_TEST_CASE(test_shared_ref_without_callback) {
  const auto o = make<Object>(1);
  {
    const ref p1{o, None};
    const ref p2{o, None};
    BOOST_TEST(is(p1, p2));
  }
  {
    const ref p1{o};
    const ref p2{o, None};
    BOOST_TEST(is(p1, p2));
  }
  {
    const ref p1{o};
    const ref p2{o};
    BOOST_TEST(is(p1, p2));
  }
  {
    const ref p1{o, None};
    const ref p2{o};
    BOOST_TEST(is(p1, p2));
  }
}

BOOST_AUTO_TEST_CASE(test_getweakrefcount) {
  const auto o = make<C>();
  std::optional ref1{ref{o}};
  std::optional ref2{ref{o, callback()}};
  BOOST_TEST(getweakrefcount(o) == 2U);
  std::optional proxy1{weakref::proxy(o)};
  std::optional proxy2{weakref::proxy(o, callback())};
  BOOST_TEST(getweakrefcount(o) == 4U);
  ref1.reset();
  ref2.reset();
  proxy1.reset();
  proxy2.reset();
  BOOST_TEST(getweakrefcount(o) == 0U);
  BOOST_TEST(getweakrefcount(1) == 0U);
}

BOOST_AUTO_TEST_CASE(test_getweakrefs) {
  {
    const auto o = make<C>();
    std::optional ref1{ref{o, callback()}};
    const ref ref2{o, callback()};
    ref1.reset();
    const auto references = getweakrefs(o);
    BOOST_REQUIRE(references.size() == 1U);
    BOOST_TEST(is(std::get<ref<C>>(references[0]), ref2));
  }
  const auto o = make<C>();
  std::optional ref1{ref{o, callback()}};
  std::optional ref2{ref{o, callback()}};
  ref2.reset();
  {
    const auto references = getweakrefs(o);
    BOOST_REQUIRE(references.size() == 1U);
    BOOST_TEST(is(std::get<ref<C>>(references[0]), *ref1));
  }
  ref1.reset();
  BOOST_TEST(getweakrefs(o).empty());
  BOOST_TEST(getweakrefs(1).empty());
}

BOOST_AUTO_TEST_CASE(test_classes) {
  // Those that the program is compiled with are there for good, as int is in Python.
  const ref<weakref::type_object> immortal = weakref::type_of<int>();
  BOOST_TEST(is(immortal(), weakref::type_of<int>()));

  // One that is made at run time can go.
  std::vector<ref<weakref::type_object>> l;
  auto A = make<weakref::type_object>(typeid(C));
  const ref a{A, [&](const ref<weakref::type_object>& dead) { l.push_back(dead); }};
  BOOST_TEST(is(a(), A));
  A.reset();
  BOOST_CHECK(a() == None);
  BOOST_REQUIRE(l.size() == 1U);
  BOOST_TEST(is(l[0], a));
}

BOOST_AUTO_TEST_CASE(test_equality) {
  constexpr AlwaysEqual ALWAYS_EQ;
  // Live references leave equality to their referents.
  auto x = make<Object>(1);
  auto y = make<Object>(1);
  auto z = make<Object>(2);
  const ref a{x};
  const ref b{y};
  const ref c{z};
  const ref d{x};
  // Both operators are asked.
  BOOST_CHECK(a == b);
  BOOST_CHECK(!(a != b));
  BOOST_CHECK(!(a == c));
  BOOST_CHECK(a != c);
  BOOST_CHECK(a == d);
  BOOST_CHECK(!(a != d));
  BOOST_CHECK(!(a == x));
  BOOST_CHECK(a != x);
  BOOST_CHECK(a == ALWAYS_EQ);
  BOOST_CHECK(!(a != ALWAYS_EQ));
  x.reset();
  y.reset();
  z.reset();
  for (const auto& r : {a, b, c}) BOOST_CHECK(r() == None);
  // Dead ones compare by identity.
  BOOST_CHECK(!(a == b));
  BOOST_CHECK(a != b);
  BOOST_CHECK(!(a == c));
  BOOST_CHECK(a != c);
  BOOST_TEST((a == d) == is(a, d));
  BOOST_TEST((a != d) == !is(a, d));
}

BOOST_AUTO_TEST_CASE(test_ordering) {
  // References, live or dead, have no order, though the referents have one.
  static_assert(less<Object>);
  BOOST_TEST(!less<ref<Object>>);
  BOOST_TEST(!greater<ref<Object>>);
  BOOST_TEST(!less_equal<ref<Object>>);
  BOOST_TEST(!greater_equal<ref<Object>>);
}

BOOST_AUTO_TEST_CASE(test_hashing) {
  // The hash of a live reference is that of its referent.
  auto x = make<Object>(42);
  auto y = make<Object>(42);
  const ref a{x};
  const ref b{y};
  const std::hash<ref<Object>> hash;
  BOOST_TEST(hash(a) == std::hash<int>()(42));
  x.reset();
  y.reset();
  // A dead one keeps it if it was asked for in time, and else has none.
  BOOST_TEST(hash(a) == std::hash<int>()(42));
  BOOST_CHECK_THROW(hash(b), weakref::TypeError);
}

BOOST_AUTO_TEST_SUITE_END()
