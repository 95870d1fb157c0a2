#include "contact_sheet.hpp"

#include <algorithm>
#include <cmath>
#include <span>

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

// For a sheet of about the shape of a screen, a cell being about square; of the few numbers of columns that
// give one, the one that leaves the last row fullest.
std::size_t columns_for(std::size_t cells) {
  const auto ideal = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(cells) * 1.25)));
  const auto blank = [cells](std::size_t columns) { return (columns - cells % columns) % columns; };
  std::size_t best = std::max<std::size_t>(ideal, 1);
  for (const std::size_t columns : {ideal + 1, ideal - 1})
    if (columns > 0 && columns <= cells && blank(columns) < blank(best)) best = columns;
  return best;
}

using Row = std::span<const Picture>;

std::vector<Row> rows_of(const std::vector<Picture>& pictures) {
  const std::size_t columns = columns_for(pictures.size());
  std::vector<Row> rows;
  for (Row rest = pictures; !rest.empty(); rest = rest.subspan(rows.back().size()))
    rows.push_back(rest.first(std::min(columns, rest.size())));
  return rows;
}

int tallest(Row row) {
  std::size_t height = 0;
  for (const Picture& picture : row) height = std::max(height, picture.thumbnail.height());
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

// A thumbnail that stands on the line `floor`, in the middle of its cell, and its caption below.
void draw_cell(Canvas& sheet, const Picture& picture, int left, int floor, int cell_width) {
  const auto width = static_cast<int>(picture.thumbnail.width());
  const auto height = static_cast<int>(picture.thumbnail.height());
  const int x = left + (cell_width - width) / 2;
  const int y = floor - height;
  draw_frame(sheet, x, y, width, height);
  sheet.paint(picture.thumbnail, x, y);

  const std::string name = std::filesystem::path(picture.name).filename().string();
  sheet.text_within(cell_width, left, floor + 22, name, {.size = 12.5, .colour = ink});
  sheet.text_within(cell_width, left, floor + 39, size_of(picture), {.size = 11.5, .colour = pale_ink});
}

void draw_heading(Canvas& sheet, int width, const std::string& title, const std::vector<Picture>& pictures) {
  std::size_t bytes = 0;
  for (const Picture& picture : pictures) bytes += picture.decoded_bytes();
  const std::string count =
      std::to_string(pictures.size()) + (pictures.size() == 1 ? " picture, " : " pictures, ");
  sheet.text_within(width, margin, margin + 22, title, {.size = 24, .colour = ink, .bold = true});
  sheet.text_within(width, margin, margin + 46, count + byte_size(bytes) + " when decoded",
                    {.size = 14, .colour = pale_ink});
}

}  // namespace

void write_contact_sheet(const std::filesystem::path& file, const std::string& title,
                         const std::vector<Picture>& pictures, std::size_t thumbnail) {
  const std::vector<Row> rows = rows_of(pictures);
  const int cell_width = static_cast<int>(thumbnail);
  const int content_width = static_cast<int>(rows.front().size()) * (cell_width + gap) - gap;
  int height = 2 * margin + header - gap;
  for (const Row row : rows) height += tallest(row) + caption + gap;

  Canvas sheet(content_width + 2 * margin, height, paper);
  draw_heading(sheet, content_width, title, pictures);
  int floor = margin + header;
  for (const Row row : rows) {
    floor += tallest(row);
    int left = margin;
    for (const Picture& picture : row) {
      draw_cell(sheet, picture, left, floor, cell_width);
      left += cell_width + gap;
    }
    floor += caption + gap;
  }
  sheet.save(file);
}
