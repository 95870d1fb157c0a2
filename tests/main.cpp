// The test runner, compiled once: every other test file only declares its tests.
#define BOOST_TEST_MODULE weakref
#include <boost/test/included/unit_test.hpp>
