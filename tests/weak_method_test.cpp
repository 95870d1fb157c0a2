#include <atomic>
#include <barrier>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "allocation_failure.hpp"

import weakref;

using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;
using weakref::WeakMethod;

namespace {

/// Compares by value, as the object of CPython's tests.
struct Object : weakref::object {
  explicit Object(int a) : arg(a) {}
  bool operator==(const Object& other) const { return arg == other.arg; }
  int some_method() { return arg; }
  int other_method() const { return 5; }
  int arg;
};

struct Function : weakref::object {
  int operator()(Object& self, int x) const { return self.arg * x; }
};

}  // namespace

template <>
struct std::hash<Object> {
  std::size_t operator()(const Object& x) const { return std::hash<int>()(x.arg); }
};

BOOST_AUTO_TEST_SUITE(weak_method)

BOOST_AUTO_TEST_CASE(it_gives_the_method_while_the_object_lives) {
  auto o = make<Object>(1);
  const WeakMethod r{method(o, &Object::some_method)};
  BOOST_TEST(r()() == 1);
  BOOST_TEST(is(r()->self(), o));
  BOOST_TEST((r()->func() == &Object::some_method));
  o.reset();
  BOOST_TEST((r() == None));
}

BOOST_AUTO_TEST_CASE(it_binds_the_method_anew_each_time) {
  auto o = make<Object>(1);
  const WeakMethod r{o, &Object::some_method};
  BOOST_TEST(!is(r(), r()));
  BOOST_TEST((*r() == *r()));
  BOOST_TEST((*r() == *method(o, &Object::some_method)));
}

BOOST_AUTO_TEST_CASE(it_is_dead_when_the_object_is) {
  auto o = make<Object>(1);
  const WeakMethod r{o, &Object::some_method};
  const ref plain = ref<Object>(r);
  o.reset();
  BOOST_TEST((r() == None));
  BOOST_TEST(plain.expired());
}

BOOST_AUTO_TEST_CASE(it_is_dead_when_the_function_is) {
  auto o = make<Object>(2);
  auto f = make<Function>();
  const WeakMethod r{method(o, f)};
  BOOST_TEST(r()(21) == 42);
  f.reset();
  BOOST_TEST((r() == None));
  BOOST_TEST(is(ref<Object>(r)(), o));
}

BOOST_AUTO_TEST_CASE(the_callback_is_called_with_it_when_the_object_dies) {
  auto o = make<Object>(1);
  int calls = 0;
  std::optional<WeakMethod<Object, int (Object::*)()>> argument;
  const WeakMethod r{method(o, &Object::some_method), [&](const auto& dead) {
                       ++calls;
                       argument = dead;
                       BOOST_TEST((dead() == None));
                     }};
  BOOST_TEST(calls == 0);
  o.reset();
  BOOST_TEST(calls == 1);
  BOOST_TEST(is(*argument, r));
}

