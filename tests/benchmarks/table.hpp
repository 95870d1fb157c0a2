#pragma once

#include <ostream>

#include "figures.hpp"

namespace benchmarks {

/// Two Markdown tables: of what has a target, and of the rest.
void print_tables(const figures& measured, std::ostream& out);

}  // namespace benchmarks
