#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "program.hpp"

namespace stress {

struct taste {
  unsigned threads = 0;               // at most; 0: any number
  std::vector<std::string> unwanted;  // parts of the texts of operations that programs shall not have
};

/// The program of that seed.
[[nodiscard]] program generate(std::uint64_t seed, const taste& wanted);

}  // namespace stress
