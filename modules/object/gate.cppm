module;

#include <algorithm>
#include <array>
#include <complex>
#include <concepts>
#include <cstddef>
#include <exception>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

export module weakref:gate;

import :object;

// A refusal names the type that it refuses.
#pragma GCC diagnostic ignored "-Wc++26-extensions"

// The gate: what can be weakly referenced, and the one line that says what cannot.

namespace weakref {

namespace detail {

template <class T>
inline constexpr bool is_str = false;
template <class C, class R, class A>
inline constexpr bool is_str<std::basic_string<C, R, A>> = true;
template <class C, class R>
inline constexpr bool is_str<std::basic_string_view<C, R>> = true;

template <class T>
inline constexpr bool is_list_or_dict = false;
template <class T, class A>
inline constexpr bool is_list_or_dict<std::vector<T, A>> = true;
template <class K, class V, class C, class A>
inline constexpr bool is_list_or_dict<std::map<K, V, C, A>> = true;
template <class K, class V, class C, class A>
inline constexpr bool is_list_or_dict<std::multimap<K, V, C, A>> = true;
template <class K, class V, class H, class E, class A>
inline constexpr bool is_list_or_dict<std::unordered_map<K, V, H, E, A>> = true;
template <class K, class V, class H, class E, class A>
inline constexpr bool is_list_or_dict<std::unordered_multimap<K, V, H, E, A>> = true;

template <class T>
inline constexpr bool is_complex = false;
template <class T>
inline constexpr bool is_complex<std::complex<T>> = true;

/// ref, proxies and finalize: handles, which are not objects themselves. Specialised where they are defined.
template <class T>
inline constexpr bool is_handle = false;

template <class... T>
std::true_type tuple_base(const std::tuple<T...>*);
template <class T, class U>
std::true_type tuple_base(const std::pair<T, U>*);
std::false_type tuple_base(const void*);

template <class T>
concept tuple_kind = decltype(tuple_base(static_cast<const T*>(nullptr)))::value;

/// What to do about it.
template <class T>
inline constexpr std::string_view way_out = "give an owner, as make() returns it";

/// Public, unambiguous and not virtual: then, and only then, there is a way back down.
template <class T>
concept object_class =
    std::is_class_v<T> && std::derived_from<T, object> && requires(object* base) { static_cast<T*>(base); };

/// Refused whatever the class turns out to be: asks nothing of an incomplete type.
template <class T>
concept refused_outright =
    !std::is_class_v<T> || is_str<T> || is_list_or_dict<T> || is_complex<T> || is_handle<T>;

/// The name of a type as the compiler prints it, at compile time.
template <class T>
consteval std::string_view type_name() {
  std::string_view signature = __PRETTY_FUNCTION__;
  signature.remove_prefix(signature.find("T = ") + 4);
  // "T = X]" or, with GCC, "T = X; std::string_view = …]".
  return signature.substr(0, std::min(signature.find(';'), signature.size() - 1));
}

/// The text of a refusal, for static_assert.
struct refusal_text {
  std::array<char, 512> characters{};
  std::size_t length = 0;

  constexpr const char* data() const { return characters.data(); }
  constexpr std::size_t size() const { return length; }

