#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// CPython's test_finalization.py (PEP 442), as far as objects die without cycles.

using weakref::id;
using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;

namespace {

using Ids = std::vector<std::uintptr_t>;

/// Notes in del() that it was called, whether the object is in a sane state, and has its side effect.
struct SimpleBase : weakref::object {
  static inline std::vector<strong_ref<SimpleBase>> survivors;
  static inline Ids del_calls;
  static inline Ids tp_del_calls;
  static inline int errors = 0;

  void check_sanity() const {
    if (id_ != reinterpret_cast<std::uintptr_t>(this)) ++errors;
  }
  void del() override {
    del_calls.push_back(reinterpret_cast<std::uintptr_t>(this));
    check_sanity();
    side_effect();
  }
  virtual void side_effect() {}

  std::uintptr_t id_ = reinterpret_cast<std::uintptr_t>(this);
};

struct Simple : SimpleBase {};

/// Resurrects itself by storing itself in a list of its class.
struct SimpleResurrector : SimpleBase {
  void side_effect() override { survivors.emplace_back(this); }
};

// Python's objects without a place for weak references, which its collector does not track.
struct NonGC : SimpleBase {};
struct NonGCResurrector : SimpleResurrector {};

/// Has another finalizer besides, which runs when the weak references are cleared (Python's tp_del): in C++,
/// the destructor.
struct Legacy : SimpleBase {
  ~Legacy() override {
    tp_del_calls.push_back(reinterpret_cast<std::uintptr_t>(this));
    check_sanity();
    legacy_side_effect();
  }
  void legacy_side_effect() {
    if (resurrects) BOOST_CHECK_THROW(survivors.emplace_back(this), weakref::TypeError);
    if (wr != nullptr) {
      seen_in_destructor = true;
      BOOST_CHECK((*wr)() == None);
    }
  }
  static inline bool seen_in_destructor = false;
  bool resurrects = false;
  const ref<Legacy>* wr = nullptr;
};

struct TestBase {
  TestBase() { clear(); }
  ~TestBase() {
    BOOST_TEST(SimpleBase::errors == 0);
    clear();
  }
  static void clear() {
    SimpleBase::survivors.clear();
    SimpleBase::del_calls.clear();
    SimpleBase::tp_del_calls.clear();
    SimpleBase::errors = 0;
    Legacy::seen_in_destructor = false;
  }
  static void clear_survivors() { SimpleBase::survivors.clear(); }

  static void assert_del_calls(const Ids& ids) { BOOST_TEST(SimpleBase::del_calls == ids); }
  static void assert_tp_del_calls(const Ids& ids) { BOOST_TEST(SimpleBase::tp_del_calls == ids); }
  static void assert_survivors(const Ids& ids) {
    Ids found;
    for (const auto& survivor : SimpleBase::survivors) found.push_back(id(survivor));
    BOOST_TEST(found == ids);
  }
};

}  // namespace

template <>
inline constexpr bool weakref::enable_weakref<NonGC> = false;
template <>
inline constexpr bool weakref::enable_weakref<NonGCResurrector> = false;

BOOST_FIXTURE_TEST_SUITE(SimpleFinalizationTest, TestBase)

BOOST_AUTO_TEST_CASE(test_simple) {
  auto s = make<Simple>();
  const Ids ids{id(s)};
  const ref wr{s};
  s.reset();
  assert_del_calls(ids);
  assert_survivors({});
  BOOST_CHECK(wr() == None);
}

BOOST_AUTO_TEST_CASE(test_simple_resurrect) {
  auto s = make<SimpleResurrector>();
  const Ids ids{id(s)};
  const ref wr{s};
  s.reset();
  assert_del_calls(ids);
  assert_survivors(ids);
  BOOST_CHECK(wr() != None);
  clear_survivors();
  // Once only.
  assert_del_calls(ids);
  assert_survivors({});
  BOOST_CHECK(wr() == None);
}

BOOST_AUTO_TEST_CASE(test_non_gc) {
  static_assert(!weakref::weakly_referenceable<NonGC>);
  auto s = make<NonGC>();
  const Ids ids{id(s)};
  s.reset();
  assert_del_calls(ids);
  assert_survivors({});
}

BOOST_AUTO_TEST_CASE(test_non_gc_resurrect) {
  static_assert(!weakref::weakly_referenceable<NonGCResurrector>);
  auto s = make<NonGCResurrector>();
  const Ids ids{id(s)};
  s.reset();
  assert_del_calls(ids);
  assert_survivors(ids);
  clear_survivors();
  // CPython cannot remember, of objects that its collector does not track, that their __del__ was called, and
  // calls it at each death. Here every object is as those that it tracks.
  assert_del_calls(ids);
  assert_survivors({});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(LegacyFinalizationTest, TestBase)

BOOST_AUTO_TEST_CASE(test_legacy) {
  auto s = make<Legacy>();
  const Ids ids{id(s)};
  const ref wr{s};
  s.reset();
  assert_del_calls(ids);
  assert_tp_del_calls(ids);
  assert_survivors({});
  BOOST_CHECK(wr() == None);
}

BOOST_AUTO_TEST_CASE(test_legacy_resurrect) {
  auto s = make<Legacy>();
  const Ids ids{id(s)};
  const ref wr{s};
  s->resurrects = true;
  s->wr = &wr;
  s.reset();
  assert_del_calls(ids);
  assert_tp_del_calls(ids);
  // Where Python's object survives with its references cleared, a destructor is too late.
  assert_survivors({});
  // Weak references are cleared before.
  BOOST_TEST(Legacy::seen_in_destructor);
  BOOST_CHECK(wr() == None);
}

BOOST_AUTO_TEST_SUITE_END()
