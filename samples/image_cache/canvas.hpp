// A picture to draw on, with what the contact sheet and the chart have in common.
#pragma once

#include <cairo.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "bitmap.hpp"

/// 0xRRGGBB
using Colour = std::uint32_t;

enum class Align { left, centre, right };

struct Font {
  double size;
  Colour colour;
  Align align = Align::left;
  bool bold = false;
};

class Canvas {
 public:
  /// Throws: std::runtime_error where cairo can make no picture of that size.
  Canvas(int width, int height, Colour background);

  /// For what only one drawing needs. The current colour, line and path are anybody's.
  [[nodiscard]] cairo_t* context() { return context_.get(); }

  void set(Colour colour, double opacity = 1);
  void fill(double x, double y, double width, double height, Colour colour, double opacity = 1);
  void line(double from_x, double from_y, double to_x, double to_y, Colour colour);

  /// One line of text on that baseline; bytes that are no UTF-8 are shown as U+FFFD.
  void text(double x, double baseline, const std::string& text, const Font& font);

  /// Likewise, cut in the middle where it is wider than that: the end of a file's name tells as much as its
  /// beginning.
  void text_within(double width, double x, double baseline, const std::string& text, const Font& font);

  [[nodiscard]] double width_of(const std::string& text, const Font& font);

  void paint(const Bitmap& picture, double x, double y);

  /// Writes a PNG file. Throws: std::runtime_error with its name and the reason.
  void save(const std::filesystem::path& file);

 private:
  void select(const Font& font);

  struct Destroy {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_t* context) const { cairo_destroy(context); }
  };

  std::unique_ptr<cairo_surface_t, Destroy> surface_;
  std::unique_ptr<cairo_t, Destroy> context_;
};
