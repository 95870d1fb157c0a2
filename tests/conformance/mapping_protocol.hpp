#ifndef WEAKREF_TESTS_CONFORMANCE_MAPPING_PROTOCOL_HPP
#define WEAKREF_TESTS_CONFORMANCE_MAPPING_PROTOCOL_HPP

#include <iterator>
#include <map>
#include <ranges>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

/// CPython's BasicTestMappingProtocol, from which its test cases of the two weak dictionaries are derived:
/// what every mapping does. A plain dict of the original is a std::map here.
///
/// This header imports nothing, so that those who include it first may import last: `KeyError` comes with the
/// mapping.
template <class Mapping, class KeyError>
class MappingProtocol {
 public:
  using Key = typename Mapping::key_type;
  using Value = typename Mapping::mapped_type;
  using Item = std::pair<Key, Value>;
  using Items = std::vector<Item>;
  using Map = std::map<Key, Value>;

  /// Two items that are in the mapping, one that is not, and a value that is in none of them.
  MappingProtocol(Item first, Item second, Item absent, Value another)
      : reference{first, second},
        inmapping(second),
        other(absent),
        fallback(std::move(another)) {}

  void test_read() const {
    const Mapping p;
    const Mapping d = full_mapping();
    // Indexing
    for (const auto& [key, value] : reference) BOOST_CHECK(d[key] == value);
    const auto& [knownkey, knownvalue] = other;
    BOOST_CHECK_THROW((void)d[knownkey], KeyError);
    // len
    BOOST_TEST(len(p) == 0U);
    BOOST_TEST(len(d) == reference.size());
    // __contains__
    for (const auto& [key, value] : reference) BOOST_TEST(d.contains(key));
    BOOST_TEST(!d.contains(knownkey));
    // cmp
    BOOST_CHECK(p == p);
    BOOST_CHECK(d == d);
    BOOST_CHECK(p != d);
    BOOST_CHECK(d != p);
    // bool
    BOOST_TEST(p.empty());
    BOOST_TEST(!d.empty());
    // keys(), items(), iterkeys() ...
    std::vector<Key> keys;
    std::vector<Value> values;
    for (const auto& [key, value] : reference) {
      keys.push_back(key);
      values.push_back(value);
    }
    check_iterator_and_list(d.keys(), keys);
    check_iterator_and_list(d, keys);
    check_iterator_and_list(d.values(), values);
    check_iterator_and_list(d.items(), Items(reference.begin(), reference.end()));
    // get
    const auto [key, value] = *d.items().begin();
    BOOST_CHECK(d.get(key, knownvalue) == value);
    BOOST_CHECK(d.get(knownkey, knownvalue) == knownvalue);
    BOOST_TEST(!d.contains(knownkey));
  }

  void test_write() const {
    Mapping p;
    // Indexing
    for (const auto& [key, value] : reference) {
      p[key] = value;
      BOOST_CHECK(p[key] == value);
    }
    for (const auto& [key, value] : reference) {
      p.del(key);
      BOOST_CHECK_THROW((void)static_cast<typename Mapping::mapped_type>(p[key]), KeyError);
    }
    // update
    p = Mapping();
    p.update(reference);
    BOOST_CHECK(map_of(p) == reference);
    const Items items = list_of(p.items());
    p = Mapping();
    p.update(items);
    BOOST_CHECK(map_of(p) == reference);
    Mapping d = full_mapping();
    // setdefault
    {
      const auto [key, value] = *d.items().begin();
      BOOST_CHECK(d.setdefault(key, other.second) == value);
      BOOST_CHECK(d[key] == value);
    }
    const auto& [knownkey, knownvalue] = other;
    BOOST_CHECK(d.setdefault(knownkey, knownvalue) == knownvalue);
    BOOST_CHECK(d[knownkey] == knownvalue);
    // pop
    BOOST_CHECK(d.pop(knownkey) == knownvalue);
    BOOST_TEST(!d.contains(knownkey));
    BOOST_CHECK_THROW((void)d.pop(knownkey), KeyError);
    d[knownkey] = knownvalue;
    BOOST_CHECK(d.pop(knownkey, fallback) == knownvalue);
    BOOST_TEST(!d.contains(knownkey));
    BOOST_CHECK(d.pop(knownkey, fallback) == fallback);
    // popitem
    const auto [key, value] = d.popitem();
    BOOST_TEST(!d.contains(key));
    BOOST_CHECK(value == reference.at(key));
    p = Mapping();
    BOOST_CHECK_THROW((void)p.popitem(), KeyError);
  }

