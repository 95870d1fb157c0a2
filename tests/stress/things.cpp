#include <utility>

#include "world.hpp"

namespace stress {

Owner::Owner(weakref::strong_ref<Thing> owner) noexcept : owned(std::move(owner)) {
  if (owned) ++owned->its_fate().owners;
}

Owner::~Owner() {
  if (owned) --owned->its_fate().owners;
}

Thing::Thing(fate& mine, Owner owner_of) : mine_(mine), owned_(std::move(owner_of)) { ++mine_.born; }

Thing::~Thing() {
  check_that_it_is_whole();
  user_code(throwing_is::forbidden);
  ++mine_.dead;
  whole_ = 0;
}

void Mortal::del() {
  check_that_it_is_whole();
  // Owners that this makes, and what they displace, are of the thread that dropped the last.
  if (resurrects_ && here != nullptr) {
    here->owners[static_cast<std::size_t>(its_fate().number) % most_things] =
        weakref::strong_ref<Thing>(this);
  }
  user_code(throwing_is::allowed);
}

}  // namespace stress
