#include "reporter.hpp"

#include <cstddef>
#include <iostream>
#include <string>
#include <vector>

#include "figures.hpp"

namespace benchmarks {
namespace {

double figure_of(const benchmark::BenchmarkReporter::Run& run) {
  const auto bytes = run.counters.find("bytes");
  if (bytes != run.counters.end()) return bytes->second.value;
  // Processor time leaves out what the machine did for others.
  const double time = run.run_name.time_type.empty() ? run.GetAdjustedCPUTime() : run.GetAdjustedRealTime();
  const auto per = run.counters.find("per");
  return per != run.counters.end() ? time / per->second.value : time;
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
    figures_[run.run_name.function_name].push_back(figure_of(run));
  }
}

void reporter::Finalize() {
  for (const auto& [name, figures] : figures_) {
    const std::size_t slash = name.find('/');
    lines_ << mode_ << '\t' << name.substr(0, slash) << '\t' << name.substr(slash + 1) << '\t'
           << median(figures) << '\n';
  }
  lines_.flush();
}

}  // namespace benchmarks
