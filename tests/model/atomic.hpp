#pragma once

#include <atomic>
#include <cstring>
#include <type_traits>

#include "scheduler.hpp"

// The types that the protocol is instantiated with.

namespace model {

/// std::atomic under the scheduler: every operation is a point where another thread may come first.
template <class T>
class atomic {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(scheduler::word));
  using order = std::memory_order;

 public:
  atomic() noexcept : atomic(T()) {}
  atomic(T value) noexcept  // NOLINT(google-explicit-constructor)
      : location_(the_scheduler().add_atomic(this, pack(value))) {}
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  [[nodiscard]] T load(order o) const noexcept { return unpack(the_scheduler().load(location_, o)); }
  void store(T value, order o) noexcept { the_scheduler().store(location_, pack(value), o); }

  T exchange(T value, order o) noexcept {
    return modify([value](T) { return value; }, o);
  }
  T fetch_add(T operand, order o) noexcept {
    return modify([operand](T old) { return old + operand; }, o);
  }
  T fetch_sub(T operand, order o) noexcept {
    return modify([operand](T old) { return old - operand; }, o);
  }
  T fetch_or(T operand, order o) noexcept {
    return modify([operand](T old) { return old | operand; }, o);
  }
  T fetch_and(T operand, order o) noexcept {
    return modify([operand](T old) { return old & operand; }, o);
  }

  bool compare_exchange_strong(T& expected, T desired, order success, order failure) noexcept {
    scheduler::word seen = pack(expected);
    const bool done = the_scheduler().compare_exchange(location_, seen, pack(desired), success, failure);
    expected = unpack(seen);
    return done;
  }
  bool compare_exchange_weak(T& expected, T desired, order success, order failure) noexcept {
    return compare_exchange_strong(expected, desired, success, failure);
  }

 private:
  template <class F>
  T modify(F function, order o) noexcept {
    return unpack(the_scheduler().modify(
        location_, [&](scheduler::word old) { return pack(function(unpack(old))); }, o));
  }

  static scheduler::word pack(T value) noexcept {
    scheduler::word packed = 0;
    std::memcpy(&packed, &value, sizeof(T));
    return packed;
  }
  static T unpack(scheduler::word packed) noexcept {
    T value;
    std::memcpy(&value, &packed, sizeof(T));
    return value;
  }

  unsigned location_;
};

/// A plain variable; accesses that no happens-before orders are an error.
template <class T>
class variable {
 public:
  variable() noexcept : variable(T()) {}
  variable(T value) noexcept  // NOLINT(google-explicit-constructor)
      : value_(value),
        location_(the_scheduler().add_variable(this)) {}
  variable(const variable& other) noexcept : variable(static_cast<T>(other)) {}
  variable& operator=(const variable& other) noexcept { return *this = static_cast<T>(other); }

  variable& operator=(T value) noexcept {
    the_scheduler().write(location_);
    value_ = value;
    return *this;
  }
  operator T() const noexcept {  // NOLINT(google-explicit-constructor)
    the_scheduler().read(location_);
    return value_;
  }
  T operator->() const noexcept
    requires std::is_pointer_v<T>
  {
    return *this;
  }

 private:
  T value_;
  unsigned location_;
};

/// The policy of the checker.
struct model_counting {
  template <class U>
  using atomic = model::atomic<U>;
  template <class U>
  using variable = model::variable<U>;
  static bool alone() noexcept { return the_scheduler().alone(); }
  static void pause(unsigned) noexcept { the_scheduler().pause(); }

  static constexpr unsigned patience = 0;
  template <class U>
  static void wait(const atomic<U>& changing, U value) noexcept {
    // What is loaded before and after pause() tells the scheduler what has to change.
    if (changing.load(std::memory_order_relaxed) != value) return;
    the_scheduler().pause();
    (void)changing.load(std::memory_order_relaxed);
  }
  template <class U>
  static void wake_one(atomic<U>&) noexcept {}

  static constexpr bool checks = true;
  using checking = aside;
  [[noreturn]] static void fail(const char* line) noexcept { the_scheduler().fail(line); }
};

}  // namespace model
