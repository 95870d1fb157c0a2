#include "children.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <system_error>
#include <thread>

// What ends a child: the first report.
extern "C" {
const char* __tsan_default_options();
const char* __tsan_default_options() { return "halt_on_error=1"; }
}

namespace stress {
namespace {

using clock = std::chrono::steady_clock;

void check(bool worked, const char* what) {
  if (!worked) throw std::system_error(errno, std::generic_category(), what);
}

/// A count that a process shares with its children.
class shared_count {
 public:
  shared_count()
      : place_(mmap(nullptr, sizeof(value_type), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    check(place_ != MAP_FAILED, "mmap");
    value = ::new (place_) value_type(0);
  }
  shared_count(const shared_count&) = delete;
  shared_count& operator=(const shared_count&) = delete;
  ~shared_count() { munmap(place_, sizeof(value_type)); }

  using value_type = std::atomic<std::uint64_t>;
  value_type* value = nullptr;

 private:
  void* place_;
};

std::string all_of(std::FILE* file) {
  std::string text;
  std::rewind(file);
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  return text;
}

/// Waits for the child's end; its status, or -1 where it had to be ended.
int status_of(pid_t child, const shared_count& done, std::chrono::seconds patience) {
  std::uint64_t seen = 0;
  auto since = clock::now();
  for (;;) {
    int status = 0;
    const pid_t ended = waitpid(child, &status, WNOHANG);
    check(ended >= 0, "waitpid");
    if (ended == child) return status;
    if (const std::uint64_t now = *done.value; now != seen) {
      seen = now;
      since = clock::now();
    } else if (clock::now() - since > patience) {
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
      return -1;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

}  // namespace

outcome in_child(const std::function<void(std::atomic<std::uint64_t>&)>& work,
                 std::chrono::seconds patience) {
  const shared_count done;
  std::FILE* const errors = std::tmpfile();
  check(errors != nullptr, "tmpfile");
  std::fflush(nullptr);
  const pid_t child = fork();
  check(child >= 0, "fork");
  if (child == 0) {
    dup2(fileno(errors), STDERR_FILENO);
    work(*done.value);
    std::exit(0);  // which looks for leaks
  }
  const int status = status_of(child, done, patience);
  outcome result{status != 0, *done.value, all_of(errors)};
  std::fclose(errors);
  if (status == -1) {
    result.said += "It hangs.\n";
  } else if (WIFSIGNALED(status)) {
    result.said += "It ended with signal " + std::to_string(WTERMSIG(status)) + ".\n";
  } else if (status != 0) {
    result.said += "It ended with status " + std::to_string(WEXITSTATUS(status)) + ".\n";
  }
  return result;
}

}  // namespace stress
