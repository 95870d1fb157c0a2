#include <cstddef>
#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// WeakIdKeyDictionary and WeakIdSet: an object is equal to itself only, and none of its code runs. After
// PyTorch's test_weak.py, which does with identities what CPython's mapping tests do with values.

namespace {

using weakref::KeyError;
using weakref::make;
using weakref::None;
using weakref::strong_ref;

/// Like a tensor: its == is no equality, and it has no hash.
struct Tensor : weakref::object {
  explicit Tensor(int n = 0) : number(n) {}
  [[maybe_unused]] friend bool operator==(const Tensor&, const Tensor&) {
    throw std::logic_error("compared");
  }
  int number;
};

using Names = weakref::WeakIdKeyDictionary<Tensor, std::string>;
using Tensors = weakref::WeakIdSet<Tensor>;

struct Fixture {
  strong_ref<Tensor> a = make<Tensor>(1);
  strong_ref<Tensor> b = make<Tensor>(1);
  strong_ref<Tensor> c = make<Tensor>(1);
  Names names{{a, "a"}, {b, "b"}};
  Tensors set{a, b};
};

std::string text(const Names& names) {
  std::string joined;
  for (const auto& value : names.values()) joined += value;
  return joined;
}

template <class T>
concept hashable = requires(const T& x) { std::hash<T>()(x); };

}  // namespace

BOOST_FIXTURE_TEST_SUITE(weak_identity, Fixture)

BOOST_AUTO_TEST_CASE(equal_keys_have_entries_of_their_own) {
  static_assert(!hashable<weakref::ref<Tensor>>);
  names[c] = "c";
  BOOST_TEST(text(names) == "abc");
  a.reset();
  BOOST_TEST(text(names) == "bc");
}

BOOST_AUTO_TEST_CASE(it_is_read_as_a_mapping) {  // test_read
  BOOST_TEST(names[a] == "a");
  BOOST_TEST(names.at(*b) == "b");
  BOOST_CHECK_THROW((void)(names[c] == ""), KeyError);
  BOOST_TEST(len(names) == 2U);
  BOOST_TEST((names.contains(a) && !names.contains(c) && !names.contains(34) && !names.contains(None)));
  BOOST_TEST((names.get(a) == "a"));
  BOOST_TEST((names.get(c) == None));
  BOOST_TEST(names.get(c, "none") == "none");
  BOOST_TEST((std::vector(names.begin(), names.end()) == std::vector{a, b}));
  BOOST_TEST((std::vector(names.items().begin(), names.items().end()) ==
              std::vector<std::pair<strong_ref<Tensor>, std::string>>{{a, "a"}, {b, "b"}}));
}

BOOST_AUTO_TEST_CASE(it_is_written_as_a_mapping) {  // test_write
  names[c] = "c";
  names[a] = "A";
  BOOST_TEST(text(names) == "Abc");
  names.del(b);
  BOOST_CHECK_THROW(names.del(b), KeyError);
  names.update(std::map<strong_ref<Tensor>, std::string>{{b, "b"}});
  BOOST_TEST(names.setdefault(b, "x") == "b");
  BOOST_TEST(names.pop(a) == "A");
  BOOST_TEST(names.pop(a, "none") == "none");
  BOOST_TEST((names.popitem() == std::pair(b, std::string("b"))));
  BOOST_TEST(names.get_or_create(a, [] { return "made"; }) == "made");
  names.clear();
  BOOST_CHECK_THROW((void)names.popitem(), KeyError);
}

BOOST_AUTO_TEST_CASE(it_is_made_from_a_map_or_from_another) {  // test_make_weak_keyed_dict_from_dict
  BOOST_TEST(text(Names(std::vector<std::pair<strong_ref<Tensor>, std::string>>{{b, "1"}, {a, "2"}})) ==
             "12");
  BOOST_TEST((Names(names) == names));
  BOOST_TEST((names.copy() == names));
  BOOST_TEST((names.deepcopy() == names));
}

BOOST_AUTO_TEST_CASE(dictionaries_join) {  // test_weak_keyed_union_operators
  const Names other{{b, "B"}, {c, "C"}};
  BOOST_TEST(text(names | other) == "aBC");
  BOOST_TEST(text(other | names) == "bCa");
  names |= other;
  BOOST_TEST(text(names) == "aBC");
  BOOST_TEST((names != other));
}

BOOST_AUTO_TEST_CASE(keys_may_die_under_a_walk) {  // test_weak_keys_destroy_while_iterating
  for (const auto& key : names) {
    BOOST_TEST((key == a));
    b.reset();
    names[c] = "c";
  }
  BOOST_TEST(text(names) == "ac");
  auto it = names.begin();
  a.reset();
  BOOST_TEST(names.size() == 2U);
  ++it;
  BOOST_TEST(text(names) == "c");
}

BOOST_AUTO_TEST_CASE(keyrefs_give_the_entries) {
  const auto references = names.keyrefs();
  BOOST_TEST((references[0]() == a && references[1]() == b));
  BOOST_TEST(getweakrefcount(a) == 2U);
}

BOOST_AUTO_TEST_CASE(the_values_of_dead_keys_are_destroyed) {
  weakref::WeakIdKeyDictionary<Tensor, strong_ref<Tensor>> owners;
  owners[a] = b;
  owners[b] = c;
  BOOST_TEST(getrefcount(b) == 2U);
  a.reset();
  BOOST_TEST(getrefcount(b) == 1U);
  b.reset();
  BOOST_TEST(owners.empty());
  BOOST_TEST(getrefcount(c) == 1U);
}

BOOST_AUTO_TEST_CASE(an_address_that_is_used_again_is_another_key) {
  weakref::WeakIdKeyDictionary<Tensor, int> known;
  for (int i = 0; i < 1000; ++i) {
    const auto fresh = make<Tensor>();
    if (known.contains(fresh)) BOOST_ERROR("an entry outlived its key");
    known[fresh] = i;
  }
  BOOST_TEST(known.empty());
}

BOOST_AUTO_TEST_CASE(a_set_has_equal_elements_twice) {
  BOOST_TEST(len(set) == 2U);
  BOOST_TEST((set.contains(a) && !set.contains(c) && set.contains(*b)));
  set.add(c);
  set.add(c);
  BOOST_TEST(len(set) == 3U);
  set.remove(a);
  BOOST_CHECK_THROW(set.remove(a), KeyError);
  set.discard(a);
  b.reset();
  BOOST_TEST((set.pop() == c));
  BOOST_CHECK_THROW((void)set.pop(), KeyError);
}

BOOST_AUTO_TEST_CASE(sets_combine_by_identity) {
  const Tensors other{b, c};
  BOOST_TEST(((set | other) == Tensors{a, b, c}));
  BOOST_TEST(((set & other) == Tensors{b}));
  BOOST_TEST(((set - other) == Tensors{a}));
  BOOST_TEST(((set ^ other) == Tensors{a, c}));
  BOOST_TEST((Tensors{b} < set && set >= Tensors{a} && set != other));
  set &= other;
  BOOST_TEST((set == Tensors{b}));
  set ^= set;
  BOOST_TEST(set.empty());
}

BOOST_AUTO_TEST_CASE(the_reprs_tell_what_they_are) {
  BOOST_TEST(repr(names).starts_with("<WeakIdKeyDictionary at 0x"));
  BOOST_TEST(repr(set).starts_with("{<weakref at 0x"));
  BOOST_TEST(repr(Tensors()) == "set()");
  std::ostringstream out;
  out << names << set;
  BOOST_TEST(out.str() == repr(names) + repr(set));
}

BOOST_AUTO_TEST_SUITE_END()
