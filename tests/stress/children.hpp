#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

// Programs run in child processes, since a fault may end the process that has it.

namespace stress {

struct outcome {
  bool failed = false;
  std::uint64_t done = 0;  // programs that were run before
  std::string said;        // on standard error, and how it ended
};

/// Runs the function in a child, which counts what it has done. One that counts nothing for so long hangs,
/// and is ended.
[[nodiscard]] outcome in_child(const std::function<void(std::atomic<std::uint64_t>& done)>& work,
                               std::chrono::seconds patience);

}  // namespace stress
