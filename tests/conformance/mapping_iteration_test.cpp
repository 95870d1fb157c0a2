#include <algorithm>
#include <cstddef>
#include <functional>
#include <ranges>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// MappingTestCase of CPython's test_weakref.py: entries that vanish, and iteration meanwhile.

namespace {

using weakref::KeyError;
using weakref::make;
using weakref::strong_ref;

/// Equal by its argument.
struct Object : weakref::object {
  explicit Object(int a) : arg(a) {}
  friend bool operator==(const Object& a, const Object& b) { return a.arg == b.arg; }
  int arg;
};

}  // namespace

template <>
struct std::hash<Object> {
  std::size_t operator()(const Object& x) const { return std::hash<int>()(x.arg); }
};

namespace {

using Objects = std::vector<strong_ref<Object>>;
/// An object's argument or, in some tests, an object.
using Argument = std::variant<int, strong_ref<Object>>;
using WeakKeyed = weakref::WeakKeyDictionary<Object, Argument>;
using WeakValued = weakref::WeakValueDictionary<Argument, Object>;

constexpr std::size_t count = 10;

Objects make_objects() {
  Objects objects;
  for (int i = 0; i < static_cast<int>(count); ++i) objects.push_back(make<Object>(i));
  return objects;
}
std::pair<WeakKeyed, Objects> make_weak_keyed_dict() {
  std::pair<WeakKeyed, Objects> made({}, make_objects());
  for (const auto& o : made.second) made.first[o] = o->arg;
  return made;
}
std::pair<WeakValued, Objects> make_weak_valued_dict() {
  std::pair<WeakValued, Objects> made({}, make_objects());
  for (const auto& o : made.second) made.first[o->arg] = o;
  return made;
}

/// list(range)
template <class R>
auto list_of(const R& range) {
  std::vector<std::ranges::range_value_t<R>> list;
  for (auto&& element : range) list.push_back(std::forward<decltype(element)>(element));
  return list;
}

/// list.remove(element)
template <class T>
void remove(std::vector<T>& list, const T& element) {
  const auto found = std::ranges::find(list, element);
  BOOST_REQUIRE(found != list.end());
  list.erase(found);
}

template <class R>
void check_touches_all(const R& range, const R& same) {
  auto elements = list_of(range);
  for (const auto& element : same) remove(elements, element);
  BOOST_TEST(elements.empty());
}

template <class D>
void check_iters(const D& dict) {
  BOOST_TEST(!dict.empty());
  check_touches_all(dict.items(), dict.items());
  auto keys = list_of(dict.keys());
  for (const auto& key : dict) remove(keys, key);
  BOOST_TEST(keys.empty());
  check_touches_all(dict.keys(), dict.keys());
  check_touches_all(dict.values(), dict.values());
}

/// `iterate` gives the range.
template <class D, class Range>
void check_weak_destroy_while_iterating(const D& dict, Objects& objects, Range iterate) {
  const std::size_t n = len(dict);
  {
    const auto range = iterate();
    auto it = range.begin();
    objects.pop_back();
    // Either the element that the iterator stands on has been dropped, or another one.
    std::size_t left = 0;
    while (++it != range.end()) ++left;
    BOOST_CHECK(left == objects.size() || left == objects.size() - 1);
  }
  // The removal has been committed.
  BOOST_TEST(len(dict) == n - 1);
}

/// `context(body)` drops an object while an iterator is alive, makes the same item anew, calls the body with
/// it, and returns it.
template <class D, class Context>
void check_weak_destroy_and_mutate_while_iterating(D& dict, Context context) {
  auto [k, v] = context([&](const auto& key, const auto&) { BOOST_TEST(!dict.contains(key)); });
  std::tie(k, v) = context([&](const auto& key, const auto&) { BOOST_CHECK_THROW(dict.del(key), KeyError); });
  BOOST_TEST(!dict.contains(k));
  std::tie(k, v) =
      context([&](const auto& key, const auto&) { BOOST_CHECK_THROW((void)dict.pop(key), KeyError); });
  BOOST_TEST(!dict.contains(k));
  std::tie(k, v) = context([&](const auto& key, const auto& value) { dict[key] = value; });
  BOOST_CHECK(dict[k] == v);
  const D ddict = dict;
  std::tie(k, v) = context([&](const auto&, const auto&) { dict.update(ddict); });
  BOOST_CHECK(dict == ddict);
  std::tie(k, v) = context([&](const auto&, const auto&) { dict.clear(); });
  BOOST_TEST(len(dict) == 0U);
}

template <class D, class Context>
void check_weak_del_and_len_while_iterating(D& dict, Context context) {
  const auto o = make<Object>(123456);
  std::size_t n = 0;
  context([&](const auto&, const auto&) {
    n = len(dict);
    // The dictionary is in order: the first item is popped.
    (void)dict.pop(*dict.keys().begin());
    BOOST_TEST(len(dict) == n - 1);
    dict[o] = o;
    BOOST_TEST(len(dict) == n);
  });
  context([&](const auto&, const auto&) {
    BOOST_TEST(len(dict) == n - 1);
    const auto [key, value] = dict.popitem();
    BOOST_CHECK(key == typename D::key_type(o));
    BOOST_CHECK(value == typename D::mapped_type(o));
    BOOST_TEST(len(dict) == n - 2);
  });
  context([&](const auto&, const auto&) {
    BOOST_TEST(len(dict) == n - 3);
    dict.del(*dict.keys().begin());
    BOOST_TEST(len(dict) == n - 4);
  });
  context([&](const auto&, const auto&) {
    BOOST_TEST(len(dict) == n - 5);
    (void)dict.popitem();
    BOOST_TEST(len(dict) == n - 6);
  });
  context([&](const auto&, const auto&) {
    dict.clear();
    BOOST_TEST(len(dict) == 0U);
  });
  BOOST_TEST(len(dict) == 0U);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(MappingTestCase)

BOOST_AUTO_TEST_CASE(test_weak_values) {
  auto [dict, objects] = make_weak_valued_dict();
  for (const auto& o : objects) {
    BOOST_TEST(weakref::getweakrefcount(o) == 1U);
    BOOST_CHECK(dict[o->arg] == o);
  }
  {
    auto items1 = list_of(dict.items());
    auto items2 = list_of(dict.copy().items());
    std::ranges::sort(items1);
    std::ranges::sort(items2);
    BOOST_CHECK(items1 == items2);
  }
  BOOST_TEST(len(dict) == count);
  objects.erase(objects.begin());
  BOOST_TEST(len(dict) == count - 1);
  objects.clear();
  BOOST_TEST(len(dict) == 0U);
  dict = WeakValued();
  BOOST_CHECK_THROW((void)static_cast<decltype(dict)::mapped_type>(dict[1]), KeyError);
  dict[2] = make<Object>(2);
  BOOST_CHECK_THROW((void)static_cast<decltype(dict)::mapped_type>(dict[2]), KeyError);
}

BOOST_AUTO_TEST_CASE(test_weak_keys) {
  auto [dict, objects] = make_weak_keyed_dict();
  for (const auto& o : objects) {
    BOOST_TEST(weakref::getweakrefcount(o) == 1U);
    BOOST_CHECK(dict[o] == Argument(o->arg));
  }
  BOOST_CHECK(std::ranges::is_permutation(list_of(dict.items()), list_of(dict.copy().items())));
  BOOST_TEST(len(dict) == count);
  objects.erase(objects.begin());
  BOOST_TEST(len(dict) == count - 1);
  objects.clear();
  BOOST_TEST(len(dict) == 0U);
  weakref::WeakKeyDictionary<Object, std::string> questions;
  const auto o = make<Object>(42);
  questions[o] = "What is the meaning of the universe?";
  BOOST_TEST(questions.contains(o));
  BOOST_TEST(!questions.contains(34));
}

BOOST_AUTO_TEST_CASE(test_weak_keyed_iters) {
  const auto [dict, objects] = make_weak_keyed_dict();
  check_iters(dict);
  // keyrefs(), twice as in the original, which had two functions for it
  for (int i = 0; i < 2; ++i) {
    const auto refs = dict.keyrefs();
    BOOST_TEST(refs.size() == objects.size());
    Objects objects2 = objects;
    for (const auto& wr : refs) {
      const auto ob = wr();
      BOOST_TEST(dict.contains(ob));
      BOOST_CHECK(dict[ob] == Argument(ob->arg));
      remove(objects2, ob);
    }
    BOOST_TEST(objects2.empty());
  }
}

BOOST_AUTO_TEST_CASE(test_weak_valued_iters) {
  const auto [dict, objects] = make_weak_valued_dict();
  check_iters(dict);
  const auto check = [&dict = dict, &objects = objects](const auto& refs) {
    BOOST_TEST(list_of(refs).size() == objects.size());
    Objects objects2 = objects;
    for (const auto& wr : refs) {
      const auto ob = wr();
      BOOST_CHECK(ob == dict[ob->arg]);
      BOOST_TEST(ob->arg == dict[ob->arg]->arg);
      remove(objects2, ob);
    }
    BOOST_TEST(objects2.empty());
  };
  check(dict.valuerefs());
  check(dict.itervaluerefs());
}

BOOST_AUTO_TEST_CASE(test_weak_keys_destroy_while_iterating) {
  auto [dict, objects] = make_weak_keyed_dict();
  check_weak_destroy_while_iterating(dict, objects, [&dict = dict] { return dict.keys(); });
  check_weak_destroy_while_iterating(dict, objects, [&dict = dict] { return dict.items(); });
  check_weak_destroy_while_iterating(dict, objects, [&dict = dict] { return dict.values(); });
  check_weak_destroy_while_iterating(dict, objects, [&dict = dict] { return dict.keyrefs(); });
  const auto context = [&dict = dict, &objects = objects](auto body) {
    const auto it = dict.items().begin();
    const int v = objects.back()->arg;
    objects.pop_back();
    const auto k = make<Object>(v);
    body(k, v);
    return std::pair<strong_ref<Object>, Argument>(k, v);
  };
  std::tie(dict, objects) = make_weak_keyed_dict();
  check_weak_destroy_and_mutate_while_iterating(dict, context);
  std::tie(dict, objects) = make_weak_keyed_dict();
  check_weak_del_and_len_while_iterating(dict, context);
}

BOOST_AUTO_TEST_CASE(test_weak_values_destroy_while_iterating) {
  auto [dict, objects] = make_weak_valued_dict();
  check_weak_destroy_while_iterating(dict, objects, [&dict = dict] { return dict.keys(); });
  check_weak_destroy_while_iterating(dict, objects, [&dict = dict] { return dict.items(); });
  check_weak_destroy_while_iterating(dict, objects, [&dict = dict] { return dict.values(); });
  check_weak_destroy_while_iterating(dict, objects, [&dict = dict] { return dict.itervaluerefs(); });
  check_weak_destroy_while_iterating(dict, objects, [&dict = dict] { return dict.valuerefs(); });
  const auto context = [&dict = dict, &objects = objects](auto body) {
    const auto it = dict.items().begin();
    const int k = objects.back()->arg;
    objects.pop_back();
    const auto v = make<Object>(k);
    body(k, v);
    return std::pair<Argument, strong_ref<Object>>(k, v);
  };
  std::tie(dict, objects) = make_weak_valued_dict();
  check_weak_destroy_and_mutate_while_iterating(dict, context);
  std::tie(dict, objects) = make_weak_valued_dict();
  check_weak_del_and_len_while_iterating(dict, context);
}

BOOST_AUTO_TEST_SUITE_END()
