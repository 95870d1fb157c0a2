#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::callback_of;
using weakref::getweakrefcount;
using weakref::getweakrefs;
using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;

namespace {

struct Object : weakref::object {
  explicit Object(int a) : arg(a) {}
  bool operator==(const Object& other) const { return arg == other.arg; }
  int arg;
};

struct Plain : weakref::ReferenceType<Object> {
  using ReferenceType::ReferenceType;
};

/// Is it in the list?
template <class References>
bool contains(const References& references, const ref<Object>& asked) {
  for (const auto& reference : references) {
    if (const auto* const found = std::get_if<ref<Object>>(&reference)) {
      if (is(*found, asked)) return true;
    }
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SubclassableWeakrefTestCase)

BOOST_AUTO_TEST_CASE(test_subclass_refs) {
  struct MyRef : weakref::ReferenceType<Object> {
    MyRef(const strong_ref<Object>& ob, callback_of<Object> callback, int v)
        : ReferenceType(ob, std::move(callback)),
          value(v) {}
    strong_ref<Object> operator()() {
      called = true;
      return ReferenceType::operator()();
    }
    int value;
    bool called = false;
  };
  auto o = make<Object>(7);
  const auto mr = make<MyRef>(o, None, 24);
  BOOST_TEST(is(mr(), o));
  BOOST_TEST(mr->called);
  BOOST_TEST(mr->value == 24);
  o.reset();
  BOOST_CHECK(mr() == None);
  BOOST_TEST(mr->called);
}

BOOST_AUTO_TEST_CASE(test_subclass_refs_dont_replace_standard_refs) {
  const auto o = make<Object>(42);
  const auto r1 = make<Plain>(o);
  const ref r2{o};
  BOOST_TEST(!is(ref<Object>(r1), r2));
  {
    const auto references = getweakrefs(o);
    BOOST_REQUIRE(references.size() == 2U);
    BOOST_TEST(is(std::get<ref<Object>>(references[0]), r2));
    BOOST_TEST(is(std::get<ref<Object>>(references[1]), ref<Object>(r1)));
  }
  BOOST_TEST(getweakrefcount(o) == 2U);
  const auto r3 = make<Plain>(o);
  BOOST_TEST(getweakrefcount(o) == 3U);
  auto references = getweakrefs(o);
  BOOST_REQUIRE(references.size() == 3U);
  BOOST_TEST(is(r2, std::get<ref<Object>>(references[0])));
  references.erase(references.begin());
  BOOST_TEST(contains(references, r1));
  BOOST_TEST(contains(references, r3));
}

BOOST_AUTO_TEST_CASE(test_subclass_refs_dont_conflate_callbacks) {
  const auto id = [](const ref<Object>& r) { (void)weakref::id(r); };
  const auto str = [](const ref<Object>& r) { (void)repr(r); };
  const auto o = make<Object>(42);
  const auto r1 = make<Plain>(o, id);
  const auto r2 = make<Plain>(o, str);
  BOOST_TEST(!is(r1, r2));
  BOOST_TEST(static_cast<bool>(r1->callback<std::remove_const_t<decltype(id)>>()));
  BOOST_TEST(static_cast<bool>(r2->callback<std::remove_const_t<decltype(str)>>()));
  const auto references = getweakrefs(o);
  BOOST_TEST(contains(references, r1));
  BOOST_TEST(contains(references, r2));
}

BOOST_AUTO_TEST_CASE(test_subclass_refs_with_slots) {
  struct MyRef : weakref::ReferenceType<Object> {
    MyRef(const strong_ref<Object>& ob, callback_of<Object> callback, std::string s1, std::string s2)
        : ReferenceType(ob, std::move(callback)),
          slot1(std::move(s1)),
          slot2(std::move(s2)) {}
    [[nodiscard]] std::string meth() const { return slot1 + slot2; }
    std::string slot1;
    std::string slot2;
  };
  const auto o = make<Object>(42);
  const auto r = make<MyRef>(o, None, "abc", "def");
  BOOST_TEST(r->slot1 == "abc");
  BOOST_TEST(r->slot2 == "def");
  BOOST_TEST(r->meth() == "abcdef");
  // It has nothing else.
  BOOST_TEST(sizeof(MyRef) == sizeof(weakref::ReferenceType<Object>) + 2 * sizeof(std::string));
}

BOOST_AUTO_TEST_CASE(test_subclass_refs_with_cycle) {
  struct MyRef : weakref::ReferenceType<Object> {
    using ReferenceType::ReferenceType;
    strong_ref<Object> o;
    strong_ref<MyRef> r;
  };
  int cbcalled = 0;
  const auto callback = [&](const ref<Object>&) { ++cbcalled; };

  // A reference that has the only owner of its referent is going itself when that dies.
  auto o = make<Object>(1);
  ref watch{o};
  auto r1 = make<MyRef>(o, callback);
  r1->o = o;
  o.reset();
  BOOST_TEST(!watch.expired());
  r1.reset();
  BOOST_TEST(watch.expired());
  BOOST_TEST(cbcalled == 0);

  // The same with two.
  o = make<Object>(1);
  watch = ref{o};
  r1 = make<MyRef>(o, callback);
  auto r2 = make<MyRef>(o, callback);
  r1->r = r2;
  r2->o = o;
  o.reset();
  r2.reset();
  BOOST_TEST(!watch.expired());
  r1.reset();
  BOOST_TEST(watch.expired());
  BOOST_TEST(cbcalled == 0);
}

BOOST_AUTO_TEST_SUITE_END()
