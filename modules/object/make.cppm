module;

#include <concepts>
#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

export module weakref:make;

import :boxed;
import :errors;
import :gate;
import :object;
import :strong_ref;
import :thread_storage;
import weakref.protocol;

// GCC 15 and libc++ look for placement new where make() is instantiated.
export using ::operator new;

namespace weakref {
namespace detail {

/// Tells the base constructor, for as long as it lives, that the object at `body` is being made.
class making {
 public:
  inline explicit making(const void* body) noexcept : outer_(std::exchange(this_thread.making, body)) {}
  making(const making&) = delete;
  making& operator=(const making&) = delete;
  inline ~making() { this_thread.making = outer_; }

 private:
  const void* outer_;
};

/// The block is found from the object at a constant distance, so the object must be where the body begins.
/// Which it is, by the ABI's rule for polymorphic bases, unless another base with virtual functions comes
/// first.
template <class T>
void check_that_object_comes_first(void* body) {
  if (static_cast<void*>(static_cast<object*>(static_cast<T*>(body))) != body) {
    throw TypeError("cannot create object: weakref::object must be the first of its polymorphic bases");
  }
}

/// allocate(), with what is known of T at hand.
template <class T>
void* storage_for() {
  if constexpr (is_plain(sizeof(T), alignof(T)) && fits_cell(sizeof(block) + sizeof(T))) {
    return static_cast<std::byte*>(take_cell(sizeof(block) + sizeof(T))) + sizeof(block);
  } else if constexpr (is_plain(sizeof(T), alignof(T))) {
    return static_cast<std::byte*>(::operator new(sizeof(block) + sizeof(T))) + sizeof(block);
  } else {
    return allocate(sizeof(T), alignof(T));
  }
}

template <class T, class... A>
strong_ref<T> make_object(A&&... arguments) {
  void* const body = storage_for<T>();
  ::new (&block_before(body)) block(finalizer_of::exists<T>, std::is_base_of_v<weak_reference, T>);
  try {
    check_that_object_comes_first<T>(body);
    const making scope(body);
    return {adopt_share(), ::new (body) T(std::forward<A>(arguments)...)};
  } catch (...) {
    abandon(body, sizeof(T), alignof(T));
    throw;
  }
}

}  // namespace detail

/// Makes an object, which the result owns: strong_ref<T>, or strong_ref<boxed<T>> for a class that is not
/// itself an object. Inside the constructor, ref(*this) and strong_ref(this) already work.
///
/// Throws std::bad_alloc, what the constructor throws, and TypeError for a class that has another polymorphic
/// base in front of `object`. Strong guarantee: references that a throwing constructor made of its object are
/// dead, and their callbacks have run; owners that it gave away end the program.
export template <class T, class... A>
auto make(A&&... arguments) {
  constexpr bool makable = weakly_referenceable<T> || detail::object_class<T>;
  static_assert(detail::admits<T, makable>);
  if constexpr (std::is_const_v<T>) {
    auto made = make<std::remove_const_t<T>>(std::forward<A>(arguments)...);
    return strong_ref<const typename decltype(made)::element_type>(std::move(made));
  } else if constexpr (std::derived_from<T, object>) {
    return detail::make_object<T>(std::forward<A>(arguments)...);
  } else if constexpr (weakly_referenceable<T>) {
    return detail::make_object<boxed<T>>(std::forward<A>(arguments)...);
  }
}

}  // namespace weakref
