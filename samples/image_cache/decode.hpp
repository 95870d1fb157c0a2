// Decoding a picture: a file in, a bitmap out. What a file is, its first bytes say; its name does not count.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>

#include "bitmap.hpp"

/// Throws: std::runtime_error with the reason, in the words of the system, of libpng or of libjpeg.
Bitmap decode(const std::filesystem::path& file);

/// Whether the file begins as a PNG or a JPEG does; false where it cannot be read.
bool looks_like_a_picture(const std::filesystem::path& file);

/// What shows through a transparent picture. Those of a desktop are drawn for a coloured one, and many are
/// white: on white they would be blank.
inline constexpr std::array<std::uint8_t, 3> backdrop{88, 116, 152};

/// Of any kind: gray, palette, 16 bits a channel, interlaced, transparent.
Bitmap decode_png(std::span<const std::uint8_t> file);

/// Of any kind: gray, progressive, CMYK and its YCCK form. A file that ends early is an error, not half a
/// picture.
Bitmap decode_jpeg(std::span<const std::uint8_t> file);
