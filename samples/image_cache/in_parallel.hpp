// The same work for many items, by several threads, each of which takes the next item when it is free.
#pragma once

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

/// Calls work(index) for every index below `end`; returns when all is done. The work must not throw.
template <class Work>
void in_parallel(std::size_t workers, std::size_t end, const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < workers; ++i)
    threads.emplace_back([&] {
      for (std::size_t index = next++; index < end; index = next++) work(index);
    });
}
