#pragma once

#include <array>
#include <string>
#include <string_view>

#include "figures.hpp"

namespace benchmarks {

/// A row of the tables.
struct row {
  std::string_view name;  // a row with parameters is measured as "name:parameter"
  std::string_view text;  // % stands for the parameter
  std::string_view peer;  // the contender that ours is divided by
  // What it may cost at most, as a multiple of the peer in the same run; 0: whatever it is.
  double without_threads = 0;
  double with_threads = 0;

  [[nodiscard]] double limit(std::string_view mode) const {
    return mode == "MT" ? with_threads : without_threads;
  }
  /// Ours divided by the peer's; 0 where one of them was not measured.
  [[nodiscard]] double ratio(const contenders& measured) const;
};

inline constexpr std::string_view ours = "weakref";

extern const std::array<row, 38> rows;

/// The row's text with its parameter, digits grouped.
std::string text_of(const row& shown, const std::string& parameter);

}  // namespace benchmarks
