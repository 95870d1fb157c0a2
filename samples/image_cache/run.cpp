#include "run.hpp"

#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <utility>

#include "decode.hpp"
#include "in_parallel.hpp"
#include "scale.hpp"

import image;
import image_source;
import weakref;

Result run(Way way, const Job& job, const Progress& progress) {
  HeldBytes account;
  std::atomic<std::size_t> decodes = 0;
  const auto source = image_source(way, [&](const std::string& name) {
    auto image = weakref::make<Image>(decode(job.folder / name), account);
    ++decodes;
    return image;
  });

  std::atomic<std::size_t> opened = 0;
  std::mutex telling;
  std::vector<std::string> failures;
  const auto begin = std::chrono::steady_clock::now();
  in_parallel(job.workers, job.requests.size(), [&](std::size_t index) {
    const Request& request = job.requests[index];
    const std::string& name = job.names[request.picture];
    weakref::strong_ref<Image> image;  // ours until the request is served
    std::string failure;
    try {
      image = source->open(name);
      ++opened;
      scaled_to_fit(image->bitmap(), request.side);
    } catch (const std::exception& error) {
      failure = name + ": " + error.what();
    }
    const std::size_t served = account.serve();
    const std::lock_guard lock(telling);
    if (!failure.empty()) failures.push_back(failure);
    progress(served, account.now());
  });
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;

  return {.way = way,
          .requests = job.requests.size(),
          .decodes = decodes,
          .shared = opened - decodes,
          .failures = std::move(failures),
          .seconds = time.count(),
          .peak_bytes = account.peak(),
          .bytes_at_the_end = account.now(),
          .held = account.samples()};
}
