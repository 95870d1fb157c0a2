#pragma once

#include <cstdint>
#include <string>

#include "program.hpp"

namespace stress {

struct shrunk {
  program smallest;
  numbers kept;               // its operations, as the whole program numbers them
  std::uint64_t repeats = 0;  // after which it fails, mostly; 0: it did not fail again
  std::string said;
};

/// A program that fails, made smaller for as long as it still does, within a minute or two. Interleavings
/// differ from run to run, so each candidate is run many times.
[[nodiscard]] shrunk shrink(const program& failing);

}  // namespace stress
