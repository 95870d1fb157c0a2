#include <atomic>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "bitmap.hpp"
#include "held_bytes.hpp"
#include "way.hpp"

import image;
import image_source;
import weakref;

namespace {

struct Fixture {
  static constexpr std::size_t bytes = 10 * 10 * 3;

  HeldBytes account;
  std::atomic<int> decodes = 0;

  std::unique_ptr<ImageSource> source(Way way) {
    return image_source(way, [this](const std::string& name) {
      if (name == "broken") throw std::runtime_error("broken");
      ++decodes;
      return weakref::make<Image>(Bitmap(10, 10), account);
    });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sharing, Fixture)

BOOST_AUTO_TEST_CASE(without_a_cache_each_request_decodes) {
  const auto none = source(Way::no_cache);
  const auto one = none->open("a");
  const auto another = none->open("a");
  BOOST_TEST(one.get() != another.get());
  BOOST_TEST(account.now() == 2 * bytes);
}

BOOST_AUTO_TEST_CASE(a_strong_map_decodes_once_and_holds_for_ever) {
  auto strong = source(Way::strong_map);
  strong->open("a");
  strong->open("a");
  BOOST_TEST(decodes == 1);
  BOOST_TEST(account.now() == bytes);
  strong.reset();
  BOOST_TEST(account.now() == 0U);
}

BOOST_AUTO_TEST_CASE(a_weak_cache_shares_what_is_in_use_and_holds_nothing) {
  const auto weak = source(Way::weak_cache);
  {
    const auto one = weak->open("a");
    const auto another = weak->open("a");
    BOOST_TEST(one.get() == another.get());
    BOOST_TEST(account.now() == bytes);
  }
  BOOST_TEST(account.now() == 0U);
  const auto again = weak->open("a");
  BOOST_TEST(decodes == 2);
  BOOST_TEST(account.peak() == bytes);
}

BOOST_AUTO_TEST_CASE(a_picture_that_cannot_be_decoded_is_no_obstacle_to_the_next) {
  for (const Way way : every_way) {
    const auto source = this->source(way);
    BOOST_CHECK_THROW(source->open("broken"), std::runtime_error);
    BOOST_CHECK_THROW(source->open("broken"), std::runtime_error);
    BOOST_TEST(static_cast<bool>(source->open("a")));
  }
}

BOOST_AUTO_TEST_CASE(many_workers_share_one_decoding) {
  for (const Way way : {Way::strong_map, Way::weak_cache}) {
    const auto source = this->source(way);
    const auto held = source->open("a");
    const int before = decodes;
    std::vector<std::jthread> workers;
    for (int i = 0; i < 4; ++i)
      workers.emplace_back([&] {
        for (int j = 0; j < 1000; ++j) source->open("a");
      });
    workers.clear();
    BOOST_TEST(decodes == before);
  }
}

BOOST_AUTO_TEST_SUITE_END()
