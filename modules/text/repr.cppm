module;

#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <version>

#if defined(__cpp_lib_format)
#include <format>
#endif

export module weakref:repr;

import :object;
import :ref;
import :strong_ref;

// Objects and references as Python prints them.

namespace weakref {

namespace detail {

[[nodiscard]] std::string type_name(const std::type_info& type);
[[nodiscard]] std::string address(std::uintptr_t where);

/// " (name)" for a class whose objects have a name(); whatever goes wrong with it, a repr does not fail.
template <class T>
std::string name_suffix(const T& named) noexcept {
  if constexpr (requires {
                  { named.name() } -> std::convertible_to<std::string>;
                }) {
    try {
      return " (" + std::string(named.name()) + ")";
    } catch (...) {
    }
  }
  return {};
}

/// "<weakref at 0x..; to 'C' at 0x..>", or "; dead>".
template <class T>
std::string weak_repr(std::string_view kind, std::uintptr_t where, const strong_ref<T>& referent) {
  std::string text = "<" + std::string(kind) + " at " + address(where) + "; ";
  if (referent == None) return text + "dead>";
  return text + "to '" + type_name(typeid(*referent)) + "' at " + address(id(referent)) +
         name_suffix(*referent) + ">";
}

}  // namespace detail

/// "<C object at 0x..>", or "None".
export template <class T>
[[nodiscard]] std::string repr(const strong_ref<T>& x) {
  if (x == None) return "None";
  return "<" + detail::type_name(typeid(*x)) + " object at " + detail::address(id(x)) + ">";
}

/// "<weakref at 0x..; to 'C' at 0x..>", with the object's name() in parentheses if its class has one; or
/// "<weakref at 0x..; dead>". Source: weakref_repr in CPython's Objects/weakrefobject.c.
export template <class T>
[[nodiscard]] std::string repr(const ref<T>& x) {
  if (x == None) return "None";
  return detail::weak_repr("weakref", id(x), x());
}

/// Text in quotes; numbers.
export [[nodiscard]] std::string repr(std::string_view text);
export [[nodiscard]] std::string repr(double number);
export template <std::integral T>
[[nodiscard]] std::string repr(const T& number) {
  if constexpr (std::same_as<T, bool>) {
    return number ? "True" : "False";
  } else {
    return std::to_string(number);
  }
}

namespace detail {

template <class T>
concept has_repr = requires(const T& x) {
  { repr(x) } -> std::same_as<std::string>;
};

/// The repr of anything, for messages.
template <class T>
std::string repr_of(const T& x) {
  if constexpr (has_repr<T>) {
    return repr(x);
  } else {
    return "<" + type_name(typeid(T)) + " object>";
  }
}

/// What is printed as its repr.
template <class T>
inline constexpr bool prints_repr = is_strong_ref<T>;
template <class T>
inline constexpr bool prints_repr<ref<T>> = true;

}  // namespace detail

/// Writes the repr.
export template <class T>
  requires detail::prints_repr<T>
std::ostream& operator<<(std::ostream& out, const T& x) {
  return out << repr(x);
}

}  // namespace weakref

#if defined(__cpp_lib_format)
template <class T>
  requires weakref::detail::prints_repr<T>
struct std::formatter<T> : std::formatter<std::string> {
  template <class Context>
  auto format(const T& x, Context& context) const {
    // Unqualified, so that the repr of classes that are declared later is found.
    using weakref::repr;
    return std::formatter<std::string>::format(repr(x), context);
  }
};
#endif
