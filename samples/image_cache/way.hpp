// The three ways of keeping decoded pictures that are compared.
#pragma once

#include <array>
#include <string_view>

enum class Way { no_cache, strong_map, weak_cache };

inline constexpr std::array every_way{Way::no_cache, Way::strong_map, Way::weak_cache};

constexpr std::string_view name_of(Way way) {
  switch (way) {
    case Way::no_cache:
      return "no cache";
    case Way::strong_map:
      return "strong map";
    case Way::weak_cache:
      break;
  }
  return "weak cache";
}
