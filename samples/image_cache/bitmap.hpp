// A decoded picture: rows of red, green and blue bytes, top down, without gaps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

class Bitmap {
 public:
  /// No picture has more pixels than this: a file of a few bytes may claim to hold four thousand million.
  static constexpr std::size_t most_pixels = std::size_t{1} << 28;

  Bitmap() = default;

  /// A picture whose pixels are yet to be written.
  /// Throws: std::length_error where a side is 0 or there would be more than `most_pixels`.
  Bitmap(std::size_t width, std::size_t height);

  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] std::size_t height() const { return height_; }
  [[nodiscard]] std::size_t row_bytes() const { return width_ * 3; }
  [[nodiscard]] std::size_t bytes() const { return row_bytes() * height_; }

  [[nodiscard]] std::uint8_t* row(std::size_t y) { return pixels_.get() + y * row_bytes(); }
  [[nodiscard]] const std::uint8_t* row(std::size_t y) const { return pixels_.get() + y * row_bytes(); }

 private:
  std::size_t width_ = 0;
  std::size_t height_ = 0;
  std::unique_ptr<std::uint8_t[]> pixels_;
};
