#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;
using weakref::WeakMethod;

namespace {

struct Object : weakref::object {
  explicit Object(int a) : arg(a) {}
  bool operator==(const Object& other) const { return arg == other.arg; }
  int some_method() { return 4; }
  int other_method() { return 5; }
  int arg;
};

/// A class that loses its method while the program runs: where functions are objects, what is bound to them
/// refers to them weakly, too.
using Function = weakref::function<int(Object&)>;
struct Subclass {
  strong_ref<Function> some_method = make<Function>([](Object&) { return 6; });
};

/// Equal to everything: Python's test.support.ALWAYS_EQ.
struct AlwaysEqual {
  template <class X>
  friend bool operator==(const AlwaysEqual&, const X&) {
    return true;
  }
};

using Method = int (Object::*)();

}  // namespace

template <>
struct std::hash<Object> {
  std::size_t operator()(const Object& x) const { return std::hash<int>()(x.arg); }
};

BOOST_AUTO_TEST_SUITE(WeakMethodTestCase)

BOOST_AUTO_TEST_CASE(test_alive) {
  const auto o = make<Object>(1);
  const WeakMethod r{method(o, &Object::some_method)};
  static_assert(std::is_convertible_v<decltype(r), ref<Object>>);
  static_assert(std::is_same_v<decltype(r()), decltype(method(o, &Object::some_method))>);
  BOOST_TEST(is(ref<Object>(r)(), o));
  BOOST_TEST(is(r()->self(), o));
  BOOST_CHECK(r()->func() == &Object::some_method);
  BOOST_TEST(r()() == 4);
}

BOOST_AUTO_TEST_CASE(test_object_dead) {
  auto o = make<Object>(1);
  const WeakMethod r{method(o, &Object::some_method)};
  o.reset();
  BOOST_CHECK(r() == None);
}

BOOST_AUTO_TEST_CASE(test_method_dead) {
  Subclass C;
  const auto o = make<Object>(1);
  const WeakMethod r{method(o, C.some_method)};
  BOOST_TEST(r()() == 6);
  C.some_method.reset();
  BOOST_CHECK(r() == None);
}

BOOST_AUTO_TEST_CASE(test_callback_when_object_dead) {
  using Weak = WeakMethod<Object, strong_ref<Function>>;
  Subclass C;
  std::vector<Weak> calls;
  auto o = make<Object>(1);
  const Weak r{method(o, C.some_method), [&](const Weak& arg) { calls.push_back(arg); }};
  o.reset();
  BOOST_REQUIRE(calls.size() == 1U);
  BOOST_CHECK(calls[0] == r);
  BOOST_TEST(is(calls[0], r));
  // Once only.
  C.some_method.reset();
  BOOST_TEST(calls.size() == 1U);
}

BOOST_AUTO_TEST_CASE(test_callback_when_method_dead) {
  using Weak = WeakMethod<Object, strong_ref<Function>>;
  Subclass C;
  std::vector<Weak> calls;
  auto o = make<Object>(1);
  const Weak r{method(o, C.some_method), [&](const Weak& arg) { calls.push_back(arg); }};
  C.some_method.reset();
  BOOST_REQUIRE(calls.size() == 1U);
  BOOST_CHECK(calls[0] == r);
  BOOST_TEST(is(calls[0], r));
  // Once only.
  o.reset();
  BOOST_TEST(calls.size() == 1U);
}

BOOST_AUTO_TEST_CASE(test_no_cycles) {
  const auto o = make<Object>(1);
  std::optional r{WeakMethod{method(o, &Object::some_method), [](const auto&) {}}};
  const ref wr{*r};
  BOOST_CHECK(wr() != None);
  r.reset();
  BOOST_CHECK(wr() == None);
}

BOOST_AUTO_TEST_CASE(test_equality) {
  constexpr AlwaysEqual ALWAYS_EQ;
  const auto eq = [](const auto& a, const auto& b) {
    BOOST_CHECK(a == b);
    BOOST_CHECK(!(a != b));
  };
  const auto ne = [](const auto& a, const auto& b) {
    BOOST_CHECK(a != b);
    BOOST_CHECK(!(a == b));
  };
  auto x = make<Object>(1);
  auto y = make<Object>(1);
  const WeakMethod a{method(x, &Object::some_method)};
  const WeakMethod b{method(y, &Object::some_method)};
  const WeakMethod c{method(x, &Object::other_method)};
  const WeakMethod d{method(y, &Object::other_method)};
  // equal objects, the same method
  eq(a, b);
  eq(c, d);
  // equal objects, different methods
  ne(a, c);
  ne(a, d);
  ne(b, c);
  ne(b, d);
  // unequal objects, the same or different methods
  auto z = make<Object>(2);
  const WeakMethod e{method(z, &Object::some_method)};
  const WeakMethod f{method(z, &Object::other_method)};
  ne(a, e);
  ne(a, f);
  ne(b, e);
  ne(b, f);
  // something of another type
  ne(a, method(x, &Object::some_method));
  eq(a, ALWAYS_EQ);
  x.reset();
  y.reset();
  z.reset();
  // Dead ones compare by identity.
  const std::array refs{&a, &b, &c, &d, &e, &f};
  for (const auto* const q : refs) {
    for (const auto* const r : refs) {
      BOOST_TEST((*q == *r) == is(*q, *r));
      BOOST_TEST((*q != *r) == !is(*q, *r));
    }
  }
}

BOOST_AUTO_TEST_CASE(test_hashing) {
  const std::hash<WeakMethod<Object, Method>> hash;
  auto x = make<Object>(1);
  auto y = make<Object>(1);
  const WeakMethod a{method(x, &Object::some_method)};
  const WeakMethod b{method(y, &Object::some_method)};
  const WeakMethod c{method(y, &Object::other_method)};
  // They are equal, so their hashes are.
  BOOST_TEST(hash(a) == hash(b));
  const auto ha = hash(a);
  // Dead ones keep theirs,
  x.reset();
  y.reset();
  BOOST_TEST(hash(a) == ha);
  BOOST_TEST(hash(b) == ha);
  // unless they were never asked.
  BOOST_CHECK_THROW(hash(c), weakref::TypeError);
}

BOOST_AUTO_TEST_SUITE_END()
