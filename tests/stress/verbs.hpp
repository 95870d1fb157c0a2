#pragma once

#include <vector>

#include "program.hpp"

// What programs are made of.

namespace stress {

[[nodiscard]] const std::vector<verb>& object_verbs();
[[nodiscard]] const std::vector<verb>& reference_verbs();
[[nodiscard]] const std::vector<verb>& query_verbs();
[[nodiscard]] const std::vector<verb>& finalizer_verbs();
[[nodiscard]] const std::vector<verb>& container_verbs();
[[nodiscard]] const std::vector<verb>& dictionary_verbs();
[[nodiscard]] const std::vector<verb>& set_verbs();

[[nodiscard]] std::vector<const verb*> all_verbs();

/// User code throws; from a place from which nothing may be thrown it does nothing.
extern const verb throwing;

/// A thread drops an owner.
extern const verb dropping;

}  // namespace stress
