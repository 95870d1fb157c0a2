#include "held_bytes.hpp"

#include <algorithm>

void HeldBytes::add(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  bytes_ += bytes;
  peak_ = std::max(peak_, bytes_);
  samples_.push_back({served_, bytes_});
}

void HeldBytes::remove(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  bytes_ -= bytes;
  samples_.push_back({served_, bytes_});
}

std::size_t HeldBytes::serve() {
  const std::lock_guard lock(mutex_);
  return ++served_;
}

std::size_t HeldBytes::now() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

std::size_t HeldBytes::peak() const {
  const std::lock_guard lock(mutex_);
  return peak_;
}

std::vector<HeldSample> HeldBytes::samples() const {
  const std::lock_guard lock(mutex_);
  return samples_;
}
