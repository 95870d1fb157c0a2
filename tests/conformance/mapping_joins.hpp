#ifndef WEAKREF_TESTS_CONFORMANCE_MAPPING_JOINS_HPP
#define WEAKREF_TESTS_CONFORMANCE_MAPPING_JOINS_HPP

#include <algorithm>
#include <concepts>
#include <map>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

// What CPython's MappingTestCase, and PyTorch's test_weak.py after it, ask of dictionaries that are updated
// from others and joined with them. This header imports nothing, so that those who include it first may
// import last.

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

/// What the dictionaries are joined with, and then hold.
template <class D>
struct Joins {
  D with_dictionary;
  D with_mapping;
  D with_pairs;
  D reflected;
};

/// Joins one with two; two with a mapping; one with pairs; a mapping with one.
template <class D>
Joins<D> check_union_operators(
    D one, D two, const MapOf<D>& mapping,
    const std::vector<std::pair<typename D::key_type, typename D::mapped_type>>& pairs) {
  const D three = one.copy();

  auto with_dictionary = one | two;
  static_assert(std::same_as<decltype(one | two), D>);
  BOOST_CHECK(map_of(with_dictionary) == joined(map_of(one), map_of(two)));
  one |= two;
  BOOST_CHECK(one == with_dictionary);

  auto with_mapping = two | mapping;
  static_assert(std::same_as<decltype(two | mapping), D>);
  BOOST_CHECK(map_of(with_mapping) == joined(map_of(two), mapping));
  two |= mapping;
  BOOST_CHECK(two == with_mapping);

  auto with_pairs = three.copy();
  static_assert(std::same_as<decltype(with_pairs), D>);
  with_pairs |= pairs;
  BOOST_CHECK(map_of(with_pairs) == joined(map_of(three), MapOf<D>(pairs.begin(), pairs.end())));

  auto reflected = mapping | three;
  static_assert(std::same_as<decltype(mapping | three), D>);
  BOOST_CHECK(map_of(reflected) == joined(mapping, map_of(three)));

  return {std::move(with_dictionary), std::move(with_mapping), std::move(with_pairs), std::move(reflected)};
}

#endif
