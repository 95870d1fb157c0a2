// Decoding a picture: a file in, a bitmap out. What a file is, its first bytes say; its name does not count.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "bitmap.hpp"

/// Throws: std::runtime_error with the reason, in the words of the system, of libpng or of libjpeg.
Bitmap decode(const std::filesystem::path& file);

/// Whether the file begins as a PNG or a JPEG does; false where it cannot be read.
bool looks_like_a_picture(const std::filesystem::path& file);

/// Of any kind: gray, palette, 16 bits a channel, interlaced; what is transparent shows white.
Bitmap decode_png(std::span<const std::uint8_t> file);

/// Of any kind: gray, progressive, CMYK and its YCCK form. A file that ends early is an error, not half a
/// picture.
Bitmap decode_jpeg(std::span<const std::uint8_t> file);
