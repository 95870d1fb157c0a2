#include <algorithm>
#include <cstddef>
#include <exception>
#include <map>
#include <random>
#include <regex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "mapping_joins.hpp"
#include "mapping_protocol.hpp"

import weakref;

// PyTorch's test_weak.py, which does CPython's mapping tests with a dictionary whose keys are equal to
// themselves only: its WeakTest, and its WeakKeyDictionaryTestCase.

namespace {

using weakref::KeyError;
using weakref::make;
using weakref::strong_ref;
using weakref::WeakIdKeyDictionary;

/// Its == is no equality, and it has no hash.
struct Tensor : weakref::object {
  [[maybe_unused]] friend bool operator==(const Tensor&, const Tensor&) {
    throw std::logic_error("compared");
  }
};
struct DummyValue : weakref::object {};

using Owner = strong_ref<Tensor>;

struct Fixture : MappingProtocol<WeakIdKeyDictionary<Tensor, int>, KeyError> {
  Fixture() : MappingProtocol({make<Tensor>(), 1}, {make<Tensor>(), 2}, {make<Tensor>(), 3}, 909) {}
};

enum class Depth { shallow, deep };

void check_threaded_weak_dict_copy(Depth depth) {
  WeakIdKeyDictionary<Tensor, strong_ref<DummyValue>> d;
  std::vector<Owner> keys;
  std::vector<strong_ref<DummyValue>> values;
  for (int i = 0; i < 70000; ++i) {
    keys.push_back(make<Tensor>());
    values.push_back(make<DummyValue>());
    d[keys.back()] = values.back();
  }
  std::exception_ptr failure;
  {
    const std::jthread copying([&] {
      try {
        const auto copied = depth == Depth::deep ? d.deepcopy() : d.copy();
      } catch (...) {
        failure = std::current_exception();
      }
    });
    const std::jthread collecting([&] {
      std::mt19937 random;
      while (!keys.empty()) {
        std::swap(keys[random() % keys.size()], keys.back());
        keys.pop_back();
      }
    });
  }
  if (failure) std::rethrow_exception(failure);
  BOOST_TEST(len(d) == 0U);
}

template <class D, class Key>
concept has_item = requires(D& d, Key key) { d[key]; };
template <class D, class Key>
concept deletes_item = requires(D& d, Key key) { d.del(key); };
template <class D, class Key, class Value>
concept sets_item = requires(D& d, Key key, Value value) { d.set(key, value); };

}  // namespace

BOOST_AUTO_TEST_SUITE(WeakIdKeyDictionaryTestCase)

// ---- WeakTest

BOOST_AUTO_TEST_CASE(test_make_weak_keyed_dict_from_dict) {
  const auto o = make<Tensor>();
  const WeakIdKeyDictionary<Tensor, int> dict(std::map<Owner, int>{{o, 364}});
  BOOST_TEST(dict[o] == 364);
}

BOOST_AUTO_TEST_CASE(test_make_weak_keyed_dict_from_weak_keyed_dict) {
  const auto o = make<Tensor>();
  const WeakIdKeyDictionary<Tensor, int> dict{{o, 364}};
  const WeakIdKeyDictionary<Tensor, int> dict2(dict);
  BOOST_TEST(dict[o] == 364);
  BOOST_TEST(dict2[o] == 364);
}

BOOST_AUTO_TEST_CASE(test_weak_keyed_dict_popitem) {
  const auto key1 = make<Tensor>();
  const auto key2 = make<Tensor>();
  WeakIdKeyDictionary<Tensor, std::string> weakdict;
  weakdict[key1] = "value 1";
  weakdict[key2] = "value 2";
  BOOST_TEST(len(weakdict) == 2U);
  for (const std::size_t left : {1U, 0U}) {
    const auto [k, v] = weakdict.popitem();
    BOOST_TEST(len(weakdict) == left);
    BOOST_CHECK(k == key1 || k == key2);
    BOOST_TEST(v == (k == key1 ? "value 1" : "value 2"));
  }
}

BOOST_AUTO_TEST_CASE(test_weak_keyed_dict_setdefault) {
  const auto key = make<Tensor>();
  WeakIdKeyDictionary<Tensor, std::string> weakdict;
  for (const std::string offered : {"value 1", "value 2"}) {
    BOOST_TEST(weakdict.setdefault(key, offered) == "value 1");
    BOOST_TEST(weakdict.contains(key));
    BOOST_CHECK(weakdict.get(key) == "value 1");
    BOOST_CHECK(weakdict[key] == "value 1");
  }
}

BOOST_AUTO_TEST_CASE(test_weak_keyed_dict_update) {
  check_update<WeakIdKeyDictionary<Tensor, int>>(
      {{make<Tensor>(), 1}, {make<Tensor>(), 2}, {make<Tensor>(), 3}});
}

BOOST_AUTO_TEST_CASE(test_weak_keyed_delitem) {
  WeakIdKeyDictionary<Tensor, std::string> d;
  const auto o1 = make<Tensor>();
  const auto o2 = make<Tensor>();
  d[o1] = "something";
  d[o2] = "something";
  BOOST_TEST(len(d) == 2U);
  d.del(o1);
  BOOST_TEST(len(d) == 1U);
  BOOST_CHECK(std::ranges::equal(d.keys(), std::vector{o2}));
}

BOOST_AUTO_TEST_CASE(test_weak_keyed_union_operators) {
  using Dict = WeakIdKeyDictionary<Tensor, std::variant<int, std::string>>;
  auto o1 = make<Tensor>();
  const auto o2 = make<Tensor>();
  const auto o3 = make<Tensor>();
  const auto joins = check_union_operators<Dict>({{o1, 1}, {o2, 2}}, {{o3, 3}, {o1, 4}},
                                                 {{o2, "5"}, {o3, "6"}}, {{o2, 7}, {o3, 8}});
  o1.reset();
  BOOST_TEST(!has_value(joins.with_dictionary, 4));
  BOOST_TEST(!has_value(joins.with_mapping, 4));
  BOOST_TEST(!has_value(joins.with_pairs, 1));
  BOOST_TEST(!has_value(joins.reflected, 1));
}

BOOST_AUTO_TEST_CASE(test_weak_keyed_bad_delitem) {
  using Dict = WeakIdKeyDictionary<Tensor, int>;
  Dict d;
  const auto o = make<Tensor>();
  BOOST_CHECK_THROW(d.del(o), KeyError);
  BOOST_CHECK_THROW((void)static_cast<decltype(d)::mapped_type>(d[o]), KeyError);

  // What is not weakly referenceable is no key.
  static_assert(deletes_item<Dict, Owner> && !deletes_item<Dict, int>);
  static_assert(has_item<Dict, Owner> && !has_item<Dict, int>);
  static_assert(sets_item<Dict, Owner, int> && !sets_item<Dict, int, int>);
}

BOOST_AUTO_TEST_CASE(test_make_weak_keyed_dict_repr) {
  const WeakIdKeyDictionary<Tensor, int> dict;
  BOOST_TEST(std::regex_search(repr(dict), std::regex("<WeakIdKeyDictionary at 0x.*>")));
}

BOOST_AUTO_TEST_CASE(test_threaded_weak_key_dict_copy) { check_threaded_weak_dict_copy(Depth::shallow); }

BOOST_AUTO_TEST_CASE(test_threaded_weak_key_dict_deepcopy) { check_threaded_weak_dict_copy(Depth::deep); }

// ---- WeakKeyDictionaryTestCase

MAPPING_PROTOCOL_CASES(Fixture)

BOOST_AUTO_TEST_SUITE_END()
