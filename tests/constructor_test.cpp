#include <array>
#include <csignal>
#include <cstdio>
#include <string>

#include <sys/wait.h>

#include <boost/test/unit_test.hpp>

// Each case runs one of the programs in constructors_that_throw.cpp, which must end itself.

namespace {

/// The first line that it prints.
std::string run(const std::string& name) {
  FILE* const program = popen(("exec " CONSTRUCTORS_THAT_THROW " " + name + " 2>&1").c_str(), "r");
  BOOST_REQUIRE(program != nullptr);
  std::array<char, 256> line{};
  BOOST_TEST(std::fgets(line.data(), line.size(), program) != nullptr);
  while (std::fgetc(program) != EOF) {
  }
  const int status = pclose(program);
  BOOST_TEST(WIFSIGNALED(status));
  BOOST_TEST(WTERMSIG(status) == SIGABRT);
  return line.data();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(constructor)

BOOST_AUTO_TEST_CASE(that_throws_after_it_gave_an_owner_away_ends_the_program) {
  BOOST_TEST(run("after_an_owner_was_given_away") ==
             "weakref: a constructor threw after it had given away an owner of its object\n");
}

BOOST_AUTO_TEST_SUITE_END()
