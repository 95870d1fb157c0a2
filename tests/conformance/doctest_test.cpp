#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;

namespace {

struct Dict : weakref::object, std::map<std::string, int> {
  using map::map;
};
struct Object : weakref::object {};
struct A : weakref::object {};

/// Gives a pair of the referent and the number of times that it was called.
struct ExtendedRef : weakref::ReferenceType<A> {
  ExtendedRef(const strong_ref<A>& ob, weakref::callback_of<A> callback, int f, std::string b)
      : ReferenceType(ob, std::move(callback)),
        foo(f),
        bar(std::move(b)) {}
  std::optional<std::pair<strong_ref<A>, int>> operator()() {
    auto ob = ReferenceType::operator()();
    if (ob == None) return std::nullopt;
    return std::pair{std::move(ob), ++counter};
  }
  int foo;
  std::string bar;

 private:
  int counter = 0;
};

weakref::WeakValueDictionary<std::uintptr_t, A>& id2obj_dict() {
  static weakref::WeakValueDictionary<std::uintptr_t, A> dictionary;
  return dictionary;
}

std::uintptr_t remember(const strong_ref<A>& obj) {
  const auto oid = id(obj);
  id2obj_dict()[oid] = obj;
  return oid;
}

strong_ref<A> id2obj(std::uintptr_t oid) { return id2obj_dict()[oid]; }

}  // namespace

BOOST_AUTO_TEST_SUITE(doctest)

BOOST_AUTO_TEST_CASE(libreftest) {
  {
    const auto obj =
        make<Dict>(std::initializer_list<Dict::value_type>{{"red", 1}, {"green", 2}, {"blue", 3}});
    const ref r{obj};
    BOOST_TEST(is(r(), obj));
  }
  {
    auto o = make<Object>();
    const ref r{o};
    auto o2 = r();
    BOOST_TEST(is(o, o2));
    o.reset();
    o2.reset();
    BOOST_CHECK(r() == None);
  }
  auto a = make<A>();
  {
    const auto r = make<ExtendedRef>(a, None, 1, "baz");
    BOOST_TEST(r->foo == 1);
    BOOST_TEST(r->bar == "baz");
    BOOST_TEST(r()->second == 1);
    BOOST_TEST(r()->second == 2);
    BOOST_TEST(is(r()->first, a));
  }
  const auto a_id = remember(a);
  BOOST_TEST(is(id2obj(a_id), a));
  a.reset();
  BOOST_CHECK_THROW(id2obj(a_id), weakref::KeyError);
}

BOOST_AUTO_TEST_SUITE_END()