  void test_constructor() const { BOOST_CHECK(Mapping() == Mapping()); }

  void test_bool() const {
    BOOST_TEST(Mapping().empty());
    BOOST_TEST(!full_mapping().empty());
  }

  void test_keys() const {
    BOOST_TEST(list_of(Mapping().keys()).empty());
    const std::vector<Key> keys = list_of(full_mapping().keys());
    BOOST_CHECK(std::ranges::find(keys, inmapping.first) != keys.end());
    BOOST_CHECK(std::ranges::find(keys, other.first) == keys.end());
    static_assert(!takes_none_for_keys<Mapping>);
  }

  void test_values() const {
    BOOST_TEST(list_of(Mapping().values()).empty());
    static_assert(!takes_none_for_values<Mapping>);
  }

  void test_items() const {
    BOOST_TEST(list_of(Mapping().items()).empty());
    static_assert(!takes_none_for_items<Mapping>);
  }

  void test_len() const { BOOST_TEST(len(Mapping()) == 0U); }

  void test_update() const {
    const Items others{other};
    // mapping argument
    Mapping d;
    d.update(Map{other});
    BOOST_CHECK(list_of(d.items()) == others);
    // No argument
    d = Mapping();
    d.update();
    BOOST_CHECK(d == Mapping());
    // item sequence
    d = Mapping();
    d.update(others);
    BOOST_CHECK(list_of(d.items()) == others);
    // Iterator
    d = Mapping();
    d.update(std::ranges::subrange(others.begin(), others.end()));
    BOOST_CHECK(list_of(d.items()) == others);
    static_assert(!updatable<Mapping, int>);
    // An object that has keys() and [] only
    d.clear();
    d.update(SimpleUserDict{reference});
    BOOST_CHECK(map_of(d) == reference);

    d = Mapping();
    BOOST_CHECK_THROW(d.update(FailingKeys{}), Exc);
    d.clear();
    BOOST_CHECK_THROW(d.update(FailingSecondKey{other}), Exc);
    BOOST_CHECK_THROW(d.update(FailingSubscription{other.first}), Exc);
    d = Mapping();
    BOOST_CHECK_THROW(d.update(failing_sequence(other)), Exc);
    BOOST_TEST(d.empty());
    static_assert(!updatable<Mapping, std::vector<std::tuple<Key, Value, int>>>);
  }

  void test_get() const {
    const Mapping empty;
    BOOST_CHECK(empty.get(other.first) == nullptr);
    BOOST_CHECK(empty.get(other.first, fallback) == fallback);
    const Mapping d = full_mapping();
    BOOST_CHECK(d.get(other.first) == nullptr);
    BOOST_CHECK(d.get(other.first, fallback) == fallback);
    BOOST_CHECK(d.get(inmapping.first) == inmapping.second);
    BOOST_CHECK(d.get(inmapping.first, fallback) == inmapping.second);
    static_assert(!gets_nothing<Mapping>);
    static_assert(!gets_three<Mapping>);
  }

  void test_popitem() const {
    Mapping d;
    BOOST_CHECK_THROW((void)d.popitem(), KeyError);
    static_assert(!takes_number_for_popitem<Mapping>);
  }

  void test_pop() const {
    Mapping d;
    const auto& [k, v] = inmapping;
    d[k] = v;
    BOOST_CHECK_THROW((void)d.pop(other.first), KeyError);
    BOOST_CHECK(d.pop(k) == v);
    BOOST_TEST(len(d) == 0U);
    BOOST_CHECK_THROW((void)d.pop(k), KeyError);
  }

 private:
  struct Exc : std::runtime_error {
    Exc() : std::runtime_error("raised on purpose") {}
  };

