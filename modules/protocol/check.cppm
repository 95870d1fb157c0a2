module;

#include <concepts>

export module weakref.protocol:check;

// Invariants that the code itself asserts.

namespace weakref::protocol {

/// Ends the program with a line unless the condition holds. Without assertions (NDEBUG) nothing is asked; the
/// model checker takes a condition that does not hold for an error of the protocol.
export template <class Policy, std::predicate Condition>
inline void check(Condition holds, const char* otherwise) noexcept {
  if constexpr (Policy::checks) {
    [[maybe_unused]] const typename Policy::checking scope;
    if (!holds()) [[unlikely]]
      Policy::fail(otherwise);
  }
}

}  // namespace weakref::protocol
