module;

#include <atomic>
#include <cstddef>
#include <new>

export module weakref:thread_storage;

// What a thread keeps of storage for itself: cells of small objects that it freed, for its next ones; and the
// count of bytes that weak references keep of the objects that died in it. malloc does the former for seven
// chunks of a size, which the nodes of one object with sixteen callbacks exceed, and takes a lock for the
// eighth; a count that all threads shared would be the dearest part of a death.
//
// All storage comes from the ordinary operator new, one allocation an object, so that it does not matter
// which thread frees it. A thread begins to keep something when it makes an object: not in a death, which
// must not allocate, as that does.

namespace weakref {
namespace detail {

inline constexpr std::size_t largest_cell = 264;

/// The bytes that malloc gives for as many: the class of sizes to which an allocation belongs.
constexpr std::size_t cell_size(std::size_t bytes) noexcept { return ((bytes + 23) & ~std::size_t{15}) - 8; }
constexpr bool fits_cell(std::size_t bytes) noexcept { return cell_size(bytes) <= largest_cell; }

struct free_cell {
  free_cell* next;
};

/// What is kept of one size.
struct free_cells {
  free_cell* first = nullptr;
  unsigned room = 0;  // for more; none before the thread has made an object, and at its end
};

struct thread_storage {
  free_cells of_size[largest_cell / 16 + 1];
  std::atomic<std::ptrdiff_t> pinned{
      0};              // written by its thread only; below zero if it frees what others pinned
  bool keeps = false;  // has the thread begun, and not ended?
};

extern constinit thread_local thread_storage this_thread_storage;

[[nodiscard]] void* new_cell(std::size_t size);
void count_pinned_for_all(std::ptrdiff_t bytes) noexcept;

/// Throws std::bad_alloc.
[[nodiscard]] inline void* take_cell(std::size_t bytes) {
  const std::size_t size = cell_size(bytes);
  free_cells& kept = this_thread_storage.of_size[size / 16];
  free_cell* const cell = kept.first;
  if (cell == nullptr) [[unlikely]]
    return new_cell(size);
  kept.first = cell->next;
  ++kept.room;
  return cell;
}

inline void give_cell(void* storage, std::size_t bytes) noexcept {
  const std::size_t size = cell_size(bytes);
  free_cells& kept = this_thread_storage.of_size[size / 16];
  if (kept.room == 0) [[unlikely]]
    return ::operator delete(storage, size);
  --kept.room;
  kept.first = ::new (storage) free_cell{kept.first};
}

inline void count_pinned(std::ptrdiff_t bytes) noexcept {
  thread_storage& mine = this_thread_storage;
  if (!mine.keeps) [[unlikely]]
    return count_pinned_for_all(bytes);
  // Relaxed: a figure for people.
  mine.pinned.store(mine.pinned.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
}

}  // namespace detail

/// Bytes that weak references keep of dead objects: all that make() allocated for them, less the whole pages
/// inside that have gone back to the system. Linear in the number of threads; exact when no other thread
/// makes or drops references, never below zero. For debugging.
export [[nodiscard]] std::size_t pinned_bytes() noexcept;

}  // namespace weakref
