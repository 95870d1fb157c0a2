// The chart: the bytes of decoded pictures that were held, from the first request to the last, one line a
// way.
#pragma once

#include <filesystem>
#include <vector>

#include "run.hpp"

inline constexpr int chart_width = 1280;
inline constexpr int chart_height = 720;

/// Throws: std::runtime_error where the file cannot be written.
void write_chart(const std::filesystem::path& file, const std::vector<Result>& results);
