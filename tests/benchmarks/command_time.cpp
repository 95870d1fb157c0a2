#include "command_time.hpp"

#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "figures.hpp"

namespace benchmarks {
namespace {

double milliseconds(const timeval& time) {
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-3 * static_cast<double>(time.tv_usec);
}

}  // namespace

double command_time(char** command, int repetitions) {
  std::vector<double> times;
  for (int i = 0; i < repetitions; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::execvp(command[0], command);
      ::_exit(127);
    }
    int status = 0;
    rusage used{};
    if (child < 0 || ::wait4(child, &status, 0, &used) != child || status != 0) return -1;
    times.push_back(milliseconds(used.ru_utime) + milliseconds(used.ru_stime));
  }
  return median(times);
}

}  // namespace benchmarks
