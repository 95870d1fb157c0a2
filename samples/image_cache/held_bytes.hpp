// The account of one run: how many bytes of decoded pictures are held now, at most, and over time.
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

/// What was held when so many requests had been served.
struct HeldSample {
  std::size_t served;
  std::size_t bytes;
};

/// Thread-safe: every member may be called from any thread.
class HeldBytes {
 public:
  void add(std::size_t bytes);
  void remove(std::size_t bytes);

  /// One more request is served; returns how many are.
  std::size_t serve();

  [[nodiscard]] std::size_t now() const;
  [[nodiscard]] std::size_t peak() const;

  /// A sample for every change, in order: what was held between two of them is what the first says.
  [[nodiscard]] std::vector<HeldSample> samples() const;

 private:
  mutable std::mutex mutex_;
  std::size_t served_ = 0;
  std::size_t bytes_ = 0;
  std::size_t peak_ = 0;
  std::vector<HeldSample> samples_{{0, 0}};
};