  constexpr void append(std::string_view text) {
    for (const char c : text) {
      if (length < characters.size()) characters[length++] = c;
    }
  }
};

/// What is said of a type, which it begins with.
template <class T>
consteval refusal_text refusal_of(std::string_view reason) {
  refusal_text text;
  text.append("'");
  text.append(type_name<T>());
  text.append(reason);
  return text;
}

template <class T, bool complete = false>
struct refuse_incomplete {
#if defined(__clang__) && __clang_major__ < 20
  static_assert(complete, "the class is incomplete: define the class before its objects are used");
#else
  static_assert(complete, refusal_of<T>("' is incomplete: define the class before its objects are used"));
#endif
};

template <class T, bool derived>
consteval refusal_text stranger() {
  refusal_text text = refusal_of<T>("' is not derived from weakref::object");
  if constexpr (derived || !std::is_class_v<T>) {
    return text;  // compilers ask for it in any case, of incomplete classes too
  } else if constexpr (std::is_base_of_v<object, T>) {
    text.append(" publicly, once and not virtually");
  } else {
    text.append(": write boxed<");
    text.append(type_name<T>());
    text.append(">, which make() makes of it");
  }
  return text;
}

template <class T, bool derived>
struct refuse_stranger {
#if defined(__clang__) && __clang_major__ < 20
  static_assert(derived,
                "the class is not derived from weakref::object: write boxed<T>, which make<T>() makes");
#else
  static_assert(derived, stranger<T, derived>());
#endif
};

/// True, if it compiles: what is owned or referred to is a whole class derived from `object`. Asked where the
/// class must be known: is it `complete`, and is it `derived`?
template <class T, bool complete, bool derived>
inline constexpr bool is_object =
    (refuse_incomplete<T, complete>(), refuse_stranger<T, derived || !complete>(), true);

template <class T>
consteval bool passes_gate() {
  if constexpr (refused_outright<T>) {
    return false;
  } else if constexpr (!requires { sizeof(T); }) {
    // Not to be told before it is known: the answer would be kept.
    (void)refuse_incomplete<T>();
    return false;
  } else if constexpr (tuple_kind<T>) {
    return false;
  } else if constexpr (std::is_base_of_v<object, T>) {
    return object_class<T>;
  } else {
    return !std::is_base_of_v<std::exception, T>;
  }
}

}  // namespace detail

/// To be specialised as false by a class whose objects are not to be weakly referenced, as Python's classes
/// do by
/// __slots__ without __weakref__. Classes derived from it are asked anew.
export template <class T>
inline constexpr bool enable_weakref = true;

/// Can objects of T be weakly referenced? True for classes derived from `object` (publicly, unambiguously,
/// not virtually) and, through boxed<T>, for every other class but those that stand for Python's str, tuple,
/// list, dict, complex and exceptions. A class derived from list, dict or str kinds is accepted, one from a
/// tuple kind never. Source: the Python documentation of weakref ("Not all objects can be weakly
/// referenced").
export template <class T>
inline constexpr bool is_weakly_referenceable_v =
    detail::passes_gate<std::remove_cv_t<T>>() && enable_weakref<std::remove_cv_t<T>>;

export template <class T>
struct is_weakly_referenceable : std::bool_constant<is_weakly_referenceable_v<T>> {};

export template <class T>
concept weakly_referenceable = is_weakly_referenceable_v<T>;

namespace detail {

template <class T>
inline constexpr bool is_no_object_class = false;
template <class T>
  requires std::is_class_v<T>
inline constexpr bool is_no_object_class<T> = std::is_base_of_v<object, T> && !object_class<T>;

template <class T, bool passes>
consteval refusal_text refusal() {
  refusal_text text;
  text.append("cannot create weak reference to '");
  text.append(type_name<T>());
  text.append("' object");
  using pointee = std::remove_pointer_t<T>;
  if constexpr (passes) {
    return text;  // as above
  } else if constexpr (is_no_object_class<T>) {
    text.append(": weakref::object must be a public, unambiguous and non-virtual base");
  } else if constexpr (std::is_class_v<pointee> && (std::is_pointer_v<T> || weakly_referenceable<T>)) {
    text.append(": ");
    text.append(way_out<T>);
  }
  return text;
}

template <class T, bool passes>
struct refuse_unless {
#if defined(__clang__) && __clang_major__ < 20
  static_assert(passes, "cannot create weak reference to an object of this class");
#else
  static_assert(passes, refusal<T, passes>());
#endif
};

/// True, if it compiles: a class that does not pass is refused in one line, which names it.
template <class T, bool passes = weakly_referenceable<T>>
inline constexpr bool admits = (refuse_unless<T, passes>(), true);

/// Stands for a T in the type of a reference that is refused.
template <class T>
struct refused {};
template <class T>
inline constexpr bool admits<refused<T>, true> = admits<T, false>;

}  // namespace detail
}  // namespace weakref
