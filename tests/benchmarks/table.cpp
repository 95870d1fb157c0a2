#include "table.hpp"

#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "figures.hpp"
#include "rows.hpp"

namespace benchmarks {
namespace {

std::string rounded(double figure, int digits) {
  std::ostringstream text;
  text.setf(std::ios::fixed);
  text.precision(digits);
  text << figure;
  return text.str();
}

std::string figure(double value) { return rounded(value, value < 100 ? 1 : 0); }

std::string peers_of(const contenders& measured) {
  std::string list;
  for (const auto& [name, value] : measured) {
    if (name != ours) list += (list.empty() ? "" : ", ") + name + ' ' + figure(value);
  }
  return list;
}

void print_row(const row& shown, const std::string& text, const std::string& mode, const contenders& measured,
               std::ostream& out) {
  const auto mine = measured.find(std::string(ours));
  if (mine == measured.end()) return;
  const double ratio = shown.ratio(measured);
  const double limit = shown.limit(mode);
  out << "| " << text << " | " << (mode == "any" ? "" : mode) << " | " << figure(mine->second) << " | "
      << peers_of(measured) << " | " << (ratio > 0 ? rounded(ratio, 2) : "") << " | ";
  if (limit > 0) {
    out << "≤ " << rounded(limit, 2) << " of " << shown.peer << " | ";
    // As far as the table shows.
    out << (ratio <= 0 ? "not measured" : ratio < limit + 0.005 ? "yes" : "no") << " |\n";
  } else {
    out << shown.peer << " |\n";
  }
}

void print_rows(const figures& measured, bool with_target, std::ostream& out) {
  for (const row& shown : rows) {
    if ((shown.limit("ST") > 0) != with_target) continue;
    std::vector<std::string> parameters = measured.parameters(std::string(shown.name));
    if (parameters.empty()) parameters.emplace_back();
    for (const auto& parameter : parameters) {
      const std::string name = std::string(shown.name) + (parameter.empty() ? "" : ':' + parameter);
      bool has_modes = false;
      for (const char* const mode : {"ST", "MT", "any"}) {
        const contenders* const found = measured.find(mode, name);
        if (found == nullptr || (has_modes && *mode == 'a')) continue;
        has_modes = true;
        print_row(shown, text_of(shown, parameter), mode, *found, out);
      }
    }
  }
}

}  // namespace

void print_tables(const figures& measured, std::ostream& out) {
  out << "## Figures with a target\n\n"
         "| operation | threads | weakref | peers | ratio | target | met |\n"
         "|---|---|--:|---|--:|---|---|\n";
  print_rows(measured, true, out);
  out << "\n## Figures without a target\n\n"
         "| operation | threads | weakref | peers | ratio | to |\n"
         "|---|---|--:|---|--:|---|\n";
  print_rows(measured, false, out);
}

}  // namespace benchmarks
