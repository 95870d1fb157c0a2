#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "../processor_time.hpp"

namespace benchmarks {

/// Counts and times the iterations of one measurement, as benchmark::State does; the time runs from the first
/// to the last.
class counted_loop {
 public:
  explicit counted_loop(std::size_t iterations) : iterations_(iterations) {}

  struct [[maybe_unused]] nothing {};
  class iterator {
   public:
    iterator(std::size_t left, counted_loop* loop) : left_(left), loop_(loop) {}
    nothing operator*() const { return {}; }
    iterator& operator++() {
      --left_;
      return *this;
    }
    bool operator!=(const iterator&) const {
      if (left_ != 0) return true;
      loop_->seconds_ = processor_time() - loop_->start_;
      return false;
    }

   private:
    std::size_t left_;
    counted_loop* loop_;
  };
  iterator begin() {
    start_ = processor_time();
    return {iterations_, this};
  }
  iterator end() { return {0, this}; }

  [[nodiscard]] double seconds() const { return seconds_; }

  std::map<std::string, double> counters;

 private:
  std::size_t iterations_;
  double start_ = 0;
  double seconds_ = 0;
};

}  // namespace benchmarks
