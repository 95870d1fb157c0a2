#include <array>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "guarded_new.hpp"

import weakref;

// Programs whose storage is out of the ordinary: `storage-programs NAME`. What they print is checked by
// storage_test.cpp.

namespace {

using weakref::make;
using weakref::ref;
using weakref::strong_ref;

template <std::size_t size, std::size_t alignment = alignof(void*)>
struct alignas(alignment) Body : weakref::object {
  Body() { std::memset(bytes.data(), 1, size); }
  std::array<std::byte, size> bytes;
};

/// Born and dead in all ways: not by make(), alone, outlived, with a cached hash, and in an exception.
template <class T>
void live() {
  delete static_cast<weakref::object*>(new T);
  (void)make<T>();
  auto owner = make<T>();
  auto reference = ref{owner};
  (void)std::hash<ref<T>>()(reference);
  const ref watching{owner, [](const ref<T>&) {}};
  owner.reset();
  reference.reset();
  struct Throwing : T {
    explicit Throwing(ref<Throwing>& out) {
      out = ref{*this};
      throw 1;
    }
  };
  ref<Throwing> out;
  try {
    make<Throwing>(out);
  } catch (int) {
  }
}

template <std::size_t... sizes>
void live_with_sizes(std::index_sequence<sizes...>) {
  (live<Body<8 * sizes + 1>>(), ...);
}

void all_sizes() {
  live_with_sizes(std::make_index_sequence<40>());
  live<Body<4080 - 8>>();
  live<Body<4096 - 8>>();
  live<Body<4096>>();
  live<Body<8192>>();
  live<Body<8192 + 8>>();
  live<Body<65'536>>();
  live<Body<1 << 20>>();
  live<Body<8, 32>>();
  live<Body<100, 64>>();
  live<Body<5'000, 64>>();
  live<Body<100, 4096>>();
  live<Body<20'000, 4096>>();
  live<Body<100, 65'536>>();
  live<Body<20'000, 65'536>>();
  live<Body<100, 2 << 20>>();
}

/// Every allocation is freed as what it was, with its guards whole.
void guarded() {
  all_sizes();
  std::thread(all_sizes).join();
  std::printf("%zu broken\n", guarded_new::broken());
}

/// An object that make() did not make, where there is no memory to write that down.
void unrecorded() {
  guarded_new::fail(true);
  Body<8> unmade;
  guarded_new::fail(false);
  try {
    (void)ref{unmade};
    std::puts("made");
  } catch (const weakref::TypeError&) {
    std::puts("refused");
  }
}

// ---- before and after main()

/// Dropped with the static objects, after the end of main().
struct Static {
  strong_ref<Body<20>> small = make<Body<20>>();
  strong_ref<Body<20'000>> large = make<Body<20'000>>();
  ref<Body<20'000>> reference{large};
  ~Static() {
    large.reset();
    (void)make<Body<20>>();
    const ref outliving{make<Body<20'000>>()};
    if (!reference.expired() || !outliving.expired()) std::puts("alive after its death");
  }
};

Static first;

struct OfThread {
  strong_ref<Body<20>> small;
  ref<Body<20'000>> reference;
  /// When what the library keeps for the thread is gone.
  ~OfThread() {
    small.reset();
    for (int i = 0; i < 100; ++i) {
      auto owner = make<Body<20>>();
      const ref outliving{owner};
      owner.reset();
      const ref large{make<Body<20'000>>()};
    }
  }
};

void use_of_thread() {
  thread_local OfThread late;  // made before the thread's first object, so destroyed after what it brought
  late.small = make<Body<20>>();
  late.reference = ref{make<Body<20'000>>()};
}

void ends() {
  const std::size_t before = weakref::pinned_bytes();
  std::thread(use_of_thread).join();
  std::printf("%zu\n", weakref::pinned_bytes() - before);
  use_of_thread();
}

}  // namespace

int main(int, char** arguments) {
  const std::string_view name = arguments[1];
  if (name == "guarded") guarded();
  if (name == "unrecorded") unrecorded();
  if (name == "ends") ends();
}
