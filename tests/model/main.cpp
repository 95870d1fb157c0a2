#include <cstdio>
#include <string_view>

#define BOOST_TEST_NO_MAIN
#define BOOST_TEST_ALTERNATIVE_INIT_API
#include <boost/test/included/unit_test.hpp>

#include "program.hpp"

// The runner. Every program is a test: it must be right in all its executions. With the arguments
// `-- mistaken` there is one test: a mistake was made in the protocol, and some program must be wrong.

namespace {

model::verdict explore(const model::program& tested, model::options how) {
  model::verdict found = model::explore(tested.run, how);
  std::printf("%-74s %8zu executions (%zu redundant)\n", tested.name, found.executions, found.redundant);
  std::fflush(stdout);
  return found;
}

void is_right(const model::program& tested) {
  const model::verdict found = explore(tested, tested.explored);
  BOOST_CHECK_MESSAGE(found.error.empty(), found.error << ", by this schedule:\n" << found.schedule);
}

bool is_caught_in(std::size_t executions) {
  for (const model::program& tested : model::programs()) {
    model::options how = tested.explored;
    how.at_most = executions;
    const model::verdict found = explore(tested, how);
    if (found.error.empty()) continue;
    std::printf("caught: %s, by this schedule:\n%s", found.error.c_str(), found.schedule.c_str());
    return true;
  }
  return false;
}

// Most are caught soon, but not by the first programs.
void seeded_mistake_is_caught() {
  BOOST_CHECK(is_caught_in(1'000) || is_caught_in(100'000) || is_caught_in(model::options{}.at_most));
}

bool add_tests() {
  using namespace boost::unit_test;
  auto& all = framework::master_test_suite();
  if (std::string_view(all.argv[all.argc - 1]) == "mistaken") {
    all.add(BOOST_TEST_CASE(seeded_mistake_is_caught));
    return true;
  }
  auto* const suite = BOOST_TEST_SUITE("the_protocol_is_right");
  for (const model::program& each : model::programs()) {
    suite->add(make_test_case([&each] { is_right(each); }, each.name, __FILE__, __LINE__));
  }
  all.add(suite);
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  return boost::unit_test::unit_test_main(add_tests, count, arguments);
}
