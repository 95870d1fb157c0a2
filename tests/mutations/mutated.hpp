#pragma once

#include <cstdlib>
#include <string_view>

/// Was this break chosen? By WEAKREF_MUTATION in the environment, once for the process.
inline bool mutated(std::string_view name) noexcept {
  static const std::string_view chosen = [] {
    const char* const wanted = std::getenv("WEAKREF_MUTATION");
    return wanted != nullptr ? std::string_view(wanted) : std::string_view();
  }();
  return name == chosen;
}
