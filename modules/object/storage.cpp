module;

#include <algorithm>
#include <bit>
#include <cstddef>
#include <new>

#include <sys/mman.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WEAKREF_ADDRESS_SANITIZER 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define WEAKREF_ADDRESS_SANITIZER 1
#endif
#if defined(WEAKREF_ADDRESS_SANITIZER)
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) (static_cast<void>(address), static_cast<void>(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) (static_cast<void>(address), static_cast<void>(size))
#endif

module weakref;

// Where objects lie, and what remains of them.
//
//   [ padding | block : 16 ][ body ]      the body is 16-aligned, or as its class wants
//
// A body above 4 KiB has a mapping of its own: when the object dies and references remain, all but the first
// page goes back to the system. Of a smaller one the references keep the whole allocation, as
// std::make_shared does.

namespace weakref {
namespace {

constexpr std::size_t smallest_body = sizeof(std::size_t);

/// What a dead body says of itself to whoever frees it: size and the binary logarithm of the alignment, in
/// one word.
class remains {
 public:
  remains(std::size_t size, std::size_t alignment) noexcept
      : word_(size << 8 | static_cast<std::size_t>(std::countr_zero(alignment))) {}
  [[nodiscard]] std::size_t size() const noexcept { return word_ >> 8; }
  [[nodiscard]] std::size_t alignment() const noexcept { return std::size_t{1} << (word_ & 0xFF); }

 private:
  std::size_t word_;
};

std::size_t front_of(std::size_t alignment) noexcept { return std::max(sizeof(detail::block), alignment); }

std::size_t page() noexcept {
  static const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return size;
}

bool has_own_mapping(std::size_t size, std::size_t alignment) noexcept {
  return size > 4096 && alignment <= page();
}

std::size_t round_to_pages(std::size_t bytes) noexcept { return (bytes + page() - 1) / page() * page(); }

// A leak checker looks for pointers into what malloc gave, and into a mapping if it is told of it.
void show_to_leak_checker([[maybe_unused]] const void* mapping, [[maybe_unused]] std::size_t size) noexcept {
#if defined(WEAKREF_ADDRESS_SANITIZER)
  __lsan_register_root_region(mapping, size);
#endif
}
void hide_from_leak_checker([[maybe_unused]] const void* mapping,
                            [[maybe_unused]] std::size_t size) noexcept {
#if defined(WEAKREF_ADDRESS_SANITIZER)
  __lsan_unregister_root_region(mapping, size);
#endif
}

/// Bytes that remain allocated for the references of a dead object.
std::size_t kept(std::size_t size, std::size_t alignment) noexcept {
  return has_own_mapping(size, alignment) ? round_to_pages(front_of(alignment) + sizeof(remains))
                                          : front_of(alignment) + size;
}

}  // namespace

void* detail::allocate(std::size_t size, std::size_t alignment) {
  size = std::max(size, smallest_body);
  const std::size_t front = front_of(alignment);
  void* start = nullptr;
  if (has_own_mapping(size, alignment)) {
    start = ::mmap(nullptr, front + size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) throw std::bad_alloc();
    show_to_leak_checker(start, front + size);
  } else if (alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__) {
    start = fits_cell(front + size) ? take_cell(front + size) : ::operator new(front + size);
  } else {
    start = ::operator new(front + size, std::align_val_t{alignment});
  }
  return static_cast<std::byte*>(start) + front;
}

void detail::deallocate(void* body, std::size_t size, std::size_t alignment) noexcept {
  size = std::max(size, smallest_body);
  if (is_plain(size, alignment)) return free_plain(block_before(body), size);
  const std::size_t front = front_of(alignment);
  void* const start = static_cast<std::byte*>(body) - front;
  if (has_own_mapping(size, alignment)) {
    hide_from_leak_checker(start, front + size);
    ::munmap(start, front + size);
  } else {
    ::operator delete(start, front + size, std::align_val_t{alignment});
  }
}

namespace detail {
namespace {

void free_storage(block& front, void* body, std::size_t size, std::size_t alignment) noexcept {
  delete front.last_hash();
  deallocate(body, size, alignment);
}

/// Apart, so that what is done with a plain body is short.
[[gnu::noinline]] void shrink_to_remains(void* body, std::size_t size, std::size_t alignment) noexcept {
  count_pinned(static_cast<std::ptrdiff_t>(kept(size, alignment)));
  if (has_own_mapping(size, alignment)) {
    std::byte* const start = static_cast<std::byte*>(body) - front_of(alignment);
    const std::size_t whole = round_to_pages(front_of(alignment) + size);
    const std::size_t first = kept(size, alignment);
    hide_from_leak_checker(start, front_of(alignment) + size);
    show_to_leak_checker(start, first);
    if (first < whole) ::munmap(start + first, whole - first);
  } else {
    ASAN_POISON_MEMORY_REGION(static_cast<std::byte*>(body) + sizeof(remains), size - sizeof(remains));
  }
}

[[gnu::noinline]] void free_shrunk(block& front, void* body, std::size_t size,
                                   std::size_t alignment) noexcept {
  count_pinned(-static_cast<std::ptrdiff_t>(kept(size, alignment)));
  if (has_own_mapping(size, alignment)) {
    // The rest is unmapped already, and the mapping of the first pages ends there.
    std::byte* const start = static_cast<std::byte*>(body) - front_of(alignment);
    delete front.last_hash();
    hide_from_leak_checker(start, kept(size, alignment));
    ::munmap(start, kept(size, alignment));
  } else {
    ASAN_UNPOISON_MEMORY_REGION(body, size);
    free_storage(front, body, size, alignment);
  }
}

/// Where references are left, which another look at the counts would only cost time to find out again.
void leave_remains(void* body, std::size_t size, std::size_t alignment) noexcept {
  if (is_plain(size, alignment)) [[likely]] {
    count_pinned(static_cast<std::ptrdiff_t>(sizeof(block) + size));
    ASAN_POISON_MEMORY_REGION(static_cast<std::byte*>(body) + sizeof(remains), size - sizeof(remains));
  } else {
    shrink_to_remains(body, size, alignment);
  }
  ::new (body) remains(size, alignment);
  drop_reference(block_before(body));
}

}  // namespace

void release_body(void* body, std::size_t size, std::size_t alignment) noexcept {
  block& front = block_before(body);
  if (front.is_last_reference()) return free_storage(front, body, size, alignment);
  leave_remains(body, std::max(size, smallest_body), alignment);
}

}  // namespace detail

void detail::free_remains(block& front) noexcept {
  void* const body = reinterpret_cast<std::byte*>(&front) + sizeof(block);
  const remains left = *std::launder(static_cast<remains*>(body));
  if (!is_plain(left.size(), left.alignment())) [[unlikely]]
    return free_shrunk(front, body, left.size(), left.alignment());
  count_pinned(-static_cast<std::ptrdiff_t>(sizeof(block) + left.size()));
  ASAN_UNPOISON_MEMORY_REGION(body, left.size());
  delete front.last_hash();
  free_plain(front, left.size());
}

void detail::end_of_base(const object& ended) noexcept {
  if (!this_thread.dying.is_outlived(&ended)) unmade::erase(&ended);
}

void detail::free_otherwise(void* body, std::size_t size, std::size_t alignment) noexcept {
  if (this_thread.dying.is_outlived(body)) {
    leave_remains(body, std::max(size, smallest_body), alignment);
  } else if (alignment > __STDCPP_DEFAULT_NEW_ALIGNMENT__) {
    ::operator delete(body, size, std::align_val_t{alignment});
  } else {
    ::operator delete(body, size);
  }
}

void object::operator delete(void* self, std::size_t size, std::align_val_t alignment) noexcept {
  const auto bytes = static_cast<std::size_t>(alignment);
  if (!detail::this_thread.dying.is_of(self)) return detail::free_otherwise(self, size, bytes);
  detail::release_body(self, size, bytes);
}

}  // namespace weakref
