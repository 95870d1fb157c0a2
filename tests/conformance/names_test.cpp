#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <boost/test/unit_test.hpp>

import weakref;

namespace {

struct C : weakref::object {
  void method() {}
};

/// The name of a type, and of what it lives in, from the type itself.
template <class T>
bool is_named(std::string_view name) {
  const auto found = weakref::type_of<T>()->name();
  return found.starts_with("weakref::" + std::string(name) + "<");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ModuleTestCase)

BOOST_AUTO_TEST_CASE(test_names) {
  BOOST_TEST(is_named<weakref::ReferenceType<C>>("ReferenceType"));
  BOOST_TEST(is_named<weakref::ProxyType<C>>("ProxyType"));
  BOOST_TEST(is_named<weakref::CallableProxyType<C>>("CallableProxyType"));
  BOOST_TEST((is_named<weakref::WeakMethod<C, void (C::*)()>>("WeakMethod")));
  BOOST_TEST(is_named<weakref::WeakSet<C>>("WeakSet"));
  BOOST_TEST((is_named<weakref::WeakKeyDictionary<C, int>>("WeakKeyDictionary")));
  BOOST_TEST((is_named<weakref::WeakValueDictionary<int, C>>("WeakValueDictionary")));
  BOOST_TEST(is_named<weakref::ref<C>>("ref"));
  BOOST_TEST((is_named<weakref::KeyedRef<C, int>>("KeyedRef")));
  BOOST_TEST((is_named<weakref::finalize<C, void (*)()>>("finalize")));

  // Names that repeat parts of themselves, and names of the module in others.
  using Repeating = weakref::WeakSet<weakref::ReferenceType<weakref::file>>;
  BOOST_TEST(weakref::type_of<Repeating>()->name().starts_with(
      "weakref::WeakSet<weakref::ReferenceType<weakref::file>"));
  using Pair = std::pair<weakref::ref<C>, weakref::ref<C>>;
  // libc++ has it in an inline namespace.
  BOOST_TEST(weakref::type_of<Pair>()->name().find(
                 "pair<weakref::ref<(anonymous namespace)::C>, weakref::ref<(anonymous namespace)::C>") !=
             std::string::npos);
  BOOST_TEST(weakref::type_of<weakref::TypeError>()->name() == "weakref::TypeError");
}

BOOST_AUTO_TEST_SUITE_END()
