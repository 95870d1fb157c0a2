#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// MappingTestCase of CPython's test_weakref.py: how the dictionaries are made, read, changed and printed.

namespace {

using weakref::KeyError;
using weakref::make;
using weakref::strong_ref;
using weakref::WeakKeyDictionary;
using weakref::WeakValueDictionary;

/// Equal to itself only.
struct C : weakref::object {};

/// Equal by its argument.
struct Object : weakref::object {
  explicit Object(int a) : arg(a) {}
  friend bool operator==(const Object& a, const Object& b) { return a.arg == b.arg; }
  int arg;
};

/// Whose == drops the last owner of another, once there are owners to drop.
struct Mutating : weakref::object {
  static inline std::vector<strong_ref<Mutating>>* owners = nullptr;

  explicit Mutating(int i) : value(i) {}
  friend bool operator==(const Mutating& a, const Mutating& b) {
    if (owners != nullptr) owners->pop_back();
    return a.value == b.value;
  }
  int value;
};

}  // namespace

template <>
struct std::hash<Object> {
  std::size_t operator()(const Object& x) const { return std::hash<int>()(x.arg); }
};
template <>
struct std::hash<Mutating> {
  std::size_t operator()(const Mutating& x) const { return std::hash<int>()(x.value); }
};

namespace {

template <class D, class Key, class Value>
void check_popitem(const Key& key1, const Value& value1, const Key& key2, const Value& value2) {
  D weakdict;
  weakdict[key1] = value1;
  weakdict[key2] = value2;
  BOOST_TEST(len(weakdict) == 2U);
  for (const std::size_t left : {1U, 0U}) {
    const auto [k, v] = weakdict.popitem();
    BOOST_TEST(len(weakdict) == left);
    BOOST_CHECK(k == key1 || k == key2);
    BOOST_CHECK(v == (k == key1 ? value1 : value2));
  }
}

template <class D, class Key, class Value>
void check_setdefault(const Key& key, const Value& value1, const Value& value2) {
  BOOST_REQUIRE(value1 != value2);
  D weakdict;
  for (const Value& offered : {value1, value2}) {
    const auto o = weakdict.setdefault(key, offered);
    BOOST_CHECK(o == value1);
    BOOST_TEST(weakdict.contains(key));
    BOOST_CHECK(weakdict.get(key) == value1);
    BOOST_CHECK(weakdict[key] == value1);
  }
}

template <class D, class Key>
concept has_item = requires(D& d, Key key) { d[key]; };
template <class D, class Key>
concept deletes_item = requires(D& d, Key key) { d.del(key); };
template <class D, class Key, class Value>
concept sets_item = requires(D& d, Key key, Value value) { d.set(key, value); };

}  // namespace

BOOST_AUTO_TEST_SUITE(MappingTestCase)

BOOST_AUTO_TEST_CASE(test_make_weak_keyed_dict_from_dict) {
  const auto o = make<Object>(3);
  const WeakKeyDictionary<Object, int> dict(std::map<strong_ref<Object>, int>{{o, 364}});
  BOOST_TEST(dict[o] == 364);
}

BOOST_AUTO_TEST_CASE(test_make_weak_keyed_dict_from_weak_keyed_dict) {
  const auto o = make<Object>(3);
  const WeakKeyDictionary<Object, int> dict{{o, 364}};
  const WeakKeyDictionary<Object, int> dict2(dict);
  BOOST_TEST(dict[o] == 364);
  BOOST_TEST(dict2[o] == 364);
}

BOOST_AUTO_TEST_CASE(test_make_weak_valued_dict_from_dict) {
  const auto o = make<Object>(3);
  const WeakValueDictionary<int, Object> dict(std::map<int, strong_ref<Object>>{{364, o}});
  BOOST_CHECK(dict[364] == o);
}

BOOST_AUTO_TEST_CASE(test_make_weak_valued_dict_from_weak_valued_dict) {
  const auto o = make<Object>(3);
  const WeakValueDictionary<int, Object> dict{{364, o}};
  const WeakValueDictionary<int, Object> dict2(dict);
  BOOST_CHECK(dict[364] == o);
  BOOST_CHECK(dict2[364] == o);
}

BOOST_AUTO_TEST_CASE(test_weak_valued_dict_popitem) {
  check_popitem<WeakValueDictionary<std::string, C>>(std::string("key1"), make<C>(), std::string("key2"),
                                                     make<C>());
}

