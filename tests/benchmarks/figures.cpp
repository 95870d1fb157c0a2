#include "figures.hpp"

#include <algorithm>
#include <istream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace benchmarks {

figures::figures(std::istream& lines) {
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::string mode;
    std::string row;
    std::string contender;
    double figure = 0;
    std::getline(fields, mode, '\t');
    std::getline(fields, row, '\t');
    std::getline(fields, contender, '\t');
    if (fields >> figure) all_[{mode, row}][contender] = figure;
  }
  for (const auto& [place, measured] : all_) {
    if (place.first != "any") continue;
    for (const char* const mode : {"ST", "MT"}) {
      const auto beside = all_.find({mode, place.second});
      if (beside != all_.end()) beside->second.insert(measured.begin(), measured.end());
    }
  }
}

const contenders* figures::find(const std::string& mode, const std::string& row) const {
  const auto found = all_.find({mode, row});
  return found != all_.end() ? &found->second : nullptr;
}

std::vector<std::string> figures::parameters(const std::string& row) const {
  const auto number = [](const std::string& text) { return std::stoull(text); };
  std::set<std::string> found;
  for (const auto& [place, measured] : all_) {
    if (place.second.starts_with(row + ':')) found.insert(place.second.substr(row.size() + 1));
  }
  std::vector<std::string> ordered(found.begin(), found.end());
  std::ranges::sort(ordered, {}, number);
  return ordered;
}

}  // namespace benchmarks
