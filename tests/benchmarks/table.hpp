#pragma once

#include <istream>
#include <ostream>

namespace benchmarks {

/// Makes one Markdown table of the lines that reporters wrote.
void print_table(std::istream& lines, std::ostream& out);

}  // namespace benchmarks
