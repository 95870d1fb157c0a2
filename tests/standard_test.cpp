#include <algorithm>
#include <concepts>
#include <functional>
#include <iterator>
#include <map>
#include <ranges>
#include <sstream>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>
#include <version>
#if defined(__cpp_lib_format)
#include <format>
#endif

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::ref;
using weakref::strong_ref;

namespace {

struct Node : weakref::object {
  explicit Node(int v = 0) : value(v) {}
  int value;
};

using Values = weakref::WeakValueDictionary<std::string, Node>;
using Keys = weakref::WeakKeyDictionary<Node, int>;
using IdKeys = weakref::WeakIdKeyDictionary<Node, int>;
using Set = weakref::WeakSet<Node>;
using IdSet = weakref::WeakIdSet<Node>;

static_assert(std::ranges::input_range<const Values>);
static_assert(std::ranges::input_range<const Keys>);
static_assert(std::ranges::input_range<const IdKeys>);
static_assert(std::ranges::input_range<const Set>);
static_assert(std::ranges::input_range<const IdSet>);
static_assert(std::ranges::input_range<decltype(std::declval<const Values&>().items())>);
static_assert(std::ranges::input_range<decltype(std::declval<const Keys&>().items())>);
static_assert(std::same_as<std::ranges::range_value_t<const Values>, std::string>);
static_assert(std::same_as<std::ranges::range_value_t<const Set>, strong_ref<Node>>);

template <class X>
concept hashable = requires(const X& x) { std::hash<X>()(x); };
static_assert(hashable<strong_ref<Node>> && hashable<ref<Node>>);
static_assert(!hashable<weakref::ProxyType<Node>>);
static_assert(!hashable<Values> && !hashable<Keys> && !hashable<Set>);

static_assert(std::regular<strong_ref<Node>> && std::totally_ordered<strong_ref<Node>>);
static_assert(std::copyable<ref<Node>> && std::equality_comparable<ref<Node>>);

template <class X>
std::string printed(const X& x) {
  std::ostringstream out;
  out << x;
  return out.str();
}

struct Text : weakref::object, std::string {
  using basic_string::basic_string;
};

}  // namespace

#if defined(__cpp_lib_format)
template <>
struct std::formatter<Text> : std::formatter<std::string> {};
#endif

BOOST_AUTO_TEST_SUITE(standard)

BOOST_AUTO_TEST_CASE(owners_and_references_are_keys_of_standard_containers) {
  const auto a = make<Node>();
  const auto b = make<Node>();
  const std::unordered_set<strong_ref<Node>> owners{a, b, a};
  BOOST_TEST(owners.size() == 2U);
  std::unordered_map<ref<Node>, int> references;
  references[ref{a}] = 1;
  references[ref{b}] = 2;
  BOOST_TEST(references.at(ref{a}) == 1);
  const std::map<strong_ref<Node>, int> ordered{{a, 1}, {b, 2}};
  BOOST_TEST(ordered.at(b) == 2);
}

BOOST_AUTO_TEST_CASE(all_are_printed_as_their_repr) {
  const auto node = make<Node>();
  const ref r{node};
  Values values;
  Keys keys;
  Set set;
  BOOST_TEST(printed(node) == repr(node));
  BOOST_TEST(printed(r) == repr(r));
  BOOST_TEST(printed(values) == repr(values));
  BOOST_TEST(printed(keys) == repr(keys));
  BOOST_TEST(printed(set) == repr(set));
  BOOST_TEST(printed(IdKeys()).starts_with("<WeakIdKeyDictionary at 0x"));
  BOOST_TEST(printed(values).starts_with("<WeakValueDictionary at 0x"));
  BOOST_TEST(printed(keys).starts_with("<WeakKeyDictionary at 0x"));
  BOOST_TEST(printed(set) == "set()");
  const weakref::finalize f{node, [] {}};
  BOOST_TEST(printed(f) == repr(f));
}

#if defined(__cpp_lib_format)
BOOST_AUTO_TEST_CASE(all_are_formatted_as_their_repr) {
  const auto node = make<Node>();
  const ref r{node};
  const Values values;
  BOOST_TEST(std::format("{}", node) == repr(node));
  BOOST_TEST(std::format("{:>80}", r).size() == 80U);
  BOOST_TEST(std::format("{}", values) == repr(values));
  BOOST_TEST(std::format("{}", Set()) == "set()");
  const auto text = make<Text>("abc");
  BOOST_TEST(std::format("{:>5}", weakref::proxy(text)) == "  abc");
}
#endif

BOOST_AUTO_TEST_CASE(algorithms_take_the_ranges) {
  const auto a = make<Node>(1);
  const auto b = make<Node>(2);
  Values values;
  values["a"] = a;
  values["b"] = b;
  Set set;
  set.add(b);
  set.add(a);
  std::vector<std::string> names;
  std::ranges::copy(values, std::back_inserter(names));
  BOOST_TEST((names == std::vector<std::string>{"a", "b"}));
  BOOST_TEST(std::ranges::count_if(set, [](const auto& node) { return node->value > 1; }) == 1);
  int sum = 0;
  for (const auto& node : set | std::views::filter([](const auto& x) { return x->value < 2; })) {
    sum += node->value;
  }
  BOOST_TEST(sum == 1);
  const auto items = values.items();
  const auto found = std::ranges::find_if(items, [](const auto& item) { return item.second->value == 2; });
  BOOST_TEST(((*found).first == "b"));
}

BOOST_AUTO_TEST_SUITE_END()
