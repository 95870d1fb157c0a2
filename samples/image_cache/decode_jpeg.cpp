// libjpeg reports an error by calling back, and the callback must not return. An exception may not cross
// libjpeg's C frames, so it jumps; and because a jump runs no destructors, the functions that it leaves
// (read_header and read_pixels) own nothing. What they use is owned by their caller, where the error becomes
// an exception.
#include <csetjmp>
#include <cstddef>
#include <cstdio>
// libjpeg's headers need the two above.
#include <jerror.h>
#include <jpeglib.h>

#include <stdexcept>

#include "decode.hpp"

namespace {

struct Decoder {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  std::jmp_buf failed{};
  char message[JMSG_LENGTH_MAX] = "";

  Decoder();
  ~Decoder() { jpeg_destroy_decompress(&jpeg); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  bool read_header(std::span<const std::uint8_t> file);
  bool read_pixels(Bitmap& bitmap);
};

[[noreturn]] void fail(j_common_ptr jpeg) {
  auto& decoder = *static_cast<Decoder*>(jpeg->client_data);
  jpeg->err->format_message(jpeg, decoder.message);
  std::longjmp(decoder.failed, 1);
}

// A warning (a negative level) is something that libjpeg has put right; only the end of the file cannot be.
void note(j_common_ptr jpeg, int level) {
  if (level < 0 && jpeg->err->msg_code == JWRN_JPEG_EOF) fail(jpeg);
}

Decoder::Decoder() {
  jpeg.err = jpeg_std_error(&errors);
  jpeg.client_data = this;
  errors.error_exit = fail;
  errors.emit_message = note;
}

bool Decoder::read_header(std::span<const std::uint8_t> file) {
  if (setjmp(failed) != 0) return false;
  jpeg_create_decompress(&jpeg);
  jpeg_mem_src(&jpeg, file.data(), static_cast<unsigned long>(file.size()));
  jpeg_read_header(&jpeg, TRUE);
  const bool cmyk = jpeg.jpeg_color_space == JCS_CMYK || jpeg.jpeg_color_space == JCS_YCCK;
  jpeg.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  jpeg_calc_output_dimensions(&jpeg);
  return true;
}

// Adobe's programs store the inverse of ink, and all who write CMYK files today do as they do; the marker
// tells.
void cmyk_to_rgb(const std::uint8_t* cmyk, std::uint8_t* rgb, std::size_t width, bool inverse) {
  for (std::size_t x = 0; x < width; ++x, cmyk += 4, rgb += 3)
    for (std::size_t c = 0; c < 3; ++c) {
      const int light = inverse ? cmyk[c] * cmyk[3] : (255 - cmyk[c]) * (255 - cmyk[3]);
      rgb[c] = static_cast<std::uint8_t>((light + 127) / 255);
    }
}

bool Decoder::read_pixels(Bitmap& bitmap) {
  if (setjmp(failed) != 0) return false;
  jpeg_start_decompress(&jpeg);
  const bool cmyk = jpeg.out_color_space == JCS_CMYK;
  // From libjpeg's own pool: it is given back with the decoder, jump or no jump.
  const JSAMPARRAY inks = (*jpeg.mem->alloc_sarray)(reinterpret_cast<j_common_ptr>(&jpeg), JPOOL_IMAGE,
                                                    cmyk ? jpeg.output_width * 4 : 1, 1);
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW row = bitmap.row(jpeg.output_scanline);
    jpeg_read_scanlines(&jpeg, cmyk ? inks : &row, 1);
    if (cmyk) cmyk_to_rgb(inks[0], row, jpeg.output_width, jpeg.saw_Adobe_marker != 0);
  }
  jpeg_finish_decompress(&jpeg);
  return true;
}

}  // namespace

Bitmap decode_jpeg(std::span<const std::uint8_t> file) {
  Decoder decoder;
  if (!decoder.read_header(file)) throw std::runtime_error(decoder.message);
  Bitmap bitmap(decoder.jpeg.output_width, decoder.jpeg.output_height);
  if (!decoder.read_pixels(bitmap)) throw std::runtime_error(decoder.message);
  return bitmap;
}
