#include "scale.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace {

// Calls use(index, weight) for every cell that the interval [begin, end) covers in whole or in part; the
// weights add up to 1.
template <class Use>
void cover(double begin, double end, std::size_t cells, Use use) {
  const auto first = static_cast<std::size_t>(begin);
  const auto last = std::min(static_cast<std::size_t>(std::ceil(end)), cells);
  for (std::size_t cell = first; cell < last; ++cell) {
    const double from = std::max(begin, static_cast<double>(cell));
    const double to = std::min(end, static_cast<double>(cell + 1));
    if (to > from) use(cell, static_cast<float>((to - from) / (end - begin)));
  }
}

std::size_t scaled(std::size_t length, double factor) {
  return std::max<std::size_t>(1,
                               static_cast<std::size_t>(std::lround(static_cast<double>(length) * factor)));
}

}  // namespace

Bitmap scaled_to_fit(const Bitmap& picture, std::size_t side) {
  const auto longest = static_cast<double>(std::max(picture.width(), picture.height()));
  const double factor = std::min(1.0, static_cast<double>(side) / longest);
  Bitmap result(scaled(picture.width(), factor), scaled(picture.height(), factor));
  const double across = static_cast<double>(picture.width()) / static_cast<double>(result.width());
  const double down = static_cast<double>(picture.height()) / static_cast<double>(result.height());

  // The rows are merged first: that loop runs over neighbouring bytes and takes nearly all of the time.
  std::vector<float> merged(picture.row_bytes());
  for (std::size_t y = 0; y < result.height(); ++y) {
    std::fill(merged.begin(), merged.end(), 0.0F);
    const auto top = static_cast<double>(y) * down;
    cover(top, top + down, picture.height(), [&](std::size_t row, float weight) {
      const std::uint8_t* from = picture.row(row);
      for (std::size_t i = 0; i < merged.size(); ++i) merged[i] += weight * static_cast<float>(from[i]);
    });
    for (std::size_t x = 0; x < result.width(); ++x) {
      float mean[3] = {0, 0, 0};
      const auto left = static_cast<double>(x) * across;
      cover(left, left + across, picture.width(), [&](std::size_t column, float weight) {
        for (std::size_t c = 0; c < 3; ++c) mean[c] += weight * merged[column * 3 + c];
      });
      for (std::size_t c = 0; c < 3; ++c)
        result.row(y)[x * 3 + c] = static_cast<std::uint8_t>(std::clamp(mean[c] + 0.5F, 0.0F, 255.0F));
    }
  }
  return result;
}
