#pragma once

#include <cstddef>
#include <memory>
#include <mutex>

#include "../payload.hpp"

namespace benchmarks {

/// What one writes by hand: a map of weak pointers with a mutex, and values whose deleter takes the entry
/// out.
template <class Map>
class map_with_mutex {
 public:
  using key = typename Map::key_type;
  using value = std::shared_ptr<plain_payload>;

  value insert_new(const key& name) {
    value made(new plain_payload, [this, name](plain_payload* dead) {
      {
        const std::lock_guard lock(mutex_);
        // Another value may have taken the key meanwhile.
        const auto found = map_.find(name);
        if (found != map_.end() && found->second.expired()) map_.erase(found);
      }
      delete dead;
    });
    const std::lock_guard lock(mutex_);
    map_.insert_or_assign(name, made);
    return made;
  }
  value get(const key& name) {
    const std::lock_guard lock(mutex_);
    const auto found = map_.find(name);
    return found != map_.end() ? found->second.lock() : nullptr;
  }
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return map_.size();
  }
  template <class Visit>
  void for_each(Visit visit) {
    const std::lock_guard lock(mutex_);
    for (const auto& entry : map_) {
      if (const auto held = entry.second.lock()) visit(*held);
    }
  }

 private:
  std::mutex mutex_;
  Map map_;
};

}  // namespace benchmarks
