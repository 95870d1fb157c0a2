module;

#include <stdexcept>

export module weakref:errors;

// Python's exceptions, each as the kind of standard exception that says the same.

namespace weakref {

/// A proxy was used after its referent died.
export struct ReferenceError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

export struct RuntimeError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A key is not in a container; what() is the key's repr.
export struct KeyError : std::out_of_range {
  using std::out_of_range::out_of_range;
};

/// An argument of the right C++ type has a value that Python would refuse by its type: None, an object that
/// make() did not make, a dead reference that was never hashed.
export struct TypeError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

}  // namespace weakref
