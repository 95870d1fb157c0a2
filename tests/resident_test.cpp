#include <cstdlib>
#include <string>

#include <boost/test/unit_test.hpp>

#include "child_program.hpp"

// What the process has of memory after large objects, beside one that made them by std::make_shared: each
// case runs resident.cpp both ways. Not with sanitizers, which keep what is freed.

namespace {

constexpr long mib = 1024;

struct Kib {
  long weakref;
  long std;
};

long run(const std::string& family, const std::string& scenario) {
  const auto lines = run_program(RESIDENT " " + family + " " + scenario);
  BOOST_REQUIRE(lines.size() == 1U);
  return std::strtol(lines.front().c_str(), nullptr, 10);
}

Kib run(const std::string& scenario) { return {run("weakref", scenario), run("std", scenario)}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(resident)

BOOST_AUTO_TEST_CASE(large_objects_leave_no_more_than_those_of_make_shared) {
  const Kib left = run("every_second 60000");
  BOOST_TEST(left.weakref <= left.std + 10 * mib);
}

BOOST_AUTO_TEST_CASE(large_objects_that_were_outlived_leave_no_more) {
  const Kib left = run("outlived 140000");
  BOOST_TEST(left.weakref <= left.std + 10 * mib);
}

BOOST_AUTO_TEST_CASE(the_pages_inside_an_outlived_object_go_back) {
  const Kib left = run("outlived_for_good 2000");
  BOOST_TEST(left.std >= 2000 * 60);
  BOOST_TEST(left.weakref <= 2000 * 12);
}

BOOST_AUTO_TEST_CASE(as_many_may_live_among_outlived_ones_as_memory_has_room_for) {
  const Kib left = run("thumbnails 70000");
  BOOST_TEST(left.weakref <= left.std + 10 * mib);
}

BOOST_AUTO_TEST_SUITE_END()
