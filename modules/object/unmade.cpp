module;

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>

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

void insert(const object* stranger) noexcept {
  shard& home = shard_of(stranger);
  const std::lock_guard lock(home.mutex);
  try {
    home.objects.insert(stranger);
  } catch (const std::bad_alloc&) {
    home.complete = false;
  }
}

void erase(const object* stranger) noexcept {
  shard& home = shard_of(stranger);
  const std::lock_guard lock(home.mutex);
  home.objects.erase(stranger);
}

bool contains(const object* asked) noexcept {
  shard& home = shard_of(asked);
  const std::lock_guard lock(home.mutex);
  return !home.complete || home.objects.contains(asked);
}

}  // namespace weakref::detail::unmade
