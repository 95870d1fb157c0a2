#include "contact_sheet.hpp"

#include <algorithm>
#include <cmath>

#include "byte_size.hpp"
#include "canvas.hpp"

namespace {

constexpr Colour paper = 0xf6f5f2;
constexpr Colour ink = 0x23262b;
constexpr Colour pale_ink = 0x7c8087;

constexpr int margin = 40;
constexpr int header = 76;
constexpr int gap = 24;
constexpr int caption = 46;

// Columns and rows for a sheet of about the shape of a screen; photographs are as a rule wider than they are
// high, and a cell, with its caption, is about square.
struct Grid {
  int columns;
  int rows;

  explicit Grid(std::size_t cells) {
    const auto count = static_cast<double>(cells);
    columns = static_cast<int>(std::min(count, std::ceil(std::sqrt(count * 1.25))));
    rows = static_cast<int>(std::ceil(count / columns));
  }
};

// Where the thumbnails are all wide, the cells need not be high.
int tallest(const std::vector<Picture>& pictures) {
  std::size_t height = 0;
  for (const Picture& picture : pictures) height = std::max(height, picture.thumbnail.height());
  return static_cast<int>(height);
}

std::string size_of(const Picture& picture) {
  return std::to_string(picture.width) + " × " + std::to_string(picture.height);
}

void draw_frame(Canvas& sheet, double x, double y, double width, double height) {
  for (int blur = 4; blur > 0; --blur)
    sheet.fill(x - blur, y - blur + 2, width + 2 * blur, height + 2 * blur, 0x000000, 0.035);
  sheet.fill(x - 1, y - 1, width + 2, height + 2, 0xffffff);
}

}  // namespace

void write_contact_sheet(const std::filesystem::path& file, const std::string& title,
                         const std::vector<Picture>& pictures, std::size_t thumbnail) {
  const Grid grid(pictures.size());
  const int cell_width = static_cast<int>(thumbnail);
  const int cell_height = tallest(pictures);
  const int width = 2 * margin + grid.columns * (cell_width + gap) - gap;
  const int height = 2 * margin + header + grid.rows * (cell_height + caption + gap) - gap;
  Canvas sheet(width, height, paper);

  std::size_t bytes = 0;
  for (const Picture& picture : pictures) bytes += picture.decoded_bytes();
  const std::string summary = std::to_string(pictures.size()) +
                              (pictures.size() == 1 ? " picture, " : " pictures, ") + byte_size(bytes) +
                              " when decoded";
  sheet.text_within(width - 2 * margin, margin, margin + 22, title,
                    {.size = 24, .colour = ink, .bold = true});
  sheet.text_within(width - 2 * margin, margin, margin + 46, summary, {.size = 14, .colour = pale_ink});

  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const Picture& picture = pictures[i];
    const int column = static_cast<int>(i) % grid.columns;
    const int row = static_cast<int>(i) / grid.columns;
    const int left = margin + column * (cell_width + gap);
    const int bottom = margin + header + row * (cell_height + caption + gap) + cell_height;
    const auto shown_width = static_cast<int>(picture.thumbnail.width());
    const auto shown_height = static_cast<int>(picture.thumbnail.height());
    const int x = left + (cell_width - shown_width) / 2;
    const int y = bottom - shown_height;

    draw_frame(sheet, x, y, shown_width, shown_height);
    sheet.paint(picture.thumbnail, x, y);
    sheet.text_within(cell_width, left, bottom + 22, std::filesystem::path(picture.name).filename().string(),
                      {.size = 12.5, .colour = ink});
    sheet.text_within(cell_width, left, bottom + 39, size_of(picture), {.size = 11.5, .colour = pale_ink});
  }
  sheet.save(file);
}
