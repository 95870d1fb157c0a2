#include "table.hpp"

#include <istream>
#include <map>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "targets.hpp"

namespace benchmarks {
namespace {

using contenders = std::map<std::string, double>;
using figures = std::map<std::pair<std::string, std::string>, contenders>;  // by mode and row

constexpr std::string_view ours = "weakref";

figures read(std::istream& lines) {
  figures all;
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
    if (!(fields >> figure)) continue;
    // What has no modes of its own stands beside both of ours.
    if (mode != "MT") all[{"ST", row}][contender] = figure;
    if (mode != "ST") all[{"MT", row}][contender] = figure;
  }
  return all;
}

std::string rounded(double figure, int digits) {
  std::ostringstream text;
  text.setf(std::ios::fixed);
  text.precision(digits);
  text << figure;
  return text.str();
}

void print_row(const target& wanted, std::string_view mode, const contenders& measured, std::ostream& out) {
  const auto mine = measured.find(std::string(ours));
  if (mine == measured.end()) return;

  std::string peers;
  double peer = 0;
  for (const auto& [name, figure] : measured) {
    if (name == ours) continue;
    peers += (peers.empty() ? "" : ", ") + name + " " + rounded(figure, 1);
    if (name.starts_with(wanted.peer)) peer = figure;
  }
  const double allowed = mode == "ST" ? wanted.without_threads : wanted.with_threads;
  out << "| " << wanted.text << " | " << mode << " | " << rounded(mine->second, 1) << " | " << peers << " | ";
  if (peer > 0) {
    const double ratio = mine->second / peer;
    out << rounded(ratio, 2) << " | ≤ " << rounded(allowed, 2) << " of " << wanted.peer << " | "
        << (ratio < allowed + 0.005 ? "yes" : "no") << " |\n";  // as far as the table shows
  } else {
    out << "| ≤ " << rounded(allowed, 2) << " of " << wanted.peer << " | not measured |\n";
  }
}

}  // namespace

void print_table(std::istream& lines, std::ostream& out) {
  const figures all = read(lines);
  out << "| operation | threads | weakref | peers | ratio | target | met |\n"
         "|---|---|--:|---|--:|---|---|\n";
  for (const target& wanted : targets) {
    for (const char* const mode : {"ST", "MT"}) {
      const auto measured = all.find({mode, std::string(wanted.row)});
      if (measured != all.end()) print_row(wanted, mode, measured->second, out);
    }
  }
}

}  // namespace benchmarks
