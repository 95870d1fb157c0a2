#pragma once

#include <memory>

#include "../payload.hpp"

namespace benchmarks {

struct std_family {
  using strong = std::shared_ptr<plain_payload>;
  using weak = std::weak_ptr<plain_payload>;
  static strong make() { return std::make_shared<plain_payload>(); }
  static strong lock(const weak& reference) noexcept { return reference.lock(); }
};

}  // namespace benchmarks
