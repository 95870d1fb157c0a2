#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "program.hpp"

namespace stress {

struct taste {
  unsigned threads = 0;  // at most; 0: any number
  // Parts of the texts of operations:
  std::vector<std::string> only;      // that programs may have, if there are any
  std::vector<std::string> unwanted;  // that programs shall not have
};

/// The program of that seed.
[[nodiscard]] program generate(std::uint64_t seed, const taste& wanted);

}  // namespace stress