BOOST_AUTO_TEST_CASE(the_callback_is_called_once_if_the_function_dies_first) {
  auto o = make<Object>(1);
  auto f = make<Function>();
  int calls = 0;
  const WeakMethod r{o, f, [&](const auto&) { ++calls; }};
  f.reset();
  BOOST_TEST(calls == 1);
  BOOST_TEST((r() == None));
  o.reset();
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(the_callback_is_called_once_if_the_object_dies_first) {
  auto o = make<Object>(1);
  auto f = make<Function>();
  int calls = 0;
  const WeakMethod r{o, f, [&](const auto&) { ++calls; }};
  o.reset();
  f.reset();
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(the_callback_is_not_called_if_it_is_gone_before) {
  auto o = make<Object>(1);
  auto f = make<Function>();
  int calls = 0;
  {
    const WeakMethod r{o, f, [&](const auto&) { ++calls; }};
  }
  f.reset();
  o.reset();
  BOOST_TEST(calls == 0);
}

BOOST_AUTO_TEST_CASE(a_callback_may_destroy_it_while_its_function_dies) {
  auto o = make<Object>(1);
  auto f = make<Function>();
  int calls = 0;
  using Method = WeakMethod<Object, strong_ref<Function>>;
  std::optional<Method> r;
  std::optional<ref<Function>> older{std::in_place, f, [&](const auto&) { r.reset(); }};
  r.emplace(o, f, [&](const auto&) { ++calls; });
  const ref newer{f, [&](const auto&) { r.reset(); }};
  f.reset();
  BOOST_TEST(!r.has_value());
  BOOST_TEST(calls == 0);
}

BOOST_AUTO_TEST_CASE(the_callback_goes_when_it_has_run) {
  auto o = make<Object>(1);
  auto held = make<Object>(2);
  const ref watch{held};
  const WeakMethod r{o, &Object::some_method, [held](const auto&) {}};
  held.reset();
  BOOST_TEST(!watch.expired());
  o.reset();
  BOOST_TEST(watch.expired());
}

BOOST_AUTO_TEST_CASE(what_the_callback_throws_is_reported) {
  int reports = 0;
  const auto before = weakref::set_unraisablehook([&](std::exception_ptr) { ++reports; });
  auto o = make<Object>(1);
  const WeakMethod r{o, &Object::some_method, [](const auto&) { throw 1; }};
  o.reset();
  weakref::set_unraisablehook(before);
  BOOST_TEST(reports == 1);
}

BOOST_AUTO_TEST_CASE(live_ones_are_equal_if_objects_and_functions_are) {
  auto x = make<Object>(1);
  auto y = make<Object>(1);
  auto z = make<Object>(2);
  const WeakMethod a{x, &Object::some_method};
  const WeakMethod b{y, &Object::some_method};
  const WeakMethod c{z, &Object::some_method};
  const WeakMethod d{x, &Object::other_method};
  BOOST_TEST((a == b));
  BOOST_TEST((a != c));
  BOOST_TEST((b != c));
  BOOST_TEST((a != d));
  BOOST_TEST((c != d));
  z.reset();
  BOOST_TEST((a != c));
  BOOST_TEST((c == c));
}

BOOST_AUTO_TEST_CASE(a_dead_one_is_equal_to_itself_only) {
  auto x = make<Object>(1);
  auto y = make<Object>(1);
  const WeakMethod a{x, &Object::some_method};
  const WeakMethod b{y, &Object::some_method};
  const WeakMethod c{y, &Object::some_method};
  const auto same = b;
  x.reset();
  BOOST_TEST((a != b));
  y.reset();
  BOOST_TEST((b == same));
  BOOST_TEST((b != c));
}

BOOST_AUTO_TEST_CASE(one_with_a_dead_function_is_equal_to_itself_only) {
  auto x = make<Object>(1);
  auto f = make<Function>();
  const WeakMethod a{x, f};
  const WeakMethod b{x, f};
  BOOST_TEST((a == b));
  f.reset();
  BOOST_TEST((a != b));
  BOOST_TEST((a == a));
}

BOOST_AUTO_TEST_CASE(it_is_equal_to_a_reference_to_its_object) {
  auto x = make<Object>(1);
  const WeakMethod a{x, &Object::some_method};
  BOOST_TEST((a == ref{x}));
  BOOST_TEST((ref{x} == a));
}

BOOST_AUTO_TEST_CASE(its_hash_is_that_of_the_object_and_is_kept) {
  auto x = make<Object>(1);
  auto y = make<Object>(1);
  const WeakMethod a{x, &Object::some_method};
  const WeakMethod b{y, &Object::some_method};
  const WeakMethod c{y, &Object::other_method};
  const std::hash<WeakMethod<Object, int (Object::*)()>> hash;
  BOOST_TEST(hash(a) == hash(b));
  BOOST_TEST(hash(a) == std::hash<std::decay_t<decltype(c)>>()(c));
  const auto kept = hash(a);
  x.reset();
  BOOST_TEST(hash(a) == kept);
  const WeakMethod never{y, &Object::some_method};
  hash(b);
  y.reset();
  BOOST_CHECK_EXCEPTION(hash(never), weakref::TypeError,
                        [](const auto& e) { return std::string(e.what()) == "weak object has gone away"; });
}

BOOST_AUTO_TEST_CASE(it_is_never_shared_and_counts_as_a_reference_to_both_halves) {
  auto o = make<Object>(1);
  auto f = make<Function>();
  const WeakMethod a{o, f};
  const WeakMethod b{o, f};
  BOOST_TEST(!is(a, b));
  BOOST_TEST(getweakrefcount(o) == 2U);
  BOOST_TEST(getweakrefcount(f) == 2U);
}

BOOST_AUTO_TEST_CASE(it_can_be_referred_to_itself) {
  auto o = make<Object>(1);
  std::optional wm{WeakMethod{o, &Object::some_method}};
  const ref r{*wm};
  BOOST_TEST(is(r(), *wm));
  BOOST_TEST((*r())()() == 1);
  wm.reset();
  BOOST_TEST(r.expired());
}

BOOST_AUTO_TEST_CASE(its_repr_is_that_of_a_reference) {
  auto o = make<Object>(1);
  const WeakMethod r{o, &Object::some_method};
  std::ostringstream out;
  out << r;
  BOOST_TEST(out.str() == repr(ref<Object>(r)));
  BOOST_TEST(out.str().starts_with("<weakref at 0x"));
}

BOOST_AUTO_TEST_CASE(none_is_refused) {
  using Method = weakref::bound_method<Object, int (Object::*)()>;
  const auto says = [](const std::string& text) {
    return [text](const weakref::TypeError& e) { return e.what() == text; };
  };
  BOOST_CHECK_EXCEPTION(WeakMethod(strong_ref<Method>()), weakref::TypeError,
                        says("argument should be a bound method, not <class 'NoneType'>"));
  BOOST_CHECK_EXCEPTION(WeakMethod(strong_ref<Object>(), &Object::some_method), weakref::TypeError,
                        says("cannot create weak reference to 'NoneType' object"));
  BOOST_CHECK_EXCEPTION(WeakMethod(make<Object>(1), strong_ref<Function>()), weakref::TypeError,
                        says("first argument must be callable"));
}

BOOST_AUTO_TEST_CASE(without_memory_nothing_refers_to_the_halves) {
  auto o = make<Object>(1);
  auto f = make<Function>();
  const std::string text(100, 'x');
  for_each_allocation_failing([&] {
    BOOST_TEST(getweakrefcount(o) + getweakrefcount(f) == 0U);
    const WeakMethod r{o, f, [text](const auto&) {}};
  });
}

BOOST_AUTO_TEST_CASE(halves_that_die_in_two_threads_call_back_once) {
  std::atomic<int> calls{0};
  constexpr int rounds = 2000;
  strong_ref<Object> o;
  strong_ref<Function> f;
  std::barrier start(3);
  std::barrier end(3);
  const auto repeat = [&](auto& half) {
    for (int i = 0; i < rounds; ++i) {
      start.arrive_and_wait();
      half.reset();
      end.arrive_and_wait();
    }
  };
  std::jthread one([&] { repeat(o); });
  std::jthread two([&] { repeat(f); });
  for (int i = 0; i < rounds; ++i) {
    o = make<Object>(i);
    f = make<Function>();
    const WeakMethod r{o, f, [&calls, text = std::string(40, 'x')](const auto&) {
                         calls += static_cast<int>(text.size()) / 40;
                       }};
    start.arrive_and_wait();
    end.arrive_and_wait();
  }
  BOOST_TEST(calls == rounds);
}

BOOST_AUTO_TEST_CASE(one_that_was_moved_from_gives_none) {
  const auto o = make<Object>(1);
  const auto function = make<Function>();
  WeakMethod r{o, function};
  const auto moved = std::move(r);
  BOOST_TEST((r() == None));  // NOLINT(bugprone-use-after-move)
  BOOST_TEST(!(r == moved));
  BOOST_TEST((ref<Object>(r) == None));
  BOOST_TEST(repr(r) == "None");
  BOOST_TEST((*moved())(3) == 3);
}

// Either half may die while the reference to both is being made.
BOOST_AUTO_TEST_CASE(the_function_may_die_in_another_thread_while_it_is_constructed) {
  for (int round = 0; round < 500; ++round) {
    const auto o = make<Object>(1);
    auto function = make<Function>();
    std::atomic<int> calls{0};
    std::barrier start(2);
    std::thread other([&start, last = function]() mutable {
      start.arrive_and_wait();
      last.reset();
    });
    {
      auto mine = std::move(function);
      start.arrive_and_wait();
      const WeakMethod r{o, mine, [&](const WeakMethod<Object, strong_ref<Function>>& dead) {
                           calls += 1;
                           if (dead() != None) calls += 100;
                         }};
      mine.reset();
      other.join();
      BOOST_TEST((r() == None));
    }
    BOOST_TEST(calls == 1);
  }
}

BOOST_AUTO_TEST_SUITE_END()
