#include <functional>
#include <sstream>
#include <string>
#include <type_traits>
#include <unordered_set>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;

namespace {

struct Base : weakref::object {
  int inherited(int x) { return base + x; }
  int base = 100;
};

struct Counter : Base {
  int add(int x) { return sum += x; }
  int peek() const noexcept { return sum; }
  int lvalue() & { return sum; }
  void del_me(strong_ref<Counter>& owner) { owner.reset(); }
  int sum = 0;
};

struct Scale : weakref::object {
  explicit Scale(int f) : factor(f) {}
  int operator()(const Counter& counter, int x) const { return counter.sum * factor + x; }
  bool operator==(const Scale& other) const { return factor == other.factor; }
  int factor;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(bound_methods)

BOOST_AUTO_TEST_CASE(a_call_is_a_call_on_the_object) {
  auto counter = make<Counter>();
  auto add = method(counter, &Counter::add);
  BOOST_TEST((*add)(3) == 3);
  BOOST_TEST(add(4) == 7);
  BOOST_TEST(method(counter, &Counter::peek)() == 7);
  BOOST_TEST(method(counter, &Counter::lvalue)() == 7);
  BOOST_TEST(method(counter, &Counter::inherited)(1) == 101);
  BOOST_TEST(method(counter, make<Scale>(10))(1) == 71);
}

BOOST_AUTO_TEST_CASE(it_knows_and_owns_its_object_and_its_function) {
  auto counter = make<Counter>();
  const ref watch{counter};
  auto add = method(counter, &Counter::add);
  BOOST_TEST(is(add->self(), counter));
  BOOST_TEST((add->func() == &Counter::add));
  counter.reset();
  BOOST_TEST(!watch.expired());
  add.reset();
  BOOST_TEST(watch.expired());
}

BOOST_AUTO_TEST_CASE(the_object_lives_until_the_call_is_over) {
  auto counter = make<Counter>();
  const ref watch{counter};
  auto method = weakref::method(counter, &Counter::del_me);
  method(counter);
  BOOST_TEST(counter == None);
  BOOST_TEST(!watch.expired());
}

BOOST_AUTO_TEST_CASE(equal_are_the_same_function_of_the_same_object) {
  auto a = make<Counter>();
  auto b = make<Counter>();
  BOOST_TEST((*method(a, &Counter::add) == *method(a, &Counter::add)));
  BOOST_TEST((*method(a, &Counter::add) != *method(b, &Counter::add)));
  BOOST_TEST((*method(a, make<Scale>(2)) == *method(a, make<Scale>(2))));
  BOOST_TEST((*method(a, make<Scale>(2)) != *method(a, make<Scale>(3))));
  using hash = std::hash<weakref::bound_method<Counter, int (Counter::*)(int)>>;
  BOOST_TEST(hash()(*method(a, &Counter::add)) == hash()(*method(a, &Counter::add)));
}

BOOST_AUTO_TEST_CASE(it_can_be_called_only_as_the_function_can) {
  using method = weakref::bound_method<Counter, int (Counter::*)(int)>;
  BOOST_TEST((std::is_invocable_r_v<int, const method&, int>));
  BOOST_TEST((!std::is_invocable_v<const method&>));
  BOOST_TEST((!std::is_invocable_v<const method&, std::string>));
}

BOOST_AUTO_TEST_CASE(it_can_be_referred_to_and_dies_when_nobody_holds_it) {
  auto counter = make<Counter>();
  const ref dead{method(counter, &Counter::add)};
  BOOST_TEST(dead.expired());
  auto add = method(counter, &Counter::add);
  int calls = 0;
  const ref r{add, [&](const auto&) { ++calls; }};
  const auto p = weakref::proxy(add);
  BOOST_TEST(p(2) == 2);
  add.reset();
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(it_may_be_a_callback) {
  struct Log : weakref::object {
    void gone(const ref<Counter>& dead) {
      BOOST_TEST(dead.expired());
      ++calls;
    }
    int calls = 0;
  };
  auto log = make<Log>();
  auto counter = make<Counter>();
  const ref r{counter, method(log, &Log::gone)};
  counter.reset();
  BOOST_TEST(log->calls == 1);
}

BOOST_AUTO_TEST_CASE(none_cannot_be_bound) {
  const auto says = [](const std::string& text) {
    return [text](const weakref::TypeError& e) { return e.what() == text; };
  };
  BOOST_CHECK_EXCEPTION((void)method(strong_ref<Counter>(), &Counter::add), weakref::TypeError,
                        says("instance must not be None"));
  BOOST_CHECK_EXCEPTION((void)method(make<Counter>(), strong_ref<Scale>()), weakref::TypeError,
                        says("first argument must be callable"));
}

BOOST_AUTO_TEST_CASE(its_repr_names_the_object) {
  auto counter = make<Counter>();
  BOOST_TEST(repr(method(counter, &Counter::add)) == "<bound method ? of " + repr(counter) + ">");
}

BOOST_AUTO_TEST_SUITE_END()
