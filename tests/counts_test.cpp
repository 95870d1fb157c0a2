#include <array>
#include <csignal>
#include <cstdio>
#include <string>

#include <sys/wait.h>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

// Counts never wrap: the program ends with one line before that.

namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(counts)

BOOST_DATA_TEST_CASE(past_half_their_range_end_the_program,
                     data::make({"owners_by_copies", "owners_by_calls", "references"}) *
                         data::make({"", " threads"}),
                     name, threads) {
  FILE* const program =
      popen(("exec " COUNTS_THAT_OVERFLOW " " + std::string(name) + threads + " 2>&1").c_str(), "r");
  BOOST_REQUIRE(program != nullptr);
  std::string printed;
  std::array<char, 256> line{};
  for (int lines = 0; lines < 2 && std::fgets(line.data(), line.size(), program) != nullptr; ++lines) {
    printed += line.data();
  }
  while (std::fgetc(program) != EOF) {
  }
  const int status = pclose(program);
  BOOST_TEST(printed == "not yet\nweakref: an object has too many owners or references\n");
  BOOST_TEST(WIFSIGNALED(status));
  BOOST_TEST(WTERMSIG(status) == SIGABRT);
}

BOOST_AUTO_TEST_SUITE_END()
