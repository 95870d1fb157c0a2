#pragma once

#include <vector>

#include "scheduler.hpp"

namespace model {

/// A small program of a few threads, and how it is explored.
struct program {
  const char* name;
  void (*run)();
  options explored;
};

/// All that are linked in.
[[nodiscard]] inline std::vector<program>& programs() {
  static std::vector<program> all;
  return all;
}

struct registration {
  explicit registration(const program& p) { programs().push_back(p); }
};

}  // namespace model

/// Defines a program; its name is a sentence that the exploration proves. Options may follow.
#define MODEL_PROGRAM(name, ...)                                                                    \
  static void name();                                                                               \
  static const model::registration name##_registration({#name, name, model::options{__VA_ARGS__}}); \
  static void name()
