#include <array>
#include <complex>
#include <concepts>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::is_weakly_referenceable_v;
using weakref::object;

namespace {

struct Class : object {};
struct Derived : Class {};
struct Plain {};
enum Colour { red };
enum class Scoped { one };

struct Slotted : object {};
struct DerivedFromSlotted : Slotted {};

struct Dict : std::map<int, int> {};
struct DictObject : object, std::map<int, int> {};
struct ListObject : object, std::vector<int> {};
struct StrObject : object, std::string {};
struct Tuple : std::tuple<int, int> {};
struct TupleObject : object, std::tuple<int> {};
struct PairObject : object, std::pair<int, int> {};
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Private : private object {};
struct Virtual : virtual object {};
struct Twice1 : object {};
struct Twice2 : object {};
struct Ambiguous : Twice1, Twice2 {};

}  // namespace

template <>
inline constexpr bool weakref::enable_weakref<Slotted> = false;

BOOST_AUTO_TEST_SUITE(gate)

BOOST_AUTO_TEST_CASE(class_instances_pass) {
  static_assert(is_weakly_referenceable_v<Class>);
  static_assert(is_weakly_referenceable_v<const Class>);
  static_assert(is_weakly_referenceable_v<Derived>);
  static_assert(is_weakly_referenceable_v<Plain>);
  static_assert(is_weakly_referenceable_v<std::optional<int>>);
  static_assert(is_weakly_referenceable_v<std::function<void()>>);
  static_assert(is_weakly_referenceable_v<weakref::boxed<Plain>>);
  static_assert(weakref::is_weakly_referenceable<Class>::value);
  static_assert(weakref::weakly_referenceable<Class>);
  BOOST_TEST(is_weakly_referenceable_v<Class>);
}

BOOST_AUTO_TEST_CASE(numbers_enums_pointers_and_references_do_not) {
  static_assert(!is_weakly_referenceable_v<int>);
  static_assert(!is_weakly_referenceable_v<bool>);
  static_assert(!is_weakly_referenceable_v<double>);
  static_assert(!is_weakly_referenceable_v<Colour>);
  static_assert(!is_weakly_referenceable_v<Scoped>);
  static_assert(!is_weakly_referenceable_v<Class*>);
  static_assert(!is_weakly_referenceable_v<void (*)()>);
  static_assert(!is_weakly_referenceable_v<std::nullptr_t>);
  static_assert(!is_weakly_referenceable_v<void>);
  static_assert(!is_weakly_referenceable_v<Class&>);
  static_assert(!is_weakly_referenceable_v<Class[3]>);
  static_assert(!is_weakly_referenceable_v<int Class::*>);
  BOOST_TEST(!is_weakly_referenceable_v<int>);
}

BOOST_AUTO_TEST_CASE(str_tuple_list_dict_complex_and_exceptions_do_not) {
  static_assert(!is_weakly_referenceable_v<std::string>);
  static_assert(!is_weakly_referenceable_v<const std::string>);
  static_assert(!is_weakly_referenceable_v<std::string_view>);
  static_assert(!is_weakly_referenceable_v<std::u16string>);
  static_assert(!is_weakly_referenceable_v<std::tuple<>>);
  static_assert(!is_weakly_referenceable_v<std::pair<int, int>>);
  static_assert(!is_weakly_referenceable_v<std::complex<double>>);
  static_assert(!is_weakly_referenceable_v<std::vector<int>>);
  static_assert(!is_weakly_referenceable_v<std::map<int, int>>);
  static_assert(!is_weakly_referenceable_v<std::unordered_map<int, int>>);
  static_assert(!is_weakly_referenceable_v<std::exception>);
  static_assert(!is_weakly_referenceable_v<Error>);
  BOOST_TEST(!is_weakly_referenceable_v<std::string>);
}

BOOST_AUTO_TEST_CASE(list_dict_and_str_kinds_may_be_derived_from_but_tuples_never) {
  static_assert(is_weakly_referenceable_v<Dict>);
  static_assert(is_weakly_referenceable_v<DictObject>);
  static_assert(is_weakly_referenceable_v<ListObject>);
  static_assert(is_weakly_referenceable_v<StrObject>);
  static_assert(!is_weakly_referenceable_v<Tuple>);
  static_assert(!is_weakly_referenceable_v<TupleObject>);
  static_assert(!is_weakly_referenceable_v<PairObject>);
  BOOST_TEST(is_weakly_referenceable_v<DictObject>);
}

