module;

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>
#include <optional>

#include <boost/unordered/unordered_flat_set.hpp>

module weakref;

namespace weakref::detail {
namespace {

using objects = boost::unordered_flat_set<const object*>;

struct alignas(64) shard {
  std::mutex
      mutex;  // under which nothing is allocated or freed: the program may have an operator new of its own
  std::optional<objects> recorded;
  bool complete = true;  // false once an object could not be recorded

  [[nodiscard]] bool has_room() const noexcept { return recorded && recorded->size() < recorded->max_load(); }
  /// Moves to a table that was made outside the lock, if it is large enough; the old one is left in it.
  void move_to(objects& larger) noexcept {
    if (!recorded) recorded.emplace();  // which allocates nothing
    if (larger.max_load() <= recorded->size()) return;
    larger.insert(recorded->begin(), recorded->end());
    recorded->swap(larger);
  }
};

constinit never_destroyed<std::array<shard, 16>> shards;

shard& shard_of(const object* stranger) noexcept {
  return shards.value[(reinterpret_cast<std::uintptr_t>(stranger) >> 4) * 0x9E3779B97F4A7C15U >> 60];
}

}  // namespace

constinit std::atomic<std::size_t> unmade::population{0};

void unmade::insert(const object* stranger) noexcept {
  shard& home = shard_of(stranger);
  objects larger;
  for (;;) {
    std::size_t wanted = 0;
    {
      const std::lock_guard lock(home.mutex);
      if (!home.has_room()) home.move_to(larger);
      if (home.has_room()) {
        // Relaxed: see exist().
        if (home.recorded->insert(stranger).second) population.fetch_add(1, std::memory_order_relaxed);
        return;
      }
      wanted = 2 * home.recorded->size() + 1;
    }
    try {
      larger = objects();
      larger.reserve(wanted);
    } catch (const std::bad_alloc&) {
      const std::lock_guard lock(home.mutex);
      // For good: the object remains possible. Relaxed: see exist().
      home.complete = false;
      population.fetch_add(1, std::memory_order_relaxed);
      return;
    }
  }
}

void unmade::erase(const object* stranger) noexcept {
  shard& home = shard_of(stranger);
  const std::lock_guard lock(home.mutex);
  if (home.recorded && home.recorded->erase(stranger) != 0) {
    // Relaxed: see exist().
    population.fetch_sub(1, std::memory_order_relaxed);
  }
}

bool unmade::contains(const object* asked) noexcept {
  shard& home = shard_of(asked);
  const std::lock_guard lock(home.mutex);
  return !home.complete || (home.recorded && home.recorded->contains(asked));
}

void forking::lock_unmade() noexcept {
  for (shard& each : shards.value) each.mutex.lock();
}

void forking::unlock_unmade() noexcept {
  for (shard& each : shards.value) each.mutex.unlock();
}

}  // namespace weakref::detail
