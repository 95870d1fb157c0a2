#include "request_list.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(requests)

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_requests) {
  BOOST_TEST((request_list(30, 500, 7) == request_list(30, 500, 7)));
  BOOST_TEST((request_list(30, 500, 7) != request_list(30, 500, 8)));
}

BOOST_AUTO_TEST_CASE(there_are_as_many_as_were_asked_for) {
  for (const std::size_t requests : {1U, 2U, 3U, 4U, 5U, 1001U})
    BOOST_TEST(request_list(3, requests, 1).size() == requests);
  BOOST_TEST(request_list(0, 10, 1).empty());
}

BOOST_AUTO_TEST_CASE(few_pictures_are_popular_and_all_are_visited_in_the_end) {
  std::vector<std::size_t> visits(20);
  for (const Request& request : request_list(20, 20000, 3)) ++visits.at(request.picture);
  std::sort(visits.rbegin(), visits.rend());
  BOOST_TEST(visits.back() > 0U);
  const double ratio = static_cast<double>(visits[0]) / static_cast<double>(visits[9]);
  BOOST_CHECK_MESSAGE((ratio > 7 && ratio < 14),
                      "the first is asked for " << ratio << " times as often as the tenth");
}

BOOST_AUTO_TEST_CASE(a_picture_that_was_asked_for_is_soon_asked_for_again) {
  const auto list = request_list(1000, 4000, 5);
  std::size_t again = 0;
  for (std::size_t i = 0; i + 12 < list.size(); ++i)
    again += std::any_of(list.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                         list.begin() + static_cast<std::ptrdiff_t>(i) + 13,
                         [&](const Request& later) { return later.picture == list[i].picture; });
  BOOST_TEST(again > list.size() / 2);
}

BOOST_AUTO_TEST_SUITE_END()
