#include "picture_files.hpp"

#include <jpeglib.h>
#include <png.h>
#include <stdlib.h>
#include <cstddef>
#include <cstdio>

#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::unique_ptr<std::FILE, Close> create(const std::filesystem::path& path) {
  std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "wb"));
  if (!file) throw std::runtime_error("cannot write " + path.string());
  return file;
}

int colour_type(PngKind kind) {
  switch (kind) {
    case PngKind::gray:
      return PNG_COLOR_TYPE_GRAY;
    case PngKind::gray_alpha:
      return PNG_COLOR_TYPE_GRAY_ALPHA;
    case PngKind::rgb:
      return PNG_COLOR_TYPE_RGB;
    case PngKind::rgba:
      return PNG_COLOR_TYPE_RGB_ALPHA;
    case PngKind::palette:
      break;
  }
  return PNG_COLOR_TYPE_PALETTE;
}

std::vector<std::uint8_t> row_of(const Sample& pixel) {
  std::vector<std::uint8_t> row;
  for (std::uint32_t x = 0; x < file_width; ++x) row.insert(row.end(), pixel.begin(), pixel.end());
  return row;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "image_cache.XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder like " + name);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_png(const std::filesystem::path& path, PngKind kind, int depth, const Sample& pixel,
               bool interlaced) {
  const auto file = create(path);
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_init_io(png, file.get());
  png_set_IHDR(png, info, file_width, file_height, depth, colour_type(kind),
               interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_color colours[2];
  for (int i = 0; i < 2; ++i) colours[i] = {palette[i][0], palette[i][1], palette[i][2]};
  if (kind == PngKind::palette) png_set_PLTE(png, info, colours, 2);
  png_write_info(png, info);
  const std::vector<std::uint8_t> row = row_of(pixel);
  const int passes = png_set_interlace_handling(png);
  for (int pass = 0; pass < passes; ++pass)
    for (std::uint32_t y = 0; y < file_height; ++y) png_write_row(png, row.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
}

void write_absurd_png(const std::filesystem::path& path) {
  const auto file = create(path);
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_init_io(png, file.get());
  png_set_IHDR(png, info, 1'000'000, 1'000'000, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  const std::uint8_t some[]{0x78, 0x9c};
  png_write_chunk(png, reinterpret_cast<png_const_bytep>("IDAT"), some, sizeof some);
  png_destroy_write_struct(&png, &info);
}

void write_jpeg(const std::filesystem::path& path, JpegKind kind, const Sample& pixel, bool progressive) {
  const auto file = create(path);
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  jpeg_stdio_dest(&jpeg, file.get());
  jpeg.image_width = file_width;
  jpeg.image_height = file_height;
  jpeg.input_components = static_cast<int>(pixel.size());
  jpeg.in_color_space = pixel.size() == 1 ? JCS_GRAYSCALE : pixel.size() == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 95, TRUE);
  if (kind == JpegKind::ycck) jpeg_set_colorspace(&jpeg, JCS_YCCK);
  if (kind == JpegKind::cmyk_of_ink) jpeg.write_Adobe_marker = FALSE;
  if (progressive) jpeg_simple_progression(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  std::vector<std::uint8_t> row = row_of(pixel);
  JSAMPROW rows[]{row.data()};
  while (jpeg.next_scanline < jpeg.image_height) jpeg_write_scanlines(&jpeg, rows, 1);
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
}

void write_absurd_jpeg(const std::filesystem::path& path) {
  write_jpeg(path, JpegKind::rgb, {1, 2, 3});
  std::string bytes = read_text(path);
  // The frame's header: marker, length and depth come before the two sides.
  const std::size_t frame = bytes.find("\xff\xc0");
  bytes.replace(frame + 5, 4, "\xff\xdc\xff\xdc");
  write_text(path, bytes);
}

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

void cut_in_half(const std::filesystem::path& file) {
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
}

std::string read_text(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}
