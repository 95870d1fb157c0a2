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

using sized_delete = void (*)(void*, std::size_t) noexcept;
using aligned_delete = void (*)(void*, std::size_t, std::align_val_t) noexcept;

/// Tells the base constructor, for as long as it lives, that the object at `body` is being made.
class making {
 public:
  inline explicit making(const void* body) noexcept : outer_(std::exchange(this_thread.making, body)) {}
  making(const making&) = delete;
  making& operator=(const making&) = delete;
  inline ~making() { this_thread.making = outer_; }

  /// Has the base constructor been told?
  [[nodiscard]] inline bool is_over() const noexcept { return this_thread.making == nullptr; }

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

/// The base constructor was that of another copy of the library.
[[noreturn]] void refuse_other_copy() noexcept;

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

/// Frees T as `object` does, whose operators alone know of the block in front.
template <class T>
concept freed_as_object = requires {
  requires static_cast<sized_delete>(&T::operator delete) ==
               static_cast<sized_delete>(&object::operator delete);
  requires static_cast<aligned_delete>(&T::operator delete) ==
               static_cast<aligned_delete>(&object::operator delete);
};

/// Has the class operators of its own for storage?
template <class T>
inline constexpr bool allocates_itself =
    requires(std::size_t size) { T::operator new(size); } || !freed_as_object<T>;
// The X in a box is a part of another object, whatever operators it has for itself.
template <class X>
inline constexpr bool allocates_itself<boxed<X>> = false;

/// An object that knows of no ring yet: see make().
template <class T, class... A>
strong_ref<T> make_object(A&&... arguments) {
  static_assert(!allocates_itself<T>,
                "make() allocates its objects itself: the class must not have an operator new or operator "
                "delete of its own");
  void* const body = storage_for<T>();
  ::new (&block_before(body)) block(object_access::has_del<T>, std::is_base_of_v<weak_reference, T>);
  try {
    check_that_object_comes_first<T>(body);
    if (unmade::exist()) [[unlikely]]
      unmade::erase(static_cast<object*>(body));
    const making scope(body);
    strong_ref<T> made(adopt_share(), ::new (body) T(std::forward<A>(arguments)...));
    if (!scope.is_over()) [[unlikely]]
      refuse_other_copy();
    return made;
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
/// dead, and their callbacks have run; owners that it gave away end the program. A class of weak references
/// is told of its referent's death from the end of its constructor on; if the referent has died by then, at
/// once.
export template <class T, class... A>
auto make(A&&... arguments) {
  constexpr bool makable = weakly_referenceable<T> || detail::object_class<T>;
  static_assert(detail::admits<T, makable>);
  if constexpr (std::is_const_v<T>) {
    auto made = make<std::remove_const_t<T>>(std::forward<A>(arguments)...);
    return strong_ref<const typename decltype(made)::element_type>(std::move(made));
  } else if constexpr (std::derived_from<T, object>) {
    auto made = detail::make_object<T>(std::forward<A>(arguments)...);
    if constexpr (std::is_base_of_v<detail::weak_reference, T>) detail::begin_to_watch(*made);
    return made;
  } else if constexpr (weakly_referenceable<T>) {
    return detail::make_object<boxed<T>>(std::forward<A>(arguments)...);
  }
}

}  // namespace weakref
