#include "chart.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "byte_size.hpp"
#include "canvas.hpp"

namespace {

constexpr Colour paper = 0xffffff;
constexpr Colour ink = 0x23262b;
constexpr Colour pale_ink = 0x6b7078;
constexpr Colour grid = 0xe4e5e8;

// Told apart by those who see few colours, too: they differ in lightness.
Colour colour_of(Way way) {
  switch (way) {
    case Way::no_cache:
      return 0xe69f00;
    case Way::strong_map:
      return 0xb5304a;
    case Way::weak_cache:
      break;
  }
  return 0x0a6fb8;
}

// The plot's frame inside the chart.
constexpr int left = 96;
constexpr int right = chart_width - 48;
constexpr int top = 150;
constexpr int bottom = chart_height - 84;

// Numbers from 0 to `end` laid out from one place to another, with a tick at every multiple of `step`.
struct Axis {
  double end;
  double step;
  double from;
  double to;

  [[nodiscard]] double place(double value) const { return from + (to - from) * value / end; }
};

// 1, 2 or 5 times a power of ten, at least 1; so large that so many steps reach the largest number.
double round_step(double largest, int steps) {
  double step = 1;
  for (int i = 0; step * steps < largest; ++i) step *= i % 3 == 1 ? 2.5 : 2;
  return step;
}

// The last tick is not below the largest number.
Axis rounded_up(double largest, int steps, double from, double to) {
  const double step = round_step(largest, steps);
  return {.end = std::max(1.0, std::ceil(largest / step)) * step, .step = step, .from = from, .to = to};
}

struct Unit {
  double bytes;
  std::string name;
};

Unit unit_for(std::size_t bytes) {
  if (bytes >= 2'000'000'000) return {1e9, "gigabytes"};
  if (bytes >= 2'000'000) return {1e6, "megabytes"};
  if (bytes >= 2'000) return {1e3, "kilobytes"};
  return {1, "bytes"};
}

std::string label(double number) { return std::to_string(std::lround(number)); }

void draw_axes(Canvas& chart, const Axis& x, const Axis& y, const std::string& unit) {
  for (double value = 0; value <= y.end; value += y.step) {
    const double at = std::round(y.place(value)) + 0.5;
    chart.line(left, at, right, at, value > 0 ? grid : ink);
    chart.text(left - 12, at + 5, label(value), {.size = 14, .colour = pale_ink, .align = Align::right});
  }
  for (double value = 0; value <= x.end; value += x.step) {
    const double at = std::round(x.place(value)) + 0.5;
    chart.line(at, bottom, at, bottom + 6, ink);
    chart.text(at, bottom + 25, label(value), {.size = 14, .colour = pale_ink, .align = Align::centre});
  }
  chart.text(left - 56, top - 18, unit + " held", {.size = 14, .colour = ink});
  chart.text((left + right) / 2.0, bottom + 56, "requests served",
             {.size = 14, .colour = ink, .align = Align::centre});
}

// How wide a step of a line is: narrower ones, of which there may be more than pixels, run into a blot.
constexpr std::size_t step_width = 4;

// What was held at most within each step, so that no peak is lost; last, what was held in the end.
std::vector<std::size_t> peaks(const std::vector<HeldSample>& samples, std::size_t requests) {
  constexpr std::size_t steps = (right - left) / step_width;
  std::vector<std::size_t> highest(steps + 1);
  std::size_t step = 0;
  std::size_t held = 0;
  const auto hold_until = [&](std::size_t end) {
    while (step < end) highest[++step] = held;
  };
  for (const HeldSample& sample : samples) {
    hold_until(sample.served * steps / requests);
    held = sample.bytes;
    highest[step] = std::max(highest[step], held);
  }
  hold_until(steps);
  highest.back() = held;
  return highest;
}

void draw_held(Canvas& chart, const Result& result, const Axis& y, double unit) {
  cairo_t* context = chart.context();
  double x = left;
  cairo_move_to(context, x, y.from);
  for (const std::size_t bytes : peaks(result.held, result.requests)) {
    const double height = y.place(static_cast<double>(bytes) / unit);
    cairo_line_to(context, x, height);
    x = std::min(x + step_width, static_cast<double>(right));
    cairo_line_to(context, x, height);
  }
  cairo_path_t* outline = cairo_copy_path(context);

  cairo_line_to(context, right, y.from);
  chart.set(colour_of(result.way), 0.12);
  cairo_fill(context);

  cairo_append_path(context, outline);
  cairo_path_destroy(outline);
  chart.set(colour_of(result.way));
  cairo_set_line_width(context, 1.8);
  cairo_stroke(context);

  if (result.bytes_at_the_end > 0)
    chart.text(right, y.place(static_cast<double>(result.bytes_at_the_end) / unit) + 22,
               byte_size(result.bytes_at_the_end) + " still held",
               {.size = 14, .colour = colour_of(result.way), .align = Align::right, .bold = true});
}

void draw_legend(Canvas& chart, const std::vector<Result>& results) {
  double x = left - 56;
  for (const Result& result : results) {
    const Font name{.size = 14, .colour = ink, .bold = true};
    const Font figures{.size = 14, .colour = pale_ink};
    const std::string title(name_of(result.way));
    const std::string text =
        byte_size(result.peak_bytes) + " at most, " + std::to_string(result.decodes) + " decoded";
    chart.fill(x, 91, 26, 6, colour_of(result.way));
    chart.text(x + 36, 100, title, name);
    const double title_end = x + 36 + chart.width_of(title, name) + 10;
    chart.text(title_end, 100, text, figures);
    x = title_end + chart.width_of(text, figures) + 36;
  }
}

}  // namespace

void write_chart(const std::filesystem::path& file, const std::vector<Result>& results) {
  std::size_t requests = 1;
  std::size_t bytes = 1;
  for (const Result& result : results) {
    requests = std::max(requests, result.requests);
    bytes = std::max(bytes, result.peak_bytes);
  }
  const Unit unit = unit_for(bytes);
  const auto served = static_cast<double>(requests);
  const Axis x{.end = served, .step = round_step(served, 12), .from = left, .to = right};
  const Axis y = rounded_up(static_cast<double>(bytes) / unit.bytes, 6, bottom, top);

  Canvas chart(chart_width, chart_height, paper);
  chart.text(left - 56, 52, "Decoded pictures held in memory", {.size = 24, .colour = ink, .bold = true});
  draw_axes(chart, x, y, unit.name);
  for (const Result& result : results) draw_held(chart, result, y, unit.bytes);
  draw_legend(chart, results);
  chart.save(file);
}