BOOST_AUTO_TEST_CASE(test_weak_keyed_dict_popitem) {
  check_popitem<WeakKeyDictionary<C, std::string>>(make<C>(), std::string("value 1"), make<C>(),
                                                   std::string("value 2"));
}

BOOST_AUTO_TEST_CASE(test_weak_valued_dict_setdefault) {
  check_setdefault<WeakValueDictionary<std::string, C>>(std::string("key"), make<C>(), make<C>());
}

BOOST_AUTO_TEST_CASE(test_weak_keyed_dict_setdefault) {
  check_setdefault<WeakKeyDictionary<C, std::string>>(make<C>(), std::string("value 1"),
                                                      std::string("value 2"));
}

BOOST_AUTO_TEST_CASE(test_weak_keyed_delitem) {
  WeakKeyDictionary<Object, std::string> d;
  const auto o1 = make<Object>(1);
  const auto o2 = make<Object>(2);
  d[o1] = "something";
  d[o2] = "something";
  BOOST_TEST(len(d) == 2U);
  d.del(o1);
  BOOST_TEST(len(d) == 1U);
  BOOST_CHECK(std::ranges::equal(d.keys(), std::vector{o2}));
}

BOOST_AUTO_TEST_CASE(test_weak_valued_delitem) {
  WeakValueDictionary<std::string, Object> d;
  const auto o1 = make<Object>(1);
  const auto o2 = make<Object>(2);
  d["something"] = o1;
  d["something else"] = o2;
  BOOST_TEST(len(d) == 2U);
  d.del("something");
  BOOST_TEST(len(d) == 1U);
  BOOST_CHECK(std::ranges::equal(d.items(), std::vector{std::pair(std::string("something else"), o2)}));
}

BOOST_AUTO_TEST_CASE(test_weak_keyed_bad_delitem) {
  using Dict = WeakKeyDictionary<Object, int>;
  Dict d;
  const auto o = make<Object>(1);
  BOOST_CHECK_THROW(d.del(o), KeyError);
  BOOST_CHECK_THROW((void)static_cast<decltype(d)::mapped_type>(d[o]), KeyError);

  // What is not weakly referenceable is no key.
  static_assert(deletes_item<Dict, strong_ref<Object>> && !deletes_item<Dict, int>);
  static_assert(has_item<Dict, strong_ref<Object>> && !has_item<Dict, int>);
  static_assert(sets_item<Dict, strong_ref<Object>, int> && !sets_item<Dict, int, int>);
}

BOOST_AUTO_TEST_CASE(test_weak_keyed_cascading_deletes) {
  WeakKeyDictionary<Mutating, int> d;
  std::vector<strong_ref<Mutating>> objs;
  for (int i = 0; i < 4; ++i) objs.push_back(make<Mutating>(i));
  for (const auto& o : objs) d[o] = o->value;
  // Now the only owners of the keys are in objs; its order is the reverse of the dictionary's.
  objs.assign(d.keys().begin(), d.keys().end());
  std::ranges::reverse(objs);

  Mutating::owners = &objs;
  int count = 0;
  for (std::size_t i = 0; i < objs.size(); ++i) {
    ++count;
    const auto o = objs[i];
    d.del(o);
  }
  Mutating::owners = nullptr;
  BOOST_TEST(len(d) == 0U);
  BOOST_TEST(count == 2);
}

BOOST_AUTO_TEST_CASE(test_make_weak_valued_dict_repr) {
  const WeakValueDictionary<int, C> dict;
  BOOST_TEST(std::regex_search(repr(dict), std::regex("<WeakValueDictionary at 0x.*>")));
}

BOOST_AUTO_TEST_CASE(test_make_weak_keyed_dict_repr) {
  const WeakKeyDictionary<C, int> dict;
  BOOST_TEST(std::regex_search(repr(dict), std::regex("<WeakKeyDictionary at 0x.*>")));
}

BOOST_AUTO_TEST_CASE(test_weak_valued_consistency) {
  WeakValueDictionary<int, C> d;
  auto first = make<C>();
  d[10] = first;
  // The reference outlives its place in the dictionary, and so sees the old value die.
  const auto wr = d.valuerefs().at(0);
  const auto o = make<C>();
  d[10] = o;
  first.reset();
  BOOST_TEST(wr->expired());
  BOOST_TEST(len(d) == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