  struct SimpleUserDict {
    auto keys() const { return std::views::keys(d); }
    Value operator[](const Key& key) const { return d.at(key); }
    const Map& d;
  };
  struct FailingKeys {
    std::vector<Key> keys() const { throw Exc(); }
    Value operator[](const Key&) const { throw Exc(); }
  };
  struct FailingSecondKey {
    auto keys() const {
      return std::views::iota(0, 2) | std::views::transform([this](int i) {
               if (i == 1) throw Exc();
               return item.first;
             });
    }
    Value operator[](const Key&) const { return item.second; }
    const Item& item;
  };
  struct FailingSubscription {
    auto keys() const {
      return std::views::iota(0, 26) | std::views::transform([this](int) { return key; });
    }
    Value operator[](const Key&) const { throw Exc(); }
    const Key& key;
  };
  static auto failing_sequence(const Item& item) {
    return std::views::iota(0, 1) | std::views::transform([&item](int i) {
             if (i == 0) throw Exc();
             return item;
           });
  }

  template <class D, class R>
  static constexpr bool updatable = requires(D& d, R range) { d.update(range); };
  template <class D>
  static constexpr bool takes_none_for_keys = requires(const D& d) { d.keys(nullptr); };
  template <class D>
  static constexpr bool takes_none_for_values = requires(const D& d) { d.values(nullptr); };
  template <class D>
  static constexpr bool takes_none_for_items = requires(const D& d) { d.items(nullptr); };
  template <class D>
  static constexpr bool gets_nothing = requires(const D& d) { d.get(); };
  template <class D>
  static constexpr bool gets_three = requires(const D& d) { d.get(nullptr, nullptr, nullptr); };
  template <class D>
  static constexpr bool takes_number_for_popitem = requires(D& d) { d.popitem(42); };

  Mapping full_mapping() const {
    Mapping full;
    for (const auto& [key, value] : reference) full[key] = value;
    return full;
  }

  static Map map_of(const Mapping& mapping) {
    Map found;
    for (auto&& item : mapping.items()) found.insert(item);
    return found;
  }
  template <class R>
  static std::vector<std::ranges::range_value_t<R>> list_of(const R& range) {
    std::vector<std::ranges::range_value_t<R>> list;
    for (auto&& element : range) list.push_back(element);
    return list;
  }
  /// The range has these elements, and an iterator that walks through them.
  template <class R, class Element>
  static void check_iterator_and_list(const R& range, const std::vector<Element>& expected) {
    static_assert(std::input_iterator<std::ranges::iterator_t<const R>>);
    const auto list = list_of(range);
    BOOST_TEST(list.size() == expected.size());
    BOOST_CHECK(std::ranges::is_permutation(list, expected));
  }

  Map reference;
  Item inmapping;
  Item other;
  Value fallback;
};

/// A case for each of its functions, of a class derived from it.
#define MAPPING_PROTOCOL_CASES(Protocol)                                    \
  BOOST_AUTO_TEST_CASE(test_read) { Protocol().test_read(); }               \
  BOOST_AUTO_TEST_CASE(test_write) { Protocol().test_write(); }             \
  BOOST_AUTO_TEST_CASE(test_constructor) { Protocol().test_constructor(); } \
  BOOST_AUTO_TEST_CASE(test_bool) { Protocol().test_bool(); }               \
  BOOST_AUTO_TEST_CASE(test_keys) { Protocol().test_keys(); }               \
  BOOST_AUTO_TEST_CASE(test_values) { Protocol().test_values(); }           \
  BOOST_AUTO_TEST_CASE(test_items) { Protocol().test_items(); }             \
  BOOST_AUTO_TEST_CASE(test_len) { Protocol().test_len(); }                 \
  BOOST_AUTO_TEST_CASE(test_update) { Protocol().test_update(); }           \
  BOOST_AUTO_TEST_CASE(test_get) { Protocol().test_get(); }                 \
  BOOST_AUTO_TEST_CASE(test_popitem) { Protocol().test_popitem(); }         \
  BOOST_AUTO_TEST_CASE(test_pop) { Protocol().test_pop(); }

#endif
