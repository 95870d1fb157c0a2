#ifndef WEAKREF_TESTS_ALLOCATION_FAILURE_HPP
#define WEAKREF_TESTS_ALLOCATION_FAILURE_HPP

#include <cstddef>
#include <new>

#include <boost/test/unit_test.hpp>

// Lets the allocations of a thread fail, one after another. Linking allocation_failure.cpp replaces the
// global operator new; nothing fails but inside for_each_allocation_failing().

#if defined(__SANITIZE_THREAD__)
#define WEAKREF_ALLOCATIONS_FAIL 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WEAKREF_ALLOCATIONS_FAIL 0
#endif
#endif
#ifndef WEAKREF_ALLOCATIONS_FAIL
#define WEAKREF_ALLOCATIONS_FAIL 1
#endif

namespace allocation_failure {

/// ThreadSanitizer has an operator new of its own that cannot be replaced: there no allocation fails.
inline constexpr bool possible = WEAKREF_ALLOCATIONS_FAIL != 0;

/// The allocation of that number, counted from 1, that this thread makes from now on fails; that one only.
void arm(std::size_t number) noexcept;

/// No allocation fails any more. True: one has failed since arm().
bool disarm() noexcept;

}  // namespace allocation_failure

/// Runs f with its first, second, … allocation failing until it passes without a failure, and `check` after
/// each failure. What comes out of f must be std::bad_alloc; a failure that f survives is fine. The number of
/// failures.
///
///     for_each_allocation_failing([&] { d.set("k", v); }, [&] { BOOST_TEST(!d.contains("k")); });
///
/// f does nothing but what is tested: Boost.Test allocates too.
template <class F, class Check>
std::size_t for_each_allocation_failing(F f, Check check) {
  for (std::size_t number = 1;; ++number) {
    bool threw = true;
    allocation_failure::arm(number);
    try {
      f();
      threw = false;
    } catch (const std::bad_alloc&) {
    } catch (...) {
      allocation_failure::disarm();
      BOOST_ERROR("something else than std::bad_alloc came out of allocation failure " << number);
      throw;
    }
    if (!allocation_failure::disarm()) {
      BOOST_TEST(!threw, "std::bad_alloc came out though no allocation failed");
      return number - 1;
    }
    if (threw) check();
  }
}

template <class F>
std::size_t for_each_allocation_failing(F f) {
  return for_each_allocation_failing(f, [] {});
}

#endif
