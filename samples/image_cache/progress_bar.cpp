#include "progress_bar.hpp"

#include <unistd.h>

#include <iomanip>
#include <iostream>
#include <sstream>
#include <utility>

namespace {

// A bar line is narrower than any terminal: a line that wraps cannot be drawn over.
constexpr std::size_t bar_width = 24;
constexpr int title_width = 18;
constexpr std::chrono::milliseconds redraw_every{50};
constexpr const char* erase_line = "\r\033[K";

}  // namespace

ProgressBar::ProgressBar(std::string title, std::size_t end)
    : title_(std::move(title)),
      end_(end),
      terminal_(isatty(STDERR_FILENO) != 0) {}

ProgressBar::~ProgressBar() {
  if (terminal_) std::cerr << erase_line << std::flush;
}

void ProgressBar::show(std::size_t done, const std::string& note) {
  if (done <= done_) return;
  const bool quarter = done * 4 / end_ != done_ * 4 / end_;
  done_ = done;
  if (!terminal_) {
    if (quarter)
      std::cerr << title_ << ": " << done_ << " of " << end_ << (note.empty() ? "" : ", ") << note << '\n';
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (now - drawn_ < redraw_every && done_ != end_) return;
  drawn_ = now;
  draw(note);
}

void ProgressBar::draw(const std::string& note) const {
  const std::size_t filled = done_ * bar_width / end_;
  std::ostringstream line;
  line << erase_line << std::left << std::setw(title_width) << title_ << " [" << std::string(filled, '=')
       << std::string(bar_width - filled, ' ') << "] " << done_ << '/' << end_ << "  " << note;
  std::cerr << line.str() << std::flush;
}
