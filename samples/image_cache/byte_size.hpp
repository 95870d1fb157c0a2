// A number of bytes as people read it.
#pragma once

#include <cstddef>
#include <string>

/// "0 B", "7.2 kB", "483.1 MB": in powers of 1000.
std::string byte_size(std::size_t bytes);
