#include "decode.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace {

constexpr std::array<std::uint8_t, 8> png_signature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
constexpr std::array<std::uint8_t, 3> jpeg_signature{0xff, 0xd8, 0xff};

bool begins_with(std::span<const std::uint8_t> file, std::span<const std::uint8_t> signature) {
  return file.size() >= signature.size() && std::equal(signature.begin(), signature.end(), file.begin());
}

std::vector<std::uint8_t> read(const std::filesystem::path& file, std::size_t most) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::vector<std::uint8_t> bytes(most);
  if (in) in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(most));
  if (!in && !in.eof()) throw std::runtime_error(std::generic_category().message(errno != 0 ? errno : EIO));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

}  // namespace

Bitmap decode(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) throw std::runtime_error(error.message());
  const auto bytes = read(file, size);
  if (begins_with(bytes, png_signature)) return decode_png(bytes);
  if (begins_with(bytes, jpeg_signature)) return decode_jpeg(bytes);
  throw std::runtime_error(bytes.empty() ? "the file is empty" : "neither a PNG nor a JPEG file");
}

bool looks_like_a_picture(const std::filesystem::path& file) try {
  const auto bytes = read(file, png_signature.size());
  return begins_with(bytes, png_signature) || begins_with(bytes, jpeg_signature);
} catch (const std::exception&) {
  return false;
}
