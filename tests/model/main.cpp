#include <cstdio>

#define BOOST_TEST_NO_MAIN
#define BOOST_TEST_ALTERNATIVE_INIT_API
#include <boost/test/included/unit_test.hpp>

#include "program.hpp"

// Every program is a test: right in all its executions.

namespace {

void check(const model::program& tested) {
  auto o = tested.explored; if (getenv("LATE")) o.late_loads = unsigned(atoi(getenv("LATE")));
  const model::verdict found = model::explore(tested.run, o);
  std::printf("%-72s %8zu executions (%zu redundant)\n", tested.name, found.executions, found.redundant);
  std::fflush(stdout);
  BOOST_TEST(found.error.empty(), found.error << ", by this schedule:\n" << found.schedule);
}

bool add_programs() {
  auto* const suite = BOOST_TEST_SUITE("the protocol");
  for (const model::program& p : model::programs()) {
    suite->add(boost::unit_test::make_test_case([&p] { check(p); }, p.name, __FILE__, __LINE__));
  }
  boost::unit_test::framework::master_test_suite().add(suite);
  return true;
}

}  // namespace

int main(int count, char** arguments) { return boost::unit_test::unit_test_main(add_programs, count, arguments); }
