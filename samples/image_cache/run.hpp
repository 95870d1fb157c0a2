// One run: workers serve the whole list of requests, in one of the three ways.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "held_bytes.hpp"
#include "request_list.hpp"
#include "way.hpp"

/// What to serve, and how. The names are those of the pictures in the folder.
struct Job {
  const std::filesystem::path& folder;
  const std::vector<std::string>& names;
  const std::vector<Request>& requests;
  std::size_t workers;
};

/// What came of it. A request got its picture by decoding or by sharing, or is among the failures.
struct Result {
  Way way;
  std::size_t requests;
  std::size_t decodes;
  std::size_t shared;
  std::vector<std::string> failures;
  double seconds;
  std::size_t peak_bytes;
  std::size_t bytes_at_the_end;  // when the last worker is done, and the cache is still there
  std::vector<HeldSample> held;
};

/// Called after each request, by one worker at a time.
using Progress = std::function<void(std::size_t served, std::size_t bytes_held)>;

Result run(Way way, const Job& job, const Progress& progress);
