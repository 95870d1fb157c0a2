module;

#include <cstddef>
#include <string>
#include <type_traits>
#include <typeinfo>

export module weakref:type_object;

import :object;
import :strong_ref;

namespace weakref {

export class type_object;

namespace detail {

/// Made at the first question, and owned for good.
[[nodiscard]] strong_ref<type_object> type_object_of(const std::type_info& type);

}  // namespace detail

/// A type as an object; there is one for each, and it never dies: references to it stay alive, and their
/// callbacks never run, not at exit either. Given by type_of(). Source: "type" in the Python library
/// reference; PEP 683 (immortal objects).
export class type_object : public object {
 public:
  /// Python's __name__.
  [[nodiscard]] std::string name() const;
  [[nodiscard]] const std::type_info& type() const noexcept { return type_; }

  // For the library: others ask type_of().
  explicit type_object(const std::type_info& type) noexcept : type_(type) {}
  type_object(const type_object&) = delete;
  type_object& operator=(const type_object&) = delete;

 private:
  const std::type_info& type_;
};

/// The type. Average constant; throws std::bad_alloc the first time. Thread-safe.
export template <class T>
[[nodiscard]] strong_ref<type_object> type_of() {
  return detail::type_object_of(typeid(T));
}
/// The type that the object really has; of None, std::nullptr_t.
export template <class T>
[[nodiscard]] strong_ref<type_object> type_of(const strong_ref<T>& x) {
  return x == None ? type_of<std::nullptr_t>() : detail::type_object_of(typeid(*x));
}
/// The same of what is not an object of ours.
export template <class T>
  requires(!detail::is_strong_ref<T>)
[[nodiscard]] strong_ref<type_object> type_of(const T& x) {
  return detail::type_object_of(typeid(x));
}

}  // namespace weakref
