#include "reporter.hpp"

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <string>
#include <vector>

namespace benchmarks {
namespace {

double figure_of(const benchmark::BenchmarkReporter::Run& run) {
  const auto bytes = run.counters.find("bytes");
  if (bytes != run.counters.end()) return bytes->second.value;
  // Processor time leaves out what the machine did for others; only the wall knows of two threads.
  return run.run_name.time_type.empty() ? run.GetAdjustedCPUTime() : run.GetAdjustedRealTime();
}

}  // namespace

bool reporter::ReportContext(const Context&) { return true; }

void reporter::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    if (run.run_type == Run::RT_Aggregate) continue;
    if (run.error_occurred) {
      std::cerr << run.run_name.function_name << ": " << run.error_message << '\n';
      failed_ = true;
      continue;
    }
    auto& figures = figures_[run.run_name.function_name];
    figures.push_back(figure_of(run));
  }
}

void reporter::Finalize() {
  for (auto& [name, figures] : figures_) {
    std::sort(figures.begin(), figures.end());
    const bool two_threads = name.starts_with("contended");
    const std::size_t slash = name.find('/');
    lines_ << mode_ << '\t' << name.substr(0, slash) << '\t' << name.substr(slash + 1) << '\t'
           << figures[two_threads ? figures.size() / 2 : 0] << '\n';
  }
  lines_.flush();
}

}  // namespace benchmarks
