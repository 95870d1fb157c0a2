#include <boost/test/unit_test.hpp>

import weakref;

BOOST_AUTO_TEST_SUITE(version)

BOOST_AUTO_TEST_CASE(the_module_can_be_imported) { BOOST_TEST(weakref::placeholder_until_merge() == 42); }

BOOST_AUTO_TEST_SUITE_END()
