module;

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>

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
#else
#define ASAN_POISON_MEMORY_REGION(address, size) (static_cast<void>(address), static_cast<void>(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) (static_cast<void>(address), static_cast<void>(size))
#endif

module weakref;

// Where objects lie, and what remains of them.
//
//   [ padding | block : 16 ][ body ]      the body is 16-aligned, or as its class wants
//
// All of it is one allocation of the ordinary operator new, whatever its size. References to a dead object
// keep this allocation, as with std::make_shared; but the memory of the whole pages inside it, around what is
// still needed, goes back to the system. Their addresses stay allocated, so that no mapping is split: of
// mappings, a process has no more than some 65,000.

namespace weakref {
namespace {

/// What a dead body says of itself to the thread that frees it: size and the binary logarithm of the
/// alignment, in one word.
class remains {
 public:
  remains(std::size_t size, std::size_t alignment) noexcept
      : word_(size << 8 | static_cast<std::size_t>(std::countr_zero(alignment))) {}
  [[nodiscard]] std::size_t size() const noexcept { return word_ >> 8; }
  [[nodiscard]] std::size_t alignment() const noexcept { return std::size_t{1} << (word_ & 0xFF); }

 private:
  std::size_t word_;
};
static_assert(sizeof(object) >= sizeof(remains));

/// The same, of a body in which there may be whole pages.
struct remains_with_pages {
  remains dead;
  std::size_t kept;  // bytes of the allocation that did not go back
};

/// Is there no whole page in the allocation, beside block and remains? Pages have 4 KiB at least.
constexpr bool is_within_pages(std::size_t size, std::size_t alignment) noexcept {
  return size <= 4096 && alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__;
}
// Whatever is larger, or of a larger alignment, of which its size is a multiple, has room for the second
// word.
static_assert(2 * __STDCPP_DEFAULT_NEW_ALIGNMENT__ >= sizeof(remains_with_pages));

std::size_t front_of(std::size_t alignment) noexcept { return std::max(sizeof(detail::block), alignment); }

/// The whole pages among these bytes.
std::span<std::byte> pages_in(std::span<std::byte> bytes) noexcept {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<std::uintptr_t>(bytes.data());
  const std::uintptr_t first = (begin + page - 1) / page * page;
  const std::uintptr_t last = (begin + bytes.size()) / page * page;
  if (first >= last) return {};
  return bytes.subspan(first - begin, last - first);
}

/// Gives the memory of the whole pages among these bytes, which nobody reads any more, back to the system.
/// How many bytes went: none where the system refuses, as it does for locked memory and for the reserved huge
/// pages. Of a transparent huge page it splits the pages off when it needs memory.
std::size_t give_back_pages(std::span<std::byte> bytes) noexcept {
  const std::span<std::byte> pages = pages_in(bytes);
  if (pages.empty()) return 0;
  const int error = errno;  // which a death does not touch
  const bool done = ::madvise(pages.data(), pages.size(), MADV_DONTNEED) == 0;
  errno = error;
  return done ? pages.size() : 0;
}

}  // namespace

void* detail::allocate(std::size_t size, std::size_t alignment) {
  const std::size_t front = front_of(alignment);
  void* start = nullptr;
  if (alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__) {
    start = fits_cell(front + size) ? take_cell(front + size) : ::operator new(front + size);
  } else {
    start = ::operator new(front + size, std::align_val_t{alignment});
  }
  return static_cast<std::byte*>(start) + front;
}

void detail::deallocate(void* body, std::size_t size, std::size_t alignment) noexcept {
  if (is_plain(size, alignment)) return free_plain(block_before(body), size);
  const std::size_t front = front_of(alignment);
  ::operator delete(static_cast<std::byte*>(body) - front, front + size, std::align_val_t{alignment});
}

namespace detail {
namespace {

void free_storage(block& front, void* body, std::size_t size, std::size_t alignment) noexcept {
  delete front.last_hash();
  deallocate(body, size, alignment);
}

/// Apart, so that what is done with a small body is short.
[[gnu::noinline]] void leave_pages(void* body, std::size_t size, std::size_t alignment) noexcept {
  auto* const begin = static_cast<std::byte*>(body);
  const std::size_t front = front_of(alignment);
  constexpr std::size_t left = sizeof(remains_with_pages);
  const std::size_t given = give_back_pages({begin + left, size - left}) +
                            give_back_pages({begin - front, front - sizeof(block)});  // the padding
  const std::size_t kept = front + size - given;
  count_pinned(static_cast<std::ptrdiff_t>(kept));
  ASAN_POISON_MEMORY_REGION(begin + left, size - left);
  ::new (body) remains_with_pages{{size, alignment}, kept};
}

[[gnu::noinline]] void free_pages(block& front, void* body) noexcept {
  const remains_with_pages left = *std::launder(static_cast<remains_with_pages*>(body));
  count_pinned(-static_cast<std::ptrdiff_t>(left.kept));
  ASAN_UNPOISON_MEMORY_REGION(body, left.dead.size());
  free_storage(front, body, left.dead.size(), left.dead.alignment());
}

/// Where references are left, which another look at the counts would only cost time to find out again.
void leave_remains(void* body, std::size_t size, std::size_t alignment) noexcept {
  if (is_within_pages(size, alignment)) [[likely]] {
    count_pinned(static_cast<std::ptrdiff_t>(sizeof(block) + size));
    ASAN_POISON_MEMORY_REGION(static_cast<std::byte*>(body) + sizeof(remains), size - sizeof(remains));
    ::new (body) remains(size, alignment);
  } else {
    leave_pages(body, size, alignment);
  }
  drop_reference(block_before(body));
}

}  // namespace

void release_body(void* body, std::size_t size, std::size_t alignment) noexcept {
  block& front = block_before(body);
  if (front.is_last_reference()) return free_storage(front, body, size, alignment);
  leave_remains(body, size, alignment);
}

}  // namespace detail

void detail::free_remains(block& front) noexcept {
  void* const body = reinterpret_cast<std::byte*>(&front) + sizeof(block);
  const remains left = *std::launder(static_cast<remains*>(body));
  if (!is_within_pages(left.size(), left.alignment())) [[unlikely]]
    return free_pages(front, body);
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
    leave_remains(body, size, alignment);
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
