module;

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>
#include <utility>

#include <boost/unordered/unordered_flat_set.hpp>

module weakref;

namespace weakref::detail::unmade {
namespace {

struct alignas(64) shard {
  std::mutex mutex;
  boost::unordered_flat_set<const object*> objects;
  bool complete = true;  // false once an object could not be recorded
};

shard& shard_of(const object* stranger) {
  // Never destroyed: static objects die late.
  alignas(shard) static std::array<std::byte, sizeof(shard) * 16> storage;
  static auto& shards = *::new (storage.data()) std::array<shard, 16>;
  return shards[(reinterpret_cast<std::uintptr_t>(stranger) >> 4) * 0x9E3779B97F4A7C15U >> 60];
}

}  // namespace

constinit std::atomic<std::size_t> population{0};

void insert(const object* stranger) noexcept {
  shard& home = shard_of(stranger);
  const std::lock_guard lock(home.mutex);
  try {
    // Relaxed: see exist().
    if (home.objects.insert(stranger).second) population.fetch_add(1, std::memory_order_relaxed);
  } catch (const std::bad_alloc&) {
    // For good: an object that is not written down remains possible.
    if (std::exchange(home.complete, false)) population.fetch_add(1, std::memory_order_relaxed);
  }
}

void erase(const object* stranger) noexcept {
  shard& home = shard_of(stranger);
  const std::lock_guard lock(home.mutex);
  if (home.objects.erase(stranger) != 0) population.fetch_sub(1, std::memory_order_relaxed);
}

bool contains(const object* asked) noexcept {
  shard& home = shard_of(asked);
  const std::lock_guard lock(home.mutex);
  return !home.complete || home.objects.contains(asked);
}

}  // namespace weakref::detail::unmade
