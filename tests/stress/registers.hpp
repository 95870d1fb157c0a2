#pragma once

#include <optional>
#include <utility>

#include "world.hpp"

// How operations use the registers of their thread.

namespace stress {

/// Sets a reference; what was there goes last.
inline void put(worker& w, unsigned where, handle is, const fate* referent, record* calls) {
  const reference before = std::exchange(w.references[where], reference{std::move(is), referent, calls});
}

/// The handle as a ref, if it converts to one.
inline std::optional<weakref::ref<Thing>> as_ref(const reference& from) {
  return std::visit(
      []<class H>(const H& weak) -> std::optional<weakref::ref<Thing>> {
        if constexpr (std::is_convertible_v<const H&, weakref::ref<Thing>>) {
          return weak;
        } else {
          return std::nullopt;
        }
      },
      from.is);
}

}  // namespace stress
