module;

#include <condition_variable>
#include <mutex>
#include <thread>

export module weakref:creation;

import :errors;
import :object;
import :strong_ref;

// A value that a factory is about to make, and those who wait for it: see
// WeakValueDictionary::get_or_create().

namespace weakref::detail {

template <class V>
class creation : public object {
 public:
  /// What came of it; None if it failed. Written before the end by the creator, read after it.
  strong_ref<V> result;

  /// Waits for the end; the result. Throws RuntimeError in the creator's own thread, which would wait
  /// forever.
  strong_ref<V> wait() {
    if (creator_ == std::this_thread::get_id()) {
      throw RuntimeError("get_or_create(): the factory asks for the key that it is to create");
    }
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return over_; });
    return result;
  }

  void end() noexcept {
    const std::lock_guard lock(mutex_);
    over_ = true;
    ended_.notify_all();
  }

 private:
  const std::thread::id creator_ = std::this_thread::get_id();
  std::mutex mutex_;
  std::condition_variable ended_;
  bool over_ = false;
};

/// Ends a creation on every way out.
template <class V>
class creation_end {
 public:
  explicit creation_end(creation<V>& ending) noexcept : ending_(ending) {}
  creation_end(const creation_end&) = delete;
  creation_end& operator=(const creation_end&) = delete;
  ~creation_end() { ending_.end(); }

 private:
  creation<V>& ending_;
};

}  // namespace weakref::detail
