// What the user asks for on the command line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "way.hpp"

struct Options {
  std::filesystem::path folder = "/usr/share/backgrounds/mate";
  std::filesystem::path output = ".";
  std::size_t workers = 4;
  std::size_t requests = 200;
  std::uint64_t seed = 1;
  std::size_t thumbnail = 240;
  std::vector<Way> ways{every_way.begin(), every_way.end()};
  bool help = false;
};

/// A command line that cannot be understood; what() says which word, and why.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws: UsageError.
Options parse_options(std::span<const char* const> arguments);

/// What --help prints.
extern const std::string_view help_text;
