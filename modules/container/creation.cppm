module;

#include <atomic>

export module weakref:creation;

import :errors;
import :hooks;
import :object;
import :strong_ref;

// A value that a factory is about to make, and those who wait for it: see dictionary::get_or_create().

namespace weakref::detail {

/// `Result` is false until there is a value.
template <class Result>
class creation : public object {
 public:
  /// What came of it; none if it failed. Written before the end by the creator, read after it.
  Result result;

  /// Waits for the end; the result. Throws RuntimeError in the creator's own thread, which would wait
  /// forever.
  const Result& wait() {
    // Acquire: pairs with end(), so that the result is seen.
    if (!over_.load(std::memory_order_acquire) && creator_ == &this_thread) {
      throw RuntimeError("get_or_create(): the factory asks for the key that it is to create");
    }
    over_.wait(false, std::memory_order_acquire);
    return result;
  }

  void end() noexcept {
    // Release: the result was written before.
    over_.store(true, std::memory_order_release);
    over_.notify_all();
  }

 private:
  const thread_state* const creator_ = &this_thread;
  std::atomic<bool> over_ = false;
};

/// Ends a creation, and takes it out of the table of creations, on every way out.
template <class Table, class K, class Result>
class creation_end {
 public:
  creation_end(Table& creations, const K& key, creation<Result>& ending) noexcept
      : creations_(creations),
        key_(key),
        ending_(ending) {}
  creation_end(const creation_end&) = delete;
  creation_end& operator=(const creation_end&) = delete;
  ~creation_end() {
    // Out first: who asks from now on shall find the value, or make another. If comparing the keys fails, the
    // entry leaves with the creation.
    try {
      (void)creations_.erase(key_);
    } catch (...) {
      report_unraisable("Exception ignored while ending get_or_create()");
    }
    ending_.end();
  }

 private:
  Table& creations_;
  const K& key_;
  creation<Result>& ending_;
};

}  // namespace weakref::detail
