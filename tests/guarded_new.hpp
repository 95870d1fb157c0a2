#ifndef WEAKREF_TESTS_GUARDED_NEW_HPP
#define WEAKREF_TESTS_GUARDED_NEW_HPP

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>

// An operator new of the program's own, for its one source file. It knows of each allocation how it was asked
// for, and guards both of its ends. ThreadSanitizer's cannot be replaced.

namespace guarded_new {

/// In front of the memory, as far as its alignment wants it, but next to it.
struct note {
  std::size_t size;
  std::size_t alignment;
  std::array<unsigned char, 16> guard;
};
inline constexpr unsigned char sign = 0xA5;

inline std::atomic<std::size_t> broken_count{0};
inline thread_local bool fails = false;

inline std::size_t broken() { return broken_count; }
inline void fail(bool wanted) { fails = wanted; }

inline std::size_t front(std::size_t alignment) { return std::max(alignment, sizeof(note)); }

inline void* allocate(std::size_t size, std::size_t alignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__) {
  if (fails) throw std::bad_alloc();
  const std::size_t whole = front(alignment) + size + sizeof(note::guard);
  auto* const start =
      static_cast<std::byte*>(std::aligned_alloc(alignment, (whole + alignment - 1) / alignment * alignment));
  if (start == nullptr) throw std::bad_alloc();
  std::byte* const memory = start + front(alignment);
  auto* const noted = reinterpret_cast<note*>(memory - sizeof(note));
  noted->size = size;
  noted->alignment = alignment;
  noted->guard.fill(sign);
  std::memset(memory + size, sign, sizeof(note::guard));
  return memory;
}

inline bool is_whole(const void* guard) {
  std::array<unsigned char, sizeof(note::guard)> expected;
  expected.fill(sign);
  return std::memcmp(guard, expected.data(), expected.size()) == 0;
}

inline constexpr std::size_t any = ~std::size_t{0};

inline void free(void* freed, std::size_t size = any,
                 std::size_t alignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__) {
  if (freed == nullptr) return;
  auto* const memory = static_cast<std::byte*>(freed);
  auto* const noted = reinterpret_cast<note*>(memory - sizeof(note));
  const bool right = noted->alignment == alignment && (size == any || noted->size == size) &&
                     is_whole(noted->guard.data()) && is_whole(memory + noted->size);
  if (!right) ++broken_count;
  std::free(memory - front(noted->alignment));
}

inline std::size_t count(std::align_val_t alignment) { return static_cast<std::size_t>(alignment); }

}  // namespace guarded_new

#if !defined(WEAKREF_OWN_OPERATOR_NEW)
#if defined(__SANITIZE_THREAD__)
#define WEAKREF_OWN_OPERATOR_NEW 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WEAKREF_OWN_OPERATOR_NEW 0
#endif
#endif
#endif
#if !defined(WEAKREF_OWN_OPERATOR_NEW)
#define WEAKREF_OWN_OPERATOR_NEW 1
#endif

#if WEAKREF_OWN_OPERATOR_NEW
void* operator new(std::size_t size) { return guarded_new::allocate(size); }
void* operator new[](std::size_t size) { return guarded_new::allocate(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return guarded_new::allocate(size, guarded_new::count(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return guarded_new::allocate(size, guarded_new::count(alignment));
}
void operator delete(void* freed) noexcept { guarded_new::free(freed); }
void operator delete[](void* freed) noexcept { guarded_new::free(freed); }
void operator delete(void* freed, std::size_t size) noexcept { guarded_new::free(freed, size); }
void operator delete[](void* freed, std::size_t size) noexcept { guarded_new::free(freed, size); }
void operator delete(void* freed, std::align_val_t alignment) noexcept {
  guarded_new::free(freed, guarded_new::any, guarded_new::count(alignment));
}
void operator delete[](void* freed, std::align_val_t alignment) noexcept {
  guarded_new::free(freed, guarded_new::any, guarded_new::count(alignment));
}
void operator delete(void* freed, std::size_t size, std::align_val_t alignment) noexcept {
  guarded_new::free(freed, size, guarded_new::count(alignment));
}
void operator delete[](void* freed, std::size_t size, std::align_val_t alignment) noexcept {
  guarded_new::free(freed, size, guarded_new::count(alignment));
}
#endif

#endif
