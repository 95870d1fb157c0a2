#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

// Logical time. What happens before what is told by vector clocks: one number for each thread.

namespace model {

/// Thread 0 builds what the others share, waits for them and looks at the outcome.
inline constexpr unsigned max_threads = 4;

using moment = std::uint32_t;  // of one thread; 0: never

class vector_clock {
 public:
  [[nodiscard]] moment operator[](unsigned thread) const noexcept { return moments_[thread]; }
  [[nodiscard]] moment& operator[](unsigned thread) noexcept { return moments_[thread]; }

  void join(const vector_clock& other) noexcept {
    for (unsigned t = 0; t < max_threads; ++t) moments_[t] = std::max(moments_[t], other[t]);
  }

  /// Did everything that this clock has seen happen before the owner of the other one now?
  [[nodiscard]] bool is_before(const vector_clock& other) const noexcept {
    for (unsigned t = 0; t < max_threads; ++t) {
      if (moments_[t] > other[t]) return false;
    }
    return true;
  }

 private:
  std::array<moment, max_threads> moments_{};
};

}  // namespace model
