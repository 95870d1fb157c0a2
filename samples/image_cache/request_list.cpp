#include "request_list.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <tuple>

namespace {

// For how many requests of all clients together one visit lasts: three visits, on average, are under way.
constexpr double length_of_a_visit = 3.0 * sizes_of_a_visit.size();

// The standard's distributions and std::shuffle differ from library to library; its engines do not.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}

  double below(double end) { return static_cast<double>(engine_() >> 11) * 0x1p-53 * end; }
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(below(static_cast<double>(end))); }

 private:
  std::mt19937_64 engine_;
};

// Pictures in the order of their popularity, and how likely a visit is to one of the first n.
class Popularity {
 public:
  Popularity(std::size_t pictures, Chance& chance) : ranking_(pictures), up_to_(pictures) {
    std::iota(ranking_.begin(), ranking_.end(), std::size_t{0});
    for (std::size_t i = pictures; i > 1; --i) std::swap(ranking_[i - 1], ranking_[chance.below(i)]);

    double sum = 0;
    for (std::size_t rank = 0; rank < pictures; ++rank)
      up_to_[rank] = sum += 1.0 / static_cast<double>(rank + 1);
  }

  std::size_t pick(Chance& chance) const {
    const auto rank = std::upper_bound(up_to_.begin(), up_to_.end() - 1, chance.below(up_to_.back()));
    return ranking_[static_cast<std::size_t>(rank - up_to_.begin())];
  }

 private:
  std::vector<std::size_t> ranking_;
  std::vector<double> up_to_;
};

struct Arrival {
  double time;
  Request request;
};

}  // namespace

std::vector<Request> request_list(std::size_t pictures, std::size_t requests, std::uint64_t seed) {
  if (pictures == 0) return {};
  Chance chance(seed);
  const Popularity popularity(pictures, chance);

  std::vector<Arrival> arrivals;
  while (arrivals.size() < requests) {
    const auto begin = static_cast<double>(arrivals.size());
    const std::size_t picture = popularity.pick(chance);
    for (const std::size_t side : sizes_of_a_visit)
      arrivals.push_back({begin + chance.below(length_of_a_visit), {picture, side}});
  }
  std::sort(arrivals.begin(), arrivals.end(), [](const Arrival& a, const Arrival& b) {
    return std::tie(a.time, a.request.side) < std::tie(b.time, b.request.side);
  });

  std::vector<Request> list;
  for (std::size_t i = 0; i < requests; ++i) list.push_back(arrivals[i].request);
  return list;
}
