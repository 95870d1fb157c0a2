#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "clock.hpp"

// What the programs allocate, read and write. Nothing is used again within an execution, so whoever touches
// what was freed is seen; or, in programs that ask for it, the latest of a size that was freed is. An atomic
// keeps all its stores: a load may read an older one, unless it happens after a newer one was stored or read.
// Plain accesses must be ordered by happens-before; and freeing is a plain write to the whole allocation.
//
// Of C++'s memory model this leaves out stores that come late (the order of modification is that of the
// execution), spurious failures of compare_exchange_weak, and fences.

namespace model {

/// A thread's view of time.
struct observer {
  unsigned thread = 0;
  vector_clock now{};
};

class memory {
 public:
  using word = std::uint64_t;
  static constexpr std::size_t never = ~std::size_t{0};

  /// Forgets the last execution. `reuse`: what is freed in the next one is allocated again.
  void clear(bool reuse) noexcept;

  [[nodiscard]] void* allocate(std::size_t size, const char* name);
  void free(void* start, const observer& by);
  [[nodiscard]] bool contains(const void* address) const noexcept;
  void check_that_all_is_freed() const;

  /// A new location at an address that holds an atomic or a variable. Its index.
  [[nodiscard]] unsigned add_location(const void* address, const observer& by);
  [[nodiscard]] std::string name(unsigned location) const;

  void read(unsigned location, const observer& by);
  void write(unsigned location, const observer& by);

  void add_atomic(unsigned location, word value, const observer& by);
  /// How many stores a load may read: the newest, and older ones.
  [[nodiscard]] std::size_t visible(unsigned location, const observer& by) const noexcept;
  [[nodiscard]] std::size_t newest(unsigned location) const noexcept;
  [[nodiscard]] word value(unsigned location, std::size_t store) const noexcept;
  void load(unsigned location, std::size_t store, std::memory_order order, observer& by);
  /// `modifies`: the second half of a read-modify-write, which continues a release sequence.
  void store(unsigned location, word value, std::memory_order order, bool modifies, observer& by);

 private:
  struct version {
    word value;
    vector_clock released;  // what an acquire load gets
    vector_clock known;     // when each thread first read or stored it
  };
  struct location {
    const std::byte* address = nullptr;
    vector_clock touched{};  // by plain reads and atomic operations
    vector_clock written{};
    bool freed = false;
    std::vector<version> versions;  // oldest first
  };
  struct allocation {
    std::byte* start;  // null: it is another allocation's now
    std::size_t size;
    const char* name;
    bool freed;
  };

  location& at(unsigned index, const char* what);
  void touch(unsigned location, const observer& by, const char* what);

  static constexpr std::size_t capacity = 16384;
  alignas(64) std::array<std::byte, capacity> storage_{};
  std::size_t used_ = 0;
  bool reuse_ = false;
  std::vector<allocation> allocations_;
  std::vector<location> locations_;
  std::size_t count_ = 0;  // of locations; the vector keeps more, for their capacity
};

}  // namespace model
