module;

#include <concepts>
#include <cstddef>
#include <functional>
#include <type_traits>

export module weakref:referent_key;

import :gate;
import :object;
import :ref;

// Refusals of unhashable classes are texts made at compile time, as in gate.cppm.
#pragma GCC diagnostic ignored "-Wc++26-extensions"

// How objects that are keys are hashed and compared.

namespace weakref {
namespace detail {

template <class T>
consteval refusal_text unhashable() {
  refusal_text text;
  text.append("unhashable type: '");
  text.append(type_name<T>());
  text.append("'");
  return text;
}

template <class Hash, class T>
concept hashes = std::default_initializable<Hash> && requires(const Hash& hash, const T& x) {
  { hash(x) } -> std::convertible_to<std::size_t>;
};

/// Of other hashes nothing is asked before they are used: they may be members of a class that is not
/// complete.
template <class K, class Hash>
inline constexpr bool has_hash_object = true;
template <class K>
inline constexpr bool has_hash_object<K, std::hash<K>> = std::default_initializable<std::hash<K>>;

template <class T, bool passes = hashable<T>>
struct refuse_unhashable {
#if defined(__clang__) && __clang_major__ < 20
  static_assert(passes, "unhashable type: the class has an == and no std::hash");
#else
  static_assert(passes, unhashable<T>());
#endif
};

template <class Equal, class K>
inline constexpr bool compares = std::invocable<const Equal&, const K&, const K&>;
template <class K>
inline constexpr bool compares<std::equal_to<K>, K> = equality_comparable<K, K>;

template <class T, bool passes>
struct refuse_unequal {
#if defined(__clang__) && __clang_major__ < 20
  static_assert(passes, "the class is no key: it has no ==");
#else
  static_assert(passes, refusal_of<T>("' is no key: it has no =="));
#endif
};

/// The hash function of keys that are values. Keys that cannot be looked up get their one line.
template <class Hash, class Equal, class K>
auto hash_for() {
  (void)refuse_unhashable<K, hashes<Hash, K>>();
  (void)refuse_unequal<K, compares<Equal, K>>();
  if constexpr (hashes<Hash, K>) return Hash();
}

}  // namespace detail

/// Hashes objects as references to them are hashed: by std::hash<T>, or by identity for a class that has
/// neither that nor ==. A class with == alone is unhashable, as in Python.
export template <class T>
struct referent_hash {
  std::size_t operator()(const T& x) const {
    using type = std::remove_cv_t<T>;
    (void)detail::refuse_unhashable<type>();
    if constexpr (detail::hashable<type>) {
      return detail::hash_of<type>(x);
    } else {
      return 0;
    }
  }
};

/// Compares objects as references to them are compared: by ==, or by identity for a class that has none.
export template <class T>
struct referent_equal {
  bool operator()(const T& a, const T& b) const {
    if constexpr (detail::equality_comparable<std::remove_cv_t<T>, std::remove_cv_t<T>>) {
      return static_cast<bool>(a == b);
    } else {
      return &a == &b;
    }
  }
};

namespace detail {

struct identity_hash {
  std::size_t operator()(const object& x) const noexcept { return std::hash<const void*>()(&x); }
};
struct identity_equal {
  bool operator()(const object& a, const object& b) const noexcept { return &a == &b; }
};

/// Identity: no code of T runs.
template <class T, class Equal>
inline constexpr bool compares_identity = std::same_as<Equal, identity_equal>;
template <class T>
inline constexpr bool compares_identity<T, referent_equal<T>> =
    !equality_comparable<std::remove_cv_t<T>, std::remove_cv_t<T>>;

template <class T, class Hash>
inline constexpr bool hashes_identity = std::same_as<Hash, identity_hash>;
template <class T>
inline constexpr bool hashes_identity<T, referent_hash<T>> =
    !has_hash<std::remove_cv_t<T>> && !equality_comparable<std::remove_cv_t<T>, std::remove_cv_t<T>>;

}  // namespace detail
}  // namespace weakref
