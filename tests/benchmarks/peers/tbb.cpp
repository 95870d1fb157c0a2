// oneTBB: a concurrent map of weak pointers, and values whose deleter takes the entry out.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <oneapi/tbb/concurrent_hash_map.h>
#include <oneapi/tbb/version.h>

#include "../contender.hpp"
#include "../operations/sizes.hpp"
#include "../operations/threads.hpp"
#include "../operations/value_dictionary.hpp"
#include "../payload.hpp"
#include "../peer.hpp"

namespace benchmarks {
namespace {

template <class Key>
class concurrent_dictionary {
 public:
  using key = Key;
  using value = std::shared_ptr<plain_payload>;
  static constexpr bool heap_of_its_own = true;

  value insert_new(const key& name) {
    value made(new plain_payload, [this, name](plain_payload* dead) {
      {
        typename map::accessor found;
        if (map_.find(found, name) && found->second.expired()) map_.erase(found);
      }
      delete dead;
    });
    typename map::accessor entry;
    map_.insert(entry, name);
    entry->second = made;
    return made;
  }
  value get(const key& name) {
    typename map::const_accessor found;
    return map_.find(found, name) ? found->second.lock() : nullptr;
  }
  std::size_t size() { return map_.size(); }
  /// Only while nobody else uses the map.
  template <class Visit>
  void for_each(Visit visit) {
    for (const auto& entry : map_) {
      if (const auto held = entry.second.lock()) visit(*held);
    }
  }

 private:
  using map = tbb::concurrent_hash_map<key, std::weak_ptr<plain_payload>>;
  map map_;
};

void enter(const selection& chosen) {
  const contender as("oneTBB");
  switch (chosen.which) {
    case selection::group::dictionaries:
      enter_value_dictionary<concurrent_dictionary<std::string>>(as);
      break;
    case selection::group::sizes:
      enter_sizes<concurrent_dictionary<std::uint64_t>>(as, chosen);
      break;
    case selection::group::threads:
      enter_threads_lookup<concurrent_dictionary<std::string>>(as);
      break;
    default:
      break;
  }
}

const peer tbb_peer("oneTBB", std::to_string(TBB_VERSION_MAJOR) + '.' + std::to_string(TBB_VERSION_MINOR),
                    enter);

}  // namespace
}  // namespace benchmarks
