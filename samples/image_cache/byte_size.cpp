#include "byte_size.hpp"

#include <iomanip>
#include <sstream>

std::string byte_size(std::size_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " B";
  auto amount = static_cast<double>(bytes) / 1000;
  const char* unit = " kB";
  // What would be rounded up to 1000.0 belongs to the next unit.
  for (const char* larger : {" MB", " GB", " TB"}) {
    if (amount < 999.95) break;
    amount /= 1000;
    unit = larger;
  }
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << amount << unit;
  return text.str();
}
