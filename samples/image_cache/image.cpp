module;

#include <utility>

#include "bitmap.hpp"
#include "held_bytes.hpp"

module image;

Image::Image(Bitmap bitmap, HeldBytes& account) : bitmap_(std::move(bitmap)), account_(account) {
  account_.add(bitmap_.bytes());
}

Image::~Image() { account_.remove(bitmap_.bytes()); }
