#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// What stays of CPython's tests of cyclic garbage (test_callback_in_cycle*, test_callbacks_on_callback) where
// nothing is cyclic.

using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;

namespace {

using Calls = std::vector<std::string>;

struct C : weakref::object {};

auto note(Calls& calls, const std::string& text) {
  return [&calls, text](const auto&) { calls.push_back(text); };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(AcyclicHalves)

BOOST_AUTO_TEST_CASE(a_reference_that_is_destroyed_with_its_owner_before_its_referent_is_silent) {
  Calls calls;
  struct ReferenceFirst : weakref::object {
    strong_ref<C> c = make<C>();
    std::optional<ref<C>> wr;  // destroyed first
  };
  struct ReferentFirst : weakref::object {
    std::optional<ref<C>> wr;
    strong_ref<C> c = make<C>();  // destroyed first
  };
  auto silent = make<ReferenceFirst>();
  silent->wr.emplace(silent->c, note(calls, "silent"));
  silent.reset();
  BOOST_TEST(calls.empty());
  auto called = make<ReferentFirst>();
  called->wr.emplace(called->c, note(calls, "called"));
  called.reset();
  BOOST_TEST(calls == Calls{"called"});
}

BOOST_AUTO_TEST_CASE(a_reference_that_its_own_referent_owns_is_called_as_any_other) {
  // Only Python's collector of cycles silences it: when its referent dies of a count, the reference is alive.
  Calls calls;
  struct Owner : weakref::object {
    std::optional<ref<Owner>> wr;
  };
  auto owner = make<Owner>();
  owner->wr.emplace(owner, note(calls, "called"));
  owner.reset();
  BOOST_TEST(calls == Calls{"called"});
}

BOOST_AUTO_TEST_CASE(a_reference_to_a_callback_fires_when_the_reference_that_held_the_callback_goes) {
  struct D : weakref::object {
    void cb(const ref<C>&) { cb_called = true; }
    bool cb_called = false;
  };
  Calls calls;
  const auto c = make<C>();
  auto d = make<D>();
  auto callback = method(d, &D::cb);
  std::optional<ref<C>> wr{std::in_place, c, callback};
  const ref external_wr{callback, note(calls, "safe_callback called")};
  BOOST_TEST(is(external_wr(), callback));
  callback.reset();
  BOOST_TEST(calls.empty());
  BOOST_CHECK(external_wr() != None);
  wr.reset();
  BOOST_TEST(calls == Calls{"safe_callback called"});
  BOOST_CHECK(external_wr() == None);
  BOOST_TEST(!d->cb_called);

  // It goes when it has been called, too.
  calls.clear();
  auto other = make<C>();
  callback = method(d, &D::cb);
  wr.emplace(other, callback);
  const ref another_wr{callback, note(calls, "safe_callback called")};
  callback.reset();
  other.reset();
  BOOST_TEST(d->cb_called);
  BOOST_TEST(calls == Calls{"safe_callback called"});
  BOOST_CHECK(another_wr() == None);
}

BOOST_AUTO_TEST_CASE(a_callback_that_drops_the_last_owner_of_another_watched_object_nests) {
  struct Counted : weakref::object {
    explicit Counted(int& d) : destroyed(d) {}
    ~Counted() override { ++destroyed; }
    int& destroyed;
  };
  Calls calls;
  int destroyed = 0;
  auto outer = make<Counted>(destroyed);
  auto inner = make<Counted>(destroyed);
  const ref inner_wr{inner, [&](const ref<Counted>& dead) {
                       BOOST_CHECK(dead() == None);
                       calls.emplace_back("inner");
                     }};
  const ref outer_wr{outer, [&](const ref<Counted>& dead) {
                       BOOST_CHECK(dead() == None);
                       calls.emplace_back("outer begins");
                       inner.reset();
                       BOOST_CHECK(inner_wr() == None);
                       calls.emplace_back("outer ends");
                     }};
  outer.reset();
  BOOST_TEST(calls == (Calls{"outer begins", "inner", "outer ends"}));
  BOOST_TEST(destroyed == 2);
  BOOST_CHECK(outer_wr() == None);
}

BOOST_AUTO_TEST_SUITE_END()
