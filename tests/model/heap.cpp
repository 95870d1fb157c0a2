#include <cstddef>
#include <cstdlib>
#include <new>

#include "scheduler.hpp"

// What the protocol deletes (a cached hash) comes from the model's memory, and goes back there.

void* operator new(std::size_t size) {
  if (void* const fresh = std::malloc(size != 0 ? size : 1)) return fresh;
  throw std::bad_alloc();
}

void operator delete(void* start) noexcept {
  if (model::the_scheduler().allocated(start)) {
    model::the_scheduler().free(start);
  } else {
    std::free(start);
  }
}

void operator delete(void* start, std::size_t) noexcept { ::operator delete(start); }
