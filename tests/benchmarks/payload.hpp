#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace benchmarks {

/// 32 bytes behind a virtual destructor, whichever base brings that: what everybody points to.
template <class Base>
struct payload : Base {
  std::array<std::uint64_t, 4> words{1, 2, 3, 4};
};

/// So many bytes, nearly, which nobody writes: what is measured is where they come from.
template <class Base, std::size_t bytes>
struct large_payload : Base {
  large_payload() {}
  std::array<std::byte, bytes> content;
};

struct polymorphic {
  polymorphic() = default;
  polymorphic(const polymorphic&) = delete;
  polymorphic& operator=(const polymorphic&) = delete;
  virtual ~polymorphic() = default;
};

using plain_payload = payload<polymorphic>;

}  // namespace benchmarks
