#pragma once

#include <map>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

namespace benchmarks {

/// Writes one line for every row and contender: mode, row, contender and figure, with tabulators between.
///
/// The figure is the median of the repetitions: that is what a user meets, and a lucky repetition, as where
/// two threads did not run together, is not.
class reporter : public benchmark::BenchmarkReporter {
 public:
  reporter(std::string mode, std::ostream& lines) : mode_(std::move(mode)), lines_(lines) {}

  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

  [[nodiscard]] bool failed() const { return failed_; }

 private:
  std::string mode_;
  std::ostream& lines_;
  std::map<std::string, std::vector<double>> figures_;  // by "row/contender"
  bool failed_ = false;
};

}  // namespace benchmarks
