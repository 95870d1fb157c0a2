#pragma once

#include <ostream>

#include "figures.hpp"

namespace benchmarks {

/// A picture, in SVG, of the ratios of the rows without parameters.
void draw_chart(const figures& measured, std::ostream& out);

}  // namespace benchmarks
