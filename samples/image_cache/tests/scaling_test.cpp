#include "scale.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace {

// Left of the middle black, right of it white.
Bitmap black_and_white(std::size_t width, std::size_t height) {
  Bitmap bitmap(width, height);
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x)
      std::fill_n(bitmap.row(y) + x * 3, 3, static_cast<std::uint8_t>(x < width / 2 ? 0 : 255));
  return bitmap;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scaling)

BOOST_AUTO_TEST_CASE(the_proportions_are_kept) {
  const Bitmap wide = scaled_to_fit(black_and_white(300, 100), 60);
  BOOST_TEST(wide.width() == 60U);
  BOOST_TEST(wide.height() == 20U);
  const Bitmap thin = scaled_to_fit(black_and_white(1, 1000), 10);
  BOOST_TEST(thin.width() == 1U);
  BOOST_TEST(thin.height() == 10U);
}

BOOST_AUTO_TEST_CASE(a_small_picture_stays_as_it_is) {
  const Bitmap small = black_and_white(7, 5);
  const Bitmap same = scaled_to_fit(small, 100);
  BOOST_TEST(same.width() == 7U);
  BOOST_TEST(same.height() == 5U);
  BOOST_TEST(std::equal(small.row(0), small.row(0) + small.bytes(), same.row(0)));
}

BOOST_AUTO_TEST_CASE(a_pixel_is_the_mean_of_what_it_covers) {
  const Bitmap thirds = scaled_to_fit(black_and_white(100, 100), 3);
  BOOST_TEST(int{thirds.row(1)[0]} == 0);
  BOOST_TEST(std::abs(thirds.row(1)[3] - 128) <= 1);
  BOOST_TEST(int{thirds.row(1)[6]} == 255);
}

BOOST_AUTO_TEST_SUITE_END()
