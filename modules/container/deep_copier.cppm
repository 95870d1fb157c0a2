module;

#include <concepts>
#include <type_traits>
#include <typeinfo>
#include <unordered_map>

export module weakref:deep_copier;

import :errors;
import :make;
import :strong_ref;

// How deepcopy() of a dictionary copies what the entries own.

namespace weakref::detail {

/// What a deep copy has in common with the original.
struct sharing_copier {
  template <class X>
  const X& operator()(const X& shared) const noexcept {
    return shared;
  }
};

/// Copies values deeply, and of owners the objects; one and the same object once.
template <class V>
struct deep_copier {
  V operator()(const V& value) const { return value; }
};

template <class T>
class deep_copier<strong_ref<T>> {
 public:
  strong_ref<T> operator()(const strong_ref<T>& value) {
    if (value == None) return None;
    strong_ref<T>& copied = copies_[value];
    if (copied == None) copied = copy(*value);
    return copied;
  }

 private:
  static strong_ref<T> copy(const T& value) {
    if constexpr (requires {
                    { value.deepcopy() } -> std::convertible_to<strong_ref<T>>;
                  }) {
      return value.deepcopy();
    } else {
      // A copy of the base alone would be half an object.
      if (typeid(value) != typeid(T)) {
        throw TypeError("cannot deepcopy an object of a derived class that has no deepcopy()");
      }
      return make<std::remove_cv_t<T>>(value);
    }
  }

  std::unordered_map<strong_ref<T>, strong_ref<T>> copies_;
};

}  // namespace weakref::detail
