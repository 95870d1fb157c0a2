// How far a long piece of work has come: a bar that grows where standard error is a terminal, else a line a
// quarter.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

class ProgressBar {
 public:
  ProgressBar(std::string title, std::size_t end);

  /// Leaves the terminal at the beginning of an empty line.
  ~ProgressBar();

  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// So much is done; the note says what else there is to know. Numbers that go back are ignored.
  void show(std::size_t done, const std::string& note = "");

 private:
  void draw(const std::string& note) const;

  std::string title_;
  std::size_t end_;
  std::size_t done_ = 0;
  bool terminal_;
  std::chrono::steady_clock::time_point drawn_{};
};
