#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

import oracle;
import weakref;

// Reads programs from the standard input, each ended by a line "===", and writes their traces likewise.

namespace {

/// After the finalizers of the exit, which are registered later.
void finish_at_exit() {
  if (!oracle::machine().is_exiting()) return;
  oracle::machine().finish();
  oracle::machine().flush();
}

/// In a process of its own.
void run_to_the_exit(const oracle::Program& program) {
  const pid_t child = fork();
  if (child == 0) {
    oracle::machine().run(program);
    oracle::machine().emit("exit");
    std::exit(0);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0) oracle::machine().emit("crashed");
}

void run(const std::string& text) {
  const oracle::Program program = oracle::parse(text);
  if (program.exits) {
    run_to_the_exit(program);
  } else {
    oracle::machine().run(program);
  }
  oracle::machine().emit("===");
  oracle::machine().flush();
}

}  // namespace

int main() {
  // Counting is atomic once a process has had a second thread.
  if (std::getenv("WEAKREF_SECOND_THREAD") != nullptr) std::thread([] {}).join();
  std::atexit(finish_at_exit);
  weakref::set_unraisablehook(
      [](const weakref::unraisable& report) { oracle::machine().report("unraisable", report.exception); });
  weakref::set_excepthook(
      [](const weakref::unraisable& report) { oracle::machine().report("at exit", report.exception); });
  // All of them first: a process that exits in between would move the place where this one reads.
  std::vector<std::string> texts(1);
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "===") {
      texts.emplace_back();
    } else {
      texts.back() += line + '\n';
    }
  }
  texts.pop_back();
  for (const std::string& text : texts) run(text);
}
