#include "table.hpp"

#include <iomanip>
#include <ostream>
#include <sstream>
#include <string>

#include "byte_size.hpp"

namespace {

std::string seconds(double time) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(2) << time;
  return text.str();
}

void print_row(std::ostream& out, const std::vector<std::string>& cells) {
  constexpr int widths[]{12, 10, 10, 10, 10, 12, 17};
  out << std::left;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    out << std::setw(widths[i]) << cells[i];
    out << std::right;
  }
  out << '\n';
}

}  // namespace

void print_table(std::ostream& out, const std::vector<Result>& results) {
  print_row(out, {"", "requests", "decodes", "avoided", "seconds", "peak held", "held at the end"});
  for (const Result& result : results)
    print_row(out, {std::string(name_of(result.way)), std::to_string(result.requests),
                    std::to_string(result.decodes), std::to_string(result.shared), seconds(result.seconds),
                    byte_size(result.peak_bytes), byte_size(result.bytes_at_the_end)});
}
