#pragma once

#include <algorithm>
#include <istream>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace benchmarks {

/// The middle one; of two in the middle, the lesser.
inline double median(std::vector<double> values) {
  const auto middle = values.begin() + (static_cast<std::ptrdiff_t>(values.size()) - 1) / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

using contenders = std::map<std::string, double>;

/// What was measured: lines of mode, row, contender and figure with tabulators between. What has no modes of
/// its own, "any", stands beside both.
class figures {
 public:
  explicit figures(std::istream& lines);

  /// Null where it was not measured.
  [[nodiscard]] const contenders* find(const std::string& mode, const std::string& row) const;
  /// The parameters with which a row was measured, "row:parameter", in their order.
  [[nodiscard]] std::vector<std::string> parameters(const std::string& row) const;

 private:
  std::map<std::pair<std::string, std::string>, contenders> all_;  // by mode and row
};

}  // namespace benchmarks
