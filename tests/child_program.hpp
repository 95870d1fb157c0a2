#ifndef WEAKREF_TESTS_CHILD_PROGRAM_HPP
#define WEAKREF_TESTS_CHILD_PROGRAM_HPP

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>

/// What a program of child_programs.cmake prints, on both streams. It must end with that exit status.
inline std::vector<std::string> run_program(const std::string& command, int exit_status = 0) {
  FILE* const program = popen((command + " 2>&1").c_str(), "r");
  BOOST_REQUIRE(program != nullptr);
  std::vector<std::string> lines;
  std::array<char, 256> line{};
  while (std::fgets(line.data(), line.size(), program) != nullptr) {
    lines.emplace_back(line.data());
    if (lines.back().ends_with('\n')) lines.back().pop_back();
  }
  const int status = pclose(program);
  BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == exit_status));
  return lines;
}

#endif
