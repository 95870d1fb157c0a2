module;

#include <atomic>
#include <cstddef>
#include <iterator>
#include <mutex>
#include <new>

#include <boost/intrusive/list.hpp>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define WEAKREF_SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WEAKREF_SANITIZED 1
#endif

module weakref;

namespace weakref {
namespace detail {

constinit thread_local thread_storage this_thread_storage;

namespace {

namespace intrusive = boost::intrusive;

#if defined(WEAKREF_SANITIZED)
// Sanitizers are to see each object freed.
constexpr unsigned kept_of_a_size = 0;
#else
constexpr unsigned kept_of_a_size = 64;
#endif

/// From the first object that a thread makes to the thread's end: keeps cells, and has the count of the
/// thread among all.
class keeping : public intrusive::list_base_hook<intrusive::link_mode<intrusive::normal_link>> {
 public:
  keeping() noexcept;
  keeping(const keeping&) = delete;
  keeping& operator=(const keeping&) = delete;
  ~keeping();

  [[nodiscard]] std::ptrdiff_t pinned() const noexcept {
    return storage_.pinned.load(std::memory_order_relaxed);
  }

 private:
  thread_storage& storage_ = this_thread_storage;
};

/// The threads that keep something, and the count of all others.
struct keepers {
  std::mutex mutex;
  intrusive::list<keeping, intrusive::constant_time_size<false>> list;
  std::atomic<std::ptrdiff_t> pinned_elsewhere{0};
};

keepers& all() noexcept {
  // Never destroyed: threads may end, and objects die, after static objects did.
  alignas(keepers) static std::byte place[sizeof(keepers)];
  static auto* const made = ::new (place) keepers;
  return *made;
}

keeping::keeping() noexcept {
  for (free_cells& kept : storage_.of_size) kept.room = kept_of_a_size;
  storage_.keeps = true;
  const std::lock_guard lock(all().mutex);
  all().list.push_back(*this);
}

keeping::~keeping() {
  storage_.keeps = false;
  {
    const std::lock_guard lock(all().mutex);
    all().list.erase(all().list.iterator_to(*this));
    count_pinned_for_all(storage_.pinned.exchange(0, std::memory_order_relaxed));
  }
  for (std::size_t i = 0; i < std::size(storage_.of_size); ++i) {
    free_cells& kept = storage_.of_size[i];
    kept.room = 0;
    while (kept.first != nullptr) {
      free_cell* const last = kept.first;
      kept.first = last->next;
      ::operator delete(last, i * 16 + 8);
    }
  }
}

}  // namespace

void* new_cell(std::size_t size) {
  [[maybe_unused]] static thread_local keeping attached;
  return ::operator new(size);
}

void count_pinned_for_all(std::ptrdiff_t bytes) noexcept {
  // Relaxed: a figure for people.
  all().pinned_elsewhere.fetch_add(bytes, std::memory_order_relaxed);
}

}  // namespace detail

std::size_t pinned_bytes() noexcept {
  detail::keepers& threads = detail::all();
  const std::lock_guard lock(threads.mutex);
  std::ptrdiff_t sum = threads.pinned_elsewhere.load(std::memory_order_relaxed);
  for (const detail::keeping& thread : threads.list) sum += thread.pinned();
  return static_cast<std::size_t>(sum);
}

}  // namespace weakref
