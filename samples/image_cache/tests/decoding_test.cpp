#include "decode.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <string>

#include "picture_files.hpp"

namespace {

using Colour = std::array<std::uint8_t, 3>;

// Whether the picture has the files' size, and that colour in the first pixel and in the last; JPEG is off by
// a few.
void check(const std::filesystem::path& file, const Colour& colour, int tolerance = 0) {
  const Bitmap bitmap = decode(file);
  BOOST_TEST(bitmap.width() == file_width);
  BOOST_TEST(bitmap.height() == file_height);
  const std::uint8_t* last = bitmap.row(file_height - 1) + bitmap.row_bytes() - 3;
  for (const std::uint8_t* pixel : {bitmap.row(0), last})
    for (std::size_t c = 0; c < 3; ++c)
      BOOST_CHECK_MESSAGE(std::abs(pixel[c] - colour[c]) <= tolerance,
                          "channel " << c << " is " << int{pixel[c]});
}

// The words in which decoding is refused; none where it succeeds.
std::string refusal(const std::filesystem::path& file) try {
  decode(file);
  return "";
} catch (const std::exception& error) {
  return error.what();
}

struct Fixture {
  TemporaryFolder folder;
  std::filesystem::path file = folder / "picture";
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(decoding, Fixture)

BOOST_AUTO_TEST_CASE(a_png_of_any_kind_becomes_rgb) {
  write_png(file, PngKind::rgb, 8, {200, 100, 50});
  check(file, {200, 100, 50});
  write_png(file, PngKind::rgb, 16, {200, 200, 100, 100, 50, 50});
  check(file, {200, 100, 50});
  write_png(file, PngKind::gray, 8, {77});
  check(file, {77, 77, 77});
  write_png(file, PngKind::gray, 16, {77, 77});
  check(file, {77, 77, 77});
  write_png(file, PngKind::palette, 8, {1});
  check(file, {200, 100, 50});
  write_png(file, PngKind::rgb, 8, {200, 100, 50}, true);
  check(file, {200, 100, 50});
}

BOOST_AUTO_TEST_CASE(what_is_transparent_shows_the_backdrop) {
  write_png(file, PngKind::rgba, 8, {200, 100, 50, 255});
  check(file, {200, 100, 50});
  write_png(file, PngKind::rgba, 8, {200, 100, 50, 0});
  check(file, backdrop);
  write_png(file, PngKind::gray_alpha, 8, {9, 0});
  check(file, backdrop);
}

BOOST_AUTO_TEST_CASE(a_jpeg_of_any_kind_becomes_rgb) {
  write_jpeg(file, JpegKind::rgb, {200, 100, 50});
  check(file, {200, 100, 50}, 3);
  write_jpeg(file, JpegKind::rgb, {200, 100, 50}, true);
  check(file, {200, 100, 50}, 3);
  write_jpeg(file, JpegKind::gray, {77});
  check(file, {77, 77, 77}, 3);
}

BOOST_AUTO_TEST_CASE(a_cmyk_jpeg_becomes_rgb_inverted_or_not) {
  write_jpeg(file, JpegKind::cmyk, {255, 128, 0, 255});
  check(file, {255, 128, 0}, 3);
  write_jpeg(file, JpegKind::ycck, {255, 128, 0, 255});
  check(file, {255, 128, 0}, 4);
  write_jpeg(file, JpegKind::cmyk_of_ink, {0, 127, 255, 0});
  check(file, {255, 128, 0}, 3);
}

BOOST_AUTO_TEST_CASE(a_file_is_what_its_content_says) {
  write_png(folder / "really_a_png.jpg", PngKind::gray, 8, {7});
  check(folder / "really_a_png.jpg", {7, 7, 7});
  BOOST_TEST(looks_like_a_picture(folder / "really_a_png.jpg"));
  write_text(folder / "text.png", "not a picture at all");
  BOOST_TEST(refusal(folder / "text.png") == "neither a PNG nor a JPEG file");
  BOOST_TEST(!looks_like_a_picture(folder / "text.png"));
}

BOOST_AUTO_TEST_CASE(a_broken_file_is_refused_in_the_words_of_the_system_or_the_decoder) {
  BOOST_TEST(refusal(folder / "missing") == "No such file or directory");
  write_text(file, "");
  BOOST_TEST(refusal(file) == "the file is empty");
  write_png(file, PngKind::rgb, 8, {1, 2, 3});
  cut_in_half(file);
  BOOST_TEST(!refusal(file).empty());
  write_text(file, "\x89PNG\r\n\x1a\nand then nothing that makes sense");
  BOOST_TEST(!refusal(file).empty());
  write_jpeg(file, JpegKind::rgb, {1, 2, 3});
  cut_in_half(file);
  BOOST_TEST(refusal(file) == "Premature end of JPEG file");
  write_text(file, "\xff\xd8\xff\xe0");
  BOOST_TEST(!refusal(file).empty());
}

BOOST_AUTO_TEST_CASE(absurd_dimensions_are_refused_before_anything_is_allocated) {
  write_absurd_png(file);
  BOOST_TEST(refusal(file) == "refusing to decode 1000000 x 1000000 pixels");
  write_absurd_jpeg(file);
  BOOST_TEST(!refusal(file).empty());
  BOOST_CHECK_THROW(Bitmap(0, 5), std::length_error);
  BOOST_CHECK_THROW(Bitmap(std::size_t{1} << 63, std::size_t{1} << 63), std::length_error);
}

BOOST_AUTO_TEST_SUITE_END()
