#pragma once

#include <cstddef>
#include <memory>

#include "../payload.hpp"

namespace benchmarks {

struct std_family {
  using strong = std::shared_ptr<plain_payload>;
  using weak = std::weak_ptr<plain_payload>;
  static strong make() { return std::make_shared<plain_payload>(); }
  template <std::size_t bytes>
  static auto make_large() {
    return std::make_shared<large_payload<polymorphic, bytes>>();
  }
  template <std::size_t bytes>
  using large_weak = std::weak_ptr<large_payload<polymorphic, bytes>>;
  static strong lock(const weak& reference) noexcept { return reference.lock(); }
};

}  // namespace benchmarks
