#include "canvas.hpp"

#include <stdexcept>
#include <string_view>

#include "utf8.hpp"

namespace {

void check(cairo_status_t status, const std::string& what) {
  if (status != CAIRO_STATUS_SUCCESS) throw std::runtime_error(what + ": " + cairo_status_to_string(status));
}

std::string valid_utf8(const std::string& text) { return to_utf8(code_points(text)); }

}  // namespace

Canvas::Canvas(int width, int height, Colour background)
    : surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)) {
  check(cairo_surface_status(surface_.get()),
        "a picture of " + std::to_string(width) + " x " + std::to_string(height) + " pixels");
  context_.reset(cairo_create(surface_.get()));
  set(background);
  cairo_paint(context());
}

void Canvas::set(Colour colour, double opacity) {
  const auto channel = [colour](int shift) { return static_cast<double>(colour >> shift & 0xff) / 255; };
  cairo_set_source_rgba(context(), channel(16), channel(8), channel(0), opacity);
}

void Canvas::fill(double x, double y, double width, double height, Colour colour, double opacity) {
  set(colour, opacity);
  cairo_rectangle(context(), x, y, width, height);
  cairo_fill(context());
}

void Canvas::line(double from_x, double from_y, double to_x, double to_y, Colour colour) {
  set(colour);
  cairo_set_line_width(context(), 1);
  cairo_move_to(context(), from_x, from_y);
  cairo_line_to(context(), to_x, to_y);
  cairo_stroke(context());
}

void Canvas::select(const Font& font) {
  cairo_select_font_face(context(), "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                         font.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context(), font.size);
}

double Canvas::width_of(const std::string& text, const Font& font) {
  select(font);
  cairo_text_extents_t extents;
  cairo_text_extents(context(), valid_utf8(text).c_str(), &extents);
  return extents.x_advance;
}

void Canvas::text(double x, double baseline, const std::string& text, const Font& font) {
  const double width = width_of(text, font);
  if (font.align == Align::centre) x -= width / 2;
  if (font.align == Align::right) x -= width;
  set(font.colour);
  cairo_move_to(context(), x, baseline);
  cairo_show_text(context(), valid_utf8(text).c_str());
}

void Canvas::text_within(double width, double x, double baseline, const std::string& text, const Font& font) {
  std::u32string letters = code_points(text);
  std::string shown = to_utf8(letters);
  for (std::size_t kept = letters.size(); kept > 1 && width_of(shown, font) > width;) {
    --kept;
    shown =
        to_utf8(letters.substr(0, (kept + 1) / 2)) + "…" + to_utf8(letters.substr(letters.size() - kept / 2));
  }
  this->text(x, baseline, shown, font);
}

void Canvas::paint(const Bitmap& picture, double x, double y) {
  const auto width = static_cast<int>(picture.width());
  const auto height = static_cast<int>(picture.height());
  const std::unique_ptr<cairo_surface_t, Destroy> image(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
  check(cairo_surface_status(image.get()), "a thumbnail");

  // The library wants each pixel as one 32-bit number in the byte order of the machine.
  unsigned char* row = cairo_image_surface_get_data(image.get());
  for (std::size_t i = 0; i < picture.height(); ++i, row += cairo_image_surface_get_stride(image.get())) {
    auto* pixel = reinterpret_cast<std::uint32_t*>(row);
    const std::uint8_t* rgb = picture.row(i);
    for (std::size_t j = 0; j < picture.width(); ++j, rgb += 3)
      *pixel++ = static_cast<std::uint32_t>(rgb[0] << 16 | rgb[1] << 8 | rgb[2]);
  }
  cairo_surface_mark_dirty(image.get());

  cairo_set_source_surface(context(), image.get(), x, y);
  cairo_paint(context());
}

void Canvas::save(const std::filesystem::path& file) {
  check(cairo_status(context()), file.string());
  cairo_surface_flush(surface_.get());
  check(cairo_surface_write_to_png(surface_.get(), file.c_str()), file.string());
}
