#include <functional>
#include <optional>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "../allocation_failure.hpp"

import weakref;

using weakref::function;
using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;

namespace {

struct Object : weakref::object {
  explicit Object(int a) : arg(a) {}
  int arg;
};

/// Destroys much that has nothing to do with what is dying: what a collection by Python's gc.collect() is to
/// the object whose callback asks for it. True: every callback ran.
bool collect() {
  struct Node : weakref::object {
    strong_ref<Node> next;
  };
  constexpr int length = 1000;
  int calls = 0;
  std::vector<ref<Node>> references;
  strong_ref<Node> head;
  for (int i = 0; i < length; ++i) {
    auto node = make<Node>();
    node->next = std::move(head);
    head = std::move(node);
    references.emplace_back(head, [&](const ref<Node>&) { ++calls; });
  }
  head.reset();
  return calls == length;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ReferencesTestCase)

BOOST_AUTO_TEST_CASE(test_callbacks_protected) {
  struct BogusError {};
  using Function = function<void()>;
  std::unordered_set<ref<Function>> data;
  const auto remove = [&](const ref<Function>& k) { BOOST_TEST(data.erase(k) == 1U); };
  const auto encapsulate = [&] {
    const auto f = make<Function>([] {});
    data.emplace(f, remove);
    throw BogusError();
  };
  BOOST_CHECK_THROW(encapsulate(), BogusError);
  BOOST_TEST(data.empty());
  BOOST_CHECK_THROW(encapsulate(), BogusError);
  BOOST_TEST(data.empty());
}

BOOST_AUTO_TEST_CASE(test_sf_bug_840829) {
  struct C : weakref::object {
    explicit C(int& a) : alive(++a) {}
    ~C() override { --alive; }
    int& alive;
    strong_ref<C> i;
    strong_ref<C> c1;
  };
  int alive = 0;
  int collections = 0;
  const auto callback = [&](const ref<C>&) { collections += collect(); };
  {
    auto c = make<C>(alive);
    const ref wr{c, callback};
    c.reset();
    BOOST_TEST(collections == 1);
    BOOST_TEST(alive == 0);
  }

  // It gets worse: what dies is a part of a part of what dies.
  auto c1 = make<C>(alive);
  c1->i = make<C>(alive);
  const ref wr{c1->i, callback};
  auto c2 = make<C>(alive);
  c2->c1 = c1;
  c1.reset();
  BOOST_TEST(alive == 3);
  c2.reset();
  BOOST_TEST(collections == 2);
  BOOST_TEST(alive == 0);
  BOOST_CHECK(wr() == None);
}

BOOST_AUTO_TEST_CASE(test_ref_created_during_del) {
  static std::optional<ref<weakref::object>> ref_from_del;
  static int calls;
  static bool refused_in_destructor;
  calls = 0;
  refused_in_destructor = false;
  struct Target : weakref::object {
    std::optional<ref<weakref::object>> watch;
    void del() override {
      ref_from_del.emplace(*this);
      watch.emplace(*this, [](const auto&) { ++calls; });
      BOOST_CHECK((*ref_from_del)() != None);
    }
    ~Target() override {
      BOOST_CHECK(ref_from_del->expired());
      try {
        ref_from_del.emplace(*this);
      } catch (const weakref::TypeError&) {
        refused_in_destructor = true;
      }
    }
  };
  auto w = make<Target>();
  w.reset();
  BOOST_TEST(refused_in_destructor);
  BOOST_TEST(calls == 1);
  BOOST_TEST(!ref_from_del.has_value());

  // What was made in del() is dead afterwards, and can be asked.
  struct Quiet : weakref::object {
    void del() override { ref_from_del.emplace(*this); }
  };
  make<Quiet>();
  BOOST_CHECK((*ref_from_del)() == None);
  ref_from_del.reset();
}

BOOST_AUTO_TEST_CASE(test_callback_attribute) {
  const auto x = make<Object>(1);
  const auto callback = make<function<void(const ref<Object>&)>>([](const ref<Object>&) {});
  const ref ref1{x, callback};
  BOOST_TEST(ref1.has_callback());
  BOOST_TEST(is(*ref1.callback<std::remove_const_t<decltype(callback)>>(), callback));

  const ref ref2{x};
  BOOST_TEST(!ref2.has_callback());
  BOOST_TEST(!ref2.callback<std::remove_const_t<decltype(callback)>>());
}

BOOST_AUTO_TEST_CASE(test_callback_attribute_after_deletion) {
  auto x = make<Object>(1);
  const auto callback = [](const ref<Object>&) {};
  const ref r{x, callback};
  BOOST_TEST(r.has_callback());
  BOOST_TEST(static_cast<bool>(r.callback<std::remove_const_t<decltype(callback)>>()));
  x.reset();
  BOOST_TEST(!r.has_callback());
  BOOST_TEST(!r.callback<std::remove_const_t<decltype(callback)>>());
}

template <class R, class F>
concept callback_can_be_set = requires(R& r, F f) { *r.template callback<F>() = f; } || requires(R& r, F f) {
  r.callback(f);
} || requires(R& r, F f) { r.callback = f; };

BOOST_AUTO_TEST_CASE(test_set_callback_attribute) {
  using callback = void (*)(const ref<Object>&);
  const auto x = make<Object>(1);
  const callback first = [](const ref<Object>&) {};
  const ref ref1{x, first};
  BOOST_TEST((!callback_can_be_set<ref<Object>, callback>));
  BOOST_TEST((*ref1.callback<callback>() == first));
}

BOOST_AUTO_TEST_CASE(test_callback_gcs) {
  struct ObjectWithDel : Object {
    using Object::Object;
    void del() override {}
  };
  bool collected = false;
  auto x = make<ObjectWithDel>(1);
  const ref ref1{x, [&](const auto&) { collected = collect(); }};
  x.reset();
  BOOST_TEST(collected);
  BOOST_CHECK(ref1() == None);
}

BOOST_AUTO_TEST_CASE(test_no_memory_when_clearing) {
  struct TestObj : weakref::object {};
  static int calls;
  calls = 0;
  auto obj = make<TestObj>();
  std::vector<ref<TestObj>> wrs;
  for (int i = 0; i < 50; ++i) wrs.emplace_back(obj, [](const auto&) { ++calls; });
  allocation_failure::arm(1);
  obj.reset();
  // CPython must make do without a tuple, and skips the callbacks. Here nothing is allocated that could fail.
  BOOST_TEST(!allocation_failure::disarm());
  BOOST_TEST(calls == 50);
  for (const auto& wr : wrs) BOOST_TEST(wr.expired());
}

BOOST_AUTO_TEST_SUITE_END()
