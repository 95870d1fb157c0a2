#include <algorithm>
#include <concepts>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// MappingTestCase of CPython's test_weakref.py: dictionaries updated from others, and joined with them.

namespace {

using weakref::make;
using weakref::strong_ref;
using weakref::WeakKeyDictionary;
using weakref::WeakValueDictionary;

/// Equal to itself only.
struct C : weakref::object {};

template <class D>
using MapOf = std::map<typename D::key_type, typename D::mapped_type>;

/// dict(d)
template <class D>
MapOf<D> map_of(const D& dictionary) {
  MapOf<D> found;
  for (auto&& item : dictionary.items()) found.insert(item);
  return found;
}

/// a | b of two plain dictionaries.
template <class Map>
Map joined(const Map& a, Map b) {
  b.insert(a.begin(), a.end());
  return b;
}

template <class D, class Value>
bool has_value(const D& dictionary, const Value& value) {
  return std::ranges::any_of(dictionary.values(),
                             [&](const auto& other) { return other == typename D::mapped_type(value); });
}

template <class D>
void check_update(const MapOf<D>& dictionary) {
  D weakdict;
  weakdict.update(dictionary);
  BOOST_TEST(len(weakdict) == dictionary.size());
  for (const auto& key : weakdict.keys()) {
    BOOST_REQUIRE_MESSAGE(dictionary.contains(key), "mysterious new key appeared in weak dict");
    const auto& value = dictionary.at(key);
    BOOST_CHECK(value == weakdict[key]);
    BOOST_CHECK(weakdict.get(key) == value);
  }
  for (const auto& [key, value] : dictionary) {
    BOOST_CHECK_MESSAGE(weakdict.contains(key), "original key disappeared in weak dict");
    BOOST_CHECK(value == weakdict[key]);
    BOOST_CHECK(weakdict.get(key) == value);
  }
}

template <class D, class... R>
concept updatable = requires(D& d, R... r) { d.update(r...); };

}  // namespace

BOOST_AUTO_TEST_SUITE(MappingTestCase)

BOOST_AUTO_TEST_CASE(test_weak_valued_dict_update) {
  using Key = std::variant<int, std::string, strong_ref<C>>;
  using Dict = WeakValueDictionary<Key, C>;
  check_update<Dict>({{1, make<C>()}, {"a", make<C>()}, {make<C>(), make<C>()}});
  // errors
  using Map = std::map<Key, strong_ref<C>>;
  using Pairs = std::vector<std::pair<Key, strong_ref<C>>>;
  static_assert(updatable<Dict, Map> && !updatable<Dict, Map, Map>);
  static_assert(updatable<Dict, Pairs> && !updatable<Dict, Pairs, Pairs>);
}

BOOST_AUTO_TEST_CASE(test_weak_valued_union_operators) {
  using Dict = WeakValueDictionary<int, C>;
  using Map = std::map<int, strong_ref<C>>;
  auto a = make<C>();
  const auto b = make<C>();
  const auto c = make<C>();
  Dict wvd1{{1, a}};
  Dict wvd2{{1, b}, {2, a}};
  const Dict wvd3 = wvd1.copy();
  const Map d1{{1, c}, {3, b}};
  const std::vector<std::pair<int, strong_ref<C>>> pairs{{5, c}, {6, b}};

  const auto tmp1 = wvd1 | wvd2;  // Between two WeakValueDictionaries
  BOOST_CHECK(map_of(tmp1) == joined(map_of(wvd1), map_of(wvd2)));
  static_assert(std::same_as<decltype(wvd1 | wvd2), Dict>);
  wvd1 |= wvd2;
  BOOST_CHECK(wvd1 == tmp1);

  const auto tmp2 = wvd2 | d1;  // Between WeakValueDictionary and mapping
  BOOST_CHECK(map_of(tmp2) == joined(map_of(wvd2), d1));
  static_assert(std::same_as<decltype(wvd2 | d1), Dict>);
  wvd2 |= d1;
  BOOST_CHECK(wvd2 == tmp2);

  auto tmp3 = wvd3.copy();  // Between WeakValueDictionary and iterable key, value
  tmp3 |= pairs;
  BOOST_CHECK(map_of(tmp3) == joined(map_of(wvd3), Map(pairs.begin(), pairs.end())));
  static_assert(std::same_as<decltype(tmp3), Dict>);

  const auto tmp4 = d1 | wvd3;  // The reflected one
  BOOST_CHECK(map_of(tmp4) == joined(d1, map_of(wvd3)));
  static_assert(std::same_as<decltype(d1 | wvd3), Dict>);

  a.reset();
  BOOST_TEST(!tmp1.contains(2));
  BOOST_TEST(!tmp2.contains(2));
  BOOST_TEST(!tmp3.contains(1));
  BOOST_TEST(!tmp4.contains(1));
}

BOOST_AUTO_TEST_CASE(test_weak_keyed_dict_update) {
  check_update<WeakKeyDictionary<C, int>>({{make<C>(), 1}, {make<C>(), 2}, {make<C>(), 3}});
}

BOOST_AUTO_TEST_CASE(test_weak_keyed_union_operators) {
  using Value = std::variant<int, std::string>;
  using Dict = WeakKeyDictionary<C, Value>;
  using Map = std::map<strong_ref<C>, Value>;
  auto o1 = make<C>();
  const auto o2 = make<C>();
  const auto o3 = make<C>();
  Dict wkd1{{o1, 1}, {o2, 2}};
  Dict wkd2{{o3, 3}, {o1, 4}};
  const Dict wkd3 = wkd1.copy();
  const Map d1{{o2, "5"}, {o3, "6"}};
  const std::vector<std::pair<strong_ref<C>, Value>> pairs{{o2, 7}, {o3, 8}};

  const auto tmp1 = wkd1 | wkd2;  // Between two WeakKeyDictionaries
  BOOST_CHECK(map_of(tmp1) == joined(map_of(wkd1), map_of(wkd2)));
  static_assert(std::same_as<decltype(wkd1 | wkd2), Dict>);
  wkd1 |= wkd2;
  BOOST_CHECK(wkd1 == tmp1);

  const auto tmp2 = wkd2 | d1;  // Between WeakKeyDictionary and mapping
  BOOST_CHECK(map_of(tmp2) == joined(map_of(wkd2), d1));
  static_assert(std::same_as<decltype(wkd2 | d1), Dict>);
  wkd2 |= d1;
  BOOST_CHECK(wkd2 == tmp2);

  auto tmp3 = wkd3.copy();  // Between WeakKeyDictionary and iterable key, value
  tmp3 |= pairs;
  BOOST_CHECK(map_of(tmp3) == joined(map_of(wkd3), Map(pairs.begin(), pairs.end())));
  static_assert(std::same_as<decltype(tmp3), Dict>);

  const auto tmp4 = d1 | wkd3;  // The reflected one
  BOOST_CHECK(map_of(tmp4) == joined(d1, map_of(wkd3)));
  static_assert(std::same_as<decltype(d1 | wkd3), Dict>);

  o1.reset();
  BOOST_TEST(!has_value(tmp1, 4));
  BOOST_TEST(!has_value(tmp2, 4));
  BOOST_TEST(!has_value(tmp3, 1));
  BOOST_TEST(!has_value(tmp4, 1));
}

BOOST_AUTO_TEST_SUITE_END()
