// The files that the tests read: small pictures of every kind, each of one colour, and broken ones.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// A new folder that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

using Sample = std::vector<std::uint8_t>;  // the bytes of one pixel, in the file's own terms

enum class PngKind { gray, gray_alpha, rgb, rgba, palette };
enum class JpegKind {
  gray,
  rgb,
  cmyk,
  cmyk_of_ink,
  ycck
};  // cmyk_of_ink: not inverted, and without Adobe's marker

inline constexpr std::uint32_t file_width = 40;
inline constexpr std::uint32_t file_height = 30;

/// The palette, of two colours.
inline constexpr std::uint8_t palette[2][3] = {{10, 20, 30}, {200, 100, 50}};

void write_png(const std::filesystem::path& file, PngKind kind, int depth, const Sample& pixel,
               bool interlaced = false);
void write_jpeg(const std::filesystem::path& file, JpegKind kind, const Sample& pixel,
                bool progressive = false);

/// Files of a few bytes whose headers promise more pixels than any memory holds.
void write_absurd_png(const std::filesystem::path& file);
void write_absurd_jpeg(const std::filesystem::path& file);

void write_text(const std::filesystem::path& file, const std::string& text);
void cut_in_half(const std::filesystem::path& file);
std::string read_text(const std::filesystem::path& file);