BOOST_AUTO_TEST_CASE(a_class_can_opt_out_and_what_derives_from_it_is_asked_anew) {
  static_assert(!is_weakly_referenceable_v<Slotted>);
  static_assert(is_weakly_referenceable_v<DerivedFromSlotted>);
  const auto slotted = weakref::make<Slotted>();
  BOOST_TEST(weakref::getweakrefcount(slotted) == 0U);
}

BOOST_AUTO_TEST_CASE(object_must_be_one_public_base_that_is_not_virtual) {
  static_assert(!is_weakly_referenceable_v<Private>);
  static_assert(!is_weakly_referenceable_v<Virtual>);
  static_assert(!is_weakly_referenceable_v<Ambiguous>);
  BOOST_TEST(!is_weakly_referenceable_v<Ambiguous>);
}

BOOST_AUTO_TEST_CASE(references_and_proxies_themselves_do_not_pass_but_classes_of_references_do) {
  struct Tagged : weakref::ReferenceType<Class> {
    using ReferenceType::ReferenceType;
  };
  static_assert(!is_weakly_referenceable_v<weakref::ref<Class>>);
  static_assert(!is_weakly_referenceable_v<weakref::ProxyType<Class>>);
  static_assert(!is_weakly_referenceable_v<weakref::CallableProxyType<Class>>);
  static_assert(is_weakly_referenceable_v<Tagged>);
  BOOST_TEST(is_weakly_referenceable_v<Tagged>);
}

BOOST_AUTO_TEST_CASE(what_is_refused_has_no_references_and_that_is_no_error) {
  BOOST_TEST(weakref::getweakrefcount(1) == 0U);
  BOOST_TEST(weakref::getweakrefs(1).empty());
  BOOST_TEST(weakref::getweakrefcount(std::string("x")) == 0U);
}

BOOST_AUTO_TEST_CASE(a_reference_can_be_a_member_of_the_class_it_refers_to) {
  struct Node : object {
    weakref::ref<Node> parent;
  };
  const auto root = weakref::make<Node>();
  const auto child = weakref::make<Node>();
  child->parent = root;
  BOOST_TEST((child->parent() == root));
}

BOOST_AUTO_TEST_CASE(handles_and_containers_can_be_members_of_the_class_they_refer_to) {
  struct Base : object {
    void run() {}
  };
  struct Node : Base {
    struct Hash {
      std::size_t operator()(const std::string& text) const { return text.size() + seed; }
      std::size_t seed = 1;
    };
    weakref::strong_ref<Node> next;
    std::optional<weakref::WeakMethod<Node, void (Base::*)()>> method;
    std::optional<weakref::finalize<Node, void (*)(int), int>> finalizer;
    std::optional<weakref::ProxyType<Node>> proxy;
    weakref::WeakValueDictionary<std::string, Node, Hash> named;
    weakref::WeakKeyDictionary<Node, int> numbered;
    weakref::WeakSet<Node> seen;
  };
  const auto node = weakref::make<Node>();
  node->method.emplace(node, &Base::run);
  node->finalizer.emplace(node, [](int) {}, 1);
  node->proxy = weakref::proxy(node);
  node->named["self"] = node;
  node->numbered[node] = 1;
  node->seen.add(node);
  BOOST_TEST((node->named["self"] == node));
  BOOST_TEST(node->seen.contains(node));
}

BOOST_AUTO_TEST_CASE(a_constant_object_is_made_and_referred_to) {
  const auto made = weakref::make<const Class>();
  static_assert(std::same_as<decltype(made), const weakref::strong_ref<const Class>>);
  const auto boxed = weakref::make<const std::optional<int>>(7);
  static_assert(
      std::same_as<decltype(boxed), const weakref::strong_ref<const weakref::boxed<std::optional<int>>>>);
  const weakref::ref r{made};
  BOOST_TEST((r() == made));
  BOOST_TEST(boxed->value() == 7);
}

BOOST_AUTO_TEST_SUITE_END()
