// What the clients ask for, in the order in which they ask.
//
// The clients look at pages, and a page shows one picture in several sizes: a small one in a list, a middling
// one on a card, a large one on a screen. So each *visit* asks for one picture in every size, not at once but
// over a short while, in which other visits begin and end. Some pictures are popular and most are not: the
// n-th most popular is visited 1/n as often as the first (Zipf's law, which requests to real servers follow
// closely).
//
// That is what makes a weak cache useful: a picture in use is likely to be asked for again before its use
// ends.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

/// The side of the square into which a picture is to be fitted, in pixels.
inline constexpr std::array<std::size_t, 4> sizes_of_a_visit{160, 320, 640, 1280};

struct Request {
  std::size_t picture;  // which, of those that there are
  std::size_t side;

  friend bool operator==(const Request&, const Request&) = default;
};

/// The same seed gives the same list, whatever the machine and the standard library.
std::vector<Request> request_list(std::size_t pictures, std::size_t requests, std::uint64_t seed);
