#pragma once

#include <array>
#include <string_view>

namespace benchmarks {

/// What an operation may cost at most, as a multiple of a peer in the same run.
struct target {
  std::string_view row;
  std::string_view text;
  std::string_view peer;  // the first word, at least, of the contender's name
  double without_threads;
  double with_threads;
};

extern const std::array<target, 13> targets;

}  // namespace benchmarks
