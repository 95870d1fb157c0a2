// Bars start at 1, the peer's figure, and reach to the left where weakref is quicker, to the right where it
// is slower. The scale is logarithmic: half as long lies as far from 1 as twice as long.

#include "chart.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "figures.hpp"
#include "rows.hpp"

namespace benchmarks {
namespace {

constexpr double left = 440;  // of it lie the names
constexpr double width = 560;
constexpr double bar = 13;
constexpr double gap = 10;
constexpr double top = 84;
constexpr double least = 1.0 / 128;
constexpr double most = 8;

double across(double ratio) {
  const double part = std::log2(std::clamp(ratio, least, most) / least) / std::log2(most / least);
  return left + width * part;
}

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char one : text) {
    switch (one) {
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '&':
        safe += "&amp;";
        break;
      case '`':
        break;
      default:
        safe += one;
    }
  }
  return safe;
}

std::string shown_ratio(double ratio) {
  std::ostringstream text;
  text.setf(std::ios::fixed);
  text.precision(2);
  text << ratio;
  return text.str();
}

class drawing {
 public:
  void text(double x, double y, std::string_view anchor, const std::string& content,
            std::string_view more = "") {
    body_ << "<text x=\"" << x << "\" y=\"" << y << "\" text-anchor=\"" << anchor << "\" " << more << '>'
          << escaped(content) << "</text>\n";
  }
  void line(double x, double from, double to, std::string_view style) {
    body_ << "<line x1=\"" << x << "\" x2=\"" << x << "\" y1=\"" << from << "\" y2=\"" << to << "\" " << style
          << "/>\n";
  }
  void box(double x, double y, double wide, double high, std::string_view colour) {
    body_ << "<rect x=\"" << x << "\" y=\"" << y << "\" width=\"" << wide << "\" height=\"" << high
          << "\" fill=\"" << colour << "\"/>\n";
  }
  [[nodiscard]] std::string content() const { return body_.str(); }

 private:
  std::ostringstream body_;
};

struct kind_of_bar {
  std::string_view mode;
  std::string_view colour;
  std::string_view legend;
};
constexpr kind_of_bar kinds[] = {{"ST", "#2a78b8", "no thread was ever started"},
                                 {"MT", "#e08a1e", "threads exist"},
                                 {"any", "#6b6b6b", "either"}};

void draw_bar(drawing& onto, double y, double ratio, double limit, std::string_view colour) {
  const double from = std::min(across(1), across(ratio));
  const double to = std::max(across(1), across(ratio));
  onto.box(from, y, std::max(1.0, to - from), bar, colour);
  if (limit > 0) onto.line(across(limit), y - 2, y + bar + 2, "stroke=\"#c02020\" stroke-width=\"3\"");
  // A rim, where the target lies under the figure.
  onto.text(ratio <= 1 ? from - 4 : to + 4, y + bar - 2, ratio <= 1 ? "end" : "start", shown_ratio(ratio),
            "paint-order=\"stroke\" stroke=\"white\" stroke-width=\"3\"");
}

/// Draws the row's bars at y; returns where the next row begins.
double draw_row(drawing& onto, double y, const row& shown, const figures& measured) {
  const double start = y;
  for (const auto& kind : kinds) {
    const std::string mode(kind.mode);
    const contenders* const found = measured.find(mode, std::string(shown.name));
    if (found == nullptr || (y > start && mode == "any")) continue;
    const double ratio = shown.ratio(*found);
    if (ratio <= 0) continue;
    draw_bar(onto, y, ratio, shown.limit(mode), kind.colour);
    y += bar + 1;
  }
  if (y <= start) return start;
  const double middle = (start + y) / 2 + 3;
  onto.text(left - 12, middle - 5, "end", std::string(shown.text));
  onto.text(left - 12, middle + 8, "end", "beside " + std::string(shown.peer),
            "fill=\"#6b6b6b\" font-size=\"10\"");
  return std::max(y, start + 2 * bar) + gap;
}

void draw_frame(drawing& onto, double bottom) {
  onto.text(20, 28, "start", "weakref beside its peers: time or space as a multiple of the peer's",
            "font-size=\"17\" font-weight=\"bold\"");
  double x = 20;
  for (const auto& kind : kinds) {
    onto.box(x, 42, bar, bar, kind.colour);
    onto.text(x + bar + 6, 53, "start", std::string(kind.legend));
    x += 60 + 6.5 * static_cast<double>(kind.legend.size());
  }
  onto.line(x, 40, 58, "stroke=\"#c02020\" stroke-width=\"3\"");
  onto.text(x + 8, 53, "start", "the target: bars shall reach it, to the left is better");
  for (double ratio = least; ratio <= most; ratio *= 2) {
    onto.line(across(ratio), top - 6, bottom,
              ratio < 1 || ratio > 1 ? "stroke=\"#e4e4e4\"" : "stroke=\"black\"");
    const std::string name =
        ratio < 1 ? "1/" + std::to_string(std::lround(1 / ratio)) : std::to_string(std::lround(ratio));
    onto.text(across(ratio), top - 10, "middle", name, "fill=\"#6b6b6b\"");
  }
}

}  // namespace

void draw_chart(const figures& measured, std::ostream& out) {
  drawing bars;
  double bottom = top + gap;
  for (const row& shown : rows) bottom = draw_row(bars, bottom, shown, measured);
  drawing frame;  // behind the bars, and as high as they turned out to be
  draw_frame(frame, bottom);
  out << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1080 " << bottom + 10
      << "\" font-family=\"DejaVu Sans, sans-serif\" font-size=\"12\">\n"
         "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
      << frame.content() << bars.content() << "</svg>\n";
}

}  // namespace benchmarks
