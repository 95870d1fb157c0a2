#include <functional>
#include <string>
#include <unordered_map>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::object;
using weakref::ref;

namespace {

struct Identity : object {};

struct Value : object {
  explicit Value(int v) : value(v) {}
  int value;
  bool operator==(const Value& other) const { return value == other.value; }
};

struct Unhashable : object {
  bool operator==(const Unhashable&) const { return true; }
};

struct Throwing : object {};

template <class T>
std::size_t hash(const ref<T>& r) {
  return std::hash<ref<T>>()(r);
}

template <class T>
concept hashable = requires(const T& x) { std::hash<T>()(x); };

}  // namespace

template <>
struct std::hash<Value> {
  std::size_t operator()(const Value& v) const { return static_cast<std::size_t>(v.value); }
};
template <>
struct std::hash<Throwing> {
  std::size_t operator()(const Throwing&) const { throw weakref::TypeError("unhashable"); }
};

BOOST_AUTO_TEST_SUITE(ref_hash)

BOOST_AUTO_TEST_CASE(it_is_the_hash_of_the_referent) {
  const auto value = make<Value>(42);
  BOOST_TEST(hash(ref{value}) == 42U);
  const auto identity = make<Identity>();
  BOOST_TEST(hash(ref{identity}) == std::hash<weakref::strong_ref<Identity>>()(identity));
}

BOOST_AUTO_TEST_CASE(it_is_cached_when_first_asked_for_and_kept_after_death) {
  auto value = make<Value>(42);
  const ref shared{value};
  const ref own{value, [](const ref<Value>&) {}};
  BOOST_TEST(hash(shared) == 42U);
  value->value = 7;
  BOOST_TEST(hash(shared) == 42U, "a later change is not seen");
  BOOST_TEST(hash(own) == 7U, "each reference object has its own");
  value.reset();
  BOOST_TEST(hash(shared) == 42U);
  BOOST_TEST(hash(own) == 7U);
}

BOOST_AUTO_TEST_CASE(a_dead_reference_that_was_never_hashed_has_none) {
  auto value = make<Value>(42);
  const ref shared{value};
  const ref own{value, [](const ref<Value>&) {}};
  value.reset();
  const auto gone = [](const weakref::TypeError& e) {
    return std::string(e.what()) == "weak object has gone away";
  };
  BOOST_CHECK_EXCEPTION(hash(shared), weakref::TypeError, gone);
  BOOST_CHECK_EXCEPTION(hash(own), weakref::TypeError, gone);
  auto identity = make<Identity>();
  const ref r{identity};
  identity.reset();
  BOOST_CHECK_EXCEPTION(hash(r), weakref::TypeError, gone);
}

BOOST_AUTO_TEST_CASE(the_shared_reference_forgets_it_with_its_last_handle) {
  const auto value = make<Value>(1);
  {
    const ref r{value};
    BOOST_TEST(hash(r) == 1U);
  }
  value->value = 2;
  BOOST_TEST(hash(ref{value}) == 2U, "this is a new weak reference object");
}

BOOST_AUTO_TEST_CASE(a_referent_with_equality_and_no_hash_is_not_hashable) {
  static_assert(hashable<ref<Identity>>);
  static_assert(!hashable<ref<Unhashable>>);
  BOOST_TEST(!hashable<ref<Unhashable>>);
}

BOOST_AUTO_TEST_CASE(what_the_hash_throws_propagates) {
  const auto throwing = make<Throwing>();
  BOOST_CHECK_THROW(hash(ref{throwing}), weakref::TypeError);
}

BOOST_AUTO_TEST_CASE(references_are_keys_of_hash_maps) {
  std::unordered_map<ref<Value>, int> map;
  auto a = make<Value>(1);
  const auto equal = make<Value>(1);
  map[ref{a}] = 5;
  BOOST_TEST(map.at(ref{equal}) == 5);
  a.reset();
  BOOST_TEST(!map.contains(ref{equal}));
  BOOST_TEST(map.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
