#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "mapping_joins.hpp"

import weakref;

// MappingTestCase of CPython's test_weakref.py: dictionaries updated from others, and joined with them.

namespace {

using weakref::make;
using weakref::strong_ref;
using weakref::WeakKeyDictionary;
using weakref::WeakValueDictionary;

/// Equal to itself only.
struct C : weakref::object {};

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
  auto a = make<C>();
  const auto b = make<C>();
  const auto c = make<C>();
  const auto joins =
      check_union_operators<Dict>({{1, a}}, {{1, b}, {2, a}}, {{1, c}, {3, b}}, {{5, c}, {6, b}});
  a.reset();
  BOOST_TEST(!joins.with_dictionary.contains(2));
  BOOST_TEST(!joins.with_mapping.contains(2));
  BOOST_TEST(!joins.with_pairs.contains(1));
  BOOST_TEST(!joins.reflected.contains(1));
}

BOOST_AUTO_TEST_CASE(test_weak_keyed_dict_update) {
  check_update<WeakKeyDictionary<C, int>>({{make<C>(), 1}, {make<C>(), 2}, {make<C>(), 3}});
}

BOOST_AUTO_TEST_CASE(test_weak_keyed_union_operators) {
  using Dict = WeakKeyDictionary<C, std::variant<int, std::string>>;
  auto o1 = make<C>();
  const auto o2 = make<C>();
  const auto o3 = make<C>();
  const auto joins = check_union_operators<Dict>({{o1, 1}, {o2, 2}}, {{o3, 3}, {o1, 4}},
                                                 {{o2, "5"}, {o3, "6"}}, {{o2, 7}, {o3, 8}});
  o1.reset();
  BOOST_TEST(!has_value(joins.with_dictionary, 4));
  BOOST_TEST(!has_value(joins.with_mapping, 4));
  BOOST_TEST(!has_value(joins.with_pairs, 1));
  BOOST_TEST(!has_value(joins.reflected, 1));
}

BOOST_AUTO_TEST_SUITE_END()
