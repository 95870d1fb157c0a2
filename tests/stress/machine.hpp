#pragma once

#include <atomic>
#include <barrier>
#include <thread>
#include <vector>

#include "program.hpp"

namespace stress {

struct world;

/// Threads that run one program after another.
class machine {
 public:
  machine();
  machine(const machine&) = delete;
  machine& operator=(const machine&) = delete;
  ~machine();

  /// Runs a program and checks what must hold then; ends the process where it does not.
  void run(const program& next);

 private:
  void work(unsigned thread);

  world* world_ = nullptr;  // null: the end
  std::barrier<> begin_, end_;
  std::atomic<unsigned> arrived_{0};
  std::vector<std::thread> threads_;
};

}  // namespace stress
