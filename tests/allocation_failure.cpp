#include "allocation_failure.hpp"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

import weakref;

namespace allocation_failure {
namespace {

using objects = std::vector<weakref::strong_ref<weakref::object>>;

/// More objects of a size than the library keeps cells for, so that the next one is allocated.
template <std::size_t bytes>
struct filler : weakref::object {
  std::array<std::byte, bytes> body{};
};

template <std::size_t... i>
void take_kept_cells(objects& taken, std::index_sequence<i...>) {
  for (int count = 0; count < 65; ++count) (taken.push_back(weakref::make<filler<16 * i + 8>>()), ...);
}

thread_local objects taken;

constinit thread_local std::size_t countdown = 0;  // 0: nothing fails
constinit thread_local bool failed = false;

#if WEAKREF_ALLOCATIONS_FAIL
void* allocate(std::size_t size, std::size_t alignment = 0) noexcept {
  if (countdown != 0 && --countdown == 0) {
    failed = true;
    return nullptr;
  }
  if (size == 0) size = 1;
  if (alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__) return std::malloc(size);
  return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment = 0) {
  void* const memory = allocate(size, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

std::size_t count(std::align_val_t alignment) { return static_cast<std::size_t>(alignment); }
#endif

}  // namespace

void arm(std::size_t number) noexcept {
  take_kept_cells(taken, std::make_index_sequence<18>());
  failed = false;
  countdown = number;
}

bool disarm() noexcept {
  countdown = 0;
  taken.clear();
  return failed;
}

}  // namespace allocation_failure

#if WEAKREF_ALLOCATIONS_FAIL
namespace failing = allocation_failure;

// All forms: a sanitizer brings its own for those that are not replaced, and would take the two for a
// mismatch.

void* operator new(std::size_t size) { return failing::allocate_or_throw(size); }
void* operator new[](std::size_t size) { return failing::allocate_or_throw(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return failing::allocate_or_throw(size, failing::count(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return failing::allocate_or_throw(size, failing::count(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return failing::allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return failing::allocate(size); }
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return failing::allocate(size, failing::count(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return failing::allocate(size, failing::count(alignment));
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept { std::free(memory); }
#endif
