// libpng's simplified interface: libpng catches its own longjmp and hands back a message, so that no jump
// ever crosses a C++ object.
#include <png.h>

#include <stdexcept>

#include "decode.hpp"

namespace {

// The decoder's state; whatever way decoding ends, libpng gets its memory back.
struct PngImage : png_image {
  PngImage() : png_image{} { version = PNG_IMAGE_VERSION; }
  ~PngImage() { png_image_free(this); }
  PngImage(const PngImage&) = delete;
  PngImage& operator=(const PngImage&) = delete;

  [[nodiscard]] std::runtime_error error() const { return std::runtime_error(message); }
};

}  // namespace

Bitmap decode_png(std::span<const std::uint8_t> file) {
  PngImage png;
  if (png_image_begin_read_from_memory(&png, file.data(), file.size()) == 0) throw png.error();

  Bitmap bitmap(png.width, png.height);
  png.format = PNG_FORMAT_RGB;
  // Without this, libpng takes 16-bit samples that come without a gamma for linear light, and they turn out
  // pale.
  png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
  const png_color behind{backdrop[0], backdrop[1], backdrop[2]};
  const auto stride = static_cast<png_int_32>(bitmap.row_bytes());
  if (png_image_finish_read(&png, &behind, bitmap.row(0), stride, nullptr) == 0) throw png.error();
  return bitmap;
}
