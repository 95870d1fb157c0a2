// Scaling a picture down: every pixel of the result is the mean of the area that it covers.
#pragma once

#include "bitmap.hpp"

/// The picture as large as fits into a square of that side, its proportions kept; never enlarged.
Bitmap scaled_to_fit(const Bitmap& picture, std::size_t side);
