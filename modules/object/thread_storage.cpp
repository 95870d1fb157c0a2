module;

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <iterator>
#include <mutex>
#include <new>

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

#if defined(WEAKREF_SANITIZED)
// Sanitizers are to see each object freed.
constexpr unsigned kept_of_a_size = 0;
#else
constexpr unsigned kept_of_a_size = 64;
#endif

/// From the first small object that a thread makes to the thread's end: keeps cells, and has the count of the
/// thread among all.
class keeping {
 public:
  keeping() noexcept;
  keeping(const keeping&) = delete;
  keeping& operator=(const keeping&) = delete;
  ~keeping();

  [[nodiscard]] bool is_of_this_thread() const noexcept { return &storage_ == &this_thread_storage; }
  // Relaxed: a figure for people.
  [[nodiscard]] std::ptrdiff_t pinned() const noexcept {
    return storage_.pinned.load(std::memory_order_relaxed);
  }

 private:
  friend class register_of_threads;

  thread_storage& storage_ = this_thread_storage;
  keeping* previous_ = nullptr;
  keeping* next_ = nullptr;
};

/// The threads that keep something, and the count of all others.
class register_of_threads {
 public:
  std::mutex mutex;

  void insert(keeping& begun) noexcept {
    begun.previous_ = nullptr;
    begun.next_ = first_;
    if (first_ != nullptr) first_->previous_ = &begun;
    first_ = &begun;
  }

  void erase(keeping& ended) noexcept {
    if (ended.next_ != nullptr) ended.next_->previous_ = ended.previous_;
    (ended.previous_ != nullptr ? ended.previous_->next_ : first_) = ended.next_;
    count_pinned(ended.pinned());
  }

  /// For those who have the mutex, or no thread of the register.
  void count_pinned(std::ptrdiff_t bytes) noexcept {
    // Relaxed: a figure for people.
    pinned_elsewhere_.fetch_add(bytes, std::memory_order_relaxed);
  }

  [[nodiscard]] std::ptrdiff_t pinned() const noexcept {
    std::ptrdiff_t sum = pinned_elsewhere_.load(std::memory_order_relaxed);
    for (const keeping* thread = first_; thread != nullptr; thread = thread->next_) sum += thread->pinned();
    return sum;
  }

  /// In a forked process there is only the thread that forked: what the others pinned stays counted, and
  /// their cells are lost, since they may have been about to take or give one. Their entries lie where new
  /// threads are going to have their storage.
  void forget_other_threads() noexcept {
    keeping* mine = nullptr;
    for (keeping* thread = first_; thread != nullptr; thread = thread->next_) {
      if (thread->is_of_this_thread()) {
        mine = thread;
      } else {
        count_pinned(thread->pinned());
      }
    }
    first_ = nullptr;
    if (mine != nullptr) insert(*mine);
  }

 private:
  keeping* first_ = nullptr;
  std::atomic<std::ptrdiff_t> pinned_elsewhere_{0};
};

constinit never_destroyed<register_of_threads> all;

keeping::keeping() noexcept {
  for (free_cells& kept : storage_.of_size) kept.room = kept_of_a_size;
  storage_.keeps = true;
  const std::lock_guard lock(all.value.mutex);
  all.value.insert(*this);
}

keeping::~keeping() {
  storage_.keeps = false;
  {
    const std::lock_guard lock(all.value.mutex);
    all.value.erase(*this);
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

void count_pinned_for_all(std::ptrdiff_t bytes) noexcept { all.value.count_pinned(bytes); }

void forking::lock_threads() noexcept { all.value.mutex.lock(); }

void forking::unlock_threads(process here) noexcept {
  if (here == process::child) all.value.forget_other_threads();
  all.value.mutex.unlock();
}

}  // namespace detail

std::size_t pinned_bytes() noexcept {
  auto& threads = detail::all.value;
  const std::lock_guard lock(threads.mutex);
  // While other threads go on, one may have been asked before it pinned what another has freed since.
  return static_cast<std::size_t>(std::max(threads.pinned(), std::ptrdiff_t{0}));
}

}  // namespace weakref
