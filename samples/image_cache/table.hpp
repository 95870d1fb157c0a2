// The comparison in figures.
#pragma once

#include <iosfwd>
#include <vector>

#include "run.hpp"

/// One line a way, under a heading.
void print_table(std::ostream& out, const std::vector<Result>& results);
