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
  // All of weakref.__all__ that are classes,
  BOOST_TEST(is_named<weakref::ReferenceType<C>>("ReferenceType"),
             weakref::type_of<weakref::ReferenceType<C>>()->name());
  BOOST_TEST(is_named<weakref::ProxyType<C>>("ProxyType"));
  BOOST_TEST(is_named<weakref::CallableProxyType<C>>("CallableProxyType"));
  BOOST_TEST((is_named<weakref::WeakMethod<C, void (C::*)()>>("WeakMethod")));
  BOOST_TEST(is_named<weakref::WeakSet<C>>("WeakSet"));
  BOOST_TEST((is_named<weakref::WeakKeyDictionary<C, int>>("WeakKeyDictionary")));
  BOOST_TEST((is_named<weakref::WeakValueDictionary<int, C>>("WeakValueDictionary")));
  BOOST_TEST((is_named<weakref::KeyedRef<C, int>>("KeyedRef")));
  BOOST_TEST((is_named<weakref::finalize<C, void (*)()>>("finalize")));
  BOOST_TEST(is_named<weakref::ref<C>>("ref"));
}

BOOST_AUTO_TEST_SUITE_END()
