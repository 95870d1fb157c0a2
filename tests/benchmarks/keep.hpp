#pragma once

#include <type_traits>

namespace benchmarks {

/// Makes the compiler believe that somebody looks at a value. As Google Benchmark's DoNotOptimize, which
/// cannot be had without its library, and that is built for one standard library only.
template <class T>
inline void keep(const T& value) {
  if constexpr (std::is_scalar_v<T>) {
    asm volatile("" : : "r"(value) : "memory");
  } else {
    asm volatile("" : : "m"(value) : "memory");
  }
}

/// And changes it.
template <class T>
inline void keep(T& value) {
  asm volatile("" : "+m"(value) : : "memory");
}

}  // namespace benchmarks
