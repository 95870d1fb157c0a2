#include "bitmap.hpp"

#include <stdexcept>
#include <string>

namespace {

// Divides instead of multiplying: the product of two absurd sides would wrap around to a sane one.
std::size_t checked_bytes(std::size_t width, std::size_t height) {
  if (width == 0 || height == 0 || width > Bitmap::most_pixels / height)
    throw std::length_error("refusing to decode " + std::to_string(width) + " x " + std::to_string(height) +
                            " pixels");
  return width * height * 3;
}

}  // namespace

Bitmap::Bitmap(std::size_t width, std::size_t height)
    : width_(width),
      height_(height),
      pixels_(std::make_unique_for_overwrite<std::uint8_t[]>(checked_bytes(width, height))) {}
