module;

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

export module weakref:generator;

import :errors;
import :object;
import :strong_ref;

namespace weakref {

/// What a function gives that yields:
///
///     weakref::generator<int> count(int n) { for (int i = 0; i < n; ++i) co_yield i; }
///     auto numbers = weakref::make<weakref::generator<int>>(count(3));
///     for (int i : *numbers) …
///
/// Owns the frame of the coroutine, with everything in it, which goes when the generator dies. It runs from
/// one value to the next when it is asked for one; what it throws goes to who asked, and it is over then.
/// Include <coroutine> before importing the module. A range to be walked once.
///
/// ---- Thread safety: that of any object that is changed. Source: "Generator-iterator methods" in the Python
/// language reference.
export template <class T>
class generator : public object {
 public:
  class promise_type {
   public:
    generator get_return_object() { return generator(handle::from_promise(*this)); }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_always final_suspend() const noexcept { return {}; }
    template <class U>
      requires std::constructible_from<T, U>
    std::suspend_always yield_value(U&& value) {
      value_.emplace(std::forward<U>(value));
      return {};
    }
    void return_void() const noexcept {}
    void unhandled_exception() noexcept { error_ = std::current_exception(); }
    void await_transform() = delete;

   private:
    friend class generator;
    std::optional<T> value_;
    std::exception_ptr error_;
  };

  /// Takes the frame over.
  generator(generator&& other) noexcept : object(), frame_(std::exchange(other.frame_, nullptr)) {}
  generator& operator=(generator&&) = delete;
  ~generator() override {
    if (frame_ != nullptr) frame_.destroy();
  }

  /// The next value; nothing when it is over. Python's next(). Throws what the coroutine throws.
  std::optional<T> next() {
    const strong_ref<generator> held = owner();
    if (!advance()) return std::nullopt;
    return std::move(frame_.promise().value_);
  }

  /// Destroys the frame: it is over. Throws RuntimeError when the coroutine itself asks for it.
  void close() {
    if (running_) throw RuntimeError("generator already executing");
    if (const handle frame = std::exchange(frame_, nullptr)) frame.destroy();
  }

  class iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    explicit iterator(generator& owner) : owner_(&owner) {}
    T& operator*() const noexcept { return *owner_->frame_.promise().value_; }
    T* operator->() const noexcept { return std::addressof(**this); }
    iterator& operator++() {
      owner_->advance();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const noexcept { return owner_->frame_ == nullptr; }

   private:
    generator* owner_;
  };

  /// Goes to the next value.
  iterator begin() {
    advance();
    return iterator(*this);
  }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  using handle = std::coroutine_handle<promise_type>;
  explicit generator(handle frame) noexcept : frame_(frame) {}

  /// The coroutine may drop the last other owner while it runs.
  strong_ref<generator> owner() {
    return detail::object_access::is_made(*this) ? strong_ref<generator>(this) : None;
  }

  /// True if there is a next value.
  bool advance() {
    if (frame_ == nullptr) return false;
    if (running_) throw RuntimeError("generator already executing");
    const strong_ref<generator> held = owner();
    frame_.promise().value_.reset();
    running_ = true;
    frame_.resume();
    running_ = false;
    if (!frame_.done()) return true;
    const std::exception_ptr error = std::move(frame_.promise().error_);
    close();
    if (error != nullptr) std::rethrow_exception(error);
    return false;
  }

  handle frame_;
  bool running_ = false;
};

}  // namespace weakref
